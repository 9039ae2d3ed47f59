//! What becomes of an answer: a value, or the error that it stands for.

use std::io::{self, Read as _};
use std::time::SystemTime;

use crate::auth::Access;
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::generated::FaultCode;
use crate::mask::{self, Mask};
use crate::retry;
use crate::secret::Secret;
use crate::transport::{HttpResponse, TransportError, TransportErrorKind};
use crate::wire::decode;

/// How much of a page that isn't XML-RPC is read, to show an excerpt of it.
const ERROR_PAGE: u64 = 64 * 1024;

/// How much room an announced length makes at once; what is longer makes its own as it comes.
const MOST_AHEAD: u64 = 16 << 20;

/// Where an answer tells what it is.
#[cfg(feature = "tables")]
const FRONT: usize = 256;

/// How much comes of a body before it is looked at, while a processor still has it at hand.
const PIECE: u64 = 64 * 1024;

/// What is said instead of what could quote a secret.
const UNTOLD: &str = "what is wrong with the answer may be a secret, so it is not shown";

/// How answers are read.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) max_body: u64,
    pub(crate) strict_characters: bool,
}

/// What a call wants of its answer.
pub(crate) enum Wanted<'f> {
    /// The value, which a function reads.
    Value(decode::ReadValue<'f>),
    /// The body as it came, to be read elsewhere.
    #[cfg(feature = "tables")]
    Body { taken: &'f mut Vec<u8>, look: Look<'f> },
}

/// Looks at what has come of a body, of which the bytes from a place on are new: with the first place a body begins.
pub(crate) type Look<'f> = &'f mut dyn FnMut(&[u8], usize);

/// Reads the answer of one attempt.
pub(crate) struct Reader<'a> {
    pub(crate) access: &'a Access,
    /// The arguments that must not show.
    pub(crate) secrets: &'a [Secret],
    /// Whether the call can be executed twice.
    pub(crate) harmless: bool,
    pub(crate) options: Options,
    pub(crate) now: SystemTime,
}

/// The error for an answer that never came.
pub(crate) fn missing(error: TransportError, harmless: bool) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::Connection => ErrorKind::Connection,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Request => ErrorKind::InvalidRequest,
    };
    let sent = error.maybe_sent();
    let retryable = kind != ErrorKind::InvalidRequest && (harmless || !sent);
    Error::caused_by(kind, error.to_string(), error.into_source()).executed(sent).retryable(retryable)
}

impl Options {
    /// Reads the body of an answer to a method.
    pub(crate) fn decode(
        self,
        method: &str,
        body: &[u8],
        value: decode::ReadValue<'_>,
    ) -> Result<decode::Answer, decode::DecodeError> {
        let decoded = decode::response(body, &self.of_decoding(), value)?;
        if decoded.replaced_characters > 0 {
            let count = decoded.replaced_characters;
            log::warn!("{method}: {count} characters that XML forbids were repaired or replaced");
        }
        Ok(decoded.answer)
    }

    fn of_decoding(self) -> decode::Options {
        decode::Options { strict_characters: self.strict_characters, ..decode::Options::default() }
    }
}

