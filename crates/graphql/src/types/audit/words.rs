//! Enums of audits and findings.

use crate::words::graphql_words;

graphql_words! {
    /// Where an audit stands. Values may be added.
    AuditState = domain::audits::AuditState {
        /// Waits for a worker.
        Queued,
        /// A worker replays the traffic.
        Running,
        /// Done: figures and findings stand.
        Completed,
        /// Given up; there is no result.
        Failed,
        /// Somebody cancelled it; there is no result.
        Cancelled,
    }
}

graphql_words! {
    /// Why an audit has no result. Values may be added.
    AuditFailureCode = domain::audits::AuditFailure {
        /// The traffic could not be read.
        UnreadableTraffic,
        /// It failed too often.
        TooManyAttempts,
        /// The messages of a finding were looked for again, and they are not as many as it counts.
        EvidenceDiffers,
        /// A defect of ours.
        Internal,
    }
}

graphql_words! {
    /// The rules that an audit runs.
    AuditProfile = domain::traffic::Profile {
        /// The rules that every client should pass.
        Minimum,
        /// Every rule.
        Full,
    }
}

graphql_words! {
    /// What an audit says of a rule.
    RuleState = domain::traffic::RuleState {
        /// There is at least one finding.
        Finding,
        /// The rule had its data, enough of it, and found nothing.
        Clear,
        /// The rule had too little data to judge. Not a pass.
        InsufficientData,
        /// A source that the rule needs was not given. Not a pass.
        NotFed,
    }
}

graphql_words! {
    /// How bad a finding is.
    FindingSeverity = domain::traffic::Severity {
        /// For display; nothing to do.
        Info,
        /// Put right when convenient.
        Low,
        /// Put right soon.
        Medium,
        /// Put right now: Meta acts on this.
        High,
        /// Stop sending until it is put right.
        Critical,
    }
}

graphql_words! {
    /// How a finding stands to the audits before.
    FindingComparison = domain::audits::Comparison {
        /// Never seen before.
        New,
        /// Also in the previous audit.
        Continuing,
        /// Not in the previous audit, but in an earlier one.
        Returned,
    }
}

graphql_words! {
    /// What a finding is about. Values may be added.
    SubjectKind = domain::traffic::SubjectKind {
        /// The client as a whole.
        Client,
        /// A contact list.
        List,
        /// A template.
        Template,
        /// A sending number.
        Number,
        /// A campaign.
        Campaign,
        /// The business portfolio.
        Portfolio,
        /// A WhatsApp Business Account, by Meta's id.
        Account,
        /// What Meta told, by its own word: a violation, a restriction, an alert; of an account that it names, `word/account`.
        Notice,
        /// A rule, by its id: what adds to a risk score.
        Rule,
        /// A version of the text under which people opt in.
        Wording,
        /// A country, by its ISO 3166 code.
        Country,
    }
}

graphql_words! {
    /// The first of the conditions of consent that a due message meets.
    ConsentVerdict = domain::traffic::Verdict {
        /// An unexpired opt-in was known.
        Valid,
        /// An opt-out was known.
        OptedOut,
        /// The opt-in had expired.
        Expired,
        /// An opt-in effective then was recorded only later.
        Retroactive,
        /// The only known opt-in was for another purpose.
        ScopeMismatch,
        /// No opt-in of any kind.
        None,
    }
}

graphql_words! {
    /// What can end badly, one by one: a failure by its class, or a person who says stop. Values may be added.
    BadOutcome = domain::traffic::BadOutcome {
        /// Failed for the template, or how it was filled.
        Template,
        /// Failed for the person: unreachable, unwilling or blocked.
        Recipient,
        /// Meta chose not to deliver.
        MetaChoice,
        /// Free text outside of the customer service window.
        Window,
        /// Too fast.
        Pace,
        /// The account is restricted, unpaid or unregistered.
        Account,
        /// Meta's platform failed.
        Platform,
        /// Failed for another reason, or without a code.
        Other,
        /// The person said stop after the message.
        OptOut,
    }
}

graphql_words! {
    /// A way to divide messages. Values may be added.
    AttributionDimension = domain::traffic::Dimension {
        /// By contact list.
        List,
        /// By template and language: `name/language`.
        Template,
        /// By the recipient's country, as its number tells: ISO 3166 codes.
        Country,
        /// By the hour of the day (UTC), `00` to `23`.
        Hour,
        /// By sending number, Meta's id.
        Number,
        /// By campaign.
        Campaign,
    }
}
