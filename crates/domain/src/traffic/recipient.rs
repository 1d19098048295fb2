//! How the exchange formats write a person.

/// A recipient as the exchange formats write it: E.164 digits without what people put between them, or a business-scoped
/// user id as it came. `None` when the text is neither.
pub fn canonical_recipient(text: &str) -> Option<String> {
    let text = text.trim();
    if is_user_id(text) {
        return Some(text.to_owned());
    }
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits: String = number.chars().filter(|letter| !matches!(letter, ' ' | '.' | '-' | '(' | ')')).collect();
    ((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Whether the text is a business-scoped user id: two capital letters, a dot, optionally `ENT.`, then 1 to 128 letters and
/// digits.
pub fn is_user_id(text: &str) -> bool {
    let [a, b, b'.', rest @ ..] = text.as_bytes() else { return false };
    let rest = rest.strip_prefix(b"ENT.").unwrap_or(rest);
    a.is_ascii_uppercase()
        && b.is_ascii_uppercase()
        && (1..=128).contains(&rest.len())
        && rest.iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_written_in_one_way() {
        assert_eq!(canonical_recipient(" +39 333-123.4567 ").as_deref(), Some("393331234567"));
        assert_eq!(canonical_recipient("IT.ENT.a1B2").as_deref(), Some("IT.ENT.a1B2"));
        for text in ["", "123456", "1234567890123456", "+39 333 abc", "it.a1"] {
            assert_eq!(canonical_recipient(text), None, "{text}");
        }
    }
}
