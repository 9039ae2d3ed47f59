//! The road of every call: access, turn, sending, answer, and whether to try again.
//!
//! Nothing here knows the type of an answer: a function behind a pointer reads it.

use std::sync::Arc;
use std::time::Duration;

use crate::answer::{self, Wanted};
use crate::auth::{Access, Credentials};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::method::{Effect, Params};
use crate::observe::{Attempt, Observer};
use crate::pace::{Late, Pacer, Turn};
use crate::retry::{Budget, Retry};
use crate::secret::Secret;
use crate::transport::{Body, HttpRequest, Transport};
use crate::wire::encode;

/// What all clones of a client share. No lock of it is held while a request travels.
pub(crate) struct Pipeline {
    pub(crate) endpoint: String,
    pub(crate) credentials: Credentials,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pacer: Pacer,
    pub(crate) retry: Retry,
    pub(crate) budget: Budget,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) call_timeout: Option<Duration>,
    pub(crate) reading: answer::Options,
}

/// A call, and what has become of it so far.
struct Call<'a> {
    method: &'a str,
    body: Body,
    /// The arguments that must not show.
    secrets: Vec<Secret>,
    /// Whether it can be executed twice.
    harmless: bool,
    /// The time of the clock at which it is given up.
    deadline: Option<Duration>,
    attempts: u32,
    retries: u32,
    /// What the latest attempt travelled with.
    access: Option<Access>,
    /// What the server has refused, so that attempts travel with something else.
    refused: Option<Access>,
    /// Whether any attempt may have been executed.
    maybe_executed: bool,
    /// Why the attempt before failed.
    failure: Option<Error>,
}

/// Why an attempt has no result.
enum Ended {
    Failed(Error),
    /// There is no time left for it, so it was not begun.
    TooLate(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Ended {
        Ended::Failed(error)
    }
}

impl Pipeline {
    /// Makes a call, unless its arguments are refused. What was read last is the answer.
    pub(crate) fn run(
        &self,
        params: Params,
        checked: Result<(), Error>,
        effect: Effect,
        wanted: &mut Wanted<'_>,
    ) -> Result<(), Error> {
        checked?;
        let secrets = params.secrets();
        let (method, arguments) = params.into_parts();
        let body = encode::call(&method, arguments);
        let mut call = Call::new(&method, body, secrets, effect != Effect::Once);
        call.deadline = self.call_timeout.map(|timeout| self.clock.now().saturating_add(timeout));
        let mut backoff = Duration::ZERO;
        loop {
            if !backoff.is_zero() {
                self.clock.sleep(backoff);
            }
            let mut attempt = Attempt::new(&method, call.attempts + 1, call.body.len(), backoff);
            let next = match self.attempt(&mut call, &mut attempt, wanted) {
                Ok(()) => Ok(None),
                Err(Ended::TooLate(error)) => return Err(self.not_begun(call, error)),
                Err(Ended::Failed(error)) => {
                    call.attempts += 1;
                    attempt.error = Some(error.kind());
                    self.after(&mut call, error).map(Some)
                }
            };
            attempt.again = matches!(next, Ok(Some(_)));
            self.report(&attempt);
            let Some(wait) = next? else { break };
            log::warn!("{method}: attempt {} failed, another follows in {} ms", attempt.number, wait.as_millis());
            backoff = wait;
        }
        self.budget.give_back();
        Ok(())
    }

    /// The error of a call whose next attempt is not begun: why that would have been made, which then costs nothing.
    fn not_begun(&self, mut call: Call<'_>, error: Error) -> Error {
        match call.failure.take() {
            Some(failure) => {
                self.budget.put_back();
                failure
            }
            None => call.blame(error),
        }
    }

    /// Waits for what an attempt needs, and makes it.
    fn attempt(&self, call: &mut Call<'_>, attempt: &mut Attempt<'_>, wanted: &mut Wanted<'_>) -> Result<(), Ended> {
        let access = match &call.refused {
            Some(refused) => self.credentials.renew(refused)?,
            None => self.credentials.access()?,
        };
        let turn = self.pacer.turn(call.deadline).map_err(|late| Ended::TooLate(no_turn(&late)))?;
        attempt.paced = turn.waited;
        let start = self.clock.now();
        let left = call.deadline.map(|deadline| deadline.saturating_sub(start));
        if left == Some(Duration::ZERO) {
            return Err(Ended::TooLate(no_time()));
        }
        call.body.on_written(turn.written());
        let result = self.exchange(call, &access, turn, left, attempt, wanted);
        attempt.duration = self.clock.now().saturating_sub(start);
        call.access = Some(access);
        Ok(result?)
    }

