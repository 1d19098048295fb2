//! How tickets belong together.

use std::collections::HashMap;

use app::tickets::LinkSeen;
use async_graphql::{Context, Object, Result, dataloader::Loader};
use domain::TicketId;

use super::{Ticket, words::TicketLinkKind};
use crate::{error::FieldError, loaders::Reader};

/// Another ticket, and how this one belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct TicketLink(LinkSeen);

/// Another ticket, and how this one belongs to it.
#[Object]
impl TicketLink {
    /// How this ticket belongs to the other one; told from the other one when `isOutgoing` is false.
    async fn kind(&self) -> TicketLinkKind {
        self.0.kind.into()
    }

    /// Whether it is told from this ticket.
    async fn is_outgoing(&self) -> bool {
        self.0.outgoing
    }

    /// The other one.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ticket::load(ctx, self.0.other).await
    }
}

/// Key of the links of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LinksOf(pub(super) TicketId);

impl Loader<LinksOf> for Reader {
    type Value = Vec<TicketLink>;
    type Error = FieldError;

    async fn load(&self, keys: &[LinksOf]) -> Result<HashMap<LinksOf, Vec<TicketLink>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let links = app::tickets::links_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(links
            .into_iter()
            .map(|(ticket, links)| (LinksOf(ticket), links.into_iter().map(TicketLink).collect()))
            .collect())
    }
}
