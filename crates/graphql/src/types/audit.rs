//! An audit of a client's traffic.

mod attribution;
mod counterfactual;
mod figures;
mod loaders;
mod preview;
mod schedule;
pub(crate) mod words;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    AuditId,
    thresholds::{InForce, Overrides},
    traffic,
};
use i18n::Args;

use figures::AuditFigures;
use loaders::{CountsOf, JobOf, ReportOf, ResolvedBy};
pub(crate) use preview::AuditPreview;
pub(crate) use schedule::AuditSchedule;
use words::{AuditFailureCode, AuditProfile, AuditState, FindingComparison, FindingSeverity, RuleState};

use super::{Client, Finding, Threshold, ThresholdVersion};
use crate::{
    context::ContextExt as _,
    error::{FieldError, IntoFieldError, bad_input},
    page::{Connection, PageArguments, connection},
    scalars::{BigInt, DateTime},
};

/// A replay of a client's messages against the consents that were known when they were sent: figures, rules, findings.
#[derive(Debug, Clone)]
pub(crate) struct Audit(pub(crate) domain::audits::Audit);

impl Audit {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<AuditId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: AuditId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }

    async fn report(&self, ctx: &Context<'_>) -> Result<Option<Arc<traffic::Report>>> {
        if self.0.state != domain::audits::AuditState::Completed {
            return Ok(None);
        }
        ctx.loader().load_one(ReportOf(self.0.id)).await.map_err(FieldError::show)
    }
}

/// How far a long work has come.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Progress {
    /// Done so far; the unit is the work's own.
    done: BigInt,
    /// To be done in all; `null` while unknown.
    total: Option<BigInt>,
}

impl From<domain::ports::Progress> for Progress {
    fn from(progress: domain::ports::Progress) -> Self {
        let total = (progress.total > 0).then_some(BigInt(progress.total));
        Self { done: BigInt(progress.done), total }
    }
}

/// A span of time.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Period {
    /// Its start, included; `null` when it was not given and there were no messages.
    from: Option<DateTime>,
    /// Its end, excluded; `null` likewise.
    to: Option<DateTime>,
}

impl From<traffic::Period> for Period {
    fn from(period: traffic::Period) -> Self {
        Self { from: period.from.map(Into::into), to: period.to.map(Into::into) }
    }
}

/// What was asked of an audit.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct AuditParameters {
    /// Start of the period; `null`: the first message.
    from: Option<DateTime>,
    /// End of the period, excluded; `null`: just after the last message.
    to: Option<DateTime>,
    /// The rules to run.
    profile: AuditProfile,
    /// The portfolio's messaging limit, in unique people in a moving 24 hours; `null` when unknown or unlimited.
    messaging_limit: Option<BigInt>,
    /// Whether the portfolio's messaging limit is known to be unlimited.
    is_messaging_unlimited: bool,
}

impl From<&traffic::AuditParameters> for AuditParameters {
    fn from(parameters: &traffic::AuditParameters) -> Self {
        let limit = parameters.messaging_limit;
        Self {
            from: parameters.from.map(Into::into),
            to: parameters.to.map(Into::into),
            profile: parameters.profile.into(),
            messaging_limit: limit.filter(|limit| *limit != u64::MAX).map(BigInt),
            is_messaging_unlimited: limit == Some(u64::MAX),
        }
    }
}

/// Why an audit has no result.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AuditFailure {
    /// For programs.
    code: AuditFailureCode,
    /// What happened and what to do, in the reader's language.
    message: String,
}

impl AuditFailure {
    pub(super) fn new(lang: i18n::Lang, failure: domain::audits::AuditFailure) -> Self {
        let key = format!("audit-failure-{}", failure.as_str().replace('_', "-"));
        Self { code: failure.into(), message: i18n::text(lang, &key, &Args::new()) }
    }
}

/// What one rule says.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AuditRule {
    /// Stable id, such as `CON-01`.
    rule: String,
    /// Its name in the reader's language.
    name: String,
    /// What it says.
    state: RuleState,
    /// Whether late webhooks can still change it.
    is_provisional: bool,
}

/// How many findings an audit has of one kind.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct FindingCount {
    /// Their severity.
    severity: FindingSeverity,
    /// How they stand to the audits before.
    comparison: FindingComparison,
    /// How many.
    count: u32,
}

/// A replay of a client's messages against the consents that were known when they were sent: figures, rules, findings.
#[Object]
impl Audit {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose traffic.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// Where it stands.
    async fn state(&self) -> AuditState {
        self.0.state.into()
    }

    /// How far it has come; `null` before it runs and after it has ended.
    async fn progress(&self, ctx: &Context<'_>) -> Result<Option<Progress>> {
        match self.0.job {
            Some(job) if self.0.state == domain::audits::AuditState::Running => {
                let job = ctx.loader().load_one(JobOf(job)).await.map_err(FieldError::show)?;
                Ok(job.map(|job| job.progress.into()))
            }
            _ => Ok(None),
        }
    }

    /// Whether somebody has asked to cancel it, and it still runs.
    async fn is_cancelling(&self, ctx: &Context<'_>) -> Result<bool> {
        match self.0.job {
            Some(job) if self.0.state == domain::audits::AuditState::Running => {
                let job = ctx.loader().load_one(JobOf(job)).await.map_err(FieldError::show)?;
                Ok(job.is_some_and(|job| job.cancel_requested_at.is_some()))
            }
            _ => Ok(false),
        }
    }

    /// What was asked.
    async fn parameters(&self) -> AuditParameters {
        (&self.0.parameters).into()
    }

