//! `enforcementNoticeRecord`.

use app::tickets::NewEnforcementNotice;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::TicketUserError;
use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::{optional, parse},
    scalars::DateTime,
    types::{
        EnforcementNotice,
        ticket_words::{NoticeSource, RestrictionType},
    },
};

/// One thing that the account or number may not do.
#[derive(Debug, InputObject)]
pub(crate) struct RestrictionInput {
    /// What.
    #[graphql(name = "type")]
    kind: RestrictionType,
    /// Meta's own word, when the type is unknown.
    raw_type: Option<String>,
    /// Until when; absent is without end.
    ends_at: Option<DateTime>,
}

/// A notice of enforcement, as Meta told it by e-mail or in Account Quality.
#[derive(Debug, InputObject)]
pub(crate) struct EnforcementNoticeRecordInput {
    /// Whose account.
    client_id: ID,
    /// The account; absent, that of the number.
    waba_id: Option<ID>,
    /// The number, when one is meant.
    phone_number_id: Option<ID>,
    /// Meta's word for the violation, when it named one, such as `SCAM`.
    violation_type: Option<String>,
    /// How you learned of it.
    source: NoticeSource,
    /// When Meta told.
    noticed_at: DateTime,
    /// What is taken away, at most 20; empty for a warning.
    #[graphql(default)]
    restrictions: Vec<RestrictionInput>,
    /// What Meta wrote.
    note: Option<String>,
    /// Whether a ticket is opened when none is open for what Meta does to the account. Say no to open one yourself.
    #[graphql(default = true)]
    open_ticket: bool,
}

/// The notice that was recorded.
#[derive(Debug, SimpleObject)]
pub(crate) struct EnforcementNoticePayload {
    /// The notice; absent when the input was refused.
    enforcement_notice: Option<EnforcementNotice>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

const MOST_RESTRICTIONS: usize = 20;

/// Notices of enforcement.
#[derive(Debug, Default)]
pub(crate) struct EnforcementMutation;

#[Object]
impl EnforcementMutation {
    /// Records a notice of enforcement by hand. It is a sign of an episode like what webhooks tell, and the open ticket of the
    /// account follows. Requires `enforcement:write`.
    async fn enforcement_notice_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice.")] input: EnforcementNoticeRecordInput,
    ) -> Result<EnforcementNoticePayload> {
        if input.restrictions.len() > MOST_RESTRICTIONS {
            return Err(bad_input(format!("give at most {MOST_RESTRICTIONS} restrictions")));
        }
        let restriction = |restriction: RestrictionInput| domain::enforcement::Restriction {
            restriction_type: restriction.kind.into(),
            raw_type: restriction.raw_type.map(|word| word.chars().take(200).collect()),
            ends_at: restriction.ends_at.map(|instant| instant.0),
        };
        let new = NewEnforcementNotice {
            client: parse(&input.client_id)?,
            waba: optional(input.waba_id.as_ref())?,
            phone_number: optional(input.phone_number_id.as_ref())?,
            violation_type: input.violation_type,
            source: input.source.into(),
            noticed_at: input.noticed_at.0,
            restrictions: input.restrictions.into_iter().map(restriction).collect(),
            note: input.note,
            opens_ticket: input.open_ticket,
        };
        let result = app::tickets::record_notice(ctx.op(), new).await;
        let (notice, user_errors) = TicketUserError::split(ctx.op(), result)?;
        Ok(EnforcementNoticePayload { enforcement_notice: notice.map(EnforcementNotice), user_errors })
    }
}
