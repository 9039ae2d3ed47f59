//! Reads the body of an XML-RPC response into the declared type.
//!
//! Strict about structure, lenient about values, always by the declared type: `pull` turns bytes into tags and text,
//! `document` knows how XML-RPC nests them, `de` offers its values to serde.

mod body;
mod de;
mod document;
mod error;
mod pull;
mod scalar;
mod scan;
#[cfg(test)]
mod tests;
mod text;

use serde::de::DeserializeOwned;

pub(crate) use de::{DYNAMIC, Decoder, TEXT, alike};
use document::{Document, Head, Opening};
pub(crate) use error::{DecodeError, DecodeErrorKind, excerpt};
pub(crate) use scalar::float;

/// How tolerant the reader is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// The levels of values that may be nested; what is deeper is refused before it can exhaust the stack.
    pub(crate) max_depth: usize,
    /// Refuses characters that XML forbids, which are otherwise replaced by U+FFFD.
    pub(crate) strict_characters: bool,
    /// Never looks ahead; for comparison, since it makes no difference but to the time.
    pub(crate) by_events: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { max_depth: 128, strict_characters: false, by_events: false }
    }
}

/// A response that was read to its end.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) answer: Answer,
    /// How many characters that XML forbids became U+FFFD.
    pub(crate) replaced_characters: usize,
}

/// What a response says.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A value, which the caller's function has read.
    Value,
    Fault {
        code: i32,
        message: String,
    },
}

/// Reads a value of the declared type. A function behind a pointer: it is the only part of reading that knows the type,
/// so everything else is compiled once.
pub(crate) type ReadValue<'f> = &'f mut dyn FnMut(&mut Decoder<'_>) -> Result<(), DecodeError>;

/// Reads the body of a response.
pub(crate) fn response(body: &[u8], options: &Options, value: ReadValue<'_>) -> Result<Decoded, DecodeError> {
    let text = body::text(body).map_err(|error| error.complete(body, 0))?;
    let mut decoder = Decoder::new(Document::new(text, options));
    match answer(&mut decoder, value) {
        Ok(answer) => Ok(Decoded { answer, replaced_characters: decoder.document.replaced_characters() }),
        Err(error) => Err(error.complete(body, body.len() - text.len())),
    }
}

fn answer(decoder: &mut Decoder<'_>, value: ReadValue<'_>) -> Result<Answer, DecodeError> {
    match decoder.document.open()? {
        Opening::Value => {
            let start = decoder.document.position();
            value(decoder).map_err(|error| error.or_at(start))?;
            decoder.document.finish(&["param", "params", "methodResponse"])?;
            Ok(Answer::Value)
        }
        Opening::Nothing => {
            decoder.peeked = Some(Head::Nothing);
            value(decoder).map(|()| Answer::Value)
        }
        Opening::Fault => {
            let start = decoder.document.position();
            let (code, message) = fault(decoder).map_err(|error| error.or_at(start).in_fault())?;
            decoder.document.finish(&["fault", "methodResponse"])?;
            Ok(Answer::Fault { code, message })
        }
    }
}

/// Reads a fault member by member, since servers vary in their order and add their own.
fn fault(decoder: &mut Decoder<'_>) -> Result<(i32, String), DecodeError> {
    match decoder.document.value()? {
        Head::Struct => {}
        head => return Err(decoder.mismatch("struct", head)),
    }
    let (mut code, mut message) = (None, String::new());
    while decoder.document.member()? {
        let name = decoder.document.raw_name();
        let read = match name {
            "faultCode" => decoder.int().map(|number| code = Some(number)),
            "faultString" => decoder.text().map(|text| message = text),
            _ => decoder.skip(),
        };
        read.map_err(|error| error.in_member(name))?;
        decoder.document.end_member()?;
    }
    let code = code.ok_or_else(|| serde::de::Error::missing_field("faultCode"))?;
    Ok((code, message))
}

/// Decodes base64 text, whose white space means nothing.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    scalar::bytes(text)
}

/// Reads a body as a value, without a call: what benches measure. Answers too how many characters were replaced.
///
/// # Errors
///
/// All that is known of why there is no value, as a text.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<(T, usize), String> {
    decode_with(body, false, false)
}

/// Does what [`decode()`] does, event by event or strict about characters. That the former makes no difference but to the
/// time is what the suite compares.
///
/// # Errors
///
/// Those of [`decode()`].
pub fn decode_with<T: DeserializeOwned>(
    body: &[u8],
    by_events: bool,
    strict_characters: bool,
) -> Result<(T, usize), String> {
    let options = Options { by_events, strict_characters, ..Options::default() };
    let mut value = None;
    let decoded = response(body, &options, &mut |decoder| {
        value = Some(T::deserialize(decoder)?);
        Ok(())
    });
    match (decoded, value) {
        (Ok(Decoded { answer: Answer::Value, replaced_characters }), Some(value)) => Ok((value, replaced_characters)),
        (outcome, _) => Err(format!("{outcome:?}")),
    }
}
