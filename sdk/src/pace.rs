//! Pacing: no window of time ever holds more calls than its limit.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::transport::HttpResponse;

/// How many calls may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {}

impl Limits {
    /// No limit at all.
    pub fn none() -> Limits {
        Limits {}
    }
}

/// Lets calls through, one after the other, as the limits allow. Shared by all clones of a client.
pub(crate) struct Pacer {}

/// A turn would come too late.
#[derive(Debug)]
pub(crate) struct Late {
    /// How long the wait would have been.
    pub(crate) wait: Duration,
}

/// The right to send one request. Dropped when its answer's head is there, or will not come.
pub(crate) struct Turn {
    /// How long it was waited for.
    pub(crate) waited: Duration,
}

impl Pacer {
    pub(crate) fn new(_limits: Limits, _clock: Arc<dyn Clock>) -> Pacer {
        Pacer {}
    }

    /// Waits for a turn, in the order of asking; fails at once if it can't come before `until` (a time of [`Clock::now`]).
    pub(crate) fn turn(&self, _until: Option<Duration>) -> Result<Turn, Late> {
        Ok(Turn { waited: Duration::ZERO })
    }

    /// The server throttled a call: nobody sends for a while.
    pub(crate) fn throttled(&self, _retry_after: Option<Duration>) {}

    /// Takes what an answer's quota headers say.
    pub(crate) fn correct(&self, _answer: &HttpResponse) {}
}

impl Turn {
    /// The last byte of the request has been handed to the network.
    pub(crate) fn written(&self) {}
}
