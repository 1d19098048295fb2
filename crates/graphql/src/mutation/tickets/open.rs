//! `ticketOpen`.

use app::tickets::NewTicket;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::TicketPayload;
use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::{optional, parse, parse_all},
    types::ticket_words::{TicketKind, TicketPriority},
};

/// A ticket to be opened.
#[derive(Debug, InputObject)]
pub(crate) struct TicketOpenInput {
    /// Whose account it is about.
    client_id: ID,
    /// What is blocked or refused.
    kind: TicketKind,
    /// How much stands still; staff alone may say. Absent, it is proposed from the notice of enforcement.
    priority: Option<TicketPriority>,
    /// One line for people, at most 200 characters; absent, the kind in your language.
    title: Option<String>,
    /// First message; the client sees it.
    text: Option<String>,
    /// The account, when one is meant.
    waba_id: Option<ID>,
    /// The number, when one is meant.
    phone_number_id: Option<ID>,
    /// The template, when one is meant.
    template_id: Option<ID>,
    /// Findings of one audit, as evidence; at most 100.
    #[graphql(default)]
    finding_ids: Vec<ID>,
    /// The notice of enforcement that it deals with.
    enforcement_notice_id: Option<ID>,
}

const MOST_FINDINGS: usize = 100;

/// Opening tickets.
#[derive(Debug, Default)]
pub(crate) struct OpenMutation;

#[Object]
impl OpenMutation {
    /// Opens a ticket, by hand or with findings of an audit or a notice of enforcement as its cause. Requires `tickets:open`.
    async fn ticket_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ticket.")] input: TicketOpenInput,
    ) -> Result<TicketPayload> {
        if input.finding_ids.len() > MOST_FINDINGS {
            return Err(bad_input(format!("give at most {MOST_FINDINGS} findings")));
        }
        let new = NewTicket {
            client: parse(&input.client_id)?,
            kind: input.kind.into(),
            priority: input.priority.map(Into::into),
            title: input.title,
            text: input.text,
            waba: optional(input.waba_id.as_ref())?,
            phone_number: optional(input.phone_number_id.as_ref())?,
            template: optional(input.template_id.as_ref())?,
            findings: parse_all(&input.finding_ids)?,
            notice: optional(input.enforcement_notice_id.as_ref())?,
        };
        TicketPayload::new(ctx.op(), app::tickets::open(ctx.op(), new).await)
    }
}
