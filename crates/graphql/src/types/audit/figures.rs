//! The figures of an audit, with the meanings of the exchange formats, version 1.
#![expect(clippy::unused_async, reason = "fields of an object must be asynchronous")]

use std::{cmp::Reverse, sync::Arc};

use async_graphql::{Object, Result, SimpleObject};
use domain::traffic;

use super::{attribution::Attribution, words::ConsentVerdict};
use crate::{
    error::bad_input,
    scalars::{BigInt, DateTime},
};

/// Entries of a list of figures at most.
const MOST: i32 = 500;
const DEFAULT: i32 = 100;

fn limit(first: Option<i32>) -> Result<usize> {
    let first = first.unwrap_or(DEFAULT);
    if (1..=MOST).contains(&first) {
        Ok(first.unsigned_abs() as usize)
    } else {
        Err(bad_input(format!("`first` must be 1 to {MOST}")))
    }
}

/// Exact figures over the messages of the period.
#[derive(Debug)]
pub(crate) struct AuditFigures(pub(crate) Arc<traffic::Report>);

/// Counts of everything.
#[derive(Debug, SimpleObject)]
pub(crate) struct TotalFigures {
    /// Messages sent, whatever became of them.
    messages: BigInt,
    /// Of them templates.
    templates: BigInt,
    /// Of them free-form.
    free_form: BigInt,
    /// Messages within 24 hours after the same person wrote to the same number.
    in_window: BigInt,
    /// Templates delivered or read outside of the window: what counts toward Meta's messaging limit.
    counted: BigInt,
    /// Distinct recipients.
    recipients: BigInt,
    /// Messages received.
    inbound: BigInt,
    /// Messages of a category that is none of Meta's; never due.
    unknown_category: BigInt,
    /// Failures with a code that Meta does not document.
    unknown_error: BigInt,
}

/// Messages, and the distinct recipients of them.
#[derive(Debug, SimpleObject)]
pub(crate) struct MessageFigures {
    /// Messages.
    messages: BigInt,
    /// Distinct recipients.
    recipients: BigInt,
}

impl From<traffic::Count> for MessageFigures {
    fn from(count: traffic::Count) -> Self {
        Self { messages: BigInt(count.messages), recipients: BigInt(count.recipients) }
    }
}

/// Due messages with one verdict.
#[derive(Debug, SimpleObject)]
pub(crate) struct VerdictFigures {
    /// The verdict.
    verdict: ConsentVerdict,
    /// Messages.
    messages: BigInt,
    /// Distinct recipients.
    recipients: BigInt,
}

/// What to do with the people of one contact list, as things stand at the end of the period. Each recipient counts once, under
/// the first that applies.
#[derive(Debug, SimpleObject)]
pub(crate) struct ListAdvice {
    /// The contact list; `null` for messages of none.
    list_id: Option<String>,
    /// Messages of the period.
    messages: BigInt,
    /// Their distinct recipients.
    recipients: BigInt,
    /// People who asked for no more, or could not be reached on two days: to be removed.
    remove: BigInt,
    /// People without a valid opt-in for marketing: to be asked, where a channel is open to ask them.
    ask_again: BigInt,
    /// People who take no notice: to be written to less often, or no more.
    rest: BigInt,
    /// People who were written to for the first time and never wrote: to be reached in small portions.
    warm_up: BigInt,
    /// Everybody else.
    keep: BigInt,
}

impl From<&traffic::ListAdvice> for ListAdvice {
    fn from(advice: &traffic::ListAdvice) -> Self {
        Self {
            list_id: advice.list_id.clone(),
            messages: BigInt(advice.sent.messages),
            recipients: BigInt(advice.sent.recipients),
            remove: BigInt(advice.remove),
            ask_again: BigInt(advice.ask_again),
            rest: BigInt(advice.rest),
            warm_up: BigInt(advice.warm_up),
            keep: BigInt(advice.keep),
        }
    }
}

/// Due messages of one contact list with one verdict.
#[derive(Debug, SimpleObject)]
pub(crate) struct ListFigures {
    /// The contact list; `null` for messages of none.
    list_id: Option<String>,
    /// The verdict.
    verdict: ConsentVerdict,
    /// Messages.
    messages: BigInt,
    /// Distinct recipients.
    recipients: BigInt,
}

