//! A notice of enforcement.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::EnforcementNoticeId;

use super::{
    Ticket,
    words::{NoticeSource, RestrictionType},
};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::DateTime,
    types::{Client, PhoneNumber, Waba},
};

/// A notice that Meta took something away, or warns.
#[derive(Debug, Clone)]
pub(crate) struct EnforcementNotice(pub(crate) domain::enforcement::EnforcementNotice);

/// One thing that the account or number may not do.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Restriction {
    /// What.
    #[graphql(name = "type")]
    kind: RestrictionType,
    /// Meta's own word, when it is none of the known ones.
    raw_type: Option<String>,
    /// Until when; `null` is without end.
    ends_at: Option<DateTime>,
}

impl Restriction {
    /// As the schema shows it.
    pub(crate) fn of(restriction: &domain::enforcement::Restriction) -> Self {
        Self {
            kind: restriction.restriction_type.into(),
            raw_type: restriction.raw_type.clone(),
            ends_at: restriction.ends_at.map(Into::into),
        }
    }
}

impl EnforcementNotice {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<EnforcementNoticeId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A notice that Meta took something away, or warns.
#[Object]
impl EnforcementNotice {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose account.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// The account that is meant.
    async fn waba(&self, ctx: &Context<'_>) -> Result<Option<Waba>> {
        match self.0.waba {
            Some(id) => Waba::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The number that is meant, when one is.
    async fn phone_number(&self, ctx: &Context<'_>) -> Result<Option<PhoneNumber>> {
        match self.0.phone_number {
            Some(id) => PhoneNumber::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Meta's word for the violation, when it named one; an open list.
    async fn violation_type(&self) -> Option<&str> {
        self.0.violation_type.as_deref()
    }

    /// How the BSP learned of it.
    async fn source(&self) -> NoticeSource {
        self.0.source.into()
    }

    /// When Meta told.
    async fn noticed_at(&self) -> DateTime {
        self.0.noticed_at.into()
    }

    /// What is taken away; empty for a warning.
    async fn restrictions(&self) -> Vec<Restriction> {
        self.0.restrictions.iter().map(Restriction::of).collect()
    }

    /// What Meta wrote.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        self.0.recorded_at.into()
    }

    /// The ticket that deals with it.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        match self.0.ticket {
            Some(id) => Ticket::load(ctx, id).await,
            None => Ok(None),
        }
    }
}

impl Loader<EnforcementNoticeId> for Reader {
    type Value = EnforcementNotice;
    type Error = FieldError;

    async fn load(
        &self,
        ids: &[EnforcementNoticeId],
    ) -> Result<HashMap<EnforcementNoticeId, EnforcementNotice>, FieldError> {
        let notices = app::tickets::notices_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(notices.into_iter().map(|notice| (notice.id, EnforcementNotice(notice))).collect())
    }
}
