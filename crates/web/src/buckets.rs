//! Budgets that refill: a bucket for each caller, from which every request takes, and which fills up again with time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::Instant;

/// Buckets that are looked after at most; beyond, full ones are forgotten, which changes nothing for their callers.
const MANY: usize = 10_000;

/// How large buckets are, and how fast they fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Points of a full bucket; 0: there is no limit.
    pub capacity: u64,
    /// Points that come back each second.
    pub restored: u64,
}

/// What a bucket holds after something was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// Points that are left.
    pub(crate) remaining: u64,
}

/// The bucket holds too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Empty {
    /// Seconds until it holds enough.
    pub(crate) retry_after: u32,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// In millionths of a point, so that time comes back to the microsecond.
    level: u64,
    at: Instant,
}

const POINT: u64 = 1_000_000;

/// The buckets of one process.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    budget: Budget,
    table: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { budget, table: Mutex::default() }
    }

    pub(crate) const fn budget(&self) -> Budget {
        self.budget
    }

    fn table(&self) -> MutexGuard<'_, HashMap<K, Bucket>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> u64 {
        let passed = (now - bucket.at).num_microseconds().unwrap_or(i64::MAX).max(0).unsigned_abs();
        bucket.level.saturating_add(passed.saturating_mul(self.budget.restored)).min(self.full())
    }

    const fn full(&self) -> u64 {
        self.budget.capacity.saturating_mul(POINT)
    }

    /// Takes `points` out of the bucket of `key`.
    pub(crate) fn take(&self, key: K, points: u64, now: Instant) -> Result<Level, Empty> {
        if self.budget.capacity == 0 {
            return Ok(Level { remaining: 0 });
        }
        let mut table = self.table();
        if table.len() >= MANY {
            table.retain(|_, bucket| self.filled(*bucket, now) < self.full());
        }
        let wanted = points.saturating_mul(POINT);
        let bucket = table.entry(key).or_insert(Bucket { level: self.full(), at: now });
        let level = self.filled(*bucket, now);
        let Some(left) = level.checked_sub(wanted) else {
            *bucket = Bucket { level, at: now };
            let missing = wanted.min(self.full()) - level;
            let seconds = missing.div_ceil(self.budget.restored.max(1).saturating_mul(POINT));
            return Err(Empty { retry_after: u32::try_from(seconds.max(1)).unwrap_or(u32::MAX) });
        };
        *bucket = Bucket { level: left, at: now };
        Ok(Level { remaining: left / POINT })
    }

    /// Gives back what was taken and not used.
    pub(crate) fn refund(&self, key: &K, points: u64, now: Instant) -> Level {
        let mut table = self.table();
        let Some(bucket) = table.get_mut(key) else { return Level { remaining: self.budget.capacity } };
        let level = self.filled(*bucket, now).saturating_add(points.saturating_mul(POINT)).min(self.full());
        *bucket = Bucket { level, at: now };
        Level { remaining: level / POINT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Instant {
        Instant::from_timestamp_millis(1_790_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(Budget { capacity: 100, restored: 10 });
        assert_eq!(buckets.take("a", 60, at(0)), Ok(Level { remaining: 40 }));
        assert_eq!(buckets.take("a", 60, at(0)), Err(Empty { retry_after: 2 }));
        assert_eq!(buckets.take("b", 100, at(0)), Ok(Level { remaining: 0 }));
        assert_eq!(buckets.take("a", 60, at(1_999)), Err(Empty { retry_after: 1 }));
        assert_eq!(buckets.take("a", 60, at(2_000)), Ok(Level { remaining: 0 }));
        assert_eq!(buckets.refund(&"a", 50, at(2_000)), Level { remaining: 50 });
        assert_eq!(buckets.refund(&"a", 500, at(2_000)), Level { remaining: 100 });
        assert_eq!(buckets.take("a", 1, at(3_600_000)), Ok(Level { remaining: 99 }));
        // A clock that goes back takes nothing away.
        assert_eq!(buckets.take("a", 1, at(0)), Ok(Level { remaining: 98 }));
    }

    #[test]
    fn without_a_capacity_there_is_no_limit() {
        let buckets = Buckets::new(Budget { capacity: 0, restored: 0 });
        assert!((0..1_000).all(|_| buckets.take("a", 1_000, at(0)).is_ok()));
        assert!(buckets.table().is_empty());
    }

    #[test]
    fn full_buckets_are_forgotten_when_there_are_many() {
        let buckets = Buckets::new(Budget { capacity: 10, restored: 10 });
        for key in 0..MANY {
            buckets.take(key, 5, at(0)).unwrap();
        }
        buckets.take(MANY, 5, at(100)).unwrap();
        assert_eq!(buckets.table().len(), MANY + 1);
        buckets.take(MANY + 1, 5, at(1_000)).unwrap();
        assert_eq!(buckets.table().len(), 1);
    }
}
