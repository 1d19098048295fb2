//! What an audit would have said without some messages.

use std::collections::HashMap;

use app::tickets::RemedyOf;
use async_graphql::{Context, Object, Result, SimpleObject, dataloader::Loader};
use domain::{AuditId, access::Permission, traffic};

use super::super::{CorrectiveAction, FindingSubject};
use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::BigInt};

/// The figures that people ask for first, of one audit.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AuditOutline {
    /// Messages sent.
    messages: BigInt,
    /// Of them failed.
    failed: BigInt,
    /// Of those that needed an opt-in, those without a valid one.
    without_consent: BigInt,
    /// Distinct recipients of the busiest moving 24 hours.
    peak_recipients: BigInt,
    /// Findings.
    findings: BigInt,
    /// The composite risk score, 0 to 100; `null` when it was not computed.
    risk_score: Option<f64>,
}

impl From<&traffic::Outline> for AuditOutline {
    fn from(outline: &traffic::Outline) -> Self {
        Self {
            messages: BigInt(outline.messages),
            failed: BigInt(outline.failed),
            without_consent: BigInt(outline.without_consent),
            peak_recipients: BigInt(outline.peak_recipients),
            findings: BigInt(outline.findings),
            risk_score: outline.risk_score,
        }
    }
}

/// An audit without some messages, beside the audit with all of them. What is left was replayed: nothing is estimated.
#[derive(Debug, Clone)]
pub(crate) struct Counterfactual(pub(super) traffic::Counterfactual);

/// An audit without some messages, beside the audit with all of them. What is left was replayed: nothing is estimated.
#[Object]
impl Counterfactual {
    /// The lists, templates and numbers whose messages are left out.
    async fn without(&self, ctx: &Context<'_>) -> Vec<FindingSubject> {
        self.0.without.iter().map(|subject| FindingSubject::new(ctx, subject)).collect()
    }

    /// Messages of the period that are left out.
    async fn removed_messages(&self) -> BigInt {
        BigInt(self.0.removed)
    }

    /// With all messages.
    async fn before(&self) -> AuditOutline {
        (&self.0.before).into()
    }

    /// Without them.
    async fn after(&self) -> AuditOutline {
        (&self.0.after).into()
    }

    /// Stable ids of the rules that would be clear and are not.
    async fn cleared_rules(&self) -> Vec<&'static str> {
        self.0.cleared.iter().map(|rule| rule.as_str()).collect()
    }

    /// Stable ids of the rules that would have findings and have none: what was left out had hidden them.
    async fn raised_rules(&self) -> Vec<&'static str> {
        self.0.raised.iter().map(|rule| rule.as_str()).collect()
    }

    /// The same in one sentence of the reader's language.
    async fn text(&self, ctx: &Context<'_>) -> String {
        i18n::counterfactual(ctx.op().lang(), &self.0)
    }
}

/// The least that should not have been sent for a rule to be clear.
#[derive(Debug, Clone)]
pub(crate) struct Remedy {
    /// The audit whose rule it clears.
    pub(super) audit: AuditId,
    pub(super) found: traffic::Remedy,
}

/// The least that should not have been sent for a rule to be clear.
#[Object]
impl Remedy {
    /// Stable id of the rule, such as `CON-01`.
    async fn rule(&self) -> &'static str {
        self.found.rule.as_str()
    }

    /// The rule's name, in the reader's language.
    async fn title(&self, ctx: &Context<'_>) -> String {
        i18n::rule_name(ctx.op().lang(), self.found.rule)
    }

    /// Whether no smaller set exists among the lists, templates and numbers that contribute most.
    async fn is_least(&self) -> bool {
        self.found.is_least
    }

    /// What to leave out, and what follows; `null` when nothing that was tried clears the rule.
    async fn counterfactual(&self) -> Option<Counterfactual> {
        self.found.counterfactual.clone().map(Counterfactual)
    }

    /// The corrective action in one sentence of the reader's language.
    async fn text(&self, ctx: &Context<'_>) -> String {
        i18n::remedy_found(ctx.op().lang(), &self.found)
    }

    /// The corrective actions that are to mend what the rule found in the audit, oldest first; `null` for those who may not see
    /// tickets.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn corrective_actions(&self, ctx: &Context<'_>) -> Result<Option<Vec<CorrectiveAction>>> {
        if !ctx.op().actor().may(Permission::TicketsRead) {
            return Ok(None);
        }
        let of = (self.audit, self.found.rule);
        let actions = ctx.loader().load_one(RemedyActions(of)).await.map_err(FieldError::show)?;
        Ok(Some(actions.unwrap_or_default()))
    }
}

/// Key of the actions of a remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct RemedyActions(RemedyOf);

impl Loader<RemedyActions> for Reader {
    type Value = Vec<CorrectiveAction>;
    type Error = FieldError;

    async fn load(&self, keys: &[RemedyActions]) -> Result<HashMap<RemedyActions, Vec<CorrectiveAction>>, FieldError> {
        let remedies: Vec<RemedyOf> = keys.iter().map(|key| key.0).collect();
        let actions = app::tickets::actions_of_remedies(&self.0, &remedies).await.map_err(FieldError::new)?;
        let shown = actions
            .into_iter()
            .map(|(of, actions)| (RemedyActions(of), actions.into_iter().map(CorrectiveAction).collect()));
        Ok(shown.collect())
    }
}