    /// The thresholds that it runs with, each with what it came from; empty for an audit that was asked for before they were
    /// kept.
    #[graphql(complexity = "5 + 50 * child_complexity")]
    async fn thresholds(&self, ctx: &Context<'_>) -> Result<Vec<Threshold>> {
        let used = &self.0.thresholds;
        if used.values.is_null() {
            return Ok(Vec::new());
        }
        let mut in_force = InForce::default();
        for version in ThresholdVersion::load_many(ctx, &used.versions).await? {
            let slot = if version.0.client.is_some() { &mut in_force.client } else { &mut in_force.bsp };
            *slot = Some(version.0);
        }
        Ok(Threshold::all(&Overrides::stored(&used.values), &in_force))
    }

    /// The versions of thresholds that it runs with: the BSP's before the client's; none where the defaults alone hold.
    async fn threshold_versions(&self, ctx: &Context<'_>) -> Result<Vec<ThresholdVersion>> {
        ThresholdVersion::load_many(ctx, &self.0.thresholds.versions).await
    }

    /// Previews of it with other thresholds, the latest first.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn previews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<AuditPreview>> {
        let arguments = PageArguments::parse(&format!("previews:{}", self.0.id), first, after)?.descending();
        let page = app::audits::previews_page(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, AuditPreview))
    }

    /// The period that was looked at; before the end, the period that was asked for.
    async fn period(&self) -> Period {
        self.0.period.into()
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        self.0.requested_at.into()
    }

    /// When it began.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.started_at.map(Into::into)
    }

    /// When it ended, however it did.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    /// Whether late webhooks can still change a figure. When they cannot any more, seven days after its period, it is made again
    /// beside this one.
    async fn is_provisional(&self) -> bool {
        self.0.is_provisional
    }

    /// Why it has no result; `null` unless it failed.
    async fn failure(&self, ctx: &Context<'_>) -> Option<AuditFailure> {
        self.0.failure.map(|failure| AuditFailure::new(ctx.op().lang(), failure))
    }

    /// Its figures; `null` until it is completed.
    #[graphql(complexity = "5 + child_complexity")]
    async fn figures(&self, ctx: &Context<'_>) -> Result<Option<AuditFigures>> {
        Ok(self.report(ctx).await?.map(AuditFigures))
    }

    /// What each rule of the profile says; empty until it is completed. A rule that was not fed, or had too little data, is no pass.
    #[graphql(complexity = "5 + 15 * child_complexity")]
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<AuditRule>> {
        let lang = ctx.op().lang();
        let rules = self.report(ctx).await?.map(|report| report.rules.clone()).unwrap_or_default();
        let rule = |result: traffic::RuleResult| AuditRule {
            rule: result.rule.as_str().to_owned(),
            name: i18n::rule_name(lang, result.rule),
            state: result.state.into(),
            is_provisional: result.provisional,
        };
        Ok(rules.into_iter().map(rule).collect())
    }

    /// Its findings, worst first.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "Which; all when absent.")] filter: Option<FindingFilter>,
    ) -> Result<Connection<Finding>> {
        let filter = filter.unwrap_or_default().parse()?;
        let arguments = PageArguments::parse(&format!("findings:{}:{filter:?}", self.0.id), first, after)?;
        let page = app::audits::findings(ctx.op(), self.0.id, &filter, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Finding))
    }

    /// How many findings it has, by severity and by standing to the audits before; kinds without any are left out.
    #[graphql(complexity = "5 + child_complexity")]
    async fn finding_counts(&self, ctx: &Context<'_>) -> Result<Vec<FindingCount>> {
        let counts = ctx.loader().load_one(CountsOf(self.0.id)).await.map_err(FieldError::show)?.unwrap_or_default();
        let count = |count: &app::audits::FindingCount| FindingCount {
            severity: count.severity.into(),
            comparison: count.comparison.into(),
            count: count.count,
        };
        Ok(counts.iter().map(count).collect())
    }

    /// The audit that its findings were compared with; `null` when there was none.
    async fn previous_audit(&self, ctx: &Context<'_>) -> Result<Option<Audit>> {
        match self.0.previous {
            Some(id) => Audit::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Findings of the previous audit that are resolved: gone, and their rule had its data. Worst first.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn resolved_findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        if self.0.previous.is_none() {
            return Ok(Vec::new());
        }
        let resolved = ctx.loader().load_one(ResolvedBy(self.0.id)).await.map_err(FieldError::show)?;
        Ok(resolved.unwrap_or_default())
    }
}

/// Which findings of an audit: those that meet every condition that is given.
#[derive(Debug, Default, InputObject)]
pub(crate) struct FindingFilter {
    /// Of one of these severities.
    severities: Option<Vec<FindingSeverity>>,
    /// Of one of these rules, by id, such as `CON-01`; at most 100.
    rules: Option<Vec<String>>,
    /// With one of these standings to the audits before.
    comparisons: Option<Vec<FindingComparison>>,
}

/// Values of a list in a filter at most.
const MOST_VALUES: usize = 100;

impl FindingFilter {
    fn parse(self) -> Result<app::audits::FindingFilter> {
        let (severities, rules) = (self.severities.unwrap_or_default(), self.rules.unwrap_or_default());
        let comparisons = self.comparisons.unwrap_or_default();
        if severities.len().max(rules.len()).max(comparisons.len()) > MOST_VALUES {
            return Err(bad_input(format!("give at most {MOST_VALUES} values of a kind")));
        }
        let rule = |text: &String| text.parse().map_err(|_| bad_input("`rules` takes ids of rules, such as CON-01"));
        Ok(app::audits::FindingFilter {
            severities: severities.into_iter().map(Into::into).collect(),
            rules: rules.iter().map(rule).collect::<Result<_>>()?,
            comparisons: comparisons.into_iter().map(Into::into).collect(),
        })
    }
}
