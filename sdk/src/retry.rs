//! When a call is tried again, and how long is waited before.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use crate::datetime;
use crate::transport::HttpResponse;

/// What a retry takes from the budget, of which each call that succeeds gives back one.
const COST: u32 = 5;

/// The longest wait that is understood, in which a server asks for "never": adding more to a time could overflow.
const LONGEST_ASKED: Duration = Duration::from_secs(u32::MAX as u64);

/// When a call is tried again, and how long is waited before.
///
/// Only calls that can't do harm are repeated: those whose method changes nothing or changes the same again, and any call
/// that the server surely did not execute. They are repeated if the failure may pass: no connection, no answer in time,
/// an answer that is blank or broke off, HTTP 429, 502, 503 and 504, the fault of a throttled server, the fault of a query
/// that took the server too long. A call that was refused with HTTP 401 is repeated once if the credentials can be renewed,
/// which none of these numbers count.
///
/// The wait before each retry is random, from nothing to a ceiling that doubles from one to the next. What the server asks
/// for by `Retry-After` comes on top, and is never cut short: a call that can't wait so long, or whose [timeout] would end
/// within the wait, fails at once.
///
/// Retries make a bad afternoon of the server worse, so all clones of a client share a budget: it begins full, a retry
/// takes one of its units, and five calls that succeed give one back. Once it is empty, calls fail with their first error.
///
/// ```
/// use std::time::Duration;
/// use infusionsoft::{Client, Credentials, Retry};
///
/// let (first, most) = (Duration::from_millis(250), Duration::from_secs(10));
/// let retry = Retry::new().attempts(6).backoff(first, most);
/// let credentials = Credentials::access_token("token");
/// let client = Client::builder().credentials(credentials).retry(retry).build()?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
///
/// [timeout]: crate::ClientBuilder::call_timeout
#[derive(Clone)]
#[must_use]
pub struct Retry {
    attempts: u32,
    backoff: (Duration, Duration),
    longest_wait: Duration,
    budget: u32,
    randomness: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Retry {
    /// At most 4 attempts, waits of at most 0.5, 1 and 2 seconds between them, and a budget of 100 retries.
    pub fn new() -> Retry {
        Retry {
            attempts: 4,
            backoff: (Duration::from_millis(500), Duration::from_secs(20)),
            longest_wait: Duration::from_secs(300),
            budget: 100,
            // Hashers are seeded at random, and each one differently.
            randomness: Arc::new(|| RandomState::new().hash_one(())),
        }
    }

    /// One attempt, and no retry.
    pub fn none() -> Retry {
        Retry::new().attempts(1)
    }

    /// How often a call is tried at most, the first time included; 4 unless set, and 1 at least.
    pub fn attempts(mut self, attempts: u32) -> Retry {
        self.attempts = attempts.max(1);
        self
    }

    /// The ceiling of the first wait, 0.5 seconds unless set, and of all of them, 20 seconds unless set.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Retry {
        self.backoff = (first, longest);
        self
    }

    /// The longest wait that the server may ask for by `Retry-After`; 5 minutes unless set. If it asks for more, the call
    /// fails at once, and [`Error::retry_after`](crate::Error::retry_after) says how long it would have been.
    pub fn longest_wait(mut self, wait: Duration) -> Retry {
        self.longest_wait = wait;
        self
    }

    /// How many retries all clones of a client can make before calls have succeeded in between; 100 unless set.
    pub fn budget(mut self, retries: u32) -> Retry {
        self.budget = retries;
        self
    }

    /// Draws the waits from a source of one's own, for tests: 0 stands for no wait, `u64::MAX` for the longest.
    pub fn randomness(mut self, source: impl Fn() -> u64 + Send + Sync + 'static) -> Retry {
        self.randomness = Arc::new(source);
        self
    }

    /// Whether another retry may follow so many, after the wait that the server asks for.
    pub(crate) fn allows(&self, retries: u32, asked: Option<Duration>) -> bool {
        retries + 1 < self.attempts && asked.is_none_or(|wait| wait <= self.longest_wait)
    }

    /// How long to wait after so many retries.
    pub(crate) fn wait(&self, retries: u32) -> Duration {
        let (first, longest) = self.backoff;
        let factor = 1_u32.checked_shl(retries).unwrap_or(u32::MAX);
        let ceiling = first.saturating_mul(factor).min(longest);
        let ceiling = u64::try_from(ceiling.as_nanos()).unwrap_or(u64::MAX);
        let share = u128::from(ceiling) * u128::from((self.randomness)()) / u128::from(u64::MAX);
        // A share of a number is no greater than it.
        Duration::from_nanos(share as u64)
    }
}

impl Default for Retry {
    fn default() -> Retry {
        Retry::new()
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("longest_wait", &self.longest_wait)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// What is left of the budget that all clones of a client share.
pub(crate) struct Budget {
    left: AtomicU32,
    full: u32,
}

impl Budget {
    pub(crate) fn new(retry: &Retry) -> Budget {
        let full = retry.budget.saturating_mul(COST);
        Budget { left: AtomicU32::new(full), full }
    }

    /// Takes a retry from it, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(COST))
    }

    /// Puts a retry back that wasn't made.
    pub(crate) fn put_back(&self) {
        self.change(|left| Some(left.saturating_add(COST).min(self.full)));
    }

    /// Gives back a little, for a call that succeeded.
    pub(crate) fn give_back(&self) {
        self.change(|left| (left < self.full).then_some(left + 1));
    }

    /// Nothing else hangs on the number, so no order beyond its own is needed.
    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

/// Reads the header `Retry-After`: seconds, or a date; none if it is neither.
pub(crate) fn retry_after(answer: &HttpResponse, now: SystemTime) -> Option<Duration> {
    let header = answer.header("retry-after")?.trim();
    if !header.is_empty() && header.as_bytes().iter().all(u8::is_ascii_digit) {
        // What there is no number for is longer still.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)).min(LONGEST_ASKED));
    }
    let date = datetime::from_http(header)?;
    // The date is by the server's clock, so it is compared to that, if it tells the time. One that has passed asks for no wait.
    let now = answer.header("date").and_then(datetime::from_http).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}
