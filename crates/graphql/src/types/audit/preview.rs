//! A preview of an audit with other thresholds, and how it differs.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{AuditPreviewId, previews, thresholds};

use super::{
    super::{Finding, FindingFigure, FindingSubject, User},
    Audit, AuditFailure, Progress,
    counterfactual::{Counterfactual, Remedy},
    loaders::JobOf,
    words::{AuditState, FindingSeverity, RuleState},
};
use crate::{
    context::ContextExt as _,
    error::{FieldError, IntoFieldError},
    loaders::Reader,
    scalars::{BigInt, DateTime, Json},
};

/// What other thresholds would find on the traffic that an audit has looked at. It opens nothing and resolves nothing.
#[derive(Debug, Clone)]
pub(crate) struct AuditPreview(pub(crate) previews::AuditPreview);

impl AuditPreview {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<AuditPreviewId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

impl AuditPreview {
    async fn what_would_be(&self, ctx: &Context<'_>) -> Result<Option<previews::WhatWouldBe>> {
        app::audits::what_would_be(ctx.op(), self.0.id).await.map_err(IntoFieldError::into_field_error)
    }
}

/// A threshold that a preview sets otherwise than its audit.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ThresholdChange {
    /// Family and name, such as `consent.noneCriticalShare`.
    key: String,
    /// What the audit ran with.
    before: Json,
    /// What the preview runs with.
    after: Json,
}

/// What a preview found; without messages, for nobody is to act on it.
#[derive(Debug, Clone)]
pub(crate) struct PreviewFinding(previews::PreviewFinding);

/// What a preview found; without messages, for nobody is to act on it.
#[Object]
impl PreviewFinding {
    /// Stable id of the rule, such as `CON-01`.
    async fn rule(&self) -> &'static str {
        self.0.rule.as_str()
    }

    /// The rule's name, in the reader's language.
    async fn title(&self, ctx: &Context<'_>) -> String {
        i18n::rule_name(ctx.op().lang(), self.0.rule)
    }

    /// How bad it would be.
    async fn severity(&self) -> FindingSeverity {
        self.0.severity.into()
    }

    /// What it is about.
    async fn subject(&self, ctx: &Context<'_>) -> FindingSubject {
        FindingSubject::new(ctx, &self.0.subject)
    }

    /// Messages that it counts.
    async fn messages(&self) -> BigInt {
        BigInt(self.0.messages)
    }

    /// Distinct recipients that it counts.
    async fn recipients(&self) -> BigInt {
        BigInt(self.0.recipients)
    }

    /// Numbers that explain it, and the thresholds that it was judged by, by name.
    async fn figures(&self) -> Vec<FindingFigure> {
        FindingFigure::all(&self.0.figures)
    }
}

/// A finding whose severity other thresholds would change.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct SeverityChange {
    /// What the audit found.
    before: Finding,
    /// What the preview found.
    after: PreviewFinding,
}

/// How a preview differs from its audit in one rule.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct RuleDifference {
    /// Stable id, such as `CON-01`.
    rule: &'static str,
    /// Its name in the reader's language.
    name: String,
    /// What it says in the audit; `null` when the audit did not run it.
    state_before: Option<RuleState>,
    /// What it would say; `null` when the preview did not run it.
    state_after: Option<RuleState>,
    /// Findings that would be new.
    appeared_count: u32,
    /// Findings that would be gone.
    disappeared_count: u32,
    /// Findings of another severity.
    severity_changed_count: u32,
    /// Findings of the same severity.
    unchanged_count: u32,
}

/// How a preview differs from its audit. Counts are whole; of each list the worst 1,000.
#[derive(Debug, Clone)]
pub(crate) struct AuditDifference(previews::Difference);

/// How a preview differs from its audit. Counts are whole; of each list the worst 1,000.
#[Object]
impl AuditDifference {
    /// Rule by rule, by id.
    async fn rules(&self, ctx: &Context<'_>) -> Vec<RuleDifference> {
        let lang = ctx.op().lang();
        let rule = |rule: &previews::RuleDifference| RuleDifference {
            rule: rule.rule.as_str(),
            name: i18n::rule_name(lang, rule.rule),
            state_before: rule.before.map(Into::into),
            state_after: rule.after.map(Into::into),
            appeared_count: rule.appeared,
            disappeared_count: rule.disappeared,
            severity_changed_count: rule.severity_changed,
            unchanged_count: rule.unchanged,
        };
        self.0.rules.iter().map(rule).collect()
    }

