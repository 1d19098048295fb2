//! What somebody wants to be told of.

use async_graphql::SimpleObject;
use domain::notifications::{Preferences, Topic};

use crate::words::graphql_words;

graphql_words! {
    /// What a person may want to be told of by mail. Values may be added.
    NotificationTopic = domain::notifications::Topic {
        /// The own account: always told, and at once.
        Security,
        /// Tickets: opened, answered, submitted, decided.
        Tickets,
        /// Promises: warnings, breaches, reminders, escalations.
        Sla,
        /// New findings of audits.
        Audits,
        /// Notices of enforcement by Meta.
        Enforcement,
    }
}

graphql_words! {
    /// How a person wants to be told. Values may be added.
    NotificationDelivery = domain::notifications::Preference {
        /// At once.
        Immediate,
        /// In one mail each morning.
        Digest,
        /// Not at all.
        Off,
    }
}

/// How a person wants to be told of a topic.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct NotificationPreference {
    /// The topic.
    topic: NotificationTopic,
    /// How.
    delivery: NotificationDelivery,
    /// Whether it can be changed.
    is_changeable: bool,
}

impl NotificationPreference {
    /// All topics.
    pub(crate) fn all(preferences: &Preferences) -> Vec<Self> {
        let of = |topic: &Topic| Self {
            topic: (*topic).into(),
            delivery: preferences.about(*topic).into(),
            is_changeable: *topic != Topic::Security,
        };
        Topic::ALL.iter().map(of).collect()
    }
}
