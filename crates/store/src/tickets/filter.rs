//! Which tickets: conditions that indexes serve, and what may be made of them.

use std::collections::BTreeSet;

use domain::{
    ClientId, Instant, PhoneNumberId, TeamId, TemplateId, UserId, WabaId,
    tickets::{Appealable, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn},
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait, IdenStatic as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::{facets, search::TicketSearch};
use crate::entity::{
    ticket_tags, ticket_watchers,
    tickets::{Column, Entity},
};

/// Which tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketFilter {
    /// All of these hold; of no condition, every ticket.
    All(Vec<TicketFilter>),
    /// One of these holds.
    Any(Vec<TicketFilter>),
    /// This does not hold.
    Not(Box<TicketFilter>),
    /// One condition.
    Is(TicketCondition),
}

impl Default for TicketFilter {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl From<TicketCondition> for TicketFilter {
    fn from(condition: TicketCondition) -> Self {
        Self::Is(condition)
    }
}

/// One condition on a ticket. Of several values, one has to be the ticket's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketCondition {
    /// Whose account it is about.
    Client(Vec<ClientId>),
    /// What is blocked or refused.
    Kind(Vec<TicketKind>),
    /// Where in Meta's hierarchy.
    Level(Vec<TicketLevel>),
    /// How much stands still.
    Priority(Vec<TicketPriority>),
    /// Where it stands.
    Status(Vec<TicketStatus>),
    /// Who has the ball.
    WaitingOn(Vec<WaitingOn>),
    /// How it ended.
    Outcome(Vec<TicketOutcome>),
    /// How it will have ended, for a person to confirm.
    ProposedOutcome(Vec<TicketOutcome>),
    /// Whether Meta takes an appeal.
    Appealable(Vec<Appealable>),
    /// The account.
    Waba(Vec<WabaId>),
    /// The number.
    PhoneNumber(Vec<PhoneNumberId>),
    /// The template.
    Template(Vec<TemplateId>),
    /// Who opened it.
    OpenedBy(Vec<UserId>),
    /// Who works on it.
    Assignee(Vec<UserId>),
    /// The team that it was given to.
    Team(Vec<TeamId>),
    /// It has one of these tags.
    Tag(Vec<String>),
    /// One of these watches it.
    Watcher(Vec<UserId>),
    /// Somebody works on it.
    Assigned,
    /// Nobody works on it.
    Unassigned,
    /// The numbers behind their references.
    Number(Vec<i64>),
    /// Its texts hold these words.
    Search(TicketSearch),
    /// When something was or is: not before the first, before the second.
    Within(TicketInstant, Option<Instant>, Option<Instant>),
}

/// Something on a ticket that has an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketInstant {
    /// Its opening.
    Opened,
    /// Its last change.
    Updated,
    /// Its closing.
    Closed,
    /// The end of the time for an appeal.
    AppealDeadline,
    /// When the first promise that is still to be kept is due.
    Due,
    /// When the first promise that is still to be kept was broken, or will be.
    Breach,
}

impl TicketInstant {
    pub(super) const fn column(self) -> Column {
        match self {
            Self::Opened => Column::OpenedAt,
            Self::Updated => Column::UpdatedAt,
            Self::Closed => Column::ClosedAt,
            Self::AppealDeadline => Column::AppealDeadline,
            Self::Due => Column::DueAt,
            Self::Breach => Column::BreachAt,
        }
    }
}

/// How columns stand in a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Served {
    /// An index may serve it.
    ByIndex,
    /// None may: for SQLite, which would else choose one without knowing how many rows it leads to.
    ByLooking,
}

impl Served {
    fn column(self, column: Column) -> SimpleExpr {
        match self {
            Self::ByIndex => Expr::col((Entity, column)),
            Self::ByLooking => Expr::cust(format!("+\"tickets\".\"{}\"", column.as_str())),
        }
    }
}

fn words<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().copied().map(name).collect()
}

impl TicketCondition {
    /// The condition in SQL, true or false and never unknown, so that its opposite holds of the tickets that have no value.
    pub(super) fn sql(&self, served: Served) -> SimpleExpr {
        match facets::bits(self).filter(|_| served == Served::ByLooking) {
            Some(bits) => Expr::cust(format!("(\"tickets\".\"facets\" & {bits}) <> 0")),
            None => self.by_columns(served),
        }
    }