    /// Findings that would be new, worst first.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn appeared(&self) -> Vec<PreviewFinding> {
        self.0.appeared.iter().cloned().map(PreviewFinding).collect()
    }

    /// Findings that would be gone, worst first.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn disappeared(&self) -> Vec<Finding> {
        self.0.disappeared.iter().cloned().map(Finding).collect()
    }

    /// Findings that would have another severity, worst first by what they would be.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn severity_changed(&self) -> Vec<SeverityChange> {
        let change = |(before, after): (domain::audits::Finding, previews::PreviewFinding)| SeverityChange {
            before: Finding(before),
            after: PreviewFinding(after),
        };
        self.0.severity_changed.iter().cloned().map(change).collect()
    }
}

/// What other thresholds would find on the traffic that an audit has looked at. It opens nothing and resolves nothing.
#[Object]
impl AuditPreview {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The audit whose traffic, period and profile it repeats.
    async fn audit(&self, ctx: &Context<'_>) -> Result<Option<Audit>> {
        Audit::load(ctx, self.0.audit).await
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

    /// The thresholds that it sets otherwise than its audit.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<ThresholdChange>> {
        let audit = Audit::load(ctx, self.0.audit).await?;
        let held = audit.map(|audit| thresholds::Overrides::stored(&audit.0.thresholds.values)).unwrap_or_default();
        let change = |(key, after): (&str, &serde_json::Value)| ThresholdChange {
            before: Json(
                held.get(key).or_else(|| thresholds::key(key).map(|known| &known.default)).cloned().unwrap_or_default(),
            ),
            key: key.to_owned(),
            after: Json(after.clone()),
        };
        Ok(self.0.overrides.iter().map(change).collect())
    }

    /// The lists, templates and numbers whose messages it leaves out.
    async fn without(&self, ctx: &Context<'_>) -> Vec<FindingSubject> {
        self.0.without.iter().map(|subject| FindingSubject::new(ctx, subject)).collect()
    }

    /// Whether it searches what should not have been sent.
    async fn searches_remedies(&self) -> bool {
        self.0.searches_remedies
    }

    /// How the traffic without the messages left out compares with all of it; `null` when none were left out, and until it is
    /// completed.
    #[graphql(complexity = "20 + child_complexity")]
    async fn counterfactual(&self, ctx: &Context<'_>) -> Result<Option<Counterfactual>> {
        Ok(self.what_would_be(ctx).await?.and_then(|found| found.counterfactual).map(Counterfactual))
    }

    /// For each rule with findings, the least that should not have been sent for it to be clear; `null` when it was not searched,
    /// and until it is completed.
    #[graphql(complexity = "20 + 5 * child_complexity")]
    async fn remedies(&self, ctx: &Context<'_>) -> Result<Option<Vec<Remedy>>> {
        if !self.0.searches_remedies {
            return Ok(None);
        }
        Ok(self
            .what_would_be(ctx)
            .await?
            .map(|found| found.remedies.into_iter().map(|found| Remedy { audit: self.0.audit, found }).collect()))
    }

    /// Who asked for it; `null` for a program, and for those who may not see users.
    async fn requested_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.requested_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        self.0.requested_at.into()
    }

    /// When it ended, however it did.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    /// Why it has no result; `null` unless it failed.
    async fn failure(&self, ctx: &Context<'_>) -> Option<AuditFailure> {
        self.0.failure.map(|failure| AuditFailure::new(ctx.op().lang(), failure))
    }

    /// How it differs from its audit; `null` until it is completed.
    #[graphql(complexity = "20 + child_complexity")]
    async fn difference(&self, ctx: &Context<'_>) -> Result<Option<AuditDifference>> {
        let difference =
            app::audits::preview_difference(ctx.op(), &self.0).await.map_err(IntoFieldError::into_field_error)?;
        Ok(difference.map(AuditDifference))
    }
}

impl Loader<AuditPreviewId> for Reader {
    type Value = AuditPreview;
    type Error = FieldError;

    async fn load(&self, ids: &[AuditPreviewId]) -> Result<HashMap<AuditPreviewId, AuditPreview>, FieldError> {
        let previews = app::audits::previews_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(previews.into_iter().map(|preview| (preview.id, AuditPreview(preview))).collect())
    }
}
