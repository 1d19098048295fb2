//! The words of the formats' closed columns, both ways. Case does not matter when reading.

use domain::traffic::{Category, ConsentAction, ConsentScope, MessageType, Outcome};

fn find<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|&(_, value)| value)
}

/// The type of a message, and whether the row tells its outcome alone.
pub(crate) fn message_type(text: &str) -> Option<(MessageType, bool)> {
    let words = [
        ("template", (MessageType::Template, false)),
        ("free_form", (MessageType::FreeForm, false)),
        ("outcome", (MessageType::FreeForm, true)),
    ];
    find(text, &words)
}

/// Never fails: what the formats do not name is kept as unknown.
pub(crate) fn category(text: &str) -> Category {
    let words = [
        ("marketing", Category::Marketing),
        ("utility", Category::Utility),
        ("authentication", Category::Authentication),
        ("service", Category::Service),
    ];
    find(text, &words).unwrap_or(Category::Unknown)
}

pub(crate) fn status(text: &str) -> Option<Outcome> {
    let words = [
        ("sent", Outcome::Sent),
        ("delivered", Outcome::Delivered),
        ("read", Outcome::Read),
        ("played", Outcome::Read),
        ("failed", Outcome::Failed),
    ];
    find(text, &words)
}

pub(crate) fn action(text: &str) -> Option<ConsentAction> {
    find(text, &[("opt_in", ConsentAction::OptIn), ("opt_out", ConsentAction::OptOut)])
}

pub(crate) fn scope(text: &str) -> Option<ConsentScope> {
    let words = [
        ("marketing", ConsentScope::Marketing),
        ("utility", ConsentScope::Utility),
        ("authentication", ConsentScope::Authentication),
        ("all", ConsentScope::All),
    ];
    find(text, &words)
}

pub(crate) const fn message_type_word(value: MessageType) -> &'static str {
    match value {
        MessageType::Template => "template",
        MessageType::FreeForm => "free_form",
    }
}

pub(crate) const fn category_word(value: Category) -> &'static str {
    match value {
        Category::Marketing => "marketing",
        Category::Utility => "utility",
        Category::Authentication => "authentication",
        Category::Service => "service",
        Category::Unknown => "unknown",
    }
}

pub(crate) const fn outcome_word(value: Outcome) -> &'static str {
    match value {
        Outcome::Sent => "sent",
        Outcome::Failed => "failed",
        Outcome::Delivered => "delivered",
        Outcome::Read => "read",
    }
}

pub(crate) const fn action_word(value: ConsentAction) -> &'static str {
    match value {
        ConsentAction::OptIn => "opt_in",
        ConsentAction::OptOut => "opt_out",
    }
}

pub(crate) const fn scope_word(value: ConsentScope) -> &'static str {
    match value {
        ConsentScope::Marketing => "marketing",
        ConsentScope::Utility => "utility",
        ConsentScope::Authentication => "authentication",
        ConsentScope::All => "all",
    }
}
