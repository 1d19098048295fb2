//! What an entry of a timeline says, in a sentence of the reader's language.

use app::sla::Level;
use async_graphql::{Context, Result};
use domain::{
    Instant, TicketId, UserId,
    tickets::{
        Corrected, DeadlineCause, DeadlineMove, TicketEvent, TicketEventKind as Kind, TicketLinkKind, TicketStatus,
    },
};
use i18n::{Args, Group, Lang};
use jiff::tz::TimeZone;

use super::{CorrectiveAction, Ticket};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    types::{Client, User},
};

/// The sentence of an entry. Whom and what the reader may not know of is not named.
pub(super) async fn of(ctx: &Context<'_>, event: &TicketEvent) -> Result<String> {
    let reader = Reader { lang: ctx.op().lang() };
    Ok(match &event.kind {
        Kind::Assigned { assignee: Some(user) } => match name(ctx, *user).await? {
            Some(name) => reader.say("event-assigned", Args::new().text("name", name)),
            None => reader.plain("event-assigned-somebody"),
        },
        Kind::WatcherChanged { user, watches } => {
            let name = name(ctx, *user).await?.unwrap_or_else(|| reader.plain("event-somebody"));
            reader.say(if *watches { "event-watched" } else { "event-unwatched" }, Args::new().text("name", name))
        }
        Kind::TeamAssigned { team: Some(team) } => {
            let team = ctx.loader().load_one(*team).await.map_err(FieldError::show)?;
            let name = team.map(|team| team.0.name).unwrap_or_default();
            reader.say("event-team-assigned", Args::new().text("name", name))
        }
        Kind::TicketLinked { kind, other, outgoing } => {
            reader.say(linked(*kind, *outgoing), Args::new().text("reference", reference(ctx, *other).await?))
        }
        Kind::TicketUnlinked { other, .. } => {
            reader.say("event-unlinked", Args::new().text("reference", reference(ctx, *other).await?))
        }
        Kind::ActionChanged { action, to, .. } => {
            let args = Args::new().text("state", reader.word(Group::ActionState, to.as_str()));
            match CorrectiveAction::fetch(ctx, &(*action).into()).await? {
                Some(action) => reader.say("event-action-changed", args.text("title", action.0.title)),
                None => reader.say("event-action-changed-plain", args),
            }
        }
        Kind::AppealChanged { .. } | Kind::DeadlinesMoved { .. } => {
            let client = Client::load(ctx, event.client).await?;
            let zone = client.and_then(|client| TimeZone::get(&client.0.time_zone).ok());
            reader.dated(&event.kind, &zone.unwrap_or(TimeZone::UTC))
        }
        kind => reader.of_its_facts(kind),
    })
}

async fn name(ctx: &Context<'_>, user: UserId) -> Result<Option<String>> {
    Ok(User::load_if_visible(ctx, user).await?.map(|user| user.called().to_owned()))
}

async fn reference(ctx: &Context<'_>, ticket: TicketId) -> Result<String> {
    Ok(Ticket::load(ctx, ticket).await?.map_or_else(|| "…".to_owned(), |ticket| ticket.0.reference()))
}

const fn linked(kind: TicketLinkKind, outgoing: bool) -> &'static str {
    match (kind, outgoing) {
        (TicketLinkKind::Related, _) => "event-linked-related",
        (TicketLinkKind::DuplicateOf, true) => "event-linked-duplicate-of",
        (TicketLinkKind::DuplicateOf, false) => "event-linked-duplicate-of-this",
        (TicketLinkKind::ChildOf, true) => "event-linked-child-of",
        (TicketLinkKind::ChildOf, false) => "event-linked-child-of-this",
    }
}

/// Who reads.
#[derive(Debug, Clone, Copy)]
struct Reader {
    lang: Lang,
}

impl Reader {
    fn say(self, key: &str, args: Args) -> String {
        i18n::text(self.lang, key, &args)
    }

    fn plain(self, key: &str) -> String {
        self.say(key, Args::new())
    }

    fn word(self, group: Group, value: &str) -> String {
        i18n::word(self.lang, group, value)
    }

    fn between(self, key: &str, group: Group, from: &str, to: &str) -> String {
        self.say(key, Args::new().text("from", self.word(group, from)).text("to", self.word(group, to)))
    }

