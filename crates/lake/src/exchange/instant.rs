//! Instants as the exchange formats write them: RFC 3339 with an offset, or whole Unix seconds.
//! Result: microseconds since 1970-01-01 UTC; finer digits are cut off.

/// Marks an absent instant in columns of instants.
pub(crate) const ABSENT: i64 = i64::MIN;

/// 0001-01-01T00:00:00Z and 10000-01-01T00:00:00Z, in microseconds.
const EARLIEST: i64 = -62_135_596_800_000_000;
const END: i64 = 253_402_300_800_000_000;

/// `micros`, when it lies in the years 1 to 9999.
pub(crate) fn in_range(micros: i64) -> Option<i64> {
    (EARLIEST..END).contains(&micros).then_some(micros)
}

/// The instant as the domain has it; none outside the calendar.
pub(crate) fn to_domain(micros: i64) -> Option<domain::Instant> {
    domain::Instant::from_timestamp_micros(micros)
}

/// Whole Unix seconds.
pub(crate) fn from_seconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000).and_then(in_range)
}

/// RFC 3339 with an offset (`T`, `t` or a space between date and time), or whole Unix seconds.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() >= 20 && bytes[4] == b'-' { rfc3339(bytes) } else { from_seconds(integer(bytes)?) }
}

/// A whole number with an optional sign, of at most 18 digits.
fn integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let value = digits_value(digits)?;
    Some(if negative { -value } else { value })
}

fn digits_value(digits: &[u8]) -> Option<i64> {
    let mut value = 0_i64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(value)
}

fn rfc3339(bytes: &[u8]) -> Option<i64> {
    let (head, rest) = bytes.split_first_chunk::<19>()?;
    let punctuated = head[4] == b'-'
        && head[7] == b'-'
        && matches!(head[10], b'T' | b't' | b' ')
        && head[13] == b':'
        && head[16] == b':';
    let two = |at: usize| two_digits(head[at], head[at + 1]);
    let (century, year, month, day) = (two(0), two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    // What are no digits are less than zero, and so is the least then.
    let least = century.min(year).min(month).min(day).min(hour).min(minute).min(second);
    if !punctuated || least < 0 {
        return None;
    }
    let year = century * 100 + year;
    // 60 is a leap second: the instant is that of the following minute's first.
    if !(1..=12).contains(&month)
        || day < 1
        || day > days_in_month(year, month)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let (micros, rest) = fraction(rest)?;
    let offset = offset_seconds(rest)?;
    let seconds = days_from_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    in_range(seconds * 1_000_000 + micros)
}

/// What two bytes are that are no digits.
const NOT_DIGITS: i64 = -1;

fn two_digits(tens: u8, ones: u8) -> i64 {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { NOT_DIGITS } else { i64::from(tens * 10 + ones) }
}

/// The microseconds of a fraction, if there is one, and what follows.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.', digits @ ..] = rest else { return Some((0, rest)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let kept = count.min(6);
    let micros = digits_value(&digits[..kept])? * 10_i64.pow(6 - kept as u32);
    Some((micros, &digits[count..]))
}

fn offset_seconds(rest: &[u8]) -> Option<i64> {
    match rest {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits_value(&[*h1, *h2])?, digits_value(&[*m1, *m2])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3_600 + minutes * 60;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar: years begin in March, so that the leap day ends them.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_forms_give_the_same_instant() {
        let expected = Some(1_788_220_800_000_000);
        assert_eq!(parse("2026-09-01T00:00:00Z"), expected);
        assert_eq!(parse("2026-09-01 02:00:00+02:00"), expected);
        assert_eq!(parse("2026-08-31t19:00:00.000-05:00"), expected);
        assert_eq!(parse("1788220800"), expected);
        assert_eq!(parse("2026-09-01T00:00:00.1234567Z"), Some(1_788_220_800_123_456));
        assert_eq!(parse("-1"), Some(-1_000_000));
        assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "-",
            "2026-09-01",
            "2026-09-01T00:00:00",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-09-01T24:00:00Z",
            "2026-09-01T00:00:00.Z",
            "2026-09-01T00:00:00+2:00",
            "2026-09-01T00:00:00Zx",
            "1756684800000",
            "1.5",
            "1e9",
            "01/09/2026 00:00:00Z",
            "+1",
            "9999999999999999999999",
            "0000-01-01T00:00:00Z",
            "2026-09-01T00:00:00é",
            "20é6-09-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_chrono(micros in EARLIEST..END) {
            let text = DateTime::from_timestamp_micros(micros).unwrap().to_rfc3339();
            prop_assert_eq!(parse(&text), Some(micros));
        }
    }
}
