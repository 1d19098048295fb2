//! ENG-01: a template that is read far more rarely than the client's other messages of its category.
//!
//! Only days that ended at least 24 hours before the audit count: who has just got a message has had no time to read it. Read
//! receipts may be switched off, which lowers the rates of both sides alike.

use domain::traffic::{Category, Severity};

use crate::{
    NameId,
    statistics::{share, wilson},
    tally::{CATEGORIES, DAY, ReadDay, Timeline, reading_of},
};

use super::{Case, Draft, Judgement};

/// All categories, in the order of their definition, which is that of the tally's slots.
const ALL: [Category; CATEGORIES] =
    [Category::Marketing, Category::Utility, Category::Authentication, Category::Service, Category::Unknown];

/// Delivered, and of them read.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    delivered: u64,
    read: u64,
}

/// A template with enough delivered messages of a category, and the others that it is compared with.
struct Suspect {
    template: usize,
    own: Reading,
    base: Reading,
}

impl Suspect {
    fn rates(&self) -> (f64, f64) {
        (share(self.own.read, self.own.delivered), share(self.base.read, self.base.delivered))
    }
}

/// Judges each template with enough delivered messages. One that was sent in several categories is a finding of the worst.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.engagement;
    let enough = thresholds.read_min_messages.max(1);
    let templates = case.tally.readings.len().div_ceil(CATEGORIES);
    let Some(days) = Days::of(case) else { return Judgement::Insufficient };
    let mut worst: Vec<Option<Suspect>> = Vec::new();
    worst.resize_with(templates, || None);
    let mut judged = false;
    for category in ALL {
        let of = |template: usize| case.tally.readings.get(reading_of(template as NameId, category));
        let recent: Vec<Reading> = (0..templates).map(|template| days.recent(of(template))).collect();
        let all = recent.iter().fold(Reading::default(), |sum, reading| Reading {
            delivered: sum.delivered + reading.delivered,
            read: sum.read + reading.read,
        });
        for (template, recent) in recent.iter().enumerate() {
            let own = days.in_period(of(template));
            let base = Reading { delivered: all.delivered - recent.delivered, read: all.read - recent.read };
            if own.delivered < enough || base.delivered < enough {
                continue;
            }
            judged = true;
            let suspect = Suspect { template, own, base };
            let (rate, base_rate) = suspect.rates();
            let is_low = wilson(own.read, own.delivered).1 < thresholds.read_part * base_rate;
            let is_worse = |other: &Suspect| rate / base_rate < other.rates().0 / other.rates().1;
            if is_low && worst[template].as_ref().is_none_or(is_worse) {
                worst[template] = Some(suspect);
            }
        }
    }
    if !judged {
        return Judgement::Insufficient;
    }
    Judgement::Judged(worst.into_iter().flatten().map(|suspect| draft(case, &suspect)).collect())
}

fn draft(case: &Case<'_>, suspect: &Suspect) -> Draft {
    let (rate, base_rate) = suspect.rates();
    let Reading { delivered, read } = suspect.own;
    // All of the period that nobody read, whatever their category, the latest days too; the rates are of those that are old
    // enough.
    let unread = case.tally.unread.get(suspect.template).copied().unwrap_or_default();
    Draft::new(Severity::Medium, case.template(suspect.template), unread)
        .count("delivered", delivered)
        .count("read", read)
        .value("rate", rate)
        .value("upperBound", wilson(read, delivered).1)
        .value("baseRate", base_rate)
        .count("baseDelivered", suspect.base.delivered)
}

/// Which days count.
struct Days {
    /// The first of those that others are compared by.
    first: i64,
    /// The last on which everything is at least a day old.
    last: i64,
}

impl Days {
    fn of(case: &Case<'_>) -> Option<Self> {
        let to = case.tally.period_to()?;
        let last_of_period = to.saturating_sub(1).div_euclid(DAY);
        let first = last_of_period - i64::from(case.thresholds.engagement.read_base_days) + 1;
        // A day that ended 24 hours before the audit is the day before yesterday's.
        let last_old = case.inputs.as_of.unwrap_or(to).saturating_sub(DAY).div_euclid(DAY) - 1;
        Some(Self { first, last: last_of_period.min(last_old) })
    }

    fn recent(&self, days: Option<&Timeline<ReadDay>>) -> Reading {
        days.into_iter().flat_map(|days| days.range(self.first, self.last)).fold(Reading::default(), |sum, (_, day)| {
            Reading { delivered: sum.delivered + day.delivered, read: sum.read + day.read }
        })
    }

    fn in_period(&self, days: Option<&Timeline<ReadDay>>) -> Reading {
        days.into_iter().flat_map(|days| days.range(i64::MIN, self.last)).fold(Reading::default(), |sum, (_, day)| {
            Reading { delivered: sum.delivered + day.delivered_in_period, read: sum.read + day.read_in_period }
        })
    }
}
