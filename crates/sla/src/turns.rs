//! Who had the ball when: the counter-clock. No promise of ours, but it shows whose delay a delay is.

use jiff::Timestamp;

use crate::evaluate::in_order;
use crate::event::{Event, EventKind};
use crate::instant::{floor, timestamp};
use crate::policy::Owner;

/// A stretch of time in which somebody had the ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Who.
    pub owner: Owner,
    /// First second.
    pub start: Timestamp,
    /// First second after.
    pub end: Timestamp,
}

impl Turn {
    /// How long, in seconds of the clock on the wall.
    pub fn seconds(&self) -> u64 {
        u64::try_from(self.end.as_second() - self.start.as_second()).unwrap_or(0)
    }
}

/// Who had the ball, from the opening to the end of the ticket or to `now`: ascending, without overlap, neighbours of one owner
/// joined. While the ticket is closed nobody has it. Events after `now` are left out.
pub fn turns(events: &[Event], now: Timestamp) -> Vec<Turn> {
    let now = floor(now);
    let mut turns: Vec<Turn> = Vec::new();
    let mut since: Option<(i64, Owner)> = None;
    let mut opened = false;
    let mut owner = Owner::Us;
    let mut end = |since: Option<(i64, Owner)>, at: i64| {
        let Some((start, owner)) = since.filter(|(start, _)| *start < at) else { return };
        match turns.last_mut().filter(|last| last.owner == owner && last.end == timestamp(start)) {
            Some(last) => last.end = timestamp(at),
            None => turns.push(Turn { owner, start: timestamp(start), end: timestamp(at) }),
        }
    };
    for entry in in_order(events, now) {
        let next = match entry.kind {
            EventKind::Opened if !opened => Some(owner),
            EventKind::Reopened if opened && since.is_none() => {
                owner = Owner::Us;
                Some(owner)
            }
            EventKind::WaitingOn(to) => {
                owner = to;
                since.map(|_| to)
            }
            EventKind::Closed => None,
            _ => continue,
        };
        opened |= entry.kind == EventKind::Opened;
        end(since, entry.at);
        since = next.map(|owner| (entry.at, owner));
    }
    end(since, now);
    turns
}

/// The seconds of `turns` in which `owner` had the ball. For [`Owner::Meta`]: the time at Meta.
pub fn seconds_with(turns: &[Turn], owner: Owner) -> u64 {
    turns.iter().filter(|turn| turn.owner == owner).map(Turn::seconds).sum()
}
