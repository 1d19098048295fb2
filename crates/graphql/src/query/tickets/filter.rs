//! Filters and orders of tickets, as the API takes them.

use app::tickets::{TicketCondition as Is, TicketFilter as Filter, TicketInstant, TicketOrder as Order, TicketSearch};
use async_graphql::{Enum, InputObject, Result};
use domain::{Instant, tickets as words};

use crate::{
    error::bad_input,
    filters::{DateTimeFilter, IdFilter, OrderDirection, bounded, word_filters},
    types::ticket_words::{
        Appealable, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn,
    },
};

/// Filters within filters at most.
const DEEPEST: usize = 3;
/// Conditions of one filter at most.
const MOST_CONDITIONS: usize = 50;

word_filters! {
    /// What is blocked or refused. Give exactly one field.
    TicketKindFilter of TicketKind;
    /// Where in Meta's hierarchy. Give exactly one field.
    TicketLevelFilter of TicketLevel;
    /// How much of the client's messaging stands still. Give exactly one field.
    TicketPriorityFilter of TicketPriority;
    /// Where a ticket stands. Give exactly one field.
    TicketStatusFilter of TicketStatus;
    /// Who has the ball. Give exactly one field.
    WaitingOnFilter of WaitingOn;
    /// How a ticket ended. Give exactly one field.
    TicketOutcomeFilter of TicketOutcome;
    /// Whether Meta takes an appeal. Give exactly one field.
    AppealableFilter of Appealable;
}

/// Which tickets; conditions add up. At most 3 filters within each other and 50 conditions in all.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "TicketFilter")]
pub(crate) struct TicketFilterInput {
    /// All of these hold.
    and: Option<Vec<TicketFilterInput>>,
    /// One of these holds.
    or: Option<Vec<TicketFilterInput>>,
    /// This does not hold.
    not: Option<Box<TicketFilterInput>>,
    /// The client.
    client: Option<IdFilter>,
    /// What is blocked or refused.
    kind: Option<TicketKindFilter>,
    /// Where in Meta's hierarchy.
    level: Option<TicketLevelFilter>,
    /// How much of the client's messaging stands still.
    priority: Option<TicketPriorityFilter>,
    /// Where it stands.
    status: Option<TicketStatusFilter>,
    /// Open, or closed.
    is_open: Option<bool>,
    /// Who has the ball.
    waiting_on: Option<WaitingOnFilter>,
    /// How it ended; open tickets have no outcome, and satisfy no comparator of it.
    outcome: Option<TicketOutcomeFilter>,
    /// How it will have ended, for a person to confirm. Requires `tickets:internal`.
    proposed_outcome: Option<TicketOutcomeFilter>,
    /// Whether Meta takes an appeal.
    appealable: Option<AppealableFilter>,
    /// The account.
    waba: Option<IdFilter>,
    /// The number.
    phone_number: Option<IdFilter>,
    /// The template.
    template: Option<IdFilter>,
    /// Who opened it. Requires `tickets:internal`.
    opened_by: Option<IdFilter>,
    /// Who works on it. Requires `tickets:internal`.
    assignee: Option<IdFilter>,
    /// Whether somebody works on it. Requires `tickets:internal`.
    is_assigned: Option<bool>,
    /// The team that it was given to. Requires `tickets:internal`.
    team: Option<IdFilter>,
    /// It has one of these tags, at most 100. Requires `tickets:internal`.
    tag_in: Option<Vec<String>>,
    /// Who watches it. Requires `tickets:internal`.
    watcher: Option<IdFilter>,
    /// References such as `T-00001234`, at most 100.
    ref_in: Option<Vec<String>>,
    /// Words that its texts hold: title, replies, Meta's references and answers, for staff notes too. A word finds what begins with it;
    /// all must be there. Of what is found, the 1,000 tickets opened last are looked at.
    search: Option<String>,
    /// When it was opened.
    opened_at: Option<DateTimeFilter>,
    /// When it last changed.
    updated_at: Option<DateTimeFilter>,
    /// When it was closed.
    closed_at: Option<DateTimeFilter>,
    /// Until when Meta takes an appeal.
    appeal_deadline_at: Option<DateTimeFilter>,
    /// When the first promise that is still to be kept is due; tickets without one satisfy no comparator of it.
    due_at: Option<DateTimeFilter>,
    /// Whether a promise that is still to be kept is broken already.
    is_breached: Option<bool>,
}

