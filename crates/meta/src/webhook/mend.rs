//! Texts that were cut in the middle of a character: half of a pair of escapes, or bytes that are no UTF-8. JSON has no such texts, and a
//! body would be lost for one of them.

const REPLACEMENT: &str = "\\ufffd";

/// The body with what is no character replaced; nothing when there is nothing to replace.
pub(super) fn mended(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (mut whole, mut rest) = (String::with_capacity(text.len()), &*text);
    let mut is_changed = matches!(text, std::borrow::Cow::Owned(_));
    while let Some(at) = rest.find('\\') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match surrogate(rest) {
            // The other half follows.
            Some(0xD800..=0xDBFF) if matches!(rest.get(6..).and_then(surrogate), Some(0xDC00..=0xDFFF)) => 12,
            Some(_) => {
                is_changed = true;
                whole.push_str(REPLACEMENT);
                rest = &rest[6..];
                continue;
            }
            // The escape and what it escapes, which may be a backslash.
            None => rest.chars().take(2).map(char::len_utf8).sum(),
        };
        whole.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    whole.push_str(rest);
    is_changed.then_some(whole)
}

/// The half of a pair that an escape at the beginning of `text` stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xD800..=0xDFFF).contains(&unit).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_are_replaced_and_whole_pairs_stay() {
        let table = [
            (r#"["\ud83d"]"#, Some(r#"["\ufffd"]"#)),
            (r#"["\ude00\ud83d"]"#, Some(r#"["\ufffd\ufffd"]"#)),
            (r#"["\ud83dx\ude00"]"#, Some(r#"["\ufffdx\ufffd"]"#)),
            (r#"["\ud83d\ude00 \ud83d"]"#, Some(r#"["\ud83d\ude00 \ufffd"]"#)),
            (r#"["\ud83d\ude00", "è\n"]"#, None),
            (r#"["\\ud83d"]"#, None),
            (r#"["\u+123", "\ud8"]"#, None),
            ("[\"\\", None),
        ];
        for (body, expected) in table {
            assert_eq!(mended(body.as_bytes()).as_deref(), expected, "{body}");
        }
        assert_eq!(mended(b"[\"a\xC3\"]").as_deref(), Some("[\"a\u{fffd}\"]"));
    }
}
