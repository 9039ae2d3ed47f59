//! Requests as XML: what crate `xmlrpc` writes, after refusing what it would write wrongly.
//!
//! The one file that names `xmlrpc` and `iso8601`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::content::Content;
use crate::datetime::DateTime;
use crate::error::Error;
use crate::method::{Argument, Method, Params};
use crate::transport::Body;
use crate::value::Value;

/// Room for the XML of most calls, so that it isn't moved while it grows.
const ROOM: usize = 2048;

/// What the wire can't carry, and where in the value it stands.
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) what: String,
}

impl Problem {
    fn new(what: String) -> Problem {
        Problem { path: String::new(), what }
    }

    fn under(mut self, segment: &str) -> Problem {
        self.path.insert_str(0, segment);
        self
    }
}

/// Refuses what the wire can't carry.
pub(crate) fn check(value: &Value) -> Result<(), Problem> {
    // Nearly all values are plain, and whether they are is quickly told.
    if is_fine(value) { Ok(()) } else { search(value) }
}

/// Whether a value can surely travel.
fn is_fine(value: &Value) -> bool {
    match value {
        Value::Nil => false,
        Value::Int(number) => i32::try_from(*number).is_ok(),
        Value::Double(number) => number.is_finite(),
        Value::Bool(_) | Value::DateTime(_) | Value::Bytes(_) => true,
        Value::String(text) => is_plain(text.as_bytes()),
        Value::Secret(secret) => is_plain(secret.expose().as_bytes()),
        Value::Array(elements) => elements.iter().all(is_fine),
        Value::Struct(record) => record.iter().all(|(name, value)| is_plain(name.as_bytes()) && is_fine(value)),
    }
}

/// Looks for what the wire can't carry.
fn search(value: &Value) -> Result<(), Problem> {
    match value {
        Value::Nil => Err(Problem::new("is nil, which the server refuses: leave it out".to_owned())),
        // It isn't shown: it may be the number of a card.
        Value::Int(number) if i32::try_from(*number).is_err() => {
            Err(Problem::new("exceeds the 32 bits of the wire's int".to_owned()))
        }
        Value::Double(number) if !number.is_finite() => Err(Problem::new(format!("is {number}, which is not finite"))),
        Value::Int(_) | Value::Double(_) | Value::Bool(_) | Value::DateTime(_) | Value::Bytes(_) => Ok(()),
        Value::String(text) => check_text(text),
        Value::Secret(secret) => check_text(secret.expose()),
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                search(element).map_err(|problem| problem.under(&format!("[{at}]")))?;
            }
            Ok(())
        }
        Value::Struct(record) => {
            for (name, value) in record {
                let checked = check_text(name).and_then(|()| search(value));
                checked.map_err(|problem| problem.under(&format!(".{}", name.escape_debug())))?;
            }
            Ok(())
        }
    }
}

fn check_text(text: &str) -> Result<(), Problem> {
    if is_plain(text.as_bytes()) {
        return Ok(());
    }
    for (at, c) in text.chars().enumerate() {
        if !is_xml(c) {
            let code = u32::from(c);
            return Err(Problem::new(format!("holds U+{code:04X} at character {at}, which XML cannot carry")));
        }
    }
    Ok(())
}

/// Whether a text is of printable ASCII, as most are; eight bytes at a time, since looking at characters is slow.
fn is_plain(text: &[u8]) -> bool {
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    const HIGHEST_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, rest) = text.as_chunks();
    let is_plain = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        // The highest bit tells a byte beyond ASCII, and after the subtraction one that was below the space.
        (word | word.wrapping_sub(SPACES)) & HIGHEST_BITS == 0
    };
    words.iter().all(is_plain)
        && match text.last_chunk() {
            // Some of these bytes are looked at again.
            Some(last) => is_plain(last),
            None => rest.iter().all(|byte| matches!(byte, b' '..=0x7F)),
        }
}

/// Whether a name holds only the characters that XML-RPC allows.
pub(crate) fn is_method_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:/".contains(&byte))
}

/// The characters of XML 1.0; surrogates can't stand in a `char`.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Checks and writes a request, as a client does before it sends it.
///
/// # Errors
///
/// `InvalidRequest` if an argument breaks a documented limit or can't travel.
pub fn encode<M: Method>(request: M, key: &str) -> Result<Body, Error> {
    let mut params = Params::new(M::NAME.into(), M::KEYED.then_some(key));
    request.params(&mut params)?;
    let (method, arguments) = params.into_parts();
    Ok(call(&method, arguments))
}