    /// What needs nothing but the entry itself.
    fn of_its_facts(self, kind: &Kind) -> String {
        match kind {
            Kind::Opened { priority } => {
                let priority = self.word(Group::TicketPriority, priority.as_str());
                self.say("event-opened", Args::new().text("priority", priority))
            }
            Kind::StatusChanged { outcome: Some(outcome), .. } => self.outcome("event-closed", outcome.as_str()),
            Kind::StatusChanged { from: TicketStatus::Closed, .. } => self.plain("event-reopened"),
            Kind::StatusChanged { from, to, .. } => {
                self.between("event-status", Group::TicketStatus, from.as_str(), to.as_str())
            }
            Kind::WaitingOnChanged { from, to } => {
                self.between("event-turn", Group::WaitingOn, from.as_str(), to.as_str())
            }
            Kind::PriorityChanged { from, to } => {
                self.between("event-priority", Group::TicketPriority, from.as_str(), to.as_str())
            }
            Kind::Corrected { title, kind, level } => {
                let title = title.as_ref().map(|Corrected { from, to }| {
                    self.say("event-corrected-title", Args::new().text("from", from).text("to", to))
                });
                let kind = kind.as_ref().map(|Corrected { from, to }| {
                    self.between("event-corrected-kind", Group::TicketKind, from.as_str(), to.as_str())
                });
                let level = level.as_ref().map(|Corrected { from, to }| {
                    self.between("event-corrected-level", Group::TicketLevel, from.as_str(), to.as_str())
                });
                joined([title, kind, level].into_iter().flatten())
            }
            Kind::Tagged { added, removed } => {
                let tags = |key, tags: &[String]| {
                    (!tags.is_empty()).then(|| self.say(key, Args::new().text("tags", tags.join(", "))))
                };
                joined([tags("event-tagged", added), tags("event-untagged", removed)].into_iter().flatten())
            }
            Kind::OutcomeProposed { outcome } => self.outcome("event-outcome-proposed", outcome.as_str()),
            Kind::SlaLevelReached { metric, level, .. } => self.level(metric, level),
            other => self.of_work(other),
        }
    }

    fn outcome(self, key: &str, outcome: &str) -> String {
        self.say(key, Args::new().text("outcome", self.word(Group::TicketOutcome, outcome)))
    }

    /// What was said, filed, added.
    fn of_work(self, kind: &Kind) -> String {
        match kind {
            Kind::Replied { by_staff: true, .. } => self.plain("event-replied-staff"),
            Kind::Replied { by_staff: false, .. } => self.plain("event-replied-client"),
            Kind::Noted { .. } => self.plain("event-noted"),
            Kind::Submitted { attempt, channel, .. } => {
                let channel = self.word(Group::SubmissionChannel, channel.as_str());
                let args = Args::new().count("attempt", u64::from(*attempt)).text("channel", channel);
                self.say("event-submitted", args)
            }
            Kind::SubmissionAnswered { outcome, .. } => {
                let outcome = self.word(Group::SubmissionOutcome, outcome.as_str());
                self.say("event-answered", Args::new().text("outcome", outcome))
            }
            Kind::FileAdded { file_name, .. } => self.say("event-file-added", Args::new().text("name", file_name)),
            Kind::ActionAdded { title, owner, .. } => {
                let owner = self.word(Group::WaitingOn, owner.as_str());
                self.say("event-action-added", Args::new().text("owner", owner).text("title", title))
            }
            Kind::FindingsLinked { findings, .. } => {
                self.say("event-findings-linked", Args::new().count("count", findings.len() as u64))
            }
            Kind::EnforcementLinked { .. } => self.plain("event-enforcement-linked"),
            Kind::TeamAssigned { .. } => self.plain("event-team-unassigned"),
            // What names somebody is said above.
            _ => self.plain("event-unassigned"),
        }
    }

    /// What has instants in it.
    fn dated(self, kind: &Kind, zone: &TimeZone) -> String {
        match kind {
            Kind::AppealChanged { appealable, deadline } => {
                let known = self.plain(&format!("event-appeal-{}", appealable.as_str()));
                let until =
                    deadline.map(|at| self.say("event-appeal-until", Args::new().moment("at", at, zone.clone())));
                joined([Some(known), until].into_iter().flatten())
            }
            Kind::DeadlinesMoved { cause, moves } => {
                let cause = self.plain(match cause {
                    DeadlineCause::Terms => "event-deadlines-terms",
                    DeadlineCause::Priority => "event-deadlines-priority",
                });
                let moves = moves.iter().flat_map(|moved| self.deadline(moved, zone));
                joined(std::iter::once(cause).chain(moves))
            }
            _ => String::new(),
        }
    }

    fn deadline(self, moved: &DeadlineMove, zone: &TimeZone) -> impl Iterator<Item = String> {
        let args = || Args::new().text("metric", self.word(Group::SlaMetric, &moved.metric));
        let at = |args: Args, name: &'static str, at: Instant| args.moment(name, at, zone.clone());
        let said = match (moved.from, moved.to) {
            (Some(from), Some(to)) if from != to => {
                Some(self.say("event-deadline-moved", at(at(args(), "from", from), "to", to)))
            }
            (None, Some(to)) => Some(self.say("event-deadline-set", at(args(), "to", to))),
            (Some(_), None) => Some(self.say("event-deadline-gone", args())),
            (Some(_), Some(_)) | (None, None) => None,
        };
        let breached = moved.breached.then(|| self.say("event-deadline-breached", args()));
        [said, breached].into_iter().flatten()
    }

    fn level(self, metric: &str, level: &str) -> String {
        let args = Args::new().text("metric", self.word(Group::SlaMetric, metric));
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        match level.parse() {
            Ok(Level::Percent(percent)) => {
                self.say("event-sla-percent", args.percent("percent", f64::from(percent) / 100.0))
            }
            Ok(Level::BeforeDue(left)) => self.say("event-sla-before", args.duration("left", seconds(left))),
            Ok(Level::AfterDue(over)) => self.say("event-sla-after", args.duration("over", seconds(over))),
            Ok(Level::Breach) | Err(_) => self.say("event-sla-breach", args),
        }
    }
}

fn joined(sentences: impl Iterator<Item = String>) -> String {
    sentences.collect::<Vec<_>>().join(" ")
}
