//! Pacing: no window of time ever holds more calls than its limit.

mod ledger;
mod limits;
mod quota;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use self::ledger::Ledger;
pub use self::limits::Limits;
use self::quota::Quota;
use crate::clock::Clock;
use crate::datetime;
use crate::transport::HttpResponse;

/// How long all calls wait after status 429, if it doesn't say so itself: first, and at most.
const THROTTLED: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// The longest wait that a server can ask for.
const LONGEST_THROTTLE: Duration = Duration::from_secs(24 * 60 * 60);

/// Lets calls through, one after the other, as the limits allow. Shared by all clones of a client.
pub(crate) struct Pacer {
    shared: Arc<Shared>,
}

/// A turn would come too late.
#[derive(Debug)]
pub(crate) struct Late {
    /// How long the wait would have been, at least.
    pub(crate) wait: Duration,
}

/// The right to send one request. Dropped when its answer's head is there, or will not come.
pub(crate) struct Turn {
    /// How long it was waited for.
    pub(crate) waited: Duration,
    flight: u64,
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    longest_wait: Duration,
    state: Mutex<State>,
}

struct State {
    ledger: Ledger,
    throttle: Throttle,
    /// Who waits, by ticket, in the order of asking.
    queue: Vec<(u64, Arc<Condvar>)>,
    tickets: u64,
}

/// What the server's refusals have brought on.
#[derive(Default)]
struct Throttle {
    /// Nobody begins before.
    until: Duration,
    /// The latest wait of our own choice.
    wait: Duration,
}

/// A place in the queue, left at last when it is dropped.
struct Place<'a> {
    shared: &'a Shared,
    ticket: u64,
    wake: Arc<Condvar>,
}

impl Pacer {
    pub(crate) fn new(limits: Limits, clock: Arc<dyn Clock>) -> Pacer {
        let (ledger, longest_wait) = (Ledger::new(&limits), limits.longest_wait);
        let state = State { ledger, throttle: Throttle::default(), queue: Vec::new(), tickets: 0 };
        Pacer { shared: Arc::new(Shared { clock, longest_wait, state: Mutex::new(state) }) }
    }

    /// Waits for a turn, in the order of asking. Fails as soon as it is known that it can't come before `until` (a time of
    /// [`Clock::now`]), or takes longer than [`Limits::longest_wait`].
    pub(crate) fn turn(&self, until: Option<Duration>) -> Result<Turn, Late> {
        let mut state = self.shared.lock();
        let asked = self.shared.clock.now();
        if state.queue.is_empty() && state.next(0, asked, self.shared.clock.utc()) <= asked {
            let flight = state.ledger.begin();
            return Ok(Turn { waited: Duration::ZERO, flight, shared: Arc::clone(&self.shared) });
        }
        let place = Place::last(&self.shared, &mut state);
        drop(state);
        let latest = asked.saturating_add(self.shared.longest_wait);
        let flight = place.wait(until.unwrap_or(latest).min(latest))?;
        let waited = self.shared.clock.now().saturating_sub(asked);
        Ok(Turn { waited, flight, shared: Arc::clone(&self.shared) })
    }

    /// The server throttled a call: nobody begins one before the time that it asks for is over.
    ///
    /// If it asks for none, that is a second at first; twice as long each time when the wait before was followed by no longer
    /// a time without a refusal; never more than a minute.
    pub(crate) fn throttled(&self, retry_after: Option<Duration>) {
        let mut state = self.shared.lock();
        state.throttle.refused(self.shared.clock.now(), retry_after);
        state.wake_all();
    }

    /// Takes what an answer's quota headers say: limits, and how much of them is left beside what others use.
    pub(crate) fn correct(&self, answer: &HttpResponse) {
        let quotas = quota::read(answer);
        if quotas.is_empty() {
            return;
        }
        let mut state = self.shared.lock();
        let (now, utc) = (self.shared.clock.now(), self.shared.clock.utc());
        state.ledger.update(now, utc);
        // The ends of windows are told by the server's clock, so they are compared to that, if it tells the time.
        let server = answer.header("date").and_then(datetime::from_http).unwrap_or(utc);
        for quota in &quotas {
            if quota.available.is_some() {
                state.ledger.forget(quota);
            }
        }
        for quota in &quotas {
            state.ledger.correct(quota, now);
            if let Some(wait) = exhausted(quota, server) {
                state.throttle.until = state.throttle.until.max(now.saturating_add(wait));
                state.wake_all();
            }
        }
        state.wake_first();
    }
}

