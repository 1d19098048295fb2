//! The grammar of iCalendar: folded lines, properties with parameters, components within components.

use jiff::civil::Date;

use super::HolidayError;

/// A property: `NAME;PARAM=value:value`.
#[derive(Debug)]
pub(super) struct Line {
    /// Where it begins, from 1.
    pub(super) number: usize,
    name: String,
    parameters: Vec<(String, String)>,
    pub(super) value: String,
}

/// An event and its properties.
#[derive(Debug)]
pub(super) struct Component {
    /// Where it begins, from 1.
    pub(super) line: usize,
    properties: Vec<Line>,
}

impl Component {
    /// Every property of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Line> {
        self.properties.iter().filter(move |line| line.name == name)
    }

    /// The property of a name, which may stand once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&Line>, HolidayError> {
        let mut lines = self.all(name);
        match (lines.next(), lines.next()) {
            (_, Some(second)) => Err(HolidayError::new(second.number, format!("{name} stands twice in the event"))),
            (first, None) => Ok(first),
        }
    }
}

impl Line {
    /// A date without a time of day.
    pub(super) fn date_of(&self, value: &str) -> Result<Date, HolidayError> {
        let refuse = |problem: String| Err(HolidayError::new(self.number, problem));
        let kind =
            self.parameters.iter().find(|(name, _)| name == "VALUE").map(|(_, value)| value.to_ascii_uppercase());
        if kind.is_some_and(|kind| kind != "DATE") || value.contains('T') {
            return refuse(format!(
                "{}: a holiday is a date without a time: write {};VALUE=DATE",
                self.name, self.name
            ));
        }
        match Self::plain_date(value) {
            Some(date) => Ok(date),
            None => {
                refuse(format!("{}: {value:?} is no date that exists: write eight digits, such as 20261225", self.name))
            }
        }
    }

    /// Eight digits as a date, if there is such a date.
    pub(super) fn plain_date(value: &str) -> Option<Date> {
        if value.len() != 8 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Date::new(value[..4].parse().ok()?, value[4..6].parse().ok()?, value[6..].parse().ok()?).ok()
    }

    /// The value as text, its escapes undone.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut characters = self.value.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some('n' | 'N') => text.push(' '),
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                plain => text.push(plain),
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The events of a text, which must be one calendar or several.
pub(super) fn events(text: &str) -> Result<Vec<Component>, HolidayError> {
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut events = Vec::new();
    let mut properties = Vec::new();
    for (number, line) in unfolded(text) {
        let line = parse(number, &line)?;
        match line.name.as_str() {
            "BEGIN" => {
                let name = line.value.to_ascii_uppercase();
                if open.is_empty() != (name == "VCALENDAR") {
                    return Err(HolidayError::new(
                        number,
                        "the text is no iCalendar: it must begin with BEGIN:VCALENDAR",
                    ));
                }
                open.push((name, number));
            }
            "END" => {
                let name = line.value.to_ascii_uppercase();
                let Some((_, begun)) = open.pop_if(|(begun, _)| *begun == name) else {
                    return Err(HolidayError::new(number, format!("END:{name} without its BEGIN")));
                };
                if is_event(&name, open.len()) {
                    events.push(Component { line: begun, properties: std::mem::take(&mut properties) });
                }
            }
            _ if open.is_empty() => {
                return Err(HolidayError::new(number, "the text is no iCalendar: it must begin with BEGIN:VCALENDAR"));
            }
            _ => {
                if open.last().is_some_and(|(name, _)| is_event(name, open.len() - 1)) {
                    properties.push(line);
                }
            }
        }
    }
    match open.last() {
        Some((name, begun)) => Err(HolidayError::new(*begun, format!("BEGIN:{name} without its END"))),
        None if events.is_empty() => Err(HolidayError::new(1, "the list holds no event")),
        None => Ok(events),
    }
}

/// Whether a component is an event of the calendar itself.
fn is_event(name: &str, depth: usize) -> bool {
    name == "VEVENT" && depth == 1
}

/// The lines with what was folded joined again, each with the number at which it begins; empty ones left out.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// Takes a line apart. Colons and semicolons within quotes are text.
fn parse(number: usize, line: &str) -> Result<Line, HolidayError> {
    let malformed = || HolidayError::new(number, "the line is not of the form NAME:value");
    let mut quoted = false;
    let ends = |character: char| {
        quoted ^= character == '"';
        character == ':' && !quoted
    };
    let (head, value) = line.split_at_checked(line.find(ends).ok_or_else(malformed)?).ok_or_else(malformed)?;
    let mut quoted = false;
    let parts = head.split(|character: char| {
        quoted ^= character == '"';
        character == ';' && !quoted
    });
    let mut parts = parts.map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_uppercase();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(malformed());
    }
    let parameter = |part: &str| {
        let (name, value) = part.split_once('=')?;
        Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    };
    let parameters = parts.map(|part| parameter(part).ok_or_else(malformed)).collect::<Result<_, _>>()?;
    Ok(Line { number, name, parameters, value: value[1..].trim().to_owned() })
}
