//! What a client needs to know of its ticket, in plain words of the reader's language.

use async_graphql::{Context, Object, Result};
use domain::tickets::{ActionMove, ActionOwner, WaitingOn};

use super::{CorrectiveAction, Ticket, action::ActionsOf, submission::SubmissionsOf};
use crate::{context::ContextExt as _, error::FieldError, scalars::DateTime, types::Client};

/// What a client needs to know of its ticket, in plain words of the reader's language.
#[derive(Debug, Clone)]
pub(crate) struct TicketSummary {
    ticket: Ticket,
    to_do: Vec<CorrectiveAction>,
    submissions: Vec<domain::tickets::Submission>,
}

impl TicketSummary {
    /// What there is to say of a ticket; the parts are read for many tickets at once.
    pub(super) async fn of(ctx: &Context<'_>, ticket: &Ticket) -> Result<Self> {
        let id = ticket.0.id;
        let (actions, submissions) =
            futures::future::try_join(ctx.loader().load_one(ActionsOf(id)), ctx.loader().load_one(SubmissionsOf(id)))
                .await
                .map_err(FieldError::show)?;
        let is_to_do = |action: &CorrectiveAction| {
            action.0.owner == ActionOwner::Client && action.0.state.after(ActionMove::Complete).is_some()
        };
        let is_open = ticket.0.status.is_open();
        Ok(Self {
            ticket: ticket.clone(),
            to_do: actions.unwrap_or_default().into_iter().filter(|action| is_open && is_to_do(action)).collect(),
            submissions: submissions.unwrap_or_default().into_iter().map(|submission| submission.0).collect(),
        })
    }
}

/// What a client needs to know of its ticket, in plain words of the reader's language.
#[Object]
impl TicketSummary {
    /// Where it stands.
    async fn status(&self, ctx: &Context<'_>) -> String {
        i18n::word(ctx.op().lang(), i18n::Group::TicketStatusExplained, self.ticket.0.status.as_str())
    }

    /// Whose turn it is; `null` once closed.
    async fn turn(&self, ctx: &Context<'_>) -> Option<String> {
        let ticket = &self.ticket.0;
        ticket.status.is_open().then(|| i18n::word(ctx.op().lang(), i18n::Group::Turn, ticket.waiting_on.as_str()))
    }

    /// Whether it is the client's turn.
    async fn is_your_turn(&self) -> bool {
        self.ticket.0.status.is_open() && self.ticket.0.waiting_on == WaitingOn::Client
    }

    /// What the client has to do.
    async fn to_do(&self) -> Vec<CorrectiveAction> {
        self.to_do.clone()
    }

    /// Until when the first of it has to be done.
    async fn to_do_by(&self) -> Option<DateTime> {
        self.to_do.iter().filter_map(|action| action.0.due_at).min().map(Into::into)
    }

    /// What Meta was told and what it answered, first attempt first.
    async fn told_meta(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let lang = ctx.op().lang();
        let client = Client::load(ctx, self.ticket.0.client).await?;
        let zone = client.and_then(|client| jiff::tz::TimeZone::get(&client.0.time_zone).ok());
        let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
        let told = |submission: &domain::tickets::Submission| {
            let channel = i18n::word(lang, i18n::Group::SubmissionChannel, submission.channel.as_str());
            let arguments = i18n::Args::new()
                .count("attempt", submission.attempt.unsigned_abs().into())
                .text("channel", channel)
                .moment("at", submission.submitted_at, zone.clone());
            let filed = i18n::text(lang, "summary-submitted", &arguments);
            match submission.outcome {
                Some(outcome) => {
                    format!("{filed} {}.", i18n::word(lang, i18n::Group::SubmissionOutcome, outcome.as_str()))
                }
                None => filed,
            }
        };
        Ok(self.submissions.iter().map(told).collect())
    }

    /// When Meta's answer to the last attempt is to be expected; `null` when none is awaited.
    async fn answer_expected_at(&self) -> Option<DateTime> {
        let last = self.submissions.last().filter(|last| last.outcome.is_none() && self.ticket.0.status.is_open())?;
        last.expected_by.map(Into::into)
    }

    /// How it ended, once closed.
    async fn outcome(&self, ctx: &Context<'_>) -> Option<String> {
        let outcome = self.ticket.0.outcome?;
        Some(i18n::word(ctx.op().lang(), i18n::Group::TicketOutcome, outcome.as_str()))
    }
}
