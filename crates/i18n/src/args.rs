//! The facts that a text is filled with.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::{Lang, format};

/// Named facts for a text. How they are written is the language's affair, so they are given as what they are: counts,
/// shares, seconds, instants, and text only for names.
#[derive(Debug, Clone, Default)]
pub struct Args(Vec<(Cow<'static, str>, Value)>);

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Count(u64),
    Percent(f64),
    Approximate(f64),
    Duration(i64),
    ExactDuration(i64),
    Moment(domain::Instant, jiff::tz::TimeZone),
    ExactMoment(domain::Instant, jiff::tz::TimeZone),
}

impl Args {
    /// No facts.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A name, or a text that was made by this crate.
    #[must_use]
    pub fn text(self, name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        self.with(name, Value::Text(text.into()))
    }

    /// How many; also decides between one and several.
    #[must_use]
    pub fn count(self, name: impl Into<Cow<'static, str>>, count: u64) -> Self {
        self.with(name, Value::Count(count))
    }

    /// A share from 0 to 1, written as a percentage.
    #[must_use]
    pub fn percent(self, name: impl Into<Cow<'static, str>>, share: f64) -> Self {
        self.with(name, Value::Percent(share))
    }

    /// A computed number, written as exactly as its size makes sense.
    #[must_use]
    pub fn approximate(self, name: impl Into<Cow<'static, str>>, value: f64) -> Self {
        self.with(name, Value::Approximate(value))
    }

    /// A length of time in seconds.
    #[must_use]
    pub fn duration(self, name: impl Into<Cow<'static, str>>, seconds: i64) -> Self {
        self.with(name, Value::Duration(seconds))
    }

    /// An instant, written as date and time in the reader's zone.
    #[must_use]
    pub fn moment(self, name: impl Into<Cow<'static, str>>, at: domain::Instant, zone: jiff::tz::TimeZone) -> Self {
        self.with(name, Value::Moment(at, zone))
    }

    /// A length of time to the second.
    #[must_use]
    pub fn exact_duration(self, name: impl Into<Cow<'static, str>>, seconds: i64) -> Self {
        self.with(name, Value::ExactDuration(seconds))
    }

    /// An instant to the second, in the reader's zone.
    #[must_use]
    pub fn exact_moment(
        self,
        name: impl Into<Cow<'static, str>>,
        at: domain::Instant,
        zone: jiff::tz::TimeZone,
    ) -> Self {
        self.with(name, Value::ExactMoment(at, zone))
    }

    fn with(mut self, name: impl Into<Cow<'static, str>>, value: Value) -> Self {
        self.0.push((name.into(), value));
        self
    }

    pub(crate) fn fluent(&self, lang: Lang) -> FluentArgs<'_> {
        let mut args = FluentArgs::with_capacity(self.0.len());
        for (name, value) in &self.0 {
            args.set(name.as_ref(), value.fluent(lang));
        }
        args
    }
}

impl Value {
    fn fluent(&self, lang: Lang) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_str()),
            Self::Count(count) => FluentValue::from(*count as f64),
            Self::Percent(share) => FluentValue::from(format::percent(lang, *share)),
            Self::Approximate(value) => FluentValue::from(format::approximate(lang, *value)),
            Self::Duration(seconds) => FluentValue::from(format::duration(lang, *seconds)),
            Self::ExactDuration(seconds) => FluentValue::from(format::duration_exact(lang, *seconds)),
            Self::Moment(at, zone) => FluentValue::from(format::date_time(lang, *at, zone)),
            Self::ExactMoment(at, zone) => FluentValue::from(format::date_time_exact(lang, *at, zone)),
        }
    }
}
