//! How a block came: everything that is known of an account in a time, in one order, and how long before the block the finding stood
//! that stood longest.

use domain::{
    Instant, WabaId,
    access::Permission,
    assets::AssetChange,
    audits::{Audit, Finding},
    enforcement::{EnforcementNotice, RecordedEpisode},
    graph::AccountVolume,
    tickets::TicketEvent,
    traffic::{PlatformEvent, PlatformEventKind, Severity, Totals},
};
use store::page::{Cursor, Key, Keyset, Page, Span};

use crate::{OpCtx, OpError};

/// Findings that may foretell a block.
const FORETELLING: [Severity; 2] = [Severity::High, Severity::Critical];

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: TimelineKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineKind {
    /// An audit counted the volumes of its period.
    Traffic(Box<Audit>, Totals),
    /// Meta counted the account's messages of a day.
    Volume(AccountVolume),
    /// A finding came up, new or again.
    Finding(Box<Finding>),
    /// Meta told something, our program or a person.
    Platform(Box<PlatformEvent>),
    /// An attribute of an asset changed.
    Asset(Box<AssetChange>),
    /// Something happened to a ticket about the account: opening, submissions and corrective actions too.
    Ticket(Box<TicketEvent>),
}

/// The last block of a time, and what stood before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The episode of enforcement.
    pub episode: RecordedEpisode,
    /// Of the findings, high or critical, of the last audit before it, the one that had stood longest without a break.
    pub finding: Option<Finding>,
}

impl Block {
    /// How long before the block that finding stood, in seconds.
    pub fn lead_seconds(&self) -> Option<i64> {
        let finding = self.finding.as_ref()?;
        Some((self.episode.episode.opened_at - finding.first_seen_at).num_seconds())
    }
}

/// A page of the timeline of an account, and its last block in that time. Findings and volumes are those of the client's whole traffic.
/// Each kind is read by a statement of its own, which gives no more than a page.
///
/// # Errors
/// `NotFound` when there is no such account for the actor; `Forbidden` without `enforcement:read`. Whoever may not read assets, audits or
/// tickets is shown none. The cursor belongs to another list.
pub async fn of_waba(
    op: &OpCtx,
    waba: WabaId,
    span: Span,
    keyset: &Keyset,
) -> Result<(Page<TimelineEntry>, Option<Block>), OpError> {
    op.require(Permission::EnforcementRead)?;
    let tx = op.reader().await?;
    let waba = store::wabas::by_ids(&tx, &[waba]).await?.pop().ok_or(OpError::NotFound)?;
    let mut gathered = Gathered::default();
    let told = store::platform_events::page_of_waba(&tx, waba.id, span, keyset).await?;
    gathered.take(told, |told| TimelineKind::Platform(Box::new(told.event)));
    let by_hand = store::enforcement::page_by_hand(&tx, waba.id, span, keyset).await?;
    gathered.take(by_hand, |notice| TimelineKind::Platform(Box::new(of_notice(notice))));
    if op.actor().may(Permission::AssetsRead) {
        let changes = store::asset_changes::page_of_waba(&tx, waba.id, span, keyset).await?;
        gathered.take(changes, |change| TimelineKind::Asset(Box::new(change)));
        let volumes = store::graph_accounts::page_of_volumes(&tx, waba.id, span, keyset).await?;
        gathered.take(volumes, TimelineKind::Volume);
    }
    let mut block = store::episodes::last_in(&tx, waba.id, span).await?.map(|episode| Block { episode, finding: None });
    if op.actor().may(Permission::AuditsRead) {
        let findings = store::findings::page_of_new(&tx, waba.client, span, keyset).await?;
        gathered.take(findings, |finding| TimelineKind::Finding(Box::new(finding)));
        let counted = store::audits::page_of_counted(&tx, waba.client, span, keyset).await?;
        gathered.take(counted, |(audit, totals)| TimelineKind::Traffic(Box::new(audit), totals));
        if let Some(block) = &mut block
            && let Some(audit) = store::audits::last_by(&tx, waba.client, block.episode.episode.opened_at).await?
        {
            block.finding = store::findings::longest_standing(&tx, audit, &FORETELLING).await?;
        }
    }
    if op.actor().may(Permission::TicketsRead) {
        let internal = op.actor().may(Permission::TicketsInternal);
        let events = store::tickets::page_of_waba(&tx, waba.id, internal, span, keyset).await?;
        gathered.take(events, |event| TimelineKind::Ticket(Box::new(event)));
    }
    Ok((gathered.page(keyset), block))
}

/// What Meta told by mail or in Account Quality, as if it had told our program.
fn of_notice(notice: EnforcementNotice) -> PlatformEvent {
    let violation = notice.violation_type;
    let kind = if notice.restrictions.is_empty() {
        PlatformEventKind::Violation { violation: violation.unwrap_or_else(|| "UNKNOWN".to_owned()) }
    } else {
        PlatformEventKind::Restriction { violation, restrictions: notice.restrictions }
    };
    PlatformEvent::new(notice.noticed_at, kind)
}

/// Pages of several lists on their way to become one, in the same order.
#[derive(Debug, Default)]
struct Gathered {
    entries: Vec<(Cursor, TimelineKind)>,
    has_next: bool,
}

impl Gathered {
    fn take<T>(&mut self, page: Page<T>, kind: impl Fn(T) -> TimelineKind) {
        self.has_next |= page.has_next;
        self.entries.extend(page.cursors.into_iter().zip(page.items.into_iter().map(kind)));
    }

    fn page(mut self, keyset: &Keyset) -> Page<TimelineEntry> {
        self.entries.sort_by(|(one, _), (other, _)| keyset.compare(one, other));
        let limit = keyset.limit() as usize;
        let has_next = self.has_next || self.entries.len() > limit;
        self.entries.truncate(limit);
        let (mut cursors, mut items) = (Vec::new(), Vec::new());
        for (cursor, kind) in self.entries {
            let Key::Instant(at) = cursor.key else { continue };
            cursors.push(cursor);
            items.push(TimelineEntry { at, kind });
        }
        Page { items, cursors, has_next }
    }
}
