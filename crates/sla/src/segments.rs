//! The account of a run: where its time went, and why it counted or not.

use crate::instant::{Span, timestamp};
use crate::run::{Hold, Promise, Run, Stretch};
use crate::timer::{Reason, Segment};

/// Segments that tile the run without gap or overlap; neighbours of the same reason are one.
pub(crate) fn segments(run: &Run<'_>) -> Vec<Segment> {
    let mut account = Account::default();
    for Stretch { span, mode } in &run.stretches {
        match (mode.hold, mode.promise) {
            (None, Some(promise)) => account.running(promise, *span),
            (Some(Hold::Waiting(owner)), _) => account.push(*span, Reason::Waiting(owner), mode.since),
            (Some(Hold::Ended), _) => account.push(*span, Reason::Ended, mode.since),
            (Some(Hold::NoGoal) | None, _) => account.push(*span, Reason::NoGoal, mode.since),
        }
    }
    account.0
}

#[derive(Default)]
struct Account(Vec<Segment>);

impl Account {
    fn running(&mut self, promise: Promise<'_>, span: Span) {
        let mut done = span.start;
        for open in promise.calendar.spans(span) {
            self.closed(promise, Span::new(done, open.start));
            self.push(open, Reason::OpenHours, None);
            done = open.end;
        }
        self.closed(promise, Span::new(done, span.end));
    }

    fn closed(&mut self, promise: Promise<'_>, span: Span) {
        if span.is_empty() {
            return;
        }
        let mut done = span.start;
        for (holiday, name) in promise.calendar.holidays_in(span) {
            self.push(Span::new(done, holiday.start), Reason::OutsideHours, None);
            self.push(Span::new(done.max(holiday.start), holiday.end), Reason::Holiday(name.to_owned()), None);
            done = done.max(holiday.end);
        }
        self.push(Span::new(done, span.end), Reason::OutsideHours, None);
    }

    fn push(&mut self, span: Span, reason: Reason, event: Option<usize>) {
        if span.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.reason == reason => last.end = timestamp(span.end),
            _ => self.0.push(Segment {
                start: timestamp(span.start),
                end: timestamp(span.end),
                counted: reason == Reason::OpenHours,
                reason,
                event,
            }),
        }
    }
}
