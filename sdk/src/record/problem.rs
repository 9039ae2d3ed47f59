//! Why a value can't be read or written as a type.

use std::fmt::{self, Display};

use serde::{de, ser};

use crate::value::Value;

/// What is wrong, and in which member.
#[derive(Debug)]
pub(super) struct Problem {
    path: String,
    what: String,
    /// Whether a type said it, which can show what it refuses.
    is_told: bool,
}

impl Problem {
    #[cold]
    #[inline]
    pub(super) fn new(what: impl Display) -> Problem {
        Problem { path: String::new(), what: what.to_string(), is_told: false }
    }

    #[cold]
    #[inline]
    pub(super) fn mismatch(expected: &str, value: &Value) -> Problem {
        Problem::new(format_args!("expected {expected}, got {}", value.type_name()))
    }

    /// Hides what a type said of a whole value that holds a secret: serde may have kept all members first, and shown any.
    #[cold]
    pub(super) fn hidden(self, has_secret: bool) -> Problem {
        match self.is_told && self.path.is_empty() && has_secret {
            true => Problem::new("not of the declared type; the reason is hidden, since it could show a secret within"),
            false => self,
        }
    }

    /// Says that it lies within a member or an element.
    #[inline]
    pub(super) fn within(mut self, place: &str) -> Problem {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{place}{joint}{}", self.path);
        self
    }
}

impl Display for Problem {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joint = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{}{joint}{}", self.path, self.what)
    }
}

impl std::error::Error for Problem {}

impl ser::Error for Problem {
    #[inline]
    fn custom<T: Display>(message: T) -> Problem {
        Problem::new(message)
    }
}

impl de::Error for Problem {
    #[inline]
    fn custom<T: Display>(message: T) -> Problem {
        Problem { is_told: true, ..Problem::new(message) }
    }

    #[inline]
    fn missing_field(field: &'static str) -> Problem {
        let what = format_args!(
            "missing member \"{field}\": the server leaves out what is empty, so make the field an Option"
        );
        Problem::new(what)
    }
}
