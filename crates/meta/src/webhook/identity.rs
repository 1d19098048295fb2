//! People whose business-scoped user id is another from now on: Meta gives out a new one when somebody changes the number. What a person
//! has agreed to, and refused, goes on.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::traffic::is_user_id;

use super::{
    Event,
    fields::Fields,
    messages::{digits, our_number},
};

/// A person who is known by another user id from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityChange {
    /// The person's number, when told.
    pub number: Option<String>,
    /// The user id before, when told.
    pub previous: Option<String>,
    /// The user id from now on.
    pub current: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Says when, not who.
impl fmt::Debug for IdentityChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityChange").field("at", &self.at).finish_non_exhaustive()
    }
}

impl IdentityChange {
    /// `None` when it ties the new id to nothing.
    fn of(
        number: Option<String>,
        previous: Option<String>,
        current: Option<String>,
        at: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let current = current?;
        let previous = previous.filter(|previous| *previous != current);
        (number.is_some() || previous.is_some()).then_some(Self { number, previous, current, at })
    }
}

/// `user_id_update`.
pub(super) fn updates(mut fields: Fields<'_>) -> Event {
    let mut told = our_number(&mut fields);
    for object in fields.objects(&["user_id_update"]) {
        let mut within = fields.within("user_id_update", object);
        told.identities.extend(update(&mut within));
        within.end();
    }
    fields.skip(&["messaging_product", "contacts"]);
    fields.end();
    Event::Messages(told)
}

fn update(fields: &mut Fields<'_>) -> Option<IdentityChange> {
    let (number, at) = (digits(fields, &["wa_id"]), fields.instant(&["timestamp"]));
    let ids = fields.object(&["user_id"]);
    fields.skip(&["detail", "parent_user_id"]);
    let Some(ids) = ids else {
        fields.missing("user_id");
        return None;
    };
    let mut ids = fields.within("user_id", ids);
    let (previous, current) = (ids.text(&["previous"]), ids.text(&["current"]));
    ids.end();
    IdentityChange::of(number, previous, current, at)
}

/// Whom a system message is about, as it says beside `system`.
pub(super) struct Sender {
    pub(super) number: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
}

/// `system` of a message. The id before stands in a field of its own or, as Meta's page has it, in a sentence alone.
pub(super) fn of_system(mut fields: Fields<'_>, sender: Sender) -> Option<IdentityChange> {
    let current = fields.text(&["user_id"])?;
    let number = digits(&mut fields, &["wa_id"]).or(sender.number);
    let body = fields.text(&["body"]).unwrap_or_default();
    let mut words = body.split_whitespace().map(|word| word.trim_end_matches(['.', ',']));
    let named = words.find(|word| is_user_id(word) && *word != current).map(str::to_owned);
    let previous = fields.text(&["previous_user_id"]).or(named).or(sender.user_id);
    IdentityChange::of(number, previous, Some(current), sender.at)
}
