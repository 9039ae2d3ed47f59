//! How many calls may be made: what a user of the client chooses.

use std::time::Duration;

/// The default of [`Limits::longest_wait`].
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Says how many calls may be made in which time. A call that would be one too many waits for its turn.
///
/// Every window of the given length that a server could look at holds no more calls than its limit, at whatever moment it
/// begins; days are those of UTC. All threads and all clones of a client share one count, and take turns in the order of
/// their asking. Each attempt of a call that is tried again counts.
///
/// The count is that of one process. What other processes, or the vendor's other customers on the same account, use up is
/// known only by what answers tell: quota headers correct the limits and the count, and status 429 makes all calls wait. To
/// be sure, give each process its share:
///
/// ```
/// use infusionsoft::{Client, Credentials, Limits};
///
/// let half = Limits::none().per_second(12).per_minute(750).per_day(75_000);
/// let credentials = Credentials::access_token("0123456789");
/// let client = Client::builder().credentials(credentials).limits(half).build()?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(super) windows: Vec<(Duration, Limit)>,
    pub(super) day: Option<Limit>,
    pub(super) longest_wait: Duration,
}

/// How many calls one window may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) calls: u32,
    /// Whether the user chose it: the server can lower it, but not raise it.
    pub(super) own: bool,
}

impl Limits {
    /// Sets no limit: calls wait only for what answers tell, by status 429, the fault of a throttled server, or the header of
    /// a quota that is used up until some time.
    pub fn none() -> Limits {
        Limits { windows: Vec::new(), day: None, longest_wait: LONGEST_WAIT }
    }

    /// The vendor's limits of an application with OAuth: 25 calls a second, 1,500 a minute, 150,000 a day.
    pub fn application() -> Limits {
        Limits::vendors(25, 1_500, 150_000)
    }

    /// The vendor's limits of personal access tokens and service account keys: 10 calls a second, 240 a minute, 30,000 a day.
    pub fn personal() -> Limits {
        Limits::vendors(10, 240, 30_000)
    }

    /// Sets how many calls any second may hold; at least 1.
    pub fn per_second(self, calls: u32) -> Limits {
        self.within(Duration::from_secs(1), calls)
    }

    /// Sets how many calls any minute may hold; at least 1.
    pub fn per_minute(self, calls: u32) -> Limits {
        self.within(Duration::from_secs(60), calls)
    }

    /// Sets how many calls a day may hold, which begins at 00:00 UTC; at least 1.
    pub fn per_day(mut self, calls: u32) -> Limits {
        self.day = Some(Limit { calls: calls.max(1), own: true });
        self
    }

    /// Sets how many calls any window of some other length may hold; at least 1.
    pub fn within(mut self, window: Duration, calls: u32) -> Limits {
        self.windows.retain(|(other, _)| *other != window);
        self.windows.push((window, Limit { calls: calls.max(1), own: true }));
        self
    }

    /// Sets how long a call may wait for its turn; 5 minutes unless set.
    ///
    /// A call that can't come in time fails at once, with how long the wait would have been. So a thread isn't held until
    /// midnight when the calls of the day are used up.
    pub fn longest_wait(mut self, wait: Duration) -> Limits {
        self.longest_wait = wait;
        self
    }

    fn vendors(second: u32, minute: u32, day: u32) -> Limits {
        let limit = |calls| Limit { calls, own: false };
        let windows = vec![(Duration::from_secs(1), limit(second)), (Duration::from_secs(60), limit(minute))];
        Limits { windows, day: Some(limit(day)), longest_wait: LONGEST_WAIT }
    }
}
