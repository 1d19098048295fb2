//! What explains bad outcomes.

use async_graphql::{Object, SimpleObject};
use domain::traffic;

use super::words::{AttributionDimension, BadOutcome};
use crate::scalars::BigInt;

/// What explains one kind of bad outcome.
#[derive(Debug, SimpleObject)]
pub(crate) struct Attribution {
    /// The kind.
    outcome: BadOutcome,
    /// Messages of the period that ended so. Of people who say stop after several messages of a campaign, one.
    cases: BigInt,
    /// Messages that could have: all of the period; for opt-outs, marketing messages that reached the person.
    messages: BigInt,
    /// What has more than its share, the least likely by chance first; at most 10.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    factors: Vec<AttributionFactor>,
}

impl From<&traffic::Attribution> for Attribution {
    fn from(attribution: &traffic::Attribution) -> Self {
        Self {
            outcome: attribution.outcome.into(),
            cases: BigInt(attribution.cases),
            messages: BigInt(attribution.messages),
            factors: attribution.factors.iter().cloned().map(AttributionFactor).collect(),
        }
    }
}

/// Messages that have more than their share of a bad outcome: those of one list, of one template, ….
#[derive(Debug)]
pub(crate) struct AttributionFactor(traffic::Factor);

/// An association within the parts of another dimension, taken together (Mantel and Haenszel).
#[derive(Debug, SimpleObject)]
pub(crate) struct AdjustedOdds {
    /// The dimension that was held fixed.
    within: AttributionDimension,
    /// Odds of the bad outcome, in the part against the rest; 1 when the other dimension explains all of it, `null` when within
    /// its parts the rest never ended so.
    odds_ratio: Option<f64>,
    /// Lower 95 % bound of the odds ratio.
    lower_bound: f64,
}

/// Messages that have more than their share of a bad outcome: those of one list, of one template, ….
#[Object]
impl AttributionFactor {
    /// How messages were divided.
    async fn dimension(&self) -> AttributionDimension {
        self.0.dimension.into()
    }

    /// Which of the parts; `null` for messages of no list, no template, no campaign, or of an unknown country.
    async fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Its messages.
    async fn messages(&self) -> BigInt {
        BigInt(self.0.messages)
    }

    /// Those that ended so.
    async fn cases(&self) -> BigInt {
        BigInt(self.0.cases)
    }

    /// Cases among its messages, 0 to 1.
    async fn rate(&self) -> f64 {
        self.0.rate
    }

    /// The same of all other messages.
    async fn rest_rate(&self) -> f64 {
        self.0.rest_rate
    }

    /// How many times as often as in the rest; `null` when none of the others ended so.
    async fn lift(&self) -> Option<f64> {
        self.0.lift
    }

    /// Probability of as many cases or more, were the part like the rest (Fisher's exact test, one-sided).
    async fn p_value(&self) -> f64 {
        self.0.p_value
    }

    /// Share of false discoveries, were all parts of at most this value believed (Benjamini and Hochberg).
    async fn q_value(&self) -> f64 {
        self.0.q_value
    }

    /// What remains of it within the parts of the dimension that explains most of it; `null` when no other dimension has a
    /// factor, or when the two cannot be told apart.
    async fn adjusted(&self) -> Option<AdjustedOdds> {
        self.0.adjusted.map(|adjusted| AdjustedOdds {
            within: adjusted.within.into(),
            odds_ratio: adjusted.odds_ratio,
            lower_bound: adjusted.lower_bound,
        })
    }
}
