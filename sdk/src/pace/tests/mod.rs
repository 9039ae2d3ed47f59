//! What the tests of pacing share: a clock, and a reading of the promise that doesn't know how it is kept.

mod order;
mod quotas;
mod refusals;
mod windows;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::{Late, Limits, Pacer, Turn};
use crate::clock::Clock;

/// A clock whose sleep takes no time.
struct ManualClock {
    start: SystemTime,
    now: Mutex<Duration>,
}

impl ManualClock {
    /// A clock that starts so long after midnight.
    fn after_midnight(time: Duration) -> Arc<ManualClock> {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 24 * 60 * 60) + time;
        Arc::new(ManualClock { start, now: Mutex::default() })
    }

    fn new() -> Arc<ManualClock> {
        ManualClock::after_midnight(Duration::from_secs(12 * 60 * 60))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn utc(&self) -> SystemTime {
        self.start + self.now()
    }

    fn sleep(&self, duration: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }
}

/// A pacer with a clock of its own.
fn paced(limits: Limits) -> (Arc<Pacer>, Arc<ManualClock>) {
    let clock = ManualClock::new();
    (Arc::new(Pacer::new(limits, clock.clone())), clock)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A turn right now, or how long it would have to be waited for.
fn at_once(pacer: &Pacer, clock: &ManualClock) -> Result<Turn, Duration> {
    pacer.turn(Some(clock.now())).map_err(|Late { wait }| wait)
}

/// Waits until so many threads are in the queue.
fn await_queue(pacer: &Pacer, length: usize) {
    let start = Instant::now();
    while pacer.shared.lock().queue.len() != length {
        assert!(start.elapsed() < ms(10_000), "the queue does not come to hold {length}");
        std::thread::yield_now();
    }
}

/// When a call began, and when it surely had arrived.
#[derive(Clone, Copy, Debug)]
struct Way {
    begun: Duration,
    arrived: Duration,
}

/// The most calls that a server may have seen within any window.
fn fullest(ways: &[Way], window: Duration) -> usize {
    let moments = ways.iter().flat_map(|way| [way.begun, way.arrived]);
    let within = |begin: Duration| {
        ways.iter().filter(|way| way.arrived >= begin && way.begun < begin.saturating_add(window)).count()
    };
    moments.map(within).max().unwrap_or_default()
}