impl Reader<'_> {
    /// Reads an answer, and counts the bytes of its body.
    pub(crate) fn read(
        &self,
        mut response: HttpResponse,
        method: &str,
        bytes: &mut u64,
        wanted: &mut Wanted<'_>,
    ) -> Result<(), Error> {
        match wanted {
            Wanted::Value(value) => {
                let body = self.receive(&mut response, bytes, None)?;
                self.decode(method, &response, body, value)
            }
            #[cfg(feature = "tables")]
            Wanted::Body { taken, look } => {
                let body = self.receive(&mut response, bytes, Some(look))?;
                if !begins_with_value(&body) {
                    // A fault, or no answer at all, is told at once, to the limits and to observers too.
                    self.decode(method, &response, body.clone(), &mut |decoder| decoder.skip())?;
                }
                **taken = body;
                Ok(())
            }
        }
    }

    /// The body of an answer, or the error that its status stands for.
    fn receive(
        &self,
        response: &mut HttpResponse,
        count: &mut u64,
        mut look: Option<Look<'_>>,
    ) -> Result<Vec<u8>, Error> {
        let status = response.status;
        let limit = if status == 200 { self.options.max_body } else { ERROR_PAGE };
        let mut body = std::mem::replace(&mut response.body, Box::new(io::empty())).take(0);
        let mut bytes = Vec::with_capacity(room(response, limit));
        let piece = if look.is_some() { PIECE } else { u64::MAX };
        let read = loop {
            let start = bytes.len();
            body.set_limit(piece.min(limit.saturating_add(1) - start as u64));
            let read = body.read_to_end(&mut bytes);
            if let Some(look) = &mut look {
                look(&bytes, start);
            }
            if !matches!(read, Ok(1..)) {
                break read;
            }
        };
        *count = bytes.len() as u64;
        if status != 200 {
            self.mask().bytes(&mut bytes);
            return Err(self.not_ok(response, &bytes));
        }
        if let Err(source) = read {
            let kind =
                if source.kind() == io::ErrorKind::TimedOut { ErrorKind::Timeout } else { ErrorKind::Connection };
            let error = Error::caused_by(kind, "the answer broke off", source).with_status(status);
            return Err(error.executed(true).retryable(self.harmless));
        }
        if *count > limit {
            let message = format!("the answer exceeds the limit of {limit} bytes, which `max_body` sets");
            return Err(Error::new(ErrorKind::Decode, message).with_status(status).executed(true));
        }
        Ok(bytes)
    }

    /// Decodes the body of an answer with status 200.
    fn decode(
        &self,
        method: &str,
        response: &HttpResponse,
        body: Vec<u8>,
        value: decode::ReadValue<'_>,
    ) -> Result<(), Error> {
        match self.options.decode(method, &body, value) {
            Ok(decode::Answer::Value) => Ok(()),
            Ok(decode::Answer::Fault { code, message }) => {
                Err(self.refused(Fault::new(code, self.mask().text(message))))
            }
            Err(error) => Err(self.unreadable(error, response, body, value)),
        }
    }

    /// The error for an answer that can't be read: the call may well have been executed.
    fn unreadable(
        &self,
        error: decode::DecodeError,
        response: &HttpResponse,
        mut body: Vec<u8>,
        value: decode::ReadValue<'_>,
    ) -> Error {
        use decode::DecodeErrorKind::{Blank, Malformed, NotXmlRpc, Truncated, Value};
        let (what, offset) = (error.kind(), error.offset());
        let cut_short = matches!(what, Blank | Truncated);
        let mask = self.mask();
        let hidden = mask.bytes(&mut body) | mask::sensitive_members(&mut body);
        let (text, excerpt) = match hidden {
            true => (self.retold(&error, &body, value), decode::excerpt(&body, offset)),
            false => (error.to_string(), error.excerpt().to_owned()),
        };
        let (kind, message) = match what {
            // The text says where the value stands, and quotes it.
            Blank | Value => (ErrorKind::Decode, text),
            Malformed | Truncated => (ErrorKind::Decode, format!("{text} (byte {offset}: {excerpt})")),
            NotXmlRpc => (ErrorKind::Gateway, format!("{text} ({}): {excerpt}", content_type(response, &mask))),
        };
        let error = Error::new(kind, mask.text(message)).with_status(200).with_body(body);
        error.executed(true).retryable(cut_short && self.harmless)
    }

    /// The text of an error, which can quote the body cut to a length, made anew from one without secrets.
    fn retold(&self, error: &decode::DecodeError, body: &[u8], value: decode::ReadValue<'_>) -> String {
        match decode::response(body, &self.options.of_decoding(), value) {
            Err(anew) if anew.offset() == error.offset() => anew.to_string(),
            // The end of a body quotes nothing.
            _ if error.kind() == decode::DecodeErrorKind::Truncated => error.to_string(),
            // Something is wrong within a secret, or stands behind one that can be read only as it was.
            _ => UNTOLD.to_owned(),
        }
    }

    fn mask(&self) -> Mask<'_> {
        Mask::new(&[self.access.secret()], self.secrets)
    }

    /// The error for a fault.
    fn refused(&self, fault: Fault) -> Error {
        let (code, text) = (fault.code(), fault.text());
        let says = |what| code == FaultCode::FreeText && text.contains(what);
        let throttled = says("ThrottlingException") || says("threads throttled");
        let cancelled = says("Statement cancelled");
        // The server says so of a method that it has called, and that threw.
        let thrown = says("Failed to invoke method") && !throttled;
        // The one code for both a mistake in the data and a failure of the server in the middle of its work.
        let unclear = cancelled || thrown || code == FaultCode::Unexpected;
        let kind = if throttled { ErrorKind::Throttled } else { ErrorKind::Fault };
        let retryable = throttled || cancelled && self.harmless;
        Error::refused(kind, fault).with_status(200).executed(unclear).retryable(retryable)
    }

    /// The error that an HTTP status other than 200 stands for.
    fn not_ok(&self, response: &HttpResponse, page: &[u8]) -> Error {
        let status = response.status;
        let excerpt = match decode::excerpt(message(page).as_deref().unwrap_or(page), 0) {
            excerpt if excerpt.trim().is_empty() => "an empty page".to_owned(),
            excerpt => excerpt,
        };
        let wait = retry::retry_after(response, self.now);
        let error = match status {
            401 => Error::new(ErrorKind::Unauthorized, format!("the credentials were refused: {excerpt}")),
            429 => Error::new(ErrorKind::Throttled, format!("a rate limit was hit: {excerpt}")).retryable(true),
            _ => {
                let content_type = content_type(response, &self.mask());
                let doubt = if status == 404 { ", so the endpoint may be wrong" } else { "" };
                let message = format!("the gateway answered with status {status} ({content_type}){doubt}: {excerpt}");
                let passing = matches!(status, 502..=504);
                Error::new(ErrorKind::Gateway, message)
                    .executed(!(300..500).contains(&status))
                    .retryable(passing && self.harmless)
            }
        };
        error.with_status(status).after(wait)
    }
}

