//! Words for states and kinds, whichever crate defines them: by the group of words and the value's stable name.

use crate::{Args, Lang, bundles, text};

macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal $(, $suffix:literal)?;)*) => {
        /// A group of words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Group {
            $($(#[$doc])* $name,)*
        }

        impl Group {
            /// All groups.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            fn key(self, value: &str) -> String {
                let value = value.to_ascii_lowercase().replace('_', "-");
                match self {
                    $(Self::$name => format!(concat!("{}-{}", $($suffix)?), $prefix, value),)*
                }
            }
        }
    };
}

groups! {
    /// Where a corrective action stands.
    ActionState = "action-state";
    /// Category of a message.
    Category = "category";
    /// Why an import was given up.
    ImportFailure = "import-failure";
    /// What an import reads.
    ImportKind = "import-kind";
    /// Where an import stands.
    ImportState = "import-state";
    /// Where a job stands.
    JobState = "job-state";
    /// A language, by its tag.
    Language = "language";
    /// How a notice of enforcement became known.
    NoticeSource = "notice-source";
    /// What Meta takes away, by Meta's word.
    Restriction = "restriction";
    /// What a person is.
    Role = "role";
    /// Why a row was rejected; goes on after the column's name.
    RowReason = "row-reason";
    /// What an audit says of a rule.
    RuleState = "rule-state";
    /// A change of somebody's account.
    SecurityEvent = "security-event";
    /// How bad a finding is.
    Severity = "severity";
    /// What the SLA promises.
    SlaMetric = "sla-metric";
    /// How a promise stands.
    SlaState = "sla-state";
    /// For whom an SLA clock waits.
    SlaWaiting = "sla-reason-waiting";
    /// The way of a submission to Meta.
    SubmissionChannel = "submission-channel";
    /// Meta's answer to a submission.
    SubmissionOutcome = "submission-outcome";
    /// What is blocked.
    TicketKind = "ticket-kind";
    /// Where in Meta's hierarchy.
    TicketLevel = "ticket-level";
    /// How a ticket ended.
    TicketOutcome = "outcome";
    /// How much stands still.
    TicketPriority = "priority";
    /// Where a ticket stands, in the client's words.
    TicketStatus = "status";
    /// The same as a sentence that says what happens now.
    TicketStatusExplained = "status", "-explained";
    /// Whose turn it is, said to the client.
    Turn = "turn";
    /// Verdict on a consent.
    Verdict = "verdict";
    /// What a person is told of.
    Topic = "topic";
    /// Who is waited for, as a noun.
    WaitingOn = "waiting-on";
}

/// The word for a value, by the value's stable name (`in_review`, `P1`, `CRITICAL`: case and underscores do not matter).
///
/// A value without a word is written as it is: it was made by a newer release, or its word was forgotten, and the log says so.
pub fn word(lang: Lang, group: Group, value: &str) -> String {
    let key = group.key(value);
    if bundles::exists(lang, &key) {
        return text(lang, &key, &Args::new());
    }
    tracing::error!(i18n.key = key, i18n.lang = %lang, "there is no word for this value");
    value.to_owned()
}