/// Failures with one of Meta's codes.
#[derive(Debug, SimpleObject)]
pub(crate) struct ErrorFigures {
    /// Meta's code.
    code: u32,
    /// Messages that failed with it.
    messages: BigInt,
}

/// Outcomes of one template.
#[derive(Debug, SimpleObject)]
pub(crate) struct TemplateFigures {
    /// Its name.
    name: String,
    /// Its language.
    language: String,
    /// All messages made from it.
    sent: BigInt,
    /// Delivered or read.
    delivered: BigInt,
    /// Read.
    read: BigInt,
    /// Failed.
    failed: BigInt,
    /// Failures by Meta's code; a failure without a code is in none.
    errors: Vec<ErrorFigures>,
}

/// The busiest moving 24 hours.
#[derive(Debug, SimpleObject)]
pub(crate) struct PeakFigures {
    /// Distinct recipients of counted messages.
    recipients: BigInt,
    /// The end of the earliest such 24 hours; `null` when nothing was counted.
    at: Option<DateTime>,
}

/// Marketing messages that came too thick.
#[derive(Debug, SimpleObject)]
pub(crate) struct FloodingFigures {
    /// Marketing messages that were at least the fourth to the person in 24 hours.
    day: MessageFigures,
    /// Marketing messages that were at least the seventh to the person in 168 hours.
    week: MessageFigures,
}

/// Consent behind the due messages.
#[derive(Debug)]
pub(crate) struct ConsentFigures(Arc<traffic::Report>);

/// Exact figures over the messages of the period.
#[Object]
impl AuditFigures {
    /// Counts of everything.
    async fn totals(&self) -> TotalFigures {
        let totals = self.0.totals;
        TotalFigures {
            messages: BigInt(totals.messages),
            templates: BigInt(totals.templates),
            free_form: BigInt(totals.free_form),
            in_window: BigInt(totals.in_window),
            counted: BigInt(totals.counted),
            recipients: BigInt(totals.recipients),
            inbound: BigInt(totals.inbound),
            unknown_category: BigInt(totals.unknown_category),
            unknown_error: BigInt(totals.unknown_error),
        }
    }

    /// Consent at the time of sending.
    async fn consent(&self) -> ConsentFigures {
        ConsentFigures(Arc::clone(&self.0))
    }

    /// How many templates there are figures of.
    async fn template_count(&self) -> usize {
        self.0.templates.len()
    }

    /// Outcomes by template, those with the most failures first.
    #[graphql(complexity = "5 + first.unwrap_or(100).max(1) as usize / 10 * child_complexity")]
    async fn templates(
        &self,
        #[graphql(desc = "How many, 1 to 500; 100 when absent.")] first: Option<i32>,
    ) -> Result<Vec<TemplateFigures>> {
        let mut templates: Vec<_> = self.0.templates.iter().collect();
        templates
            .sort_by_key(|template| (Reverse((template.failed, template.sent)), &template.name, &template.language));
        Ok(templates.into_iter().take(limit(first)?).map(TemplateFigures::from).collect())
    }

    /// Free-form messages outside of the window, whatever became of them.
    async fn free_form_outside_window(&self) -> MessageFigures {
        self.0.free_form_outside_window.into()
    }

    /// The busiest moving 24 hours.
    #[graphql(name = "peak24h")]
    async fn peak24h(&self) -> PeakFigures {
        PeakFigures { recipients: BigInt(self.0.peak24h.recipients), at: self.0.peak24h.at.map(Into::into) }
    }

    /// Marketing messages that came too thick.
    async fn flooding(&self) -> FloodingFigures {
        let flooding = self.0.flooding;
        let figures =
            |messages, recipients| MessageFigures { messages: BigInt(messages), recipients: BigInt(recipients) };
        FloodingFigures {
            day: figures(flooding.day_messages, flooding.day_recipients),
            week: figures(flooding.week_messages, flooding.week_recipients),
        }
    }

