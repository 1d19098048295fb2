//! The clock and the randomness of the real world, behind the ports of `domain`. Nothing else in the product reads either.

use domain::{
    Instant,
    ports::{Clock, Random},
};
use rand::{TryRng, rngs::SysRng};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock of the machine is read")]
    fn now(&self) -> Instant {
        // Cut to microseconds, the precision of every store: what is written is what is read back.
        Instant::from_timestamp_micros(chrono::Utc::now().timestamp_micros()).unwrap_or_default()
    }
}

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(clippy::panic, reason = "without randomness no secret can be made, and none may be guessed instead")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = SysRng.try_fill_bytes(bytes) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_tells_whole_microseconds() {
        let now = SystemClock.now();
        assert_eq!(now.timestamp_subsec_nanos() % 1_000, 0);
        assert!(now.timestamp() > 1_700_000_000);
    }

    #[test]
    fn random_numbers_differ() {
        assert_ne!(OsRandom.number(), OsRandom.number());
    }
}
