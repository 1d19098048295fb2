//! The ticket of an episode: opened once, however many notices the episode comes with; raised when more is taken away; told when it is
//! over, for a person to confirm.

use domain::{
    Instant,
    enforcement::{EnforcementNotice, EnforcementStage, Episode, EpisodeEnd, RecordedEpisode, proposed_priority},
    tickets::{Ticket, TicketEventKind, TicketKind, TicketOutcome, TicketPriority},
};
use i18n::Lang;
use store::Tx;

use crate::{
    OpCtx, OpError,
    tickets::{NewTicket, open_within, tell},
};

/// Tickets about what Meta did to an account as a whole.
const ACCOUNT: [TicketKind; 2] = [TicketKind::AccountDisabled, TicketKind::AccountRestricted];

/// Lets the ticket of an episode follow what the episode has become. When it has none and none is open, `opens_ticket` says whether
/// one is opened.
pub(super) async fn follow(
    op: &OpCtx,
    tx: &Tx,
    before: Option<&Episode>,
    recorded: &mut RecordedEpisode,
    opens_ticket: bool,
) -> Result<(), OpError> {
    let now = op.services().clock.now();
    let notices = notices(tx, recorded).await?;
    let mut opened_with = None;
    if recorded.ticket.is_none() {
        let joined = store::tickets::open_of_kinds(tx, recorded.waba, &ACCOUNT).await?;
        // Nobody wants one, or wanted one while it lasted.
        let is_late = before.is_some() && recorded.episode.ended.is_some();
        if joined.is_none() && (!opens_ticket || is_late) {
            return Ok(());
        }
        if joined.is_none() {
            opened_with = notices.first().map(|notice| notice.id);
        }
        recorded.ticket = match joined {
            Some(ticket) => Some(ticket.id),
            None => Some(open(op, tx, recorded, notices.first()).await?.id),
        };
    }
    let Some(ticket) = recorded.ticket else { return Ok(()) };
    let Some(ticket) = store::tickets::by_ids(tx, &[ticket]).await?.pop() else { return Ok(()) };
    let mut events = Vec::new();
    for notice in notices.iter().filter(|notice| notice.ticket.is_none() && Some(notice.id) != opened_with) {
        store::enforcement::set_ticket(tx, notice.id, ticket.id).await?;
        events.push(TicketEventKind::EnforcementLinked { notice: notice.id });
    }
    let mut after = ticket.clone();
    if ticket.status.is_open() {
        let proposed = priority(&recorded.episode);
        let worse = before.is_none_or(|before| priority(before) > proposed);
        if worse && proposed < ticket.priority {
            events.push(TicketEventKind::PriorityChanged { from: ticket.priority, to: proposed });
            after.priority = proposed;
        }
        if let Some(outcome) = proposal(before, &recorded.episode) {
            let (proposed, event) = after.proposed(outcome, now);
            after = proposed;
            events.extend(event);
        }
    }
    save(op, tx, &ticket, after, &events, now).await
}

/// The notices that fall into the episode, the earliest first.
async fn notices(tx: &Tx, recorded: &RecordedEpisode) -> Result<Vec<EnforcementNotice>, OpError> {
    let episode = &recorded.episode;
    let until = episode.ended.map_or(Instant::MAX_UTC, |(at, _)| at);
    let mut notices = store::enforcement::of_waba(tx, recorded.waba).await?;
    notices.retain(|notice| notice.noticed_at >= episode.opened_at && notice.noticed_at <= until);
    Ok(notices)
}

/// How much stands still.
fn priority(episode: &Episode) -> TicketPriority {
    match episode.stage {
        EnforcementStage::Offboarded | EnforcementStage::Disabled | EnforcementStage::DisableScheduled => {
            TicketPriority::P1
        }
        _ => proposed_priority(&episode.restrictions),
    }
}

/// What is proposed when an episode has ended: Meta took it back, or it ran out. A person confirms.
fn proposal(before: Option<&Episode>, after: &Episode) -> Option<TicketOutcome> {
    let (_, how) = after.ended?;
    if before.is_some_and(|before| before.ended.is_some()) {
        return None;
    }
    Some(match how {
        EpisodeEnd::Lifted => TicketOutcome::Reversed,
        EpisodeEnd::Expired | EpisodeEnd::Faded => TicketOutcome::Expired,
    })
}

async fn open(
    op: &OpCtx,
    tx: &Tx,
    recorded: &RecordedEpisode,
    notice: Option<&EnforcementNotice>,
) -> Result<Ticket, OpError> {
    let kind = match recorded.episode.stage {
        EnforcementStage::Disabled | EnforcementStage::Offboarded | EnforcementStage::DisableScheduled => {
            TicketKind::AccountDisabled
        }
        _ => TicketKind::AccountRestricted,
    };
    let client = store::clients::by_id(tx, recorded.client).await?.ok_or(OpError::NotFound)?;
    let lang: Lang = client.language.parse().unwrap_or_default();
    let new = NewTicket {
        client: recorded.client,
        kind,
        priority: Some(priority(&recorded.episode)),
        title: Some(i18n::word(lang, i18n::Group::TicketKind, kind.as_str())),
        text: None,
        waba: Some(recorded.waba),
        phone_number: None,
        template: None,
        findings: Vec::new(),
        notice: notice.map(|notice| notice.id),
    };
    open_within(op, tx, new).await.map_err(|error| OpError::internal("a ticket of enforcement", error))
}

async fn save(
    op: &OpCtx,
    tx: &Tx,
    before: &Ticket,
    after: Ticket,
    events: &[TicketEventKind],
    now: Instant,
) -> Result<(), OpError> {
    if events.is_empty() && after == *before {
        return Ok(());
    }
    let after = Ticket { updated_at: now, ..after };
    if !store::tickets::update(tx, &after).await? {
        return Err(OpError::Conflict { current: before.version + 1 });
    }
    let after = Ticket { version: after.version + 1, ..after };
    store::tickets::append_events(tx, &after, op.actor(), now, op.random(), events).await?;
    Ok(tell(op, tx, &after, events).await?)
}
