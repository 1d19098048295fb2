//! Queries of reports.

use app::sla::reports::{self, ReportCode, ReportScope, ReportSection};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use crate::{
    context::ContextExt as _,
    error::bad_input,
    id,
    types::{BacklogRow, SlaReportRow, TicketReport},
};

/// What is reported on.
#[derive(Debug, InputObject)]
pub(crate) struct ReportInput {
    /// Of this client; absent, of all that you may know of.
    client_id: Option<ID>,
    /// First month, such as `2026-01`.
    from_month: String,
    /// Last month; at most 24 months in all.
    to_month: String,
    /// IANA zone in which months begin; absent, UTC.
    time_zone: Option<String>,
}

/// A part of the reports, as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ReportPart {
    /// Promises kept and broken, by client, metric, priority and month.
    Sla,
    /// Time at Meta, by kind of ticket.
    TimeAtMeta,
    /// How many closed tickets came back.
    Reopenings,
    /// Open tickets now, by client, priority, status and who has the ball.
    Backlog,
    /// Who wrote how many first answers.
    FirstContacts,
}

impl ReportInput {
    fn scope(self) -> Result<ReportScope> {
        Ok(ReportScope {
            client: id::optional(self.client_id.as_ref())?,
            from: self.from_month,
            to: self.to_month,
            time_zone: self.time_zone.unwrap_or_else(|| "UTC".to_owned()),
        })
    }
}

/// The answer, or the refusal as an error of the field: a query has no user errors.
fn answer<T>(op: &app::OpCtx, result: Result<T, app::OpError<ReportCode>>) -> Result<T> {
    let (value, refusals) =
        crate::user_error::split(result, |refusal| crate::user_error::message(op.lang(), &refusal))?;
    value.ok_or_else(|| bad_input(refusals.join(" ")))
}

/// Queries of reports.
#[derive(Debug, Default)]
pub(crate) struct ReportsQuery;

#[Object]
impl ReportsQuery {
    /// Promises kept and broken, by client, metric, priority and the month in which they began. Requires `tickets:read`.
    #[graphql(complexity = "200 + 20 * child_complexity")]
    async fn sla_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is reported on.")] input: ReportInput,
    ) -> Result<Vec<SlaReportRow>> {
        let rows = answer(ctx.op(), reports::promises(ctx.op(), &input.scope()?).await)?;
        Ok(rows.into_iter().map(SlaReportRow).collect())
    }

    /// The open tickets now, by client, priority, status and who has the ball. Requires `tickets:read`.
    #[graphql(complexity = "200 + 20 * child_complexity")]
    async fn backlog_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, of all that you may know of.")] client_id: Option<ID>,
    ) -> Result<Vec<BacklogRow>> {
        let client = id::optional(client_id.as_ref())?;
        let rows = answer(ctx.op(), reports::backlog(ctx.op(), client).await)?;
        Ok(rows.into_iter().map(BacklogRow).collect())
    }

    /// Time at Meta, reopenings and first answers of the tickets that were opened in a period. Requires `tickets:read`.
    #[graphql(complexity = "500 + child_complexity")]
    async fn ticket_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is reported on.")] input: ReportInput,
    ) -> Result<TicketReport> {
        Ok(TicketReport(answer(ctx.op(), reports::happenings(ctx.op(), &input.scope()?).await)?))
    }

    /// A part of the reports as CSV (RFC 4180, UTF-8, with a header). Requires `tickets:read`.
    #[graphql(complexity = 1000)]
    async fn report_csv(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part.")] part: ReportPart,
        #[graphql(desc = "What is reported on.")] input: ReportInput,
    ) -> Result<String> {
        let section = match part {
            ReportPart::Sla => ReportSection::Promises,
            ReportPart::TimeAtMeta => ReportSection::TimeAtMeta,
            ReportPart::Reopenings => ReportSection::Reopenings,
            ReportPart::Backlog => ReportSection::Backlog,
            ReportPart::FirstContacts => ReportSection::FirstContacts,
        };
        answer(ctx.op(), reports::csv(ctx.op(), section, &input.scope()?).await)
    }
}
