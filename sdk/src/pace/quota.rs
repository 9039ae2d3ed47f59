//! What the quota headers of an answer say. What can't be read in them says nothing.

use std::time::Duration;

use crate::transport::HttpResponse;

/// Whom a quota is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The application that calls.
    Product,
    /// The account that is called, by all of its applications together.
    Tenant,
}

/// A quota, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) scope: Scope,
    /// The length of its window.
    pub(super) span: Duration,
    /// How many calls the window may hold.
    pub(super) limit: Option<u32>,
    /// How many more calls the window may hold.
    pub(super) available: Option<u64>,
    /// When the window ends, since 1970 by the server's clock.
    pub(super) expiry: Option<Duration>,
}

/// Reads all quotas.
pub(super) fn read(answer: &HttpResponse) -> Vec<Quota> {
    let mut quotas = Vec::new();
    // Most answers may have none of these headers: a look at the names costs less than a search for each.
    if answer.headers.iter().any(|(name, _)| name.starts_with("x-keap-")) {
        read_one(answer, "x-keap-product-quota", Scope::Product, &mut quotas);
        read_one(answer, "x-keap-product-throttle", Scope::Product, &mut quotas);
        read_one(answer, "x-keap-tenant-throttle", Scope::Tenant, &mut quotas);
    }
    quotas
}

/// How many windows are read. The server announces two; each of them is looked for from the start of every list.
const MOST: usize = 16;

/// Reads one group of headers. Each of them can be a list with an element for each window, such as `minute|day`.
fn read_one(answer: &HttpResponse, prefix: &str, scope: Scope, quotas: &mut Vec<Quota>) {
    let list = |name: &str| answer.header(&format!("{prefix}-{name}")).unwrap_or_default();
    let (limits, intervals, expiries) = (list("limit"), list("interval"), list("expiry-time"));
    let (availables, useds) = (list("available"), list("used"));
    for (index, unit) in list("time-unit").split('|').take(MOST).enumerate() {
        // One window may be said to be an interval of one unit by saying nothing.
        let interval = if intervals.trim().is_empty() { Some(1) } else { number(intervals, index) };
        let Some(span) = interval.and_then(|interval| span(unit.trim(), interval)) else { continue };
        let limit = number(limits, index).and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0);
        let mut available = number(availables, index);
        if let (None, Some(limit), Some(used)) = (available, limit, number(useds, index)) {
            available = Some(i64::from(limit).saturating_sub(used));
        }
        // A server that counts on beyond its limit may well have less than nothing left.
        let available = available.map(|left| left.max(0).unsigned_abs());
        let expiry = number(expiries, index).and_then(|millis| u64::try_from(millis).ok()).map(Duration::from_millis);
        quotas.push(Quota { scope, span, limit, available, expiry });
    }
}

/// A number in a list.
fn number(list: &str, index: usize) -> Option<i64> {
    list.split('|').nth(index)?.trim().parse().ok()
}

/// The length of an interval of time units, unless it is none.
fn span(unit: &str, interval: i64) -> Option<Duration> {
    let seconds = match unit.to_ascii_lowercase().trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 60 * 60,
        "day" => 24 * 60 * 60,
        _ => return None,
    };
    let seconds = u64::try_from(interval).ok()?.checked_mul(seconds)?;
    (seconds > 0).then_some(Duration::from_secs(seconds))
}