/// Whether an answer begins like those that hold a value.
#[cfg(feature = "tables")]
fn begins_with_value(body: &[u8]) -> bool {
    const MARK: &[u8] = b"<params>";
    body[..body.len().min(FRONT)].windows(MARK.len()).any(|part| part == MARK)
}

/// How much room to make for a body before it comes. Exactly its length if that is announced, since growing doubles.
fn room(response: &HttpResponse, limit: u64) -> usize {
    let announced = response.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0_u64);
    announced.min(limit).min(MOST_AHEAD) as usize
}

/// What an answer says it is, as far as it can be shown.
fn content_type(response: &HttpResponse, mask: &Mask<'_>) -> String {
    let mut name = response.header("content-type").unwrap_or("no content type").as_bytes().to_vec();
    mask.bytes(&mut name);
    decode::excerpt(&name, 0)
}

/// The text for humans in the JSON of the gateway: the `faultstring` of one of its shapes, the `message` of the other.
fn message(page: &[u8]) -> Option<Vec<u8>> {
    let page = page.trim_ascii_start();
    if !page.starts_with(b"{") {
        return None;
    }
    member(page, b"\"faultstring\"").or_else(|| member(page, b"\"message\""))
}

/// The text of the first member of a name, which is given with its quotes, if it is one and holds no escape.
fn member(json: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let at = json.windows(name.len()).position(|window| window == name)?;
    let rest = json[at + name.len()..].trim_ascii_start().strip_prefix(b":")?;
    let text = rest.trim_ascii_start().strip_prefix(b"\"")?;
    for (end, byte) in text.iter().enumerate() {
        match byte {
            b'"' => return Some(text[..end].to_vec()),
            b'\\' => return None,
            _ => {}
        }
    }
    None
}
