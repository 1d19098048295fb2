//! What explains bad outcomes: which list, template, country, hour, number or campaign has more than its share of them.

use super::FailureClass;
use crate::words::words;

words! {
    /// What can end badly, one by one: a failure by its class, or a person who says stop.
    BadOutcome {
        /// Failed for the template, or how it was filled.
        Template = "template",
        /// Failed for the person: unreachable, unwilling or blocked.
        Recipient = "recipient",
        /// Meta chose not to deliver.
        MetaChoice = "meta_choice",
        /// Free text outside of the customer service window.
        Window = "window",
        /// Too fast.
        Pace = "pace",
        /// The account is restricted, unpaid or unregistered.
        Account = "account",
        /// Meta's platform failed.
        Platform = "platform",
        /// Failed for another reason, or without a code.
        Other = "other",
        /// The person said stop after the message.
        OptOut = "opt_out",
    }
}

words! {
    /// A way to divide messages.
    Dimension {
        /// By contact list.
        List = "list",
        /// By template and language: `name/language`.
        Template = "template",
        /// By the recipient's country, as its number tells: ISO 3166 codes.
        Country = "country",
        /// By the hour of the day (UTC), `00` to `23`.
        Hour = "hour",
        /// By sending number, Meta's id.
        Number = "number",
        /// By campaign.
        Campaign = "campaign",
    }
}

impl From<FailureClass> for BadOutcome {
    fn from(class: FailureClass) -> Self {
        match class {
            FailureClass::Template => Self::Template,
            FailureClass::Recipient => Self::Recipient,
            FailureClass::MetaChoice => Self::MetaChoice,
            FailureClass::Window => Self::Window,
            FailureClass::Pace => Self::Pace,
            FailureClass::Account => Self::Account,
            FailureClass::Platform => Self::Platform,
            FailureClass::Other => Self::Other,
        }
    }
}

/// What explains one kind of bad outcome.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribution {
    /// The kind.
    pub outcome: BadOutcome,
    /// Messages of the period that ended so. Of people who say stop after several messages of a campaign, one.
    pub cases: u64,
    /// Messages that could have: all of the period; for opt-outs, marketing messages that reached the person.
    pub messages: u64,
    /// What has more than its share, the least likely by chance first; at most 10.
    pub factors: Vec<Factor>,
}

/// Messages that have more than their share of a bad outcome: those of one list, of one template, ….
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// How messages were divided.
    pub dimension: Dimension,
    /// Which of the parts; absent for messages of no list, no template, no campaign, or of an unknown country.
    pub value: Option<String>,
    /// Its messages.
    pub messages: u64,
    /// Those that ended so.
    pub cases: u64,
    /// cases ÷ messages.
    pub rate: f64,
    /// The same of all other messages.
    pub rest_rate: f64,
    /// rate ÷ restRate; absent when none of the others ended so.
    pub lift: Option<f64>,
    /// Probability of as many cases or more, were the part like the rest: Fisher's exact test, one-sided.
    pub p_value: f64,
    /// Share of false discoveries, were all parts of at most this value believed (Benjamini and Hochberg, over all dimensions).
    pub q_value: f64,
    /// What remains of it within the parts of the dimension that explains most of it; absent when no other dimension has a
    /// factor, or when the two cannot be told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
}

/// An association within the parts of another dimension, taken together (Mantel and Haenszel).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjusted {
    /// The dimension that was held fixed.
    pub within: Dimension,
    /// Odds of the bad outcome, in the part against the rest; 1 when the other dimension explains all of it, absent when
    /// within its parts the rest never ended so.
    pub odds_ratio: Option<f64>,
    /// Lower 95 % bound of the odds ratio.
    pub lower_bound: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_failure_is_a_bad_outcome_of_the_same_name() {
        for class in FailureClass::ALL {
            assert_eq!(BadOutcome::from(*class).as_str(), class.as_str());
        }
        assert_eq!(BadOutcome::ALL.len(), FailureClass::ALL.len() + 1);
    }
}