    /// Sends the request and reads its answer.
    fn exchange(
        &self,
        call: &Call<'_>,
        access: &Access,
        turn: Turn,
        timeout: Option<Duration>,
        attempt: &mut Attempt<'_>,
        wanted: &mut Wanted<'_>,
    ) -> Result<(), Error> {
        let url = access.url(&self.endpoint);
        let mut headers = Vec::with_capacity(2);
        headers.push(("content-type", "text/xml; charset=utf-8".to_owned()));
        if let Some(header) = access.header() {
            headers.push(header);
        }
        let request = HttpRequest { url: &url, headers: &headers, body: &call.body, timeout };
        let sent = self.transport.send(&request);
        drop(turn);
        let response = sent.map_err(|error| answer::missing(error, call.harmless))?;
        attempt.status = Some(response.status);
        self.pacer.correct(&response);
        let reader = answer::Reader {
            access,
            secrets: &call.secrets,
            harmless: call.harmless,
            options: self.reading,
            now: self.clock.utc(),
        };
        let result = reader.read(response, call.method, &mut attempt.answer_bytes, wanted);
        if let Err(error) = &result
            && error.kind() == ErrorKind::Throttled
        {
            self.pacer.throttled(error.retry_after());
        }
        result
    }

    /// How long to wait before the next attempt, or the error to end with.
    fn after(&self, call: &mut Call<'_>, error: Error) -> Result<Duration, Error> {
        call.maybe_executed |= error.maybe_executed();
        let error = call.blame(error);
        if error.kind() == ErrorKind::Unauthorized
            && call.refused.is_none()
            && let Some(access) = call.access.take_if(|access| self.credentials.can_renew(access))
        {
            call.refused = Some(access);
            // It would not be the truth of a call that ends before the next attempt: the credentials may be good by then.
            call.failure = None;
            return Ok(Duration::ZERO);
        }
        if !error.is_retryable() || !self.retry.allows(call.retries, error.retry_after()) {
            return Err(error);
        }
        let asked = error.retry_after().unwrap_or_default();
        let wait = asked.saturating_add(self.retry.wait(call.retries));
        let end = self.clock.now().saturating_add(wait);
        if call.deadline.is_some_and(|deadline| end >= deadline) || !self.budget.take() {
            return Err(error);
        }
        call.retries += 1;
        call.failure = Some(error);
        Ok(wait)
    }

    fn report(&self, attempt: &Attempt<'_>) {
        let Attempt { method, number, paced, .. } = attempt;
        log::debug!(
            "{method}: attempt {number} {}, {}, {} ms",
            match attempt.error {
                Some(kind) => format!("failed ({kind:?})"),
                None => "succeeded".to_owned(),
            },
            match attempt.status {
                Some(status) => format!("status {status}"),
                None => "no answer".to_owned(),
            },
            attempt.duration.as_millis()
        );
        if !paced.is_zero() {
            log::trace!("{method}: attempt {number} had waited {} ms for its turn", paced.as_millis());
        }
        if let Some(observer) = &self.observer {
            observer.attempted(attempt);
        }
    }
}

impl<'a> Call<'a> {
    fn new(method: &'a str, body: Body, secrets: Vec<Secret>, harmless: bool) -> Call<'a> {
        Call {
            method,
            body,
            secrets,
            harmless,
            deadline: None,
            attempts: 0,
            retries: 0,
            access: None,
            refused: None,
            maybe_executed: false,
            failure: None,
        }
    }

    /// Says in an error which call it ends: what one attempt may have done, a later one can't undo.
    fn blame(&self, error: Error) -> Error {
        let maybe_executed = self.maybe_executed || error.maybe_executed();
        error.of(self.method).executed(maybe_executed).after_attempts(self.attempts)
    }
}

fn no_turn(late: &Late) -> Error {
    let message = "the limits leave no turn in the time that the call may wait".to_owned();
    Error::new(ErrorKind::Throttled, message).after(Some(late.wait)).retryable(true)
}

fn no_time() -> Error {
    Error::new(ErrorKind::Timeout, "the call's timeout ended before it could be sent".to_owned()).retryable(true)
}
