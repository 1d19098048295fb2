//! Which words people may give.

/// Whether `name` may be a name: 1 to 200 characters, and no control characters, which PostgreSQL would not keep.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=200).contains(&name.trim().chars().count()) && !name.chars().any(char::is_control)
}

/// Whether texts exist in this language.
pub(crate) fn is_language(language: &str) -> bool {
    i18n::Lang::ALL.into_iter().any(|lang| lang.as_str() == language)
}
