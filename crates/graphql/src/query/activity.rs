//! Queries of the activity log.

use app::activity::{self, Filter};
use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    context::ContextExt as _,
    error::{IntoFieldError, bad_input},
    id,
    page::{Connection, PageArguments, connection},
    scalars::DateTime,
    types::{Activity, ActivityHead, ActivityOutcome, ActivityProof},
};

/// Longest name of an action, and longest id.
const LONGEST_WORD: usize = 100;

/// Which entries; all that is given must hold.
#[derive(Debug, Default, InputObject)]
pub(crate) struct ActivityFilterInput {
    /// On this client's data.
    client_id: Option<ID>,
    /// By this person.
    user_id: Option<ID>,
    /// By this program.
    api_token_id: Option<ID>,
    /// Of this action, such as `ticketAssign`.
    action: Option<String>,
    /// Done to this: the first of its `subjects`.
    subject: Option<ID>,
    /// That ended so.
    outcome: Option<ActivityOutcome>,
    /// Not before this instant.
    from: Option<DateTime>,
    /// Before this instant.
    until: Option<DateTime>,
}

impl ActivityFilterInput {
    fn read(self) -> Result<Filter> {
        let subject = self.subject.map(|id| id.0);
        if [&self.action, &subject].into_iter().flatten().any(|text| text.len() > LONGEST_WORD || text.contains('\0')) {
            return Err(bad_input("no action and no id is like that"));
        }
        Ok(Filter {
            client: id::optional(self.client_id.as_ref())?,
            user: id::optional(self.user_id.as_ref())?,
            token: id::optional(self.api_token_id.as_ref())?,
            action: self.action,
            subject,
            outcome: self.outcome.map(Into::into),
            from: self.from.map(|at| at.0),
            until: self.until.map(|at| at.0),
        })
    }
}

/// Queries of the activity log.
#[derive(Debug, Default)]
pub(crate) struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// Who did what, when, from where and on whose data, the latest first: staff see all, a client what was done to its own data.
    /// Requires `activity:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<ActivityFilterInput>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Activity>> {
        let filter = filter.unwrap_or_default().read()?;
        let arguments = PageArguments::parse(&format!("activities:{filter:?}"), first, after)?.descending();
        let page =
            activity::page(ctx.op(), &filter, arguments.keyset()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Activity))
    }

    /// The last head of the log about a client's data; without a client, about your own side's. `null` before the first entry is
    /// sealed. Requires `activity:read`.
    async fn activity_head(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About this client's data.")] client_id: Option<ID>,
    ) -> Result<Option<ActivityHead>> {
        let client = id::optional(client_id.as_ref())?;
        let head = activity::heads(ctx.op(), client).await.map_err(IntoFieldError::into_field_error)?;
        Ok(head.map(|(log, head)| ActivityHead::new(log, &head)))
    }

    /// What shows that an entry is sealed in its log; `null` until it is, which takes about a second. Requires `activity:read`.
    async fn activity_proof(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the entry.")] activity_id: ID,
    ) -> Result<Option<ActivityProof>> {
        let proof = activity::proof(ctx.op(), id::parse(&activity_id)?).await;
        Ok(proof.map_err(IntoFieldError::into_field_error)?.map(ActivityProof::new))
    }
}
