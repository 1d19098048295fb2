//! How staff organises its work: teams, replies that are written beforehand, and lists that are kept.

use crate::{ClientId, Instant, ReplyMacroId, SavedViewId, TeamId, UserId};

/// Some of the staff, who are given tickets together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Name, unique.
    pub name: String,
    /// Who leads it, and is told of what escalates.
    pub lead: Option<UserId>,
    /// Who is in it.
    pub members: Vec<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i32,
}

/// A reply that is written beforehand, with places for what differs from ticket to ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyMacro {
    /// Id.
    pub id: ReplyMacroId,
    /// Name, unique.
    pub name: String,
    /// The text, with places such as `{{ticket.ref}}`.
    pub body: String,
    /// Who changed it last.
    pub updated_by: Option<UserId>,
    /// When.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
}

/// What a place in a macro stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroPlace {
    /// The reference of the ticket.
    TicketRef,
    /// Its title.
    TicketTitle,
    /// The name of the client.
    ClientName,
    /// The name of whoever replies.
    AgentName,
    /// The end of the time for an appeal.
    AppealDeadline,
}

impl MacroPlace {
    /// All places.
    pub const ALL: &'static [Self] =
        &[Self::TicketRef, Self::TicketTitle, Self::ClientName, Self::AgentName, Self::AppealDeadline];

    /// As it is written between double braces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TicketRef => "ticket.ref",
            Self::TicketTitle => "ticket.title",
            Self::ClientName => "client.name",
            Self::AgentName => "agent.name",
            Self::AppealDeadline => "appeal.deadline",
        }
    }
}

/// A place in a macro that stands for nothing, or is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPlace(pub String);

impl ReplyMacro {
    /// The text with `value` in each place. What was put in is not looked at again.
    ///
    /// # Errors
    /// A place that stands for nothing, or is not closed.
    pub fn filled(body: &str, value: impl Fn(MacroPlace) -> String) -> Result<String, UnknownPlace> {
        let (mut filled, mut rest) = (String::with_capacity(body.len()), body);
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or_else(|| UnknownPlace(after.chars().take(40).collect()))?;
            let place = MacroPlace::ALL.iter().copied().find(|place| place.as_str() == name.trim());
            filled.push_str(before);
            filled.push_str(&value(place.ok_or_else(|| UnknownPlace(name.trim().chars().take(40).collect()))?));
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A list of tickets that somebody keeps: a filter and an order, as the API takes them.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Id.
    pub id: SavedViewId,
    /// Whose.
    pub user: UserId,
    /// The client of a client's user.
    pub client: Option<ClientId>,
    /// Name, unique for the person.
    pub name: String,
    /// What it shows.
    pub view: serde_json::Value,
    /// When it was kept.
    pub created_at: Instant,
}

/// Longest tag in characters.
const LONGEST_TAG: usize = 40;

/// A tag as it is kept: small letters, digits and dashes. `None` when it is none.
pub fn kept_tag(tag: &str) -> Option<String> {
    let tag = tag.trim().to_lowercase();
    let good = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let fits = (1..=LONGEST_TAG).contains(&tag.chars().count()) && tag.chars().all(good);
    fits.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_unknown_ones_named() {
        let value = |place: MacroPlace| format!("<{}{{{{x}}}}>", place.as_str());
        let filled = ReplyMacro::filled("Re {{ticket.ref}}: {{ client.name }}.", value).unwrap();
        assert_eq!(filled, "Re <ticket.ref{{x}}>: <client.name{{x}}>.");
        assert_eq!(ReplyMacro::filled("no place", value).unwrap(), "no place");
        assert_eq!(ReplyMacro::filled("{{ticket.secret}}", value), Err(UnknownPlace("ticket.secret".to_owned())));
        assert_eq!(ReplyMacro::filled("{{ticket.ref", value), Err(UnknownPlace("ticket.ref".to_owned())));
    }

    #[test]
    fn a_tag_is_small_and_plain() {
        assert_eq!(kept_tag(" VIP-Città ").as_deref(), Some("vip-città"));
        for bad in ["", " ", "two words", "a,b", &"x".repeat(41)] {
            assert_eq!(kept_tag(bad), None, "{bad}");
        }
    }
}
