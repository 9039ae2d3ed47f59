//! Faults, and how the server writes them.

use std::fmt::{self, Display};

use crate::http::Response;

/// A refusal in the form of an XML-RPC fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code; 0 stands for calls that reach no method.
    pub code: i32,
    /// The text.
    pub message: String,
}

impl Fault {
    /// A call that reaches no method.
    pub(crate) fn unreached(message: impl Into<String>) -> Fault {
        Fault { code: 0, message: message.into() }
    }

    /// A request that is not a call.
    pub(crate) fn unreadable(reason: impl Display) -> Fault {
        Fault::unreached(format!("Failed to parse XML-RPC request: {reason}"))
    }

    /// A key argument that opens nothing.
    pub(crate) fn invalid_key() -> Fault {
        Fault { code: 2, message: "[InvalidKey]Invalid Key".to_owned() }
    }

    /// The fault as the server writes it: `<i4>`, an untyped text, and no white space between the tags.
    pub(crate) fn response(&self) -> Response {
        let (code, message) = (self.code, escaped(&self.message));
        Response::xml(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct>\
             <member><name>faultCode</name><value><i4>{code}</i4></value></member>\
             <member><name>faultString</name><value>{message}</value></member>\
             </struct></value></fault></methodResponse>"
        ))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}

/// Escapes a text; the characters that XML cannot carry become U+FFFD, since a fault can quote anything that was sent.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}