    fn by_columns(&self, served: Served) -> SimpleExpr {
        let words = |column: Column, words: Vec<&'static str>| served.column(column).is_in(words);
        let ids = |column: Column, ids: Vec<Uuid>| served.column(column).is_in(ids);
        let there = |column: Column, held: SimpleExpr| served.column(column).is_not_null().and(held);
        match self {
            // One client has an index in every order.
            Self::Client(clients) if clients.len() == 1 => Column::ClientId.is_in(clients.iter().map(|id| id.uuid())),
            Self::Client(clients) => ids(Column::ClientId, clients.iter().map(|id| id.uuid()).collect()),
            Self::Kind(kinds) => words(Column::Kind, self::words(kinds, TicketKind::as_str)),
            Self::Level(levels) => words(Column::Level, self::words(levels, TicketLevel::as_str)),
            Self::Priority(priorities) => words(Column::Priority, self::words(priorities, TicketPriority::as_str)),
            Self::Status(statuses) => words(Column::Status, self::words(statuses, TicketStatus::as_str)),
            Self::WaitingOn(owners) => words(Column::WaitingOn, self::words(owners, WaitingOn::as_str)),
            Self::Outcome(outcomes) => {
                there(Column::Outcome, words(Column::Outcome, self::words(outcomes, TicketOutcome::as_str)))
            }
            Self::ProposedOutcome(outcomes) => there(
                Column::ProposedOutcome,
                words(Column::ProposedOutcome, self::words(outcomes, TicketOutcome::as_str)),
            ),
            Self::Appealable(answers) => words(Column::Appealable, self::words(answers, Appealable::as_str)),
            Self::Waba(list) => there(Column::WabaId, ids(Column::WabaId, list.iter().map(|id| id.uuid()).collect())),
            Self::PhoneNumber(list) => {
                there(Column::PhoneNumberId, ids(Column::PhoneNumberId, list.iter().map(|id| id.uuid()).collect()))
            }
            Self::Template(list) => {
                there(Column::TemplateId, ids(Column::TemplateId, list.iter().map(|id| id.uuid()).collect()))
            }
            Self::OpenedBy(list) => {
                there(Column::OpenedBy, ids(Column::OpenedBy, list.iter().map(|id| id.uuid()).collect()))
            }
            Self::Assignee(list) => {
                there(Column::Assignee, ids(Column::Assignee, list.iter().map(|id| id.uuid()).collect()))
            }
            Self::Team(list) => there(Column::TeamId, ids(Column::TeamId, list.iter().map(|id| id.uuid()).collect())),
            Self::Tag(tags) => {
                use ticket_tags::{Column as Tagged, Entity as Tags};
                let tagged =
                    Tags::find().select_only().column(Tagged::TicketId).filter(Tagged::Tag.is_in(tags.clone()));
                served.column(Column::Id).in_subquery(tagged.into_query())
            }
            Self::Watcher(users) => {
                use ticket_watchers::{Column as Watched, Entity as Watchers};
                let users = users.iter().map(|id| id.uuid());
                let watched =
                    Watchers::find().select_only().column(Watched::TicketId).filter(Watched::UserId.is_in(users));
                served.column(Column::Id).in_subquery(watched.into_query())
            }
            Self::Assigned => served.column(Column::Assignee).is_not_null(),
            Self::Unassigned => served.column(Column::Assignee).is_null(),
            Self::Number(numbers) => served.column(Column::Number).is_in(numbers.iter().copied()),
            // Made before the filter is written; what was not made finds nothing.
            Self::Search(_) => Expr::val(1).eq(0),
            Self::Within(what, from, before) => {
                let column = what.column();
                let from = from.map(|from| served.column(column).gte(from));
                let before = before.map(|before| served.column(column).lt(before));
                [from, before].into_iter().flatten().fold(served.column(column).is_not_null(), ExprTrait::and)
            }
        }
    }
}

