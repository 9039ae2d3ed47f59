//! Why a body could not be read, and where.

use std::fmt::{self, Display};

use serde::de::{Expected, Unexpected};

/// What is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecodeErrorKind {
    /// Empty, or only white space.
    Blank,
    /// Ended in the middle.
    Truncated,
    /// Something other than an XML-RPC response: a web page, JSON, plain text, other XML.
    NotXmlRpc,
    /// Ill-formed XML, or XML-RPC of a wrong structure.
    Malformed,
    /// A value that is not of its declared type.
    Value,
}

/// A body that could not be read; one pointer wide, so that it costs nothing while all goes well.
#[derive(Debug)]
pub(crate) struct DecodeError(Box<Inner>);

/// The length in bytes from which on a path gets no more names, so that an error stays readable at any depth.
const LONGEST_PATH: usize = 120;

/// What to do about a missing member of the caller's type.
const LEFT_OUT: &str = ": the server leaves out what is empty, so make the field an Option";

#[derive(Debug)]
struct Inner {
    kind: DecodeErrorKind,
    message: String,
    /// The way to the value that failed, such as `[3].Email`; empty at the top.
    path: String,
    offset: Option<usize>,
    excerpt: String,
}

impl DecodeError {
    /// Returns what is wrong with the body.
    pub(crate) fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// Returns the place in the body, in bytes.
    pub(crate) fn offset(&self) -> usize {
        self.0.offset.unwrap_or_default()
    }

    /// Returns at most 80 characters of the body around the place.
    pub(crate) fn excerpt(&self) -> &str {
        &self.0.excerpt
    }

    #[cold]
    pub(super) fn new(kind: DecodeErrorKind, message: impl Into<String>, offset: usize) -> Self {
        let mut error = Self::unplaced(message.into());
        error.0.kind = kind;
        error.0.offset = Some(offset);
        error
    }

    fn unplaced(message: String) -> Self {
        DecodeError(Box::new(Inner {
            kind: DecodeErrorKind::Value,
            message,
            path: String::new(),
            offset: None,
            excerpt: String::new(),
        }))
    }

    /// Sets the place of an error that came from a visitor, which knows none.
    pub(super) fn or_at(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Puts an index of an array before the path.
    pub(super) fn in_item(self, index: usize) -> Self {
        self.within(format!("[{index}]"))
    }

    /// Puts the name of a member before the path.
    pub(super) fn in_member(self, name: &str) -> Self {
        self.within(cut(name, 40))
    }

    fn within(mut self, mut path: String) -> Self {
        // The innermost names tell the most.
        if self.0.path.starts_with('…') {
            return self;
        }
        if self.0.path.len() > LONGEST_PATH {
            path = "…".into();
        } else if !self.0.path.is_empty() && !self.0.path.starts_with('[') {
            path.push('.');
        }
        path.push_str(&self.0.path);
        self.0.path = path;
        self
    }

    /// Turns an error within a fault into one about the fault: its members aren't part of the caller's type.
    pub(super) fn in_fault(mut self) -> Self {
        if self.0.kind != DecodeErrorKind::Truncated {
            self.0.kind = DecodeErrorKind::Malformed;
        }
        let text = self.to_string();
        self.0.message = format!("malformed fault: {}", text.strip_suffix(LEFT_OUT).unwrap_or(&text));
        self.0.path.clear();
        self
    }

    /// Adds the excerpt, once the error has left the text that began `shift` bytes into the body.
    pub(super) fn complete(mut self, body: &[u8], shift: usize) -> Self {
        let offset = (self.offset() + shift).min(body.len());
        self.0.offset = Some(offset);
        self.0.excerpt = excerpt(body, offset);
        self
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.0.path)?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::unplaced(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unplaced(match unexpected {
            Unexpected::Str(text) => format!("expected {expected}, got {}", quoted(text)),
            other => format!("expected {expected}, got {other}"),
        })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let expected = expected.join(", ");
        Self::unplaced(format!("expected one of {expected}, got {}", quoted(variant)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::unplaced(format!("missing member \"{field}\"{LEFT_OUT}"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::unplaced(format!("duplicate member \"{field}\""))
    }
}

/// Quotes the first 40 characters of a text.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", cut(text, 40))
}

/// Cuts a text to a number of characters, printably.
pub(super) fn cut(text: &str, characters: usize) -> String {
    let mut kept = String::new();
    for (at, character) in text.chars().enumerate() {
        if at == characters {
            kept.push('…');
            break;
        }
        kept.push(printable(character));
    }
    kept
}

/// Returns at most 80 characters of a body around a place, printably.
pub(crate) fn excerpt(body: &[u8], offset: usize) -> String {
    // A character has at most four bytes, so the window holds more than the 78 that are kept, and its torn end is cut.
    let mut start = offset.saturating_sub(30);
    while start < offset && body[start] & 0xC0 == 0x80 {
        start += 1;
    }
    let end = body.len().min(start + 320);
    let window = String::from_utf8_lossy(&body[start..end]);
    // Indentation says nothing in one line.
    let mut line = String::new();
    for word in window.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let text = cut(&line, 78);
    if start > 0 { format!("…{text}") } else { text }
}

fn printable(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}