impl TicketFilterInput {
    /// The filter that is meant.
    pub(super) fn read(self, now: Instant) -> Result<Filter> {
        let mut left = MOST_CONDITIONS;
        self.within(DEEPEST, &mut left, now)
    }

    fn within(mut self, depth: usize, left: &mut usize, now: Instant) -> Result<Filter> {
        let mut parts: Vec<Filter> = Vec::new();
        let nested = [self.and.is_some(), self.or.is_some(), self.not.is_some()].contains(&true);
        if nested && depth == 0 {
            return Err(bad_input(format!("at most {DEEPEST} filters may stand within each other")));
        }
        let each = |filters: Vec<Self>, left: &mut usize| -> Result<Vec<Filter>> {
            bounded(filters)?.into_iter().map(|filter| filter.within(depth - 1, left, now)).collect()
        };
        if let Some(filters) = self.and.take() {
            parts.extend(each(filters, left)?);
        }
        if let Some(filters) = self.or.take() {
            parts.push(Filter::Any(each(filters, left)?));
        }
        if let Some(filter) = self.not.take() {
            parts.push(Filter::Not(Box::new(filter.within(depth - 1, left, now)?)));
        }
        if let Some(is_breached) = self.is_breached.take() {
            let end = now + chrono::TimeDelta::microseconds(1);
            let breached = Filter::Is(Is::Within(TicketInstant::Breach, None, Some(end)));
            parts.push(if is_breached { breached } else { Filter::Not(Box::new(breached)) });
            *left = left.saturating_sub(1);
        }
        let conditions = [self.words()?, self.others()?].concat();
        *left = left
            .checked_sub(conditions.len())
            .ok_or_else(|| bad_input(format!("a filter has at most {MOST_CONDITIONS} conditions")))?;
        parts.extend(conditions.into_iter().map(Filter::Is));
        Ok(Filter::All(parts))
    }

    /// The conditions on closed sets of words.
    fn words(&mut self) -> Result<Vec<Is>> {
        let open_or_closed = |is_open: bool| {
            let statuses = words::TicketStatus::ALL.iter().copied();
            Is::Status(statuses.filter(|status| status.is_open() == is_open).collect())
        };
        let conditions = [
            self.kind.take().map(|filter| filter.read(words::TicketKind::ALL).map(Is::Kind)).transpose()?,
            self.level.take().map(|filter| filter.read(words::TicketLevel::ALL).map(Is::Level)).transpose()?,
            self.priority.take().map(|filter| filter.read(words::TicketPriority::ALL).map(Is::Priority)).transpose()?,
            self.status.take().map(|filter| filter.read(words::TicketStatus::ALL).map(Is::Status)).transpose()?,
            self.is_open.take().map(open_or_closed),
            self.waiting_on.take().map(|filter| filter.read(words::WaitingOn::ALL).map(Is::WaitingOn)).transpose()?,
            self.outcome.take().map(|filter| filter.read(words::TicketOutcome::ALL).map(Is::Outcome)).transpose()?,
            self.proposed_outcome
                .take()
                .map(|filter| filter.read(words::TicketOutcome::ALL).map(Is::ProposedOutcome))
                .transpose()?,
            self.appealable.take().map(|filter| filter.read(words::Appealable::ALL).map(Is::Appealable)).transpose()?,
        ];
        Ok(conditions.into_iter().flatten().collect())
    }