/// Writes a call. Every value has passed [`check`].
pub(crate) fn call(method: &str, arguments: Vec<Argument>) -> Body {
    let mut request = xmlrpc::Request::new(method);
    let mut content = None;
    let marker = marker(&arguments);
    for argument in arguments {
        request = request.arg(match argument {
            Argument::Value(value) => to_xmlrpc(value),
            Argument::Content(file) => {
                content = Some(file);
                xmlrpc::Value::String(marker.clone())
            }
        });
    }
    let mut xml = Vec::with_capacity(ROOM);
    request.write_as_xml(&mut xml).unwrap_or_else(|_| unreachable!("writing to memory does not fail"));
    let xml = escape_carriage_returns(xml);
    match content {
        None => Body::from(xml),
        Some(content) => splice(xml, &marker, content),
    }
}

/// A text that stands for a file's content in the written XML, and is no argument; an empty one if there is no content.
fn marker(arguments: &[Argument]) -> String {
    let mut marker = String::new();
    if arguments.iter().any(|argument| matches!(argument, Argument::Content(_))) {
        marker.push_str("content");
        while arguments.iter().any(|argument| matches!(argument, Argument::Value(value) if holds(value, &marker))) {
            let length = marker.len();
            _ = write!(marker, "-{length}");
        }
    }
    marker
}

/// Puts a file's content where its marker stands.
fn splice(xml: Vec<u8>, marker: &str, content: Content) -> Body {
    let tagged = format!("<string>{marker}</string>");
    let at = xml.windows(tagged.len()).position(|window| window == tagged.as_bytes()).unwrap_or(0);
    let at = at + "<string>".len();
    let tail = xml[at + marker.len()..].to_vec();
    let mut head = xml;
    head.truncate(at);
    Body::with_content(head, content, tail)
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(held) => held == text,
        Value::Secret(held) => held.expose() == text,
        Value::Array(elements) => elements.iter().any(|element| holds(element, text)),
        Value::Struct(record) => record.iter().any(|(_, value)| holds(value, text)),
        Value::Nil | Value::Int(_) | Value::Bool(_) | Value::Double(_) | Value::DateTime(_) | Value::Bytes(_) => false,
    }
}

/// A reader of XML turns a bare CR into LF; the reference keeps it. No tag holds one, so the text is replaced as it stands.
fn escape_carriage_returns(xml: Vec<u8>) -> Vec<u8> {
    // No early exit: this way it is vectorized.
    if !xml.iter().fold(false, |any, byte| any | (*byte == b'\r')) {
        return xml;
    }
    let mut escaped = Vec::with_capacity(xml.len() + 64);
    for byte in xml {
        match byte {
            b'\r' => escaped.extend_from_slice(b"&#13;"),
            byte => escaped.push(byte),
        }
    }
    escaped
}

fn to_xmlrpc(value: Value) -> xmlrpc::Value {
    match value {
        Value::Nil => xmlrpc::Value::Nil,
        Value::Int(number) => match i32::try_from(number) {
            Ok(number) => xmlrpc::Value::Int(number),
            Err(_) => xmlrpc::Value::Int64(number),
        },
        Value::Bool(flag) => xmlrpc::Value::Bool(flag),
        Value::Double(number) => xmlrpc::Value::Double(number),
        Value::String(text) => xmlrpc::Value::String(text),
        Value::Secret(secret) => xmlrpc::Value::String(secret.into_inner()),
        Value::DateTime(time) => xmlrpc::Value::DateTime(to_iso8601(time)),
        Value::Bytes(bytes) => xmlrpc::Value::Base64(bytes),
        Value::Array(elements) => xmlrpc::Value::Array(elements.into_iter().map(to_xmlrpc).collect()),
        Value::Struct(record) => {
            // Nearly all members are texts, which go straight to where they belong.
            let members = record.into_members().map(|(name, value)| match value {
                Value::String(text) => (name, xmlrpc::Value::String(text)),
                value => (name, to_xmlrpc(value)),
            });
            xmlrpc::Value::Struct(members.collect::<BTreeMap<_, _>>())
        }
    }
}

fn to_iso8601(time: DateTime) -> iso8601::DateTime {
    // Parts of a valid time are not negative, so the casts keep them.
    iso8601::DateTime {
        date: iso8601::Date::YMD { year: time.year().into(), month: time.month() as u32, day: time.day() as u32 },
        time: iso8601::Time {
            hour: time.hour() as u32,
            minute: time.minute() as u32,
            second: time.second() as u32,
            millisecond: 0,
            tz_offset_hours: 0,
            tz_offset_minutes: 0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_is_what_is_printable_ascii_wherever_it_stands() {
        for (byte, at) in (0..=u8::MAX).flat_map(|byte| (0..19).map(move |at| (byte, at))) {
            let mut text = [b'~'; 19];
            text[at] = byte;
            assert_eq!(is_plain(&text), (b' '..=0x7F).contains(&byte), "{byte} at {at}");
        }
    }
}
