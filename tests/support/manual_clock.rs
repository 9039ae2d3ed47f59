//! A clock that is moved by hand, or by whoever sleeps by it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use infusionsoft::Clock;

/// The first moment of 2026, in UTC: where the time of day begins.
const BEGINNING: Duration = Duration::from_secs(1_767_225_600);

/// A clock that is moved by hand, or by whoever sleeps by it. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    hands: Arc<Mutex<Hands>>,
}

#[derive(Debug, Default)]
struct Hands {
    elapsed: Duration,
    sleeps: Vec<Duration>,
}

impl ManualClock {
    /// Moves the hands.
    pub fn advance(&self, duration: Duration) {
        self.hands().elapsed += duration;
    }

    /// How long was slept, in order.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.hands().sleeps.clone()
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        self.hands().elapsed
    }

    fn utc(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + BEGINNING + self.now()
    }

    fn sleep(&self, duration: Duration) {
        let mut hands = self.hands();
        hands.elapsed += duration;
        hands.sleeps.push(duration);
    }
}
