//! What the tests of the client share.

use std::error::Error;
use std::io;

use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use infusionsoft::{Client, Credentials};
use infusionsoft_tests::canned::TOKEN;

/// A response with one value.
pub(crate) fn answer(value: &str) -> String {
    format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>")
}

/// A response that refuses the call.
pub(crate) fn fault(code: i32, text: &str) -> String {
    let code = format!("<member><name>faultCode</name><value><i4>{code}</i4></value></member>");
    let text = format!("<member><name>faultString</name><value>{text}</value></member>");
    format!("<methodResponse><fault><value><struct>{code}{text}</struct></value></fault></methodResponse>")
}

/// A transport that never gets an answer.
pub(crate) struct Failing {
    pub(crate) kind: TransportErrorKind,
    pub(crate) maybe_sent: bool,
}

impl Failing {
    /// A client whose calls fail.
    pub(crate) fn client(self) -> Client {
        let builder = Client::builder().credentials(Credentials::access_token(TOKEN));
        builder.transport(self).build().expect("the client can be built")
    }
}

impl Transport for Failing {
    fn send(&self, _: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        Err(TransportError::new(self.kind, self.maybe_sent, io::Error::other("the cable is cut")))
    }
}

/// The texts of an error and of all that caused it.
pub(crate) fn chain(error: &dyn Error) -> Vec<String> {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect()
}
