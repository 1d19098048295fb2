//! A corrective action of a ticket.

use std::collections::HashMap;

use app::tickets;
use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{CorrectiveActionId, TicketId};

use super::{
    Ticket,
    words::{ActionOwner, ActionState},
};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::DateTime,
    types::{Audit, Finding, User},
};

/// What has to be mended, by whom and until when; how it is shown to be done, and what a new audit says of it.
#[derive(Debug, Clone)]
pub(crate) struct CorrectiveAction(pub(crate) domain::tickets::CorrectiveAction);

impl CorrectiveAction {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<CorrectiveActionId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// What has to be mended, by whom and until when; how it is shown to be done, and what a new audit says of it.
#[Object]
impl CorrectiveAction {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The ticket that it belongs to.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ticket::load(ctx, self.0.ticket).await
    }

    /// What has to be done, in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The same at length.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Who has to act.
    async fn owner(&self) -> ActionOwner {
        self.0.owner.into()
    }

    /// Until when.
    async fn due_at(&self) -> Option<DateTime> {
        self.0.due_at.map(Into::into)
    }

    /// Whether it is still to be done, and the time for it has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> bool {
        let to_do = self.0.state.after(domain::tickets::ActionMove::Complete).is_some();
        to_do && self.0.due_at.is_some_and(|due| due < ctx.op().now())
    }

    /// Where it stands.
    async fn state(&self) -> ActionState {
        self.0.state.into()
    }

    /// Where it stands, in the reader's language.
    async fn state_text(&self, ctx: &Context<'_>) -> String {
        i18n::word(ctx.op().lang(), i18n::Group::ActionState, self.0.state.as_str())
    }

    /// What shows that it is done.
    async fn proof(&self) -> Option<&str> {
        self.0.proof.as_deref()
    }

    /// Who said that it is done, when you may see users.
    async fn done_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.done_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When it was done.
    async fn done_at(&self) -> Option<DateTime> {
        self.0.done_at.map(Into::into)
    }

    /// The audit that looks whether it helped, or looked last. Requires `audits:read`.
    async fn audit(&self, ctx: &Context<'_>) -> Result<Option<Audit>> {
        match self.0.audit {
            Some(id) => Audit::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When that audit ended.
    async fn checked_at(&self) -> Option<DateTime> {
        self.0.checked_at.map(Into::into)
    }

    /// The findings that it is to mend. Requires `audits:read`.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        let mut found = ctx.loader().load_many(self.0.findings.iter().copied()).await.map_err(FieldError::show)?;
        Ok(self.0.findings.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        self.0.added_at.into()
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Loader<CorrectiveActionId> for Reader {
    type Value = CorrectiveAction;
    type Error = FieldError;

    async fn load(
        &self,
        ids: &[CorrectiveActionId],
    ) -> Result<HashMap<CorrectiveActionId, CorrectiveAction>, FieldError> {
        let actions = tickets::actions_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(actions.into_iter().map(|action| (action.id, CorrectiveAction(action))).collect())
    }
}

/// Key of the actions of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ActionsOf(pub(super) TicketId);

impl Loader<ActionsOf> for Reader {
    type Value = Vec<CorrectiveAction>;
    type Error = FieldError;

    async fn load(&self, keys: &[ActionsOf]) -> Result<HashMap<ActionsOf, Vec<CorrectiveAction>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let actions = tickets::actions_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(actions
            .into_iter()
            .map(|(ticket, actions)| (ActionsOf(ticket), actions.into_iter().map(CorrectiveAction).collect()))
            .collect())
    }
}