    /// People with at least 5 marketing messages who read none and wrote nothing.
    async fn dead_audience_recipient_count(&self) -> BigInt {
        BigInt(self.0.dead_audience.recipients)
    }

    /// Messages to people who could not be reached on two days.
    async fn undeliverable_resends(&self) -> MessageFigures {
        self.0.undeliverable_resends.into()
    }

    /// Messages within 24 hours after the same template was refused for the same person.
    async fn retries(&self) -> MessageFigures {
        self.0.retries.into()
    }

    /// What explains failures and opt-outs: which list, template, country, hour, number or campaign has more than its share. Kinds
    /// of outcomes without such a part are left out; empty unless the profile is `FULL`.
    #[graphql(complexity = "5 + 9 * child_complexity")]
    async fn attribution(&self) -> Vec<Attribution> {
        self.0.attribution.iter().map(Into::into).collect()
    }

    /// How many lists there is advice for.
    async fn list_advice_count(&self) -> usize {
        self.0.advice.len()
    }

    /// What to do with the people of each contact list, lists with the most people to be removed or asked again first; lists where
    /// everybody may be kept are left out. Empty unless the profile is `FULL`.
    #[graphql(complexity = "5 + first.unwrap_or(100).max(1) as usize / 10 * child_complexity")]
    async fn list_advice(
        &self,
        #[graphql(desc = "How many, 1 to 500; 100 when absent.")] first: Option<i32>,
    ) -> Result<Vec<ListAdvice>> {
        let mut advice: Vec<_> = self.0.advice.iter().collect();
        advice.sort_by_key(|advice| (Reverse(advice.remove + advice.ask_again), &advice.list_id));
        Ok(advice.into_iter().take(limit(first)?).map(Into::into).collect())
    }
}

/// Consent behind the due messages.
#[Object]
impl ConsentFigures {
    /// Templates in a purpose that needs an opt-in, outside of the window.
    async fn due(&self) -> BigInt {
        BigInt(self.0.consent.due)
    }

    /// By verdict.
    async fn by_verdict(&self) -> Vec<VerdictFigures> {
        let figures = |figures: &traffic::VerdictFigures| VerdictFigures {
            verdict: figures.verdict.into(),
            messages: BigInt(figures.messages),
            recipients: BigInt(figures.recipients),
        };
        self.0.consent.by_verdict.iter().map(figures).collect()
    }

    /// How many pairs of a list and a verdict there are.
    async fn by_list_count(&self) -> usize {
        self.0.consent.by_list.len()
    }

    /// By contact list and verdict, those with the most messages first.
    #[graphql(complexity = "5 + first.unwrap_or(100).max(1) as usize / 10 * child_complexity")]
    async fn by_list(
        &self,
        #[graphql(desc = "How many, 1 to 500; 100 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only with these verdicts.")] verdicts: Option<Vec<ConsentVerdict>>,
    ) -> Result<Vec<ListFigures>> {
        let wanted = |figures: &&traffic::ListFigures| {
            verdicts.as_ref().is_none_or(|verdicts| verdicts.contains(&figures.verdict.into()))
        };
        let mut lists: Vec<_> = self.0.consent.by_list.iter().filter(wanted).collect();
        lists.sort_by_key(|figures| (Reverse(figures.messages), &figures.list_id, figures.verdict));
        let figures = |figures: &traffic::ListFigures| ListFigures {
            list_id: figures.list_id.clone(),
            verdict: figures.verdict.into(),
            messages: BigInt(figures.messages),
            recipients: BigInt(figures.recipients),
        };
        Ok(lists.into_iter().take(limit(first)?).map(figures).collect())
    }
}

impl From<&traffic::TemplateFigures> for TemplateFigures {
    fn from(template: &traffic::TemplateFigures) -> Self {
        let error = |error: &traffic::ErrorFigures| ErrorFigures { code: error.code, messages: BigInt(error.messages) };
        Self {
            name: template.name.clone(),
            language: template.language.clone(),
            sent: BigInt(template.sent),
            delivered: BigInt(template.delivered),
            read: BigInt(template.read),
            failed: BigInt(template.failed),
            errors: template.errors.iter().map(error).collect(),
        }
    }
}
