//! Calendars by example: windows, budgets, what is refused, and the stored form.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sla::{Calendar, CalendarError, CalendarSpec, Weekly};

use crate::support::{HOUR, MINUTE, at, calendar, daily, hours, plus, refused, weekdays, windows};

#[test]
fn a_day_may_have_several_windows() {
    let split = calendar(weekdays("Europe/Rome", "09:00-13:00 14:00-18:00"));
    assert!(split.is_open(at("2026-11-20T12:59:59+01")));
    assert!(!split.is_open(at("2026-11-20T13:00+01")), "windows are half-open");
    assert!(split.is_open(at("2026-11-20T14:00+01")));
    assert_eq!(
        windows(&split, "2026-11-20T00:00Z", "2026-11-24T00:00Z"),
        [
            "2026-11-20T08:00:00Z 2026-11-20T12:00:00Z",
            "2026-11-20T13:00:00Z 2026-11-20T17:00:00Z",
            "2026-11-23T08:00:00Z 2026-11-23T12:00:00Z",
            "2026-11-23T13:00:00Z 2026-11-23T17:00:00Z"
        ]
    );
}

#[test]
fn an_overnight_window_belongs_to_the_date_on_which_it_begins() {
    let mut spec = CalendarSpec::weekly("Europe/Rome", Weekly { friday: hours("22:00-06:00"), ..Weekly::default() });
    spec.holidays.insert("2026-11-28".parse().unwrap(), "Saturday off".to_owned());
    let night = calendar(spec.clone());
    assert_eq!(
        windows(&night, "2026-11-23T00:00Z", "2026-11-30T00:00Z"),
        ["2026-11-27T21:00:00Z 2026-11-28T05:00:00Z"],
        "the Saturday is a holiday, but the shift began on Friday"
    );
    spec.holidays.insert("2026-11-27".parse().unwrap(), "Friday off".to_owned());
    assert!(windows(&calendar(spec), "2026-11-23T00:00Z", "2026-11-30T00:00Z").is_empty());
}

#[test]
fn the_end_of_the_day_is_24_00_and_00_00_alike() {
    for text in ["18:00-24:00", "18:00-00:00"] {
        let evening = calendar(daily("Europe/Rome", text));
        assert_eq!(
            windows(&evening, "2026-11-20T00:00Z", "2026-11-21T00:00Z"),
            ["2026-11-20T17:00:00Z 2026-11-20T23:00:00Z"]
        );
    }
}

#[test]
fn lists_that_are_shared_close_their_dates_too_and_the_calendar_s_own_name_goes_first() {
    let mut spec = weekdays("Europe/Rome", "09:00-18:00");
    let list = |dates: &[(&str, &str)]| {
        dates.iter().map(|(date, name)| (date.parse().unwrap(), (*name).to_owned())).collect::<BTreeMap<Date, String>>()
    };
    spec.holidays = list(&[("2026-12-25", "Our own")]);
    spec.holiday_lists = [
        ("it".to_owned(), list(&[("2026-12-25", "Natale"), ("2026-12-08", "Immacolata")])),
        ("milan".to_owned(), list(&[("2026-12-07", "Sant’Ambrogio"), ("2026-12-08", "The same day")])),
    ]
    .into();
    for (date, name) in [
        ("2026-12-07", Some("Sant’Ambrogio")),
        ("2026-12-08", Some("Immacolata")),
        ("2026-12-25", Some("Our own")),
        ("2026-12-09", None),
    ] {
        assert_eq!(spec.closed_for_holiday(date.parse().unwrap()), name, "{date}");
    }
    spec.overrides.insert("2026-12-08".parse().unwrap(), vec!["09:00-10:00".parse().unwrap()]);
    assert_eq!(spec.closed_for_holiday("2026-12-08".parse().unwrap()), None, "an override goes before a list");
    spec.holiday_lists.insert("ancient".to_owned(), list(&[("1969-12-31", "too early")]));
    assert!(Calendar::new(spec).is_err());
}

#[test]
fn an_override_replaces_the_weekday_and_the_holiday_of_its_date() {
    let mut spec = weekdays("Europe/Rome", "09:00-18:00");
    spec.overrides.insert("2026-12-24".parse().unwrap(), hours("09:00-13:00"));
    spec.overrides.insert("2026-12-28".parse().unwrap(), Vec::new());
    spec.overrides.insert("2026-12-26".parse().unwrap(), hours("10:00-12:00"));
    spec.holidays.insert("2026-12-25".parse().unwrap(), "Natale".to_owned());
    spec.holidays.insert("2026-12-26".parse().unwrap(), "Santo Stefano".to_owned());
    assert_eq!(
        windows(&calendar(spec), "2026-12-24T00:00Z", "2026-12-30T00:00Z"),
        [
            "2026-12-24T08:00:00Z 2026-12-24T12:00:00Z",
            "2026-12-26T09:00:00Z 2026-12-26T11:00:00Z",
            "2026-12-29T08:00:00Z 2026-12-29T17:00:00Z"
        ]
    );
}