impl TicketFilter {
    /// Whether it asks for something that is internal to the BSP.
    pub fn is_internal(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_internal),
            Self::Not(part) => part.is_internal(),
            Self::Is(condition) => matches!(
                condition,
                TicketCondition::ProposedOutcome(_)
                    | TicketCondition::OpenedBy(_)
                    | TicketCondition::Assignee(_)
                    | TicketCondition::Team(_)
                    | TicketCondition::Tag(_)
                    | TicketCondition::Watcher(_)
                    | TicketCondition::Assigned
                    | TicketCondition::Unassigned
            ),
        }
    }

    /// The same with every search in what is internal too.
    #[must_use]
    pub fn with_internal_texts(self) -> Self {
        let all = |parts: Vec<Self>| parts.into_iter().map(Self::with_internal_texts).collect();
        match self {
            Self::All(parts) => Self::All(all(parts)),
            Self::Any(parts) => Self::Any(all(parts)),
            Self::Not(part) => Self::Not(Box::new(part.with_internal_texts())),
            Self::Is(TicketCondition::Search(search)) => Self::Is(TicketCondition::Search(search.with_internal())),
            Self::Is(condition) => Self::Is(condition),
        }
    }

    /// The filter in SQL.
    pub(super) fn sql(&self, served: Served) -> Condition {
        match self {
            Self::All(parts) => parts.iter().fold(Condition::all(), |all, part| all.add(part.sql(served))),
            // Of no condition none can hold: an empty one would hold of every ticket.
            Self::Any(parts) if parts.is_empty() => Condition::all().add(Expr::val(1).eq(0)),
            Self::Any(parts) => parts.iter().fold(Condition::any(), |any, part| any.add(part.sql(served))),
            Self::Not(part) => part.sql(served).not(),
            Self::Is(condition) => Condition::all().add(condition.sql(served)),
        }
    }

    /// The same with what always goes together said as well: a closed ticket has an outcome and waits for nobody but us, an open one
    /// has none. `None` when it can hold of no ticket. Each part of it may be frequent where the whole is not, and no statistics know.
    pub(super) fn with_implied(&self) -> Option<Self> {
        let Self::All(parts) = self else {
            return match self {
                Self::Is(_) => Self::All(vec![self.clone()]).with_implied(),
                _ => Some(self.clone()),
            };
        };
        let parts = &facets::folded(parts)?;
        let mut statuses: BTreeSet<&'static str> = TicketStatus::ALL.iter().map(|status| status.as_str()).collect();
        let whole = statuses.len();
        let closed = TicketStatus::Closed.as_str();
        let mut others = Vec::new();
        for part in parts {
            match part {
                Self::Is(TicketCondition::Status(wanted)) => {
                    statuses.retain(|status| wanted.iter().any(|wanted| wanted.as_str() == *status));
                    continue;
                }
                Self::Is(TicketCondition::Outcome(_)) => statuses.retain(|status| *status == closed),
                Self::Is(TicketCondition::WaitingOn(owners)) if !owners.contains(&WaitingOn::Us) => {
                    statuses.remove(closed);
                }
                Self::Is(
                    TicketCondition::ProposedOutcome(_)
                    | TicketCondition::Within(TicketInstant::Due | TicketInstant::Breach, ..),
                ) => {
                    statuses.remove(closed);
                }
                Self::Is(TicketCondition::Within(TicketInstant::Closed, ..)) => {
                    statuses.retain(|status| *status == closed);
                }
                _ => {}
            }
            others.push(part.clone());
        }
        if statuses.is_empty() {
            return None;
        }
        if statuses.len() < whole {
            let statuses = TicketStatus::ALL.iter().copied().filter(|status| statuses.contains(status.as_str()));
            others.push(TicketCondition::Status(statuses.collect()).into());
        }
        Some(Self::All(others))
    }

    /// The conditions that must hold of every ticket that is meant, or one of a few of which one must: ways to find them by an index.
    pub(super) fn ways(&self) -> Vec<Vec<TicketCondition>> {
        match self {
            Self::Is(condition) => vec![vec![condition.clone()]],
            Self::All(parts) => parts.iter().flat_map(Self::ways).collect(),
            Self::Any(parts) => {
                // Any one way of each part, together; the parts' first ways are as good as others until they are counted.
                let firsts: Option<Vec<_>> = parts.iter().map(|part| part.ways().into_iter().next()).collect();
                firsts.map(|firsts| firsts.concat()).into_iter().filter(|way| !way.is_empty()).collect()
            }
            Self::Not(_) => Vec::new(),
        }
    }
}

/// The ids of tickets of which one of the conditions holds, at most `most`.
pub(super) fn candidates(way: &[TicketCondition], most: u64) -> SelectStatement {
    let any = way.iter().fold(Condition::any(), |any, condition| any.add(condition.sql(Served::ByIndex)));
    Entity::find().select_only().column(Column::Id).filter(any).limit(most).into_query()
}