/// How long a window still lasts that is used up, if the answer tells. No longer than the window is, whatever the clocks say,
/// nor than any wait that a server can ask for.
fn exhausted(quota: &Quota, server: SystemTime) -> Option<Duration> {
    let (0, expiry) = (quota.available?, quota.expiry?) else { return None };
    let server = server.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Some(expiry.saturating_sub(server).min(quota.span).min(LONGEST_THROTTLE))
}

impl Turn {
    /// What to call when the last byte of the request has been handed to the network. It doesn't prolong the turn.
    pub(crate) fn written(&self) -> impl Fn() + Send + Sync + use<> {
        let (flight, shared) = (self.flight, Arc::clone(&self.shared));
        move || shared.record(flight, Ledger::written)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.record(self.flight, Ledger::arrived);
    }
}

impl Shared {
    /// The state is whole at any moment at which a thread can panic, namely where it asks the clock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, flight: u64, change: fn(&mut Ledger, u64, Duration)) {
        let mut state = self.lock();
        change(&mut state.ledger, flight, self.clock.now());
        state.wake_first();
    }
}

impl State {
    /// The earliest moment at which a call could begin, if so many others begin before it.
    fn next(&mut self, ahead: usize, now: Duration, utc: SystemTime) -> Duration {
        self.ledger.update(now, utc);
        self.ledger.next(ahead, now, self.throttle.until)
    }

    fn position(&self, ticket: u64) -> Result<usize, usize> {
        self.queue.binary_search_by_key(&ticket, |(other, _)| *other)
    }

    fn leave(&mut self, ticket: u64) {
        if let Ok(index) = self.position(ticket) {
            self.queue.remove(index);
            self.wake_first();
        }
    }

    fn wake_first(&self) {
        if let Some((_, first)) = self.queue.first() {
            first.notify_one();
        }
    }

    /// Lets everybody see anew whether the turn comes in time.
    fn wake_all(&self) {
        for (_, waiter) in &self.queue {
            waiter.notify_one();
        }
    }
}

impl Throttle {
    fn refused(&mut self, now: Duration, retry_after: Option<Duration>) {
        let wait = match retry_after {
            Some(wait) if !wait.is_zero() => wait.min(LONGEST_THROTTLE),
            // The answer to a call that was on its way when the wait began.
            _ if now < self.until => return,
            _ => {
                let (shortest, longest) = THROTTLED;
                let again = now.saturating_sub(self.until) < self.wait;
                self.wait = if again { (self.wait * 2).min(longest) } else { shortest };
                self.wait
            }
        };
        self.until = self.until.max(now.saturating_add(wait));
    }
}

impl Place<'_> {
    fn last<'a>(shared: &'a Shared, state: &mut State) -> Place<'a> {
        state.tickets += 1;
        let place = Place { shared, ticket: state.tickets, wake: Arc::default() };
        state.queue.push((place.ticket, Arc::clone(&place.wake)));
        place
    }

    /// Waits until the call begins; its number.
    fn wait(&self, until: Duration) -> Result<u64, Late> {
        let clock = &self.shared.clock;
        let mut state = self.shared.lock();
        loop {
            let now = clock.now();
            let ahead = state.position(self.ticket).unwrap_or_default();
            let at = state.next(ahead, now, clock.utc());
            if at > until {
                return Err(Late { wait: at.saturating_sub(now) });
            }
            if ahead > 0 || state.ledger.is_open() {
                // Who ends this wait does so by the condition; the time is for the case that nobody does.
                let timeout = until.saturating_sub(now).max(Duration::from_millis(1));
                state = self.wake.wait_timeout(state, timeout).unwrap_or_else(PoisonError::into_inner).0;
            } else if at <= now {
                let flight = state.ledger.begin();
                state.leave(self.ticket);
                return Ok(flight);
            } else {
                // Only the first sleeps, and not with the lock, so that others can come and go.
                drop(state);
                clock.sleep(at.saturating_sub(now));
                state = self.shared.lock();
            }
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.lock().leave(self.ticket);
    }
}