#[test]
fn windows_that_touch_or_meet_over_new_year_are_one() {
    let always = calendar(CalendarSpec::always_open());
    assert_eq!(
        windows(&always, "2025-06-01T00:00Z", "2028-06-01T00:00Z"),
        ["2025-06-01T00:00:00Z 2028-06-01T00:00:00Z"]
    );
    let mut spec = weekdays("Europe/Rome", "22:00-06:00");
    spec.overrides.insert("2027-01-01".parse().unwrap(), hours("05:00-07:00"));
    assert_eq!(
        windows(&calendar(spec), "2026-12-31T12:00Z", "2027-01-01T12:00Z"),
        ["2026-12-31T21:00:00Z 2027-01-01T06:00:00Z"],
        "an override that overlaps the night before counts once"
    );
}

#[test]
fn a_budget_used_up_exactly_at_closing_time_is_due_then() {
    let day = calendar(weekdays("Europe/Rome", "09:00-18:00"));
    let friday = at("2026-11-20T17:00+01");
    assert_eq!(day.add(friday, HOUR), Some(at("2026-11-20T18:00+01")));
    assert_eq!(day.add(friday, HOUR + 1), Some(at("2026-11-23T09:00:01+01")));
    assert_eq!(day.add(friday, 0), Some(friday), "no budget is due at once");
    let saturday = at("2026-11-21T03:00+01");
    assert_eq!(day.add(saturday, 0), Some(saturday));
    assert_eq!(day.add(saturday, 1), Some(at("2026-11-23T09:00:01+01")));
}

#[test]
fn time_between_is_counted_over_years_and_never_negative() {
    let day = calendar(weekdays("Europe/Rome", "09:00-18:00"));
    // 2026 has 261 weekdays, 2027 has 261.
    assert_eq!(day.between(at("2026-01-01T00:00+01"), at("2028-01-01T00:00+01")), (261 + 261) * 9 * HOUR);
    assert_eq!(day.between(at("2026-11-23T10:00+01"), at("2026-11-20T10:00+01")), 0);
    assert_eq!(day.between(at("2026-11-23T10:00:00.9+01"), at("2026-11-23T10:00:01.1+01")), 1, "floored on entry");
    assert_eq!(day.between(at("1969-12-31T23:59:58.5Z"), at("1970-01-01T00:00Z")), 0, "before what a calendar knows");
}

#[test]
fn a_calendar_that_does_not_open_for_so_long_has_no_due_time() {
    let mut once = CalendarSpec::weekly("Europe/Rome", Weekly::default());
    once.overrides.insert("2026-12-24".parse().unwrap(), hours("09:00-13:00"));
    let once = calendar(once);
    assert_eq!(once.add(at("2026-11-20T00:00Z"), 4 * HOUR), Some(at("2026-12-24T13:00+01")));
    assert_eq!(once.add(at("2026-11-20T00:00Z"), 4 * HOUR + 1), None);
    assert_eq!(once.add(at("2026-12-25T00:00Z"), 1), None);
    let always = calendar(CalendarSpec::always_open());
    assert_eq!(always.add(at("2026-01-01T00:00Z"), u64::MAX), None);
    assert_eq!(always.add(at("2026-01-01T00:00Z"), 102 * 366 * 24 * HOUR), None, "beyond the horizon of 100 years");
}

#[test]
fn far_away_instants_are_closed_and_do_no_harm() {
    let always = calendar(CalendarSpec::always_open());
    for t in [jiff::Timestamp::MIN, jiff::Timestamp::MAX, at("1969-12-31T23:59:59.5Z"), at("2300-01-01T00:00Z")] {
        assert!(!always.is_open(t));
    }
    assert!(always.is_open(at("1970-01-01T00:00Z")) && always.is_open(at("2299-12-31T23:59:59Z")));
    assert_eq!(always.windows(jiff::Timestamp::MIN, jiff::Timestamp::MAX).count(), 1);
    assert_eq!(always.add(jiff::Timestamp::MAX, 1), None);
    assert_eq!(always.between(jiff::Timestamp::MAX, jiff::Timestamp::MIN), 0);
}

