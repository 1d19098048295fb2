//! Holidays from iCalendar lists: what is read, and what is refused by its line.

use std::fmt::Write as _;

use sla::read_holidays;

fn event(properties: &str) -> String {
    let mut list = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n".to_owned();
    for property in properties.split('|') {
        write!(list, "{property}\r\n").unwrap();
    }
    list + "END:VEVENT\r\nEND:VCALENDAR\r\n"
}

fn dates(properties: &str, first: i16, last: i16) -> Vec<String> {
    let holidays = read_holidays(&event(properties), first..=last).unwrap();
    holidays.keys().map(ToString::to_string).collect()
}

fn refused(properties: &str) -> String {
    read_holidays(&event(properties), 2020..=2030).unwrap_err().to_string()
}

#[test]
fn a_list_as_a_public_calendar_writes_it() {
    let list = "BEGIN:VCALENDAR\r\nPRODID:-//Example//Holidays//IT\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Rome\r\nBEGIN:STANDARD\r\n\
        DTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260406\r\n\
        DTEND;VALUE=DATE:20260407\r\nDTSTAMP:20251123T080000Z\r\nUID:1@example\r\nX-NOTE;X-A=\"a:b;c\":ignored\r\n\
        SUMMARY;LANGUAGE=it:Lunedì del\r\n  l'Angelo\\, Pasquetta\r\nBEGIN:VALARM\r\nTRIGGER:-PT1H\r\nSUMMARY:alarm\r\n\
        END:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20260602\r\nSUMMARY:Festa della Repubblica\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260603\r\nSTATUS:CANCELLED\r\nSUMMARY:not at all\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let holidays = read_holidays(list, 2026..=2026).unwrap();
    let found: Vec<(String, &str)> = holidays.iter().map(|(date, name)| (date.to_string(), name.as_str())).collect();
    let expected = [
        ("2026-04-06".to_owned(), "Lunedì del l'Angelo, Pasquetta"),
        ("2026-06-02".to_owned(), "Festa della Repubblica"),
    ];
    assert_eq!(found, expected);
    let unix = list.replace("\r\n", "\n");
    assert_eq!(read_holidays(&format!("\u{feff}{unix}"), 2026..=2026).unwrap(), holidays);
}

