//! `ticketActionAdd`, `ticketActionComplete`, `ticketActionChange`, `ticketActionReopen`, `ticketActionCancel`, `ticketActionCheck`.

use app::tickets::{ActionDone, ActionTarget, ActionTerms, MOST_FINDINGS, NewAction};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{Outcome, TicketUserError, shown, target};
use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::{optional, parse, parse_all},
    scalars::DateTime,
    types::{CorrectiveAction, ticket_words::ActionOwner},
};

/// A corrective action to be added. Without a title it takes the remedy of its findings' rule, or what the preview left out.
#[derive(Debug, InputObject)]
pub(crate) struct TicketActionAddInput {
    /// The ticket.
    ticket_id: ID,
    /// What has to be done, in one line of at most 200 characters.
    title: Option<String>,
    /// The same at length, at most 20,000 characters.
    description: Option<String>,
    /// Who has to act.
    owner: ActionOwner,
    /// Until when.
    due_at: Option<DateTime>,
    /// The findings that it is to mend, at most 100.
    #[graphql(default)]
    finding_ids: Vec<ID>,
    /// The preview without some lists, templates or numbers that shows what would help.
    audit_preview_id: Option<ID>,
    /// Stable id of a rule, such as `CON-01`, of which that preview found a remedy: the action is to leave out what the remedy does
    /// and, without `findingIds`, to mend the rule's findings.
    rule: Option<String>,
    /// The version of the ticket that you saw.
    expected_version: Option<i32>,
}

/// That an action is done.
#[derive(Debug, InputObject)]
pub(crate) struct TicketActionCompleteInput {
    /// The action.
    corrective_action_id: ID,
    /// What shows it, plain text of at most 20,000 characters; not needed where a file was added for the action.
    proof: Option<String>,
    /// When it was done; absent, now.
    done_at: Option<DateTime>,
    /// The version of the action that you saw.
    expected_version: Option<i32>,
}

/// A change of what has to be done; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct TicketActionChangeInput {
    /// The action.
    corrective_action_id: ID,
    /// What has to be done, in one line of at most 200 characters.
    title: Option<String>,
    /// Who has to act.
    owner: Option<ActionOwner>,
    /// Until when.
    due_at: Option<DateTime>,
    /// The version of the action that you saw.
    expected_version: Option<i32>,
}

/// An action to be reopened or called off.
#[derive(Debug, InputObject)]
pub(crate) struct TicketActionInput {
    /// The action.
    corrective_action_id: ID,
    /// The version of the action that you saw.
    expected_version: Option<i32>,
}

/// A look whether an action helped.
#[derive(Debug, InputObject)]
pub(crate) struct TicketActionCheckInput {
    /// The action; it must be done.
    corrective_action_id: ID,
    /// Start of the traffic that the audit looks at; absent, when the action was done.
    from: Option<DateTime>,
    /// The version of the action that you saw.
    expected_version: Option<i32>,
}

/// The action after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct TicketActionPayload {
    /// The action; absent when the input was refused.
    corrective_action: Option<CorrectiveAction>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

impl TicketActionPayload {
    fn new(ctx: &Context<'_>, result: Outcome<domain::tickets::CorrectiveAction>) -> Result<Self> {
        let (action, user_errors) = TicketUserError::split(ctx.op(), result)?;
        Ok(Self { corrective_action: action.map(CorrectiveAction), user_errors })
    }
}

fn action(id: &ID, expected_version: Option<i32>) -> Result<ActionTarget> {
    Ok(ActionTarget { action: parse(id)?, expected_version })
}

/// Corrective actions.
#[derive(Debug, Default)]
pub(crate) struct ActionsMutation;

#[Object]
impl ActionsMutation {
    /// Adds a corrective action to a ticket. Requires `tickets:write`.
    async fn ticket_action_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action.")] input: TicketActionAddInput,
    ) -> Result<TicketActionPayload> {
        if input.finding_ids.len() > MOST_FINDINGS {
            return Err(bad_input(format!("give at most {MOST_FINDINGS} findings")));
        }
        let target = target(&input.ticket_id, input.expected_version)?;
        let new = NewAction {
            title: input.title,
            description: input.description,
            owner: input.owner.into(),
            due_at: input.due_at.map(|instant| instant.0),
            findings: parse_all(&input.finding_ids)?,
            preview: optional(input.audit_preview_id.as_ref())?,
            rule: input.rule.map(|rule| rule.parse().map_err(|_| bad_input("`rule` is no rule's id"))).transpose()?,
        };
        let added = app::tickets::add_action(ctx.op(), target, new).await;
        TicketActionPayload::new(ctx, shown(ctx.op(), target, added).await?)
    }

    /// Says that an action is done, with proof; a client's users say so of what the client has to do. Requires `tickets:open`.
    async fn ticket_action_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is done.")] input: TicketActionCompleteInput,
    ) -> Result<TicketActionPayload> {
        let target = action(&input.corrective_action_id, input.expected_version)?;
        let done = ActionDone { proof: input.proof, done_at: input.done_at.map(|instant| instant.0) };
        TicketActionPayload::new(ctx, app::tickets::complete_action(ctx.op(), target, done).await)
    }

    /// Changes what has to be done, by whom, until when. Requires `tickets:write`.
    async fn ticket_action_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: TicketActionChangeInput,
    ) -> Result<TicketActionPayload> {
        let target = action(&input.corrective_action_id, input.expected_version)?;
        let terms = ActionTerms {
            title: input.title,
            owner: input.owner.map(Into::into),
            due_at: input.due_at.map(|instant| instant.0),
        };
        TicketActionPayload::new(ctx, app::tickets::change_action(ctx.op(), target, terms).await)
    }

    /// Has an action done after all, or again: its proof is not enough, or did not help. Requires `tickets:write`.
    async fn ticket_action_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action.")] input: TicketActionInput,
    ) -> Result<TicketActionPayload> {
        let target = action(&input.corrective_action_id, input.expected_version)?;
        TicketActionPayload::new(ctx, app::tickets::reopen_action(ctx.op(), target).await)
    }

    /// Calls an action off. Requires `tickets:write`.
    async fn ticket_action_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action.")] input: TicketActionInput,
    ) -> Result<TicketActionPayload> {
        let target = action(&input.corrective_action_id, input.expected_version)?;
        TicketActionPayload::new(ctx, app::tickets::cancel_action(ctx.op(), target).await)
    }

    /// Asks for an audit that says whether an action helped: its result is written on the action when the audit ends.
    /// Requires `audits:write`.
    async fn ticket_action_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The look.")] input: TicketActionCheckInput,
    ) -> Result<TicketActionPayload> {
        let target = action(&input.corrective_action_id, input.expected_version)?;
        let from = input.from.map(|instant| instant.0);
        TicketActionPayload::new(ctx, app::tickets::check_action(ctx.op(), target, from).await)
    }
}
