//! What the server answers when it refuses.

use std::fmt;

use crate::generated::FaultCode;

/// A fault: the server's refusal of a call.
///
/// The server writes a token in brackets before its text, as in `[RecordNotFound]No record of Contact with Id 5`.
/// Match on [`Fault::code`]; the token is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: FaultCode,
    text: String,
}

impl Fault {
    pub(crate) fn new(code: i32, text: String) -> Fault {
        Fault { code: FaultCode::from(code), text }
    }

    /// The code, by which to tell faults apart.
    pub fn code(&self) -> FaultCode {
        self.code
    }

    /// The token that opens the server's text, such as `RecordNotFound`, if it has one.
    pub fn token(&self) -> Option<&str> {
        self.text.strip_prefix('[')?.split_once(']').map(|(token, _)| token)
    }

    /// The server's text without its token.
    pub fn message(&self) -> &str {
        match self.token() {
            Some(token) => self.text[token.len() + 2..].trim_start(),
            None => &self.text,
        }
    }

    /// The server's text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}", self.code.as_i32())?;
        if self.text.is_empty() { Ok(()) } else { write!(f, ": {}", self.text) }
    }
}
