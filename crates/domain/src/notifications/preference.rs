//! What people want to be told of, and how soon.

use super::Topic;
use crate::words::words;

words! {
    /// How a person wants to be told.
    Preference {
        /// At once.
        Immediate = "immediate",
        /// Once a day, together with the rest.
        Digest = "digest",
        /// Not at all.
        Off = "off",
    }
}

/// What one person wants of each topic; what was never said is told at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences(Vec<(Topic, Preference)>);

impl Preferences {
    /// What was said, topic by topic.
    pub fn of(said: impl IntoIterator<Item = (Topic, Preference)>) -> Self {
        Self(said.into_iter().collect())
    }

    /// How the person wants to be told of `topic`.
    pub fn about(&self, topic: Topic) -> Preference {
        match topic {
            // Whoever takes an account over would turn this off first.
            Topic::Security => Preference::Immediate,
            _ => self
                .0
                .iter()
                .find(|(said, _)| *said == topic)
                .map_or(Preference::Immediate, |(_, preference)| *preference),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_at_once_and_security_cannot_be_turned_off() {
        let said = Preferences::of([(Topic::Sla, Preference::Off), (Topic::Security, Preference::Off)]);
        assert_eq!(said.about(Topic::Sla), Preference::Off);
        assert_eq!(said.about(Topic::Tickets), Preference::Immediate);
        assert_eq!(said.about(Topic::Security), Preference::Immediate);
    }
}