    /// The conditions on ids and instants.
    fn others(&mut self) -> Result<Vec<Is>> {
        let span = |what: TicketInstant, filter: Option<DateTimeFilter>| -> Result<Option<Is>> {
            let bounds = filter.map(DateTimeFilter::read).transpose()?;
            Ok(bounds.map(|(from, before)| Is::Within(what, from, before)))
        };
        let conditions = [
            self.client.take().map(|filter| filter.read().map(Is::Client)).transpose()?,
            self.waba.take().map(|filter| filter.read().map(Is::Waba)).transpose()?,
            self.phone_number.take().map(|filter| filter.read().map(Is::PhoneNumber)).transpose()?,
            self.template.take().map(|filter| filter.read().map(Is::Template)).transpose()?,
            self.opened_by.take().map(|filter| filter.read().map(Is::OpenedBy)).transpose()?,
            self.team.take().map(|filter| filter.read().map(Is::Team)).transpose()?,
            self.tag_in.take().map(bounded).transpose()?.map(Is::Tag),
            self.watcher.take().map(|filter| filter.read().map(Is::Watcher)).transpose()?,
            self.assignee.take().map(|filter| filter.read().map(Is::Assignee)).transpose()?,
            self.is_assigned.take().map(|is_assigned| if is_assigned { Is::Assigned } else { Is::Unassigned }),
            self.ref_in.take().map(numbers).transpose()?,
            self.search.take().map(|text| search(&text)).transpose()?,
            span(TicketInstant::Opened, self.opened_at.take())?,
            span(TicketInstant::Updated, self.updated_at.take())?,
            span(TicketInstant::Closed, self.closed_at.take())?,
            span(TicketInstant::AppealDeadline, self.appeal_deadline_at.take())?,
            span(TicketInstant::Due, self.due_at.take())?,
        ];
        Ok(conditions.into_iter().flatten().collect())
    }
}

/// The numbers behind references; what is none is no ticket's.
fn numbers(references: Vec<String>) -> Result<Is> {
    let references = bounded(references)?;
    Ok(Is::Number(references.iter().filter_map(|reference| words::Ticket::number_of(reference)).collect()))
}

/// Longest text of a search, in characters.
const LONGEST_SEARCH: usize = 200;

fn search(text: &str) -> Result<Is> {
    if text.chars().count() > LONGEST_SEARCH {
        return Err(bad_input(format!("`search` has at most {LONGEST_SEARCH} characters")));
    }
    // The reference of a ticket is as good as its texts.
    if let Some(number) = words::Ticket::number_of(text.trim()) {
        return Ok(Is::Number(vec![number]));
    }
    TicketSearch::new(text).map(Is::Search).ok_or_else(|| bad_input("`search` needs a word of letters or digits"))
}

/// What tickets are sorted by; among equal ones, by the time of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TicketOrderField {
    /// The instant of the last change.
    UpdatedAt,
    /// The instant of the opening.
    OpenedAt,
    /// The instant of the closing; open tickets are not in the list.
    ClosedAt,
    /// The end of the time for an appeal; tickets without one are not in the list.
    AppealDeadlineAt,
    /// When the first promise that is still to be kept is due; tickets without one are not in the list.
    DueAt,
    /// The priority.
    Priority,
}

/// An order of tickets.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "TicketOrder")]
pub(crate) struct TicketOrderInput {
    /// By what.
    field: TicketOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl TicketOrderInput {
    /// The last changed first.
    pub(super) const DEFAULT: Self = Self { field: TicketOrderField::UpdatedAt, direction: OrderDirection::Desc };

    pub(super) const fn field(self) -> Order {
        match self.field {
            TicketOrderField::UpdatedAt => Order::Updated,
            TicketOrderField::OpenedAt => Order::Opened,
            TicketOrderField::ClosedAt => Order::Closed,
            TicketOrderField::AppealDeadlineAt => Order::AppealDeadline,
            TicketOrderField::DueAt => Order::Due,
            TicketOrderField::Priority => Order::Priority,
        }
    }

    pub(super) fn is_descending(self) -> bool {
        self.direction == OrderDirection::Desc
    }
}
