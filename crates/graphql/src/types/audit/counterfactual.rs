//! What an audit would have said without some messages.

use async_graphql::{Context, Object, SimpleObject};
use domain::traffic;

use super::super::FindingSubject;
use crate::{context::ContextExt as _, scalars::BigInt};

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
pub(crate) struct Remedy(pub(super) traffic::Remedy);

/// The least that should not have been sent for a rule to be clear.
#[Object]
impl Remedy {
    /// Stable id of the rule, such as `CON-01`.
    async fn rule(&self) -> &'static str {
        self.0.rule.as_str()
    }

    /// The rule's name, in the reader's language.
    async fn title(&self, ctx: &Context<'_>) -> String {
        i18n::rule_name(ctx.op().lang(), self.0.rule)
    }

    /// Whether no smaller set exists among the lists, templates and numbers that contribute most.
    async fn is_least(&self) -> bool {
        self.0.is_least
    }

    /// What to leave out, and what follows; `null` when nothing that was tried clears the rule.
    async fn counterfactual(&self) -> Option<Counterfactual> {
        self.0.counterfactual.clone().map(Counterfactual)
    }

    /// The corrective action in one sentence of the reader's language.
    async fn text(&self, ctx: &Context<'_>) -> String {
        i18n::remedy_found(ctx.op().lang(), &self.0)
    }
}
