//! The reader never breaks: whatever a body holds, a call answers with a value, a fault or an error that says what is wrong.

mod ahead;
mod calm;
mod grammar;
mod hostile;
mod limits;
mod oracle;
mod records;
mod refusals;
mod round_trip;
mod rules;

use infusionsoft::{Error, Value};
use infusionsoft_tests::call::Call;
use infusionsoft_tests::calls::CALLS;
use infusionsoft_tests::canned::Canned;

/// Reads a body as whatever it holds.
fn read(body: impl Into<Vec<u8>>) -> Result<Value, Error> {
    Canned::ok(body).client().call_raw("X.y", [])
}

/// A response with the content of its only param.
fn response(param: &str) -> String {
    format!("<methodResponse><params><param>{param}</param></params></methodResponse>")
}

/// The entries that the documents show a response of, with that response.
fn documented() -> impl Iterator<Item = (&'static Call, &'static str)> {
    CALLS.iter().filter_map(|call| Some((call, call.response?)))
}

/// The text of an error without the method, the place or content type, and the excerpt.
fn problem(error: &Error) -> String {
    let text = error.to_string();
    let text = error.method().and_then(|method| text.strip_prefix(method)?.strip_prefix(": ")).unwrap_or(&text);
    let end = text.find(" (byte ").or_else(|| text.find(" (text/xml)"));
    end.map_or(text, |end| &text[..end]).to_owned()
}
