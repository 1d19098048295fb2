//! Whether some number of messages ever came within a span of time: exact, whatever the order in which they come, and
//! bounded, because once it is known that they did, nothing more need be remembered.

use std::collections::HashMap;

/// Watches for `enough` moments within a span (both ends included).
#[derive(Debug, Clone, Default)]
pub(crate) struct Cluster {
    found: bool,
    /// Moments by span since 1970, sorted. No span ever holds `enough`: they would have been found.
    moments: HashMap<i64, Vec<i64>>,
}

/// What a cluster is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dense {
    /// How many moments make one.
    pub(crate) enough: usize,
    /// Microseconds from the first to the last of them.
    pub(crate) within: i64,
}

impl Cluster {
    /// Whether there was one.
    pub(crate) fn is_found(&self) -> bool {
        self.found
    }

    /// Takes note of a moment.
    pub(crate) fn add(&mut self, at: i64, dense: Dense) {
        if self.found {
            return;
        }
        let within = dense.within.max(1);
        let slot = at.div_euclid(within);
        let own = self.moments.entry(slot).or_default();
        own.insert(own.partition_point(|other| *other <= at), at);
        if self.is_dense_around(at, slot, within, dense.enough) {
            self.found = true;
            self.moments = HashMap::new();
        }
    }

    /// Adds the moments of other recipients.
    pub(crate) fn merge(&mut self, other: Self, dense: Dense) {
        if other.found {
            self.found = true;
            self.moments = HashMap::new();
        }
        for at in other.moments.into_values().flatten() {
            self.add(at, dense);
        }
    }

    /// Whether any `enough` moments around this one lie close enough together.
    fn is_dense_around(&self, at: i64, slot: i64, within: i64, enough: usize) -> bool {
        let of = |slot: i64| self.moments.get(&slot).map_or(&[][..], Vec::as_slice);
        let near: Vec<i64> = [slot.saturating_sub(1), slot, slot.saturating_add(1)]
            .into_iter()
            .flat_map(of)
            .copied()
            .filter(|other| other.abs_diff(at) <= within.unsigned_abs())
            .collect();
        enough <= 1 || near.windows(enough).any(|run| run[0].abs_diff(run[enough - 1]) <= within.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;
    const THREE: Dense = Dense { enough: 3, within: HOUR };

    fn cluster(moments: &[i64]) -> Cluster {
        let mut cluster = Cluster::default();
        for at in moments {
            cluster.add(*at, THREE);
        }
        cluster
    }

    #[test]
    fn three_within_the_hour_to_the_microsecond() {
        assert!(cluster(&[5, 6, HOUR + 5]).is_found());
        assert!(!cluster(&[5, 6, HOUR + 6]).is_found());
        assert!(cluster(&[HOUR + 5, 5, 6]).is_found());
        assert!(cluster(&[-1, -HOUR, -HOUR + 7]).is_found());
        assert!(!cluster(&[0, HOUR, 2 * HOUR, 3 * HOUR]).is_found());
        assert!(cluster(&[0, HOUR, 2 * HOUR, HOUR / 2]).is_found());
        assert!(cluster(&[9, 9, 9]).is_found());
    }

    #[test]
    fn parts_that_are_sparse_may_be_dense_together() {
        let mut one = cluster(&[0, 3 * HOUR]);
        one.merge(cluster(&[HOUR / 2, HOUR]), THREE);
        assert!(one.is_found());
        let mut other = cluster(&[0]);
        other.merge(cluster(&[7, 8, 9]), THREE);
        assert!(other.is_found() && other.moments.is_empty());
    }

    #[test]
    fn the_ends_of_time_are_moments_too() {
        assert!(!cluster(&[i64::MAX, i64::MIN, 0, 0]).is_found());
        assert!(cluster(&[i64::MAX, i64::MAX, i64::MAX - HOUR]).is_found());
    }

    #[test]
    fn what_is_remembered_is_bounded_by_the_spans() {
        let mut cluster = Cluster::default();
        for at in 0..100_000 {
            cluster.add(at % 2 * HOUR * 2, THREE);
        }
        assert!(cluster.is_found());
        assert_eq!(cluster.moments.len(), 0);
    }
}
