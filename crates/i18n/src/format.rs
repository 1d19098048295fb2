//! Numbers, dates and durations as each language writes them.

use jiff::{Timestamp, civil, tz::TimeZone};

use crate::Lang;

/// A whole number with its thousands set apart: `1.234` in Italian, `1,234` in English.
pub fn number(lang: Lang, value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(lang, &value.unsigned_abs().to_string()))
}

/// A number with so many decimals: `1.234,56` in Italian, `1,234.56` in English. What is not a number is a dash.
pub fn decimal(lang: Lang, value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = format!("{:.decimals$}", value.abs());
    let sign = if value < 0.0 && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { "-" } else { "" };
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}{}{fraction}", grouped(lang, whole), decimal_mark(lang)),
        None => format!("{sign}{}", grouped(lang, &digits)),
    }
}

/// A number as exactly as its size makes sense: whole ones without decimals, others with none from 100 up, one from 10 up, and
/// two below.
pub fn approximate(lang: Lang, value: f64) -> String {
    let decimals = match value.abs() {
        size if size.fract() == 0.0 || size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    decimal(lang, value, decimals)
}

/// A share from 0 to 1 as a percentage: `3,1%` in Italian, `3.1%` in English.
///
/// A little is never written as nothing, nor almost all as all: readers take 0% and 100% at their word.
pub fn percent(lang: Lang, share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.01 {
        return format!("<{}%", decimal(lang, 0.01, 2));
    }
    if percent > 99.9 && percent < 100.0 {
        return format!(">{}%", decimal(lang, 99.9, 1));
    }
    let decimals = match percent.abs() {
        size if size.fract() == 0.0 => 0,
        size if size < 1.0 => 2,
        _ => 1,
    };
    let text = decimal(lang, percent, decimals);
    let round = if decimals == 0 { text.as_str() } else { trimmed(&text, decimal_mark(lang)) };
    format!("{round}%")
}

/// A day: `22 novembre 2026` in Italian, `22 November 2026` in English.
pub fn date(lang: Lang, day: civil::Date) -> String {
    let month =
        usize::try_from(day.month() - 1).ok().and_then(|month| months(lang).get(month)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// An instant as date, time and zone: `22 novembre 2026, 18:30 CET`.
pub fn date_time(lang: Lang, at: domain::Instant, zone: &TimeZone) -> String {
    // Both count microseconds; what is beyond jiff's years is written at their end.
    let instant = Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or(if at.timestamp_micros() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    let local = instant.to_zoned(zone.clone());
    format!("{}, {}", date(lang, local.date()), local.strftime("%H:%M %Z"))
}

/// The same with its seconds, where it has some: `22 novembre 2026, 18:30:07 CET`.
pub fn date_time_exact(lang: Lang, at: domain::Instant, zone: &TimeZone) -> String {
    let text = date_time(lang, at, zone);
    let seconds = at.timestamp().rem_euclid(60);
    match text.rsplit_once(' ') {
        Some((time, zone)) if seconds != 0 => format!("{time}:{seconds:02} {zone}"),
        _ => text,
    }
}

/// A length of time by its two largest units: `2 h 30 min`, `3 g 4 h` (English `3 d 4 h`), `45 s`.
pub fn duration(lang: Lang, seconds: i64) -> String {
    by_units(lang, seconds, 2)
}

/// The same by all its units: `3 d 4 h 59 s`.
pub fn duration_exact(lang: Lang, seconds: i64) -> String {
    by_units(lang, seconds, 4)
}

/// A length of time by its largest units, at most `most`.
fn by_units(lang: Lang, seconds: i64, most: usize) -> String {
    let day = match lang {
        Lang::It => "g",
        Lang::En => "d",
    };
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let units = [(86_400, day), (3_600, "h"), (60, "min"), (1, "s")];
    let largest = units.iter().position(|(size, _)| seconds >= *size).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in &units[largest..units.len().min(largest + most)] {
        if rest / size > 0 || parts.is_empty() {
            parts.push(format!("{} {unit}", grouped(lang, &(rest / size).to_string())));
        }
        rest %= size;
    }
    format!("{sign}{}", parts.join(" "))
}

const fn decimal_mark(lang: Lang) -> char {
    match lang {
        Lang::It => ',',
        Lang::En => '.',
    }
}

const fn group_mark(lang: Lang) -> char {
    match lang {
        Lang::It => '.',
        Lang::En => ',',
    }
}

const fn months(lang: Lang) -> &'static [&'static str; 12] {
    match lang {
        Lang::It => &[
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        Lang::En => &[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    }
}

/// Sets groups of three digits apart.
fn grouped(lang: Lang, digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(group_mark(lang));
        }
        text.push(digit);
    }
    text
}

/// A decimal without zeros at its end.
fn trimmed(text: &str, decimal_mark: char) -> &str {
    text.trim_end_matches('0').trim_end_matches(decimal_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        assert_eq!(decimal(Lang::It, 1_234.56, 2), "1.234,56");
        assert_eq!(decimal(Lang::En, 1_234.56, 2), "1,234.56");
        assert_eq!(number(Lang::It, 999), "999");
        assert_eq!(number(Lang::It, -1_234_567), "-1.234.567");
        assert_eq!(number(Lang::En, i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(decimal(Lang::En, -0.001, 2), "0.00");
        assert_eq!(decimal(Lang::It, f64::NAN, 2), "–");
    }

    #[test]
    fn computed_numbers_are_no_more_exact_than_makes_sense() {
        let written: Vec<String> = [1_203.4, 42.0, 12.34, 3.456].map(|value| approximate(Lang::It, value)).into();
        assert_eq!(written, ["1.203", "42", "12,3", "3,46"]);
    }

    #[test]
    fn a_percentage_never_hides_the_last_bit() {
        let written: Vec<String> =
            [0.0, 0.000_001, 0.0025, 0.031, 0.05, 0.2, 0.9999, 1.0].map(|share| percent(Lang::It, share)).into();
        assert_eq!(written, ["0%", "<0,01%", "0,25%", "3,1%", "5%", "20%", ">99,9%", "100%"]);
        assert_eq!(percent(Lang::En, 0.0312), "3.1%");
    }

    #[test]
    fn instants_are_written_in_the_reader_s_zone() {
        let at: domain::Instant = "2026-11-22T17:30:00Z".parse().unwrap();
        let rome = TimeZone::get("Europe/Rome").unwrap();
        assert_eq!(date_time(Lang::It, at, &rome), "22 novembre 2026, 18:30 CET");
        assert_eq!(date_time(Lang::En, at, &rome), "22 November 2026, 18:30 CET");
        let summer: domain::Instant = "2026-07-01T23:00:00Z".parse().unwrap();
        assert_eq!(date_time(Lang::It, summer, &rome), "2 luglio 2026, 01:00 CEST");
        assert_eq!(date_time(Lang::It, summer, &TimeZone::UTC), "1 luglio 2026, 23:00 UTC");
    }

    #[test]
    fn an_instant_out_of_range_does_not_fail() {
        let text = date_time(Lang::En, domain::Instant::MAX_UTC, &TimeZone::UTC);
        assert!(text.contains("9999"), "{text}");
    }

    #[test]
    fn what_is_explained_to_the_second_shows_its_seconds() {
        assert_eq!(duration_exact(Lang::En, 4 * 3_600 - 6), "3 h 59 min 54 s");
        assert_eq!(duration_exact(Lang::It, 86_400 + 1), "1 g 1 s");
        let at = |text: &str| date_time_exact(Lang::En, text.parse().unwrap(), &TimeZone::UTC);
        assert_eq!(at("2026-11-22T17:30:07Z"), "22 November 2026, 17:30:07 UTC");
        assert_eq!(at("2026-11-22T17:30:00Z"), "22 November 2026, 17:30 UTC");
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        assert_eq!(duration(Lang::It, 9_000), "2 h 30 min");
        assert_eq!(duration(Lang::It, 3 * 86_400 + 4 * 3_600 + 59), "3 g 4 h");
        assert_eq!(duration(Lang::En, 3 * 86_400 + 59), "3 d");
        assert_eq!(duration(Lang::En, 3_600), "1 h");
        assert_eq!(duration(Lang::En, 61), "1 min 1 s");
        assert_eq!(duration(Lang::En, 0), "0 s");
        assert_eq!(duration(Lang::It, -60), "-1 min");
        assert_eq!(duration(Lang::It, 1_234 * 86_400), "1.234 g");
    }
}
