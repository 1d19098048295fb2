//! What is learned by asking Meta's Graph API: whether it answers about an account, and how much Meta counted.

use chrono::TimeDelta;

use crate::{ClientId, Instant, WabaId, words::words};

words! {
    /// How the Graph API answered about an account last.
    GraphAccess {
        /// It answered.
        Open = "open",
        /// The token has ended, or is none: whoever keeps it must renew it.
        Token = "token",
        /// The token may not look at this account: it must be shared with the token's business.
        Permission = "permission",
        /// There were too many calls.
        TooMany = "too_many",
        /// Meta refused the call.
        Refused = "refused",
        /// Nothing usable was answered.
        Unreachable = "unreachable",
    }
}

/// How asking about an account goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphAccount {
    /// The account.
    pub waba: WabaId,
    /// Whose.
    pub client: ClientId,
    /// How it was answered last.
    pub access: GraphAccess,
    /// Meta's code, when it refused.
    pub code: Option<i64>,
    /// How often in a row it was not answered.
    pub failures: u32,
    /// When it was asked about last.
    pub asked_at: Instant,
    /// When an answer came last.
    pub answered_at: Option<Instant>,
    /// When Meta's counts were asked for last.
    pub volumes_at: Option<Instant>,
    /// When it is asked about again.
    pub next_at: Instant,
}

/// The longest time between two questions about an account that is not answered.
const LONGEST: TimeDelta = TimeDelta::days(1);
/// Meta counts calls by the hour.
const HOUR: TimeDelta = TimeDelta::hours(1);

/// How long nothing is asked about an account after it was not answered `failures` times in a row, when it is asked about `every` so
/// often otherwise: twice as long each time, up to a day. When there were too many calls, an hour at least, or as long as Meta says.
pub fn asked_again_after(access: GraphAccess, failures: u32, every: TimeDelta, told: Option<TimeDelta>) -> TimeDelta {
    let doubled = every * 2_i32.pow(failures.saturating_sub(1).min(10));
    match access {
        GraphAccess::Open => every,
        GraphAccess::TooMany => told.unwrap_or(HOUR).max(every).min(LONGEST),
        _ => doubled.min(LONGEST.max(every)),
    }
}

/// How many messages Meta counted of an account in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountVolume {
    /// The account.
    pub waba: WabaId,
    /// Whose.
    pub client: ClientId,
    /// Its start, included.
    pub from: Instant,
    /// Its end, excluded.
    pub to: Instant,
    /// Messages that Meta took.
    pub sent: u64,
    /// Messages that arrived.
    pub delivered: u64,
}

/// What Meta counted of a client's accounts in a time, beside what the send log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeCheck {
    /// Whose.
    pub client: ClientId,
    /// Of which account alone; absent, of all.
    pub waba: Option<WabaId>,
    /// Its start, included.
    pub from: Instant,
    /// Its end, excluded.
    pub to: Instant,
    /// Messages that Meta counted.
    pub counted_by_meta: u64,
    /// Messages of the send log.
    pub in_send_log: u64,
    /// When they were compared.
    pub checked_at: Instant,
}

impl VolumeCheck {
    /// Messages that Meta counted and the send log does not know: sent by somebody else with access to the account.
    pub const fn unknown(&self) -> u64 {
        self.counted_by_meta.saturating_sub(self.in_send_log)
    }

    /// Whether so many are unknown that clocks do not explain it: 1 % of what Meta counted, and 10 at least. Both are ours. A send log
    /// without a message of the time was not given, and accuses nobody.
    pub const fn is_suspicious(&self) -> bool {
        self.in_send_log > 0 && self.unknown() >= 10 && self.unknown() * 100 >= self.counted_by_meta
    }
}

/// How much of a client's messaging limit is used: unique people in the moving 24 hours, over all its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headroom {
    /// Whose.
    pub client: ClientId,
    /// The limit; `None` when unknown, `u64::MAX` without one.
    pub limit: Option<u64>,
    /// People to whom messages that count were delivered in the 24 hours before.
    pub used: u64,
    /// When it was counted.
    pub counted_at: Instant,
    /// How long counting took.
    pub took_milliseconds: u64,
}

/// Between two counts of a client, at least.
const COUNT_EVERY: TimeDelta = TimeDelta::minutes(10);

impl Headroom {
    /// People who may still be written to now; `None` when the limit is unknown, or there is none.
    pub const fn left(&self) -> Option<u64> {
        match self.limit {
            None | Some(u64::MAX) => None,
            Some(limit) => Some(limit.saturating_sub(self.used)),
        }
    }

    /// When it is counted again at the earliest: counting takes a hundredth of the time at most, however large the client is.
    pub fn counted_again_at(&self) -> Instant {
        let took = TimeDelta::milliseconds(i64::try_from(self.took_milliseconds).unwrap_or_default().min(86_400_000));
        self.counted_at + COUNT_EVERY.max(took * 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_answer_is_asked_less_and_less_but_once_a_day() {
        let every = TimeDelta::minutes(30);
        let after = |failures| asked_again_after(GraphAccess::Unreachable, failures, every, None).num_minutes();
        assert_eq!([after(1), after(2), after(3), after(9), after(u32::MAX)], [30, 60, 120, 1_440, 1_440]);
        let tired = |told| asked_again_after(GraphAccess::TooMany, 1, every, told).num_minutes();
        assert_eq!([tired(None), tired(Some(TimeDelta::minutes(90)))], [60, 90]);
        assert_eq!(tired(Some(TimeDelta::minutes(1))), 30, "never more often than otherwise");
        assert_eq!(asked_again_after(GraphAccess::Open, 0, every, None), every);
    }

    #[test]
    fn few_unknown_messages_are_no_suspicion() {
        let at = Instant::default();
        let check = |counted_by_meta, in_send_log| VolumeCheck {
            client: ClientId::from_uuid(uuid::Uuid::nil()),
            waba: None,
            from: at,
            to: at,
            counted_by_meta,
            in_send_log,
            checked_at: at,
        };
        assert!(!check(1_000, 1_000).is_suspicious());
        assert!(!check(1_000, 1_200).is_suspicious(), "what was not taken is no message of Meta's");
        assert!(!check(9, 1).is_suspicious());
        assert!(!check(1_000, 0).is_suspicious(), "a send log that was not given");
        assert!(!check(100_000, 99_500).is_suspicious());
        assert!(check(1_000, 990).is_suspicious());
        assert_eq!(check(1_000, 990).unknown(), 10);
    }

    #[test]
    fn what_is_left_of_a_limit_and_how_soon_it_is_counted_again() {
        let headroom = |limit, took_milliseconds| Headroom {
            client: ClientId::from_uuid(uuid::Uuid::nil()),
            limit,
            used: 1_900,
            counted_at: Instant::default(),
            took_milliseconds,
        };
        assert_eq!(headroom(Some(2_000), 5).left(), Some(100));
        assert_eq!(headroom(Some(250), 5).left(), Some(0), "Meta lowered it");
        assert_eq!((headroom(None, 5).left(), headroom(Some(u64::MAX), 5).left()), (None, None));
        let after = |took| headroom(None, took).counted_again_at().timestamp();
        assert_eq!((after(5), after(60_000)), (600, 6_000));
    }
}
