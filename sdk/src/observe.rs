//! What can be watched of a client's calls.

use std::sync::Arc;
use std::time::Duration;

use crate::error::ErrorKind;

/// Watches a client's calls, for metrics: [`ClientBuilder::observer`](crate::ClientBuilder::observer) takes one.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use infusionsoft::{Attempt, Client, Credentials, Observer};
///
/// #[derive(Default)]
/// struct Counters {
///     attempts: AtomicU64,
///     failures: AtomicU64,
///     milliseconds: AtomicU64,
/// }
///
/// impl Observer for Counters {
///     fn attempted(&self, attempt: &Attempt<'_>) {
///         self.attempts.fetch_add(1, Ordering::Relaxed);
///         self.failures.fetch_add(attempt.error.is_some().into(), Ordering::Relaxed);
///         self.milliseconds.fetch_add(attempt.duration.as_millis() as u64, Ordering::Relaxed);
///     }
/// }
///
/// let counters = Arc::new(Counters::default());
/// let credentials = Credentials::access_token("token");
/// let observer = Arc::clone(&counters);
/// let client = Client::builder().credentials(credentials).observer(observer).build()?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
pub trait Observer: Send + Sync {
    /// Is told of every attempt of every call, after it, on the thread that makes the call.
    ///
    /// An attempt without a token counts, though nothing is sent; a call whose time ends while it waits for its turn makes none.
    /// Who panics in here takes the result of the call along.
    fn attempted(&self, attempt: &Attempt<'_>);
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    fn attempted(&self, attempt: &Attempt<'_>) {
        (**self).attempted(attempt);
    }
}

impl<T: Observer + ?Sized> Observer for Box<T> {
    fn attempted(&self, attempt: &Attempt<'_>) {
        (**self).attempted(attempt);
    }
}

/// One attempt of a call. It holds no URL, no argument, no answer and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The method, such as `ContactService.load`.
    pub method: &'a str,
    /// Which attempt of its call this was, from 1.
    pub number: u32,
    /// The status of the HTTP answer, if one came.
    pub status: Option<u16>,
    /// What kind of failure it was; none if the call succeeded.
    pub error: Option<ErrorKind>,
    /// How long it took from sending the request to having read the answer; the waits before are not in it.
    pub duration: Duration,
    /// The length of the request's body in bytes.
    pub request_bytes: u64,
    /// How much of the answer's body was read, in bytes after decompression.
    pub answer_bytes: u64,
    /// How long it waited for its turn, as the [limits](crate::Limits) demand.
    pub paced: Duration,
    /// How long it waited after the attempt before it.
    pub backoff: Duration,
    /// Whether another attempt follows, if its turn comes in time.
    pub again: bool,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(method: &'a str, number: u32, request_bytes: u64, backoff: Duration) -> Attempt<'a> {
        Attempt {
            method,
            number,
            status: None,
            error: None,
            duration: Duration::ZERO,
            request_bytes,
            answer_bytes: 0,
            paced: Duration::ZERO,
            backoff,
            again: false,
        }
    }
}