#[test]
fn nonsense_is_refused_by_name() {
    let refuses = |windows: &str| refused(daily("Europe/Rome", windows));
    assert!(matches!(refuses(""), CalendarError::NeverOpen));
    assert!(matches!(refuses("09:00-09:00"), CalendarError::ZeroLength { .. }));
    assert!(matches!(refuses("24:00-08:00"), CalendarError::OpensAtEndOfDay { .. }));
    assert!(matches!(refuses("24:00-24:00"), CalendarError::OpensAtEndOfDay { .. }));
    assert!(matches!(refuses("09:00-12:00 11:59-18:00"), CalendarError::Overlap { .. }));
    assert!(matches!(refuses("09:00-18:00 09:00-18:00"), CalendarError::Overlap { .. }));
    assert!(matches!(refuses("08:00-18:00 22:00-08:01"), CalendarError::Overlap { .. }), "over midnight");
    assert!(Calendar::new(daily("Europe/Rome", "08:00-18:00 22:00-08:00")).is_ok(), "touching is no overlap");

    for zone in ["Europe/Atlantis", "", "+01:00", "Etc/Unknown"] {
        assert!(matches!(refused(daily(zone, "09:00-18:00")), CalendarError::UnknownZone { .. }), "{zone}");
    }
    let mut ancient = daily("Europe/Rome", "09:00-18:00");
    ancient.holidays.insert("1969-12-31".parse().unwrap(), "too early".to_owned());
    assert!(matches!(refused(ancient), CalendarError::DateOutOfRange { .. }));

    let mut overlapping = daily("Europe/Rome", "09:00-18:00");
    overlapping.overrides.insert("2026-12-24".parse().unwrap(), hours("09:00-12:00 11:00-13:00"));
    let message = refused(overlapping).to_string();
    assert_eq!(
        message,
        "the windows 09:00-12:00 (2026-12-24) and 11:00-13:00 (2026-12-24) overlap: join them or shorten one"
    );
}

#[test]
fn the_week_is_a_circle() {
    let sunday_night = Weekly { sunday: hours("22:00-06:00"), monday: hours("05:00-08:00"), ..Weekly::default() };
    let error = refused(CalendarSpec::weekly("Europe/Rome", sunday_night));
    assert_eq!(
        error.to_string(),
        "the windows 22:00-06:00 (Sunday) and 05:00-08:00 (Monday) overlap: join them or shorten one"
    );
}

#[test]
fn times_are_written_in_one_way() {
    for text in ["9:00", "09:0", "09.00", "25:00", "24:01", "12:60", "+9:00", "", "09:00:00", "０９:00"] {
        assert!(matches!(text.parse::<sla::TimeOfDay>(), Err(CalendarError::InvalidTime { .. })), "{text}");
        assert!(format!("{text}-18:00").parse::<sla::Window>().is_err(), "{text}");
    }
    assert_eq!("24:00".parse::<sla::TimeOfDay>().unwrap().minutes(), 1440);
    assert!(sla::TimeOfDay::new(255, 255).is_err());
}

#[test]
fn the_stored_form_is_stable() {
    let mut spec = CalendarSpec::weekly("Europe/Rome", Weekly { monday: hours("09:00-24:00"), ..Weekly::default() });
    spec.overrides.insert("2026-12-24".parse().unwrap(), Vec::new());
    spec.holidays.insert("2026-12-25".parse().unwrap(), "Natale".to_owned());
    let stored = concat!(
        r#"{"zone":"Europe/Rome","weekly":{"monday":[{"from":"09:00","to":"24:00"}],"tuesday":[],"wednesday":[],"#,
        r#""thursday":[],"friday":[],"saturday":[],"sunday":[]},"overrides":{"2026-12-24":[]},"#,
        r#""holidays":{"2026-12-25":"Natale"}}"#
    );
    assert_eq!(serde_json::to_string(&spec).unwrap(), stored);
    assert_eq!(serde_json::from_str::<CalendarSpec>(stored).unwrap(), spec);

    let short = r#"{"zone":"UTC","weekly":{"monday":[{"from":"09:00","to":"18:00"}]}}"#;
    assert!(Calendar::new(serde_json::from_str(short).unwrap()).is_ok());
    for wrong in [
        r#"{"zone":"UTC","weekly":{"mon":[]}}"#,
        r#"{"zone":"UTC","holiday":{}}"#,
        r#"{"zone":"UTC","weekly":{"monday":[{"from":"9","to":"18:00"}]}}"#,
        r#"{"zone":"UTC","holidays":{"2026-02-30":"none"}}"#,
    ] {
        assert!(serde_json::from_str::<CalendarSpec>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn answers_do_not_depend_on_what_was_asked_before() {
    let spec = weekdays("Europe/Rome", "09:00-18:00");
    let warm = calendar(spec.clone());
    let start = at("2026-12-31T17:59:30+01");
    for year in 2020..2040 {
        assert!(warm.between(at(&format!("{year}-01-01T00:00Z")), plus(start, 0)) < u64::MAX);
    }
    assert_eq!(warm.add(start, MINUTE), calendar(spec).add(start, MINUTE));
    assert_eq!(warm.add(start, MINUTE), Some(at("2027-01-01T09:00:30+01")));
}
