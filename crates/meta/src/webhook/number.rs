//! `phone_number_quality_update`, `phone_number_name_update`, `security`: what is told of a number, which they name as people
//! write it and never by its id.

use super::{
    Event,
    account::limit,
    fields::Fields,
    words::{DECISIONS, NAME_REASONS, NUMBER_EVENTS, SECURITY_EVENTS},
};
use crate::asset::MessagingLimit;

/// `phone_number_quality_update`. Colours of numbers are not told by webhooks any more; limits and throughput are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberQuality {
    /// `display_phone_number`.
    pub display_number: Option<String>,
    /// `event`, upper case.
    pub event: Option<String>,
    /// `old_limit`.
    pub previous_limit: Option<MessagingLimit>,
    /// `current_limit`, or `max_daily_conversations_per_business`.
    pub limit: Option<MessagingLimit>,
}

pub(super) fn quality(mut fields: Fields<'_>) -> Event {
    let display_number = display_number(&mut fields);
    let event = fields.word(&["event"], NUMBER_EVENTS);
    let previous_limit = limit(&mut fields, &["old_limit"]);
    let by_number = limit(&mut fields, &["current_limit"]);
    let by_business = limit(&mut fields, &["max_daily_conversations_per_business"]);
    fields.end();
    Event::NumberQuality(NumberQuality { display_number, event, previous_limit, limit: by_business.or(by_number) })
}

/// `phone_number_name_update`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberName {
    /// `display_phone_number`.
    pub display_number: Option<String>,
    /// `decision`, upper case.
    pub decision: Option<String>,
    /// `requested_verified_name`.
    pub requested_name: Option<String>,
    /// `rejection_reason`, upper case.
    pub reason: Option<String>,
}

pub(super) fn name(mut fields: Fields<'_>) -> Event {
    let name = NumberName {
        display_number: display_number(&mut fields),
        decision: fields.word(&["decision"], DECISIONS),
        requested_name: fields.text(&["requested_verified_name"]),
        reason: fields.word(&["rejection_reason"], NAME_REASONS),
    };
    fields.end();
    Event::NumberName(name)
}

/// `security`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberSecurity {
    /// `display_phone_number`.
    pub display_number: Option<String>,
    /// `event`, upper case.
    pub event: Option<String>,
}

pub(super) fn security(mut fields: Fields<'_>) -> Event {
    let security =
        NumberSecurity { display_number: display_number(&mut fields), event: fields.word(&["event"], SECURITY_EVENTS) };
    fields.skip(&["requester"]);
    fields.end();
    Event::NumberSecurity(security)
}

fn display_number(fields: &mut Fields<'_>) -> Option<String> {
    fields.text(&["display_phone_number", "phone_number"])
}
