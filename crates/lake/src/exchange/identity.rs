//! Identities of people: E.164 digits, or a business-scoped user id; and the 64-bit key by which rows are ordered.
//!
//! A number's key holds its length and its digits, so that keys order as (length, digits) do and the number can be read
//! back. Keys of user ids have the highest bit set; what they stand for is told by whoever gave them out.

use domain::traffic::is_user_id;

/// Set in the keys of people known only by a user id.
pub(crate) const USER_ID_BIT: u64 = 1 << 63;

const LENGTH_SHIFT: u32 = 56;

/// What an identity column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity<'a> {
    /// Key of a number.
    Number(u64),
    /// A user id, as in the file.
    User(&'a str),
}

/// The identity in `text`, which has no space around it.
pub(crate) fn parse(text: &str) -> Option<Identity<'_>> {
    match number_key(text) {
        Some(key) => Some(Identity::Number(key)),
        None => is_user_id(text).then_some(Identity::User(text)),
    }
}

/// The key of a number: `+` in front, spaces, dots, dashes and parentheses are removed; 7 to 15 digits must remain.
pub(crate) fn number_key(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let (mut value, mut length) = (0_u64, 0_u64);
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            length += 1;
            if length > 15 {
                return None;
            }
            value = value * 10 + u64::from(digit);
        } else if !matches!(byte, b' ' | b'.' | b'-' | b'(' | b')') {
            return None;
        }
    }
    (length >= 7).then_some(length << LENGTH_SHIFT | value)
}

/// The digits behind a number's key.
pub(crate) fn number_of(key: u64) -> String {
    let mut digits = String::new();
    write_number(key, &mut digits);
    digits
}

/// Appends the digits behind a number's key.
pub(crate) fn write_number(key: u64, out: &mut String) {
    let (length, mut value) = (((key >> LENGTH_SHIFT) as usize).min(15), key & ((1 << LENGTH_SHIFT) - 1));
    let mut digits = [b'0'; 15];
    for digit in digits[..length].iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.push_str(std::str::from_utf8(&digits[..length]).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_cleaned() {
        let key = number_key("393331234567");
        assert!(key.is_some());
        for written in ["+393331234567", "+39 333 123 45.67", "+39 (333) 123-4567"] {
            assert_eq!(number_key(written), key, "{written}");
        }
        for wrong in
            ["", "123456", "1234567890123456", "39333123456a", "3933+31234567", "++393331234567", "39/3331234567"]
        {
            assert_eq!(number_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn user_ids_have_a_country_and_a_dot() {
        for id in ["IT.1", "IT.ENT.abc123", "US.13491208655302741918"] {
            assert_eq!(parse(id), Some(Identity::User(id)));
        }
        for wrong in ["it.1", "IT.", "IT1", "ITA.1", "IT.ENT.", "IT.a-b", "IT.a b"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert!(is_user_id(&format!("IT.{}", "a".repeat(128))));
        assert!(!is_user_id(&format!("IT.{}", "a".repeat(129))));
    }

    proptest! {
        #[test]
        fn keys_order_as_length_and_digits_and_read_back(a in "[0-9]{7,15}", b in "[0-9]{7,15}") {
            let (ka, kb) = (number_key(&a).unwrap(), number_key(&b).unwrap());
            prop_assert_eq!(ka.cmp(&kb), (a.len(), &a).cmp(&(b.len(), &b)));
            prop_assert_eq!(number_of(ka), a);
            prop_assert!(ka < USER_ID_BIT);
        }
    }
}
