//! Time, so that tests need none of it to pass.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// What the client reads the time from, and waits by.
///
/// The client brings the machine's own; a test can bring one whose [`sleep`](Clock::sleep) only moves its hands, by
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock). Timeouts of connections are always real time.
pub trait Clock: Send + Sync {
    /// How long ago some moment was, which is always the same one. It never goes back.
    fn now(&self) -> Duration;

    /// The time of day: tokens expire and daily quotas begin by it.
    fn utc(&self) -> SystemTime;

    /// Waits.
    fn sleep(&self, duration: Duration);
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Duration {
        (**self).now()
    }

    fn utc(&self) -> SystemTime {
        (**self).utc()
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }
}

impl<T: Clock + ?Sized> Clock for Box<T> {
    fn now(&self) -> Duration {
        (**self).now()
    }

    fn utc(&self) -> SystemTime {
        (**self).utc()
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }
}

/// The machine's own clock.
pub(crate) struct SystemClock {
    start: Instant,
}

impl SystemClock {
    pub(crate) fn new() -> SystemClock {
        SystemClock { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn utc(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}
