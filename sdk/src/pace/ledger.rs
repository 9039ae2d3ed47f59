//! Which calls count, and when the next one may begin.
//!
//! A server sees a request at some moment between when its sending began and when it surely has arrived. So a call counts
//! in a window of length `W` from when it begins until `W` after it surely has arrived; the next one begins only while fewer
//! than the limit count. Then no window of the server, from `s` until before `s + W`, holds more than the limit: let `x` be
//! the moments at which the server saw the calls in it, and let `j` be the one of them that began last, at `b`. For each
//! other `i`: it had begun when `j` did, and `b ≤ x(j) < s + W ≤ x(i) + W ≤ arrived(i) + W`, so it counted when `j` began. The
//! calls that counted were fewer than the limit, and with `j` they are no more than the limit.
//!
//! In the same way a call counts in each day of UTC that its way touches.

use std::time::{Duration, SystemTime};

use super::limits::{Limit, Limits};
use super::quota::{Quota, Scope};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long after its last byte was handed to the network a request surely has arrived.
///
/// The network promises nothing: this is enough to go round the world, and too little where a packet is lost again and again.
/// Without it a call that the server thinks about for a minute would keep its place in all windows for that minute.
const TRANSIT: Duration = Duration::from_millis(250);

/// All calls that count.
pub(super) struct Ledger {
    windows: Vec<Window>,
    day: Option<Day>,
    /// The calls under way, by number, with when they surely have arrived, if that is known. In the order of the numbers.
    flights: Vec<(u64, Option<Duration>)>,
    /// How many of them are not yet written.
    unwritten: usize,
    /// When those of them that are written surely have arrived, in order, as long as that is to come.
    written: Vec<Duration>,
    /// When calls had surely arrived, in order, at least as long as a window can hold them. They are dropped many at a time,
    /// so a day that is put right may count some that are older.
    arrived: Vec<Duration>,
    begun: u64,
}

struct Window {
    span: Duration,
    cap: Cap,
}

struct Day {
    cap: Cap,
    /// Which day it is, since 1970.
    number: u64,
    calls: u64,
    /// When it ends, by the clock that never goes back.
    end: Duration,
}

/// How many calls may count at a time.
struct Cap {
    limit: Limit,
    /// What the server announced.
    product: Option<u32>,
    tenant: Option<u32>,
    /// How many of our calls the window could hold beside those of others, by the latest answer; and until when that counts.
    ceiling: Option<(u64, Duration)>,
}

impl Ledger {
    pub(super) fn new(limits: &Limits) -> Ledger {
        let mut windows = Vec::new();
        for (span, limit) in &limits.windows {
            windows.push(Window { span: *span, cap: Cap::new(*limit) });
        }
        Ledger {
            windows,
            day: limits.day.map(|limit| Day { cap: Cap::new(limit), number: 0, calls: 0, end: Duration::MAX }),
            flights: Vec::new(),
            unwritten: 0,
            written: Vec::new(),
            arrived: Vec::new(),
            begun: 0,
        }
    }

    /// Goes with the time. To be called before [`Ledger::next`] and [`Ledger::correct`].
    pub(super) fn update(&mut self, now: Duration, utc: SystemTime) {
        self.settle(now);
        let flying = self.flying();
        if let Some(day) = &mut self.day {
            day.update(now, utc, flying, &self.arrived);
        }
        let mut longest = Duration::ZERO;
        for window in &self.windows {
            longest = longest.max(window.span);
        }
        let past = past(&self.arrived, longest, now);
        // What stays moves to the front, so that is done only once for as many that go.
        if past > self.arrived.len() / 2 {
            self.arrived.drain(..past);
        }
    }

    /// The earliest moment at which a call could begin, if so many others begin before it, and none before `first`. It may
    /// become a later one, but no earlier one, unless the server raises a limit.
    pub(super) fn next(&self, ahead: usize, now: Duration, first: Duration) -> Duration {
        let mut begun: Vec<Duration> = Vec::with_capacity(ahead);
        loop {
            let mut at = begun.last().copied().unwrap_or(now.max(first));
            for window in &self.windows {
                at = at.max(window.free(|nth| self.latest(nth, &begun, now)));
            }
            if let Some(day) = &self.day
                && day.calls + begun.len() as u64 >= day.cap.most()
            {
                at = at.max(day.end);
            }
            if begun.len() == ahead {
                return at;
            }
            begun.push(at);
        }
    }

    /// Whether the next call waits for one that isn't written yet: nobody knows how long that takes.
    pub(super) fn is_open(&self) -> bool {
        self.windows.iter().any(|window| window.cap.limit() <= self.unwritten as u64)
    }