#[test]
fn yearly_rules_name_days_by_month_day_and_weekday() {
    let rule =
        |start: &str, rule: &str| dates(&format!("DTSTART;VALUE=DATE:{start}|RRULE:{rule}|SUMMARY:x"), 2025, 2028);
    assert_eq!(rule("20101225", "FREQ=YEARLY"), ["2025-12-25", "2026-12-25", "2027-12-25", "2028-12-25"]);
    assert_eq!(rule("20241225", "FREQ=YEARLY;COUNT=3"), ["2025-12-25", "2026-12-25"]);
    assert_eq!(rule("20241225", "FREQ=YEARLY;INTERVAL=2"), ["2026-12-25", "2028-12-25"]);
    assert_eq!(rule("20241225", "FREQ=YEARLY;UNTIL=20261225T000000Z"), ["2025-12-25", "2026-12-25"]);
    assert_eq!(rule("20240229", "FREQ=YEARLY"), ["2028-02-29"], "a date that does not exist is no holiday");
    // Thanksgiving; the United Kingdom's spring bank holiday; the first Monday of the year.
    assert_eq!(
        rule("20201126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        ["2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23"]
    );
    assert_eq!(
        rule("20200525", "FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5;WKST=MO"),
        ["2025-05-26", "2026-05-25", "2027-05-31", "2028-05-29"]
    );
    assert_eq!(rule("20200106", "FREQ=YEARLY;BYDAY=1MO"), ["2025-01-06", "2026-01-05", "2027-01-04", "2028-01-03"]);
    assert_eq!(rule("20240131", "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=-1;COUNT=4"), ["2025-01-31", "2025-02-28"]);
    // A day from the 1st to the 7th that is a Thursday.
    assert_eq!(
        rule("20240104", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=TH"),
        ["2025-01-02", "2026-01-01", "2027-01-07", "2028-01-06"]
    );
}

#[test]
fn several_days_more_dates_and_exceptions() {
    let days = dates("DTSTART;VALUE=DATE:20251230|DTEND;VALUE=DATE:20260103|SUMMARY:Close-down", 2026, 2026);
    assert_eq!(days, ["2026-01-01", "2026-01-02"]);
    assert_eq!(dates("DTSTART;VALUE=DATE:20260810|DURATION:P1W|SUMMARY:x", 2026, 2026).len(), 7);
    assert_eq!(dates("DTSTART;VALUE=DATE:20260810|DTEND;VALUE=DATE:20260810|SUMMARY:x", 2026, 2026), ["2026-08-10"]);
    let moved = "DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20270501|RDATE;VALUE=DATE:20270503,20270504|SUMMARY:x";
    assert_eq!(dates(moved, 2026, 2028), ["2026-05-01", "2027-05-03", "2027-05-04", "2028-05-01"]);
}

#[test]
fn holidays_of_one_date_share_it() {
    let one = event("DTSTART;VALUE=DATE:20260106|SUMMARY:Epifania");
    let events: String = ["Epifania", "Befana", "Epifania"]
        .iter()
        .map(|name| {
            one.replace("Epifania", name).lines().skip(2).take(4).fold(String::new(), |text, line| text + line + "\n")
        })
        .collect();
    let list = format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n");
    let holidays = read_holidays(&list, 2026..=2026).unwrap();
    assert_eq!(holidays.into_values().collect::<Vec<_>>(), ["Epifania, Befana"]);
}

#[test]
fn what_is_not_understood_is_refused_by_its_line() {
    for (properties, expected) in [
        ("DTSTART;VALUE=DATE:20260230|SUMMARY:x", "line 4: DTSTART: \"20260230\" is no date that exists"),
        ("DTSTART:20260106T090000|SUMMARY:x", "line 4: DTSTART: a holiday is a date without a time"),
        ("DTSTART;VALUE=DATE-TIME:20260106|SUMMARY:x", "line 4: DTSTART: a holiday is a date"),
        ("SUMMARY:x", "line 3: the event has no DTSTART"),
        ("DTSTART:20260106", "line 3: the event has no SUMMARY"),
        ("DTSTART:20260106|SUMMARY: ", "line 5: the SUMMARY is empty"),
        ("DTSTART:20260106|SUMMARY:x|SUMMARY:y", "line 6: SUMMARY stands twice"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=MONTHLY", "line 6: RRULE: FREQ=MONTHLY is not understood"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=YEARLY;BYWEEKNO=2", "line 6: RRULE: BYWEEKNO=2 is not understood"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=YEARLY;BYMONTH=13", "line 6: RRULE: BYMONTH=13 is not understood"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:COUNT=2", "line 6: RRULE: the FREQ is missing"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=YEARLY;COUNT=2;UNTIL=20300101", "line 6: RRULE: COUNT and UNTIL"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=YEARLY;UNTIL=20200101", "line 6: RRULE: the UNTIL lies before"),
        ("DTSTART:20260106|SUMMARY:x|RRULE:FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=1", "line 6: RRULE: a numbered BYDAY"),
        ("DTSTART:20260106|DTEND:20260105|SUMMARY:x", "line 5: the holiday must end after it begins"),
        ("DTSTART:20260106|DTEND:20280106|SUMMARY:x", "line 5: the holiday must end after it begins"),
        ("DTSTART:20260106|DURATION:PT24H|SUMMARY:x", "line 5: a holiday lasts whole days"),
        ("DTSTART:20260106|DTEND:20260107|DURATION:P1D|SUMMARY:x", "line 5: the event has both"),
        ("DTSTART:20260106|RECURRENCE-ID:20260106|SUMMARY:x", "line 5: a changed occurrence"),
        ("DTSTART:20260106|no colon here", "line 5: the line is not of the form"),
        ("DTSTART;VALUE:20260106", "line 4: the line is not of the form"),
    ] {
        let refusal = refused(properties);
        assert!(refusal.starts_with(expected), "{properties}: {refusal}");
    }
    for (text, expected) in [
        ("", "the list holds no event"),
        ("BEGIN:VEVENT\nEND:VEVENT\n", "the text is no iCalendar"),
        ("SUMMARY:x\n", "the text is no iCalendar"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "the list holds no event"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "END:VCALENDAR without its BEGIN"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "BEGIN:VEVENT without its END"),
        ("<html></html>", "the line is not of the form"),
    ] {
        let refusal = read_holidays(text, 2026..=2026).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{text:?}: {refusal}");
    }
    let huge = "X".repeat(2_000_001);
    assert!(read_holidays(&huge, 2026..=2026).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fail(text in "(BEGIN:VCALENDAR\r\n)?(BEGIN:VEVENT\r\n)?[A-Z;:=\" \r\n0-9,é\\\\-]{0,200}") {
        let _ = read_holidays(&text, 2026..=2027);
    }
}
