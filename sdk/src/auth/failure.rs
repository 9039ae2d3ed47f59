//! A failure to get tokens: an error that threads can share.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::problem::TokenProblem;
use crate::error::Error;

/// Why there are no tokens. Unlike an [`Error`] it can be handed to all who waited for them.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) problem: TokenProblem,
    detail: Option<String>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    retryable: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Failure {
    pub(crate) fn new(problem: TokenProblem) -> Failure {
        let retryable = problem == TokenProblem::EndpointDown;
        Failure { problem, detail: None, status: None, retry_after: None, retryable, source: None }
    }

    /// Adds what else there is to say; nothing secret.
    pub(crate) fn because(self, detail: impl Into<String>) -> Failure {
        Failure { detail: Some(detail.into()), ..self }
    }

    pub(crate) fn with_status(self, status: u16) -> Failure {
        Failure { status: Some(status), ..self }
    }

    pub(crate) fn after(self, wait: Option<Duration>) -> Failure {
        Failure { retry_after: wait, ..self }
    }

    pub(crate) fn retryable(self) -> Failure {
        Failure { retryable: true, ..self }
    }

    pub(crate) fn caused_by(self, source: impl StdError + Send + Sync + 'static) -> Failure {
        Failure { source: Some(Arc::new(source)), ..self }
    }
}

impl From<TokenProblem> for Failure {
    fn from(problem: TokenProblem) -> Failure {
        Failure::new(problem)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)?;
        match (self.status, &self.detail) {
            (None, None) => Ok(()),
            (None, Some(detail)) => write!(f, " ({detail})"),
            (Some(status), None) => write!(f, " (status {status})"),
            (Some(status), Some(detail)) => write!(f, " (status {status}, {detail})"),
        }
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        let error = Error::token(failure.problem, failure.to_string(), failure.source.map(|source| source.into()));
        let error = error.after(failure.retry_after).retryable(failure.retryable);
        match failure.status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}