    /// A call begins; its number.
    pub(super) fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.flights.push((self.begun, None));
        self.unwritten += 1;
        if let Some(day) = &mut self.day {
            day.calls += 1;
        }
        self.begun
    }

    /// The last byte of a call has been handed to the network.
    pub(super) fn written(&mut self, flight: u64, now: Duration) {
        let Some(place) = self.place(flight) else { return };
        if let (_, due @ None) = &mut self.flights[place] {
            let at = now.saturating_add(TRANSIT);
            *due = Some(at);
            self.unwritten -= 1;
            self.written.push(at);
        }
    }

    /// A call has surely arrived, or never will.
    pub(super) fn arrived(&mut self, flight: u64, now: Duration) {
        self.settle(now);
        let Some(place) = self.place(flight) else { return };
        match self.flights.remove(place) {
            (_, None) => {
                self.unwritten -= 1;
                self.arrived.push(now);
            }
            (_, Some(due)) => {
                // Otherwise it has settled already.
                if let Some(index) = self.written.iter().position(|at| *at == due) {
                    self.written.remove(index);
                    self.arrived.push(now);
                }
            }
        }
    }

    /// Where a call under way stands among the others.
    fn place(&self, flight: u64) -> Option<usize> {
        self.flights.binary_search_by_key(&flight, |(number, _)| *number).ok()
    }

    /// Takes what the server says of its own limits and count. Only windows that have a limit here are corrected.
    pub(super) fn correct(&mut self, quota: &Quota, now: Duration) {
        let flying = self.flying() as u64;
        for window in &mut self.windows {
            if window.span == quota.span {
                let counting = self.arrived.len() - past(&self.arrived, window.span, now);
                window.cap.correct(quota, counting as u64, now.saturating_add(window.span));
            }
        }
        if let Some(day) = &mut self.day
            && quota.span == DAY
        {
            day.cap.correct(quota, day.calls.saturating_sub(flying), day.end);
        }
    }

    /// Forgets what earlier answers said of the count: the latest one knows better.
    pub(super) fn forget(&mut self, quota: &Quota) {
        for window in &mut self.windows {
            if window.span == quota.span {
                window.cap.ceiling = None;
            }
        }
        if let Some(day) = &mut self.day
            && quota.span == DAY
        {
            day.cap.ceiling = None;
        }
    }

    /// How many calls have not surely arrived.
    fn flying(&self) -> usize {
        self.unwritten + self.written.len()
    }

    /// Takes the calls that have arrived meanwhile, since they were written long enough ago.
    fn settle(&mut self, now: Duration) {
        let due = past(&self.written, Duration::ZERO, now);
        self.arrived.extend_from_slice(&self.written[..due]);
        self.written.drain(..due);
    }

    /// When the nth latest call arrives at the earliest, of those that have begun and those that are yet to begin at given
    /// moments. None if there are fewer.
    fn latest(&self, nth: u64, to_begin: &[Duration], now: Duration) -> Option<Duration> {
        let nth = usize::try_from(nth).ok()?;
        if let Some(index) = to_begin.len().checked_sub(nth) {
            return to_begin.get(index).copied();
        }
        let nth = nth - to_begin.len();
        if nth <= self.flying() {
            return Some(now);
        }
        self.arrived.get(self.arrived.len().checked_sub(nth - self.flying())?).copied()
    }
}

impl Window {
    /// When the window has room for one more, given when the nth latest call arrives.
    fn free(&self, latest: impl Fn(u64) -> Option<Duration>) -> Duration {
        let room = |most: u64| match most {
            0 => Duration::MAX,
            most => match latest(most) {
                Some(at) => at.saturating_add(self.span),
                None => Duration::ZERO,
            },
        };
        let limit = self.cap.limit();
        match self.cap.ceiling {
            Some((most, until)) if most < limit => room(most).min(room(limit).max(until)),
            _ => room(limit),
        }
    }
}

impl Day {
    fn update(&mut self, now: Duration, utc: SystemTime, flying: usize, arrived: &[Duration]) {
        let utc = utc.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let number = utc.as_secs() / DAY.as_secs();
        // A clock that is put back a little doesn't bring yesterday's calls back; one that was wrong by days is put right.
        if number > self.number || number + 1 < self.number {
            let begin = now.saturating_sub(utc.saturating_sub(day(number)));
            let late = arrived.len() - arrived.partition_point(|at| *at < begin);
            (self.number, self.calls, self.cap.ceiling) = (number, (flying + late) as u64, None);
        }
        self.end = now.saturating_add(day(self.number + 1).saturating_sub(utc));
    }
}

/// How many of these moments lie outside a window that ends now. They are in order.
fn past(moments: &[Duration], span: Duration, now: Duration) -> usize {
    moments.partition_point(|at| at.saturating_add(span) <= now)
}

/// When a day begins, since 1970.
fn day(number: u64) -> Duration {
    Duration::from_secs(number.saturating_mul(DAY.as_secs()))
}

impl Cap {
    fn new(limit: Limit) -> Cap {
        Cap { limit, product: None, tenant: None, ceiling: None }
    }

    /// The limit in force: the one announced for the application instead of the one we know, but never more than the user's
    /// own number, nor than the account may have.
    fn limit(&self) -> u64 {
        let known = match self.product {
            Some(announced) if self.limit.own => announced.min(self.limit.calls),
            announced => announced.unwrap_or(self.limit.calls),
        };
        u64::from(known.min(self.tenant.unwrap_or(known)))
    }

    /// The limit, or what others leave of it.
    fn most(&self) -> u64 {
        match self.ceiling {
            Some((most, _)) => most.min(self.limit()),
            None => self.limit(),
        }
    }

    /// Takes a quota, beside which so many of our calls have surely arrived. Those under way aren't among them: nobody knows
    /// whether the server has counted them.
    fn correct(&mut self, quota: &Quota, counting: u64, until: Duration) {
        let announced = match quota.scope {
            Scope::Product => &mut self.product,
            Scope::Tenant => &mut self.tenant,
        };
        *announced = quota.limit.or(*announced);
        if let Some(available) = quota.available {
            let mut most = counting.saturating_add(available);
            if let Some((other, _)) = self.ceiling {
                most = most.min(other);
            }
            self.ceiling = Some((most, until));
        }
    }
}
