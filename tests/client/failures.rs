//! What the client makes of calls without an answer.

use std::error::Error as _;
use std::io::{self, Read};

use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use infusionsoft::{Client, Credentials, Effect, Error, ErrorKind, Retry};
use infusionsoft_tests::canned::Canned;

use crate::common::{chain, once};
use crate::errors::{CALLS, assert_texts_differ};

/// Fails a call of each effect, and answers their errors.
fn failed(kind: TransportErrorKind, maybe_sent: bool) -> [(Effect, Error); 3] {
    CALLS.map(|(effect, call)| {
        let error = call(&once(&Canned::failure(kind, maybe_sent)));
        assert_eq!(error.attempts(), 1, "{error:?}");
        assert_eq!(error.maybe_executed(), maybe_sent, "{error:?}");
        assert_eq!((error.http_status(), error.retry_after(), error.body()), (None, None, None), "{error:?}");
        assert!(error.source().is_some_and(|source| source.is::<io::Error>()), "{error:?}");
        assert_texts_differ(&error);
        (effect, error)
    })
}

#[test]
fn a_call_that_was_not_sent_may_be_repeated_whatever_it_does() {
    for (kind, expected) in
        [(TransportErrorKind::Connection, ErrorKind::Connection), (TransportErrorKind::Timeout, ErrorKind::Timeout)]
    {
        for (effect, error) in failed(kind, false) {
            assert_eq!(error.kind(), expected, "{effect:?}");
            assert!(error.is_retryable(), "{effect:?}: {error}");
        }
    }
}

#[test]
fn a_call_that_may_have_been_sent_is_repeated_only_if_it_does_no_harm() {
    for (kind, expected) in
        [(TransportErrorKind::Connection, ErrorKind::Connection), (TransportErrorKind::Timeout, ErrorKind::Timeout)]
    {
        for (effect, error) in failed(kind, true) {
            assert_eq!(error.kind(), expected, "{effect:?}");
            assert_eq!(error.is_retryable(), effect != Effect::Once, "{effect:?}: {error}");
        }
    }
}

#[test]
fn a_request_that_cannot_be_sent_is_not_worth_repeating() {
    for (effect, error) in failed(TransportErrorKind::Request, false) {
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::InvalidRequest, false), "{effect:?}");
    }
}

#[test]
fn the_chain_of_causes_says_everything_once() {
    let texts =
        [TransportErrorKind::Connection, TransportErrorKind::Timeout, TransportErrorKind::Request].map(|kind| {
            let [(_, error), ..] = failed(kind, false);
            chain(&error).join(" / ")
        });
    insta::assert_snapshot!(format!("{}", texts.join("\n")));
}

#[test]
fn an_error_of_a_transport_says_what_and_why() {
    let error = TransportError::new(TransportErrorKind::Timeout, true, io::Error::other("no route"));
    assert_eq!((error.kind(), error.maybe_sent()), (TransportErrorKind::Timeout, true));
    assert_eq!(chain(&error), ["the server took too long", "no route"]);
}

/// Answers with status 200 and breaks off.
struct Breaking(io::ErrorKind);

impl Transport for Breaking {
    fn send(&self, _: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let body = Box::new(Read::chain(&b"<methodResponse>"[..], Broken(self.0)));
        Ok(HttpResponse { status: 200, headers: Vec::new(), body })
    }
}

struct Broken(io::ErrorKind);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(self.0, "the cable is cut"))
    }
}

#[test]
fn an_answer_that_breaks_off_may_stand_for_an_executed_call() {
    for (cause, expected) in [
        (io::ErrorKind::ConnectionReset, ErrorKind::Connection),
        (io::ErrorKind::UnexpectedEof, ErrorKind::Connection),
        (io::ErrorKind::TimedOut, ErrorKind::Timeout),
    ] {
        for (effect, call) in CALLS {
            let builder = Client::builder().credentials(Credentials::access_token("token")).retry(Retry::none());
            let error = call(&builder.transport(Breaking(cause)).build().expect("the client can be built"));
            assert_eq!((error.kind(), error.http_status()), (expected, Some(200)), "{effect:?}");
            assert!(error.maybe_executed());
            assert_eq!(error.is_retryable(), effect != Effect::Once, "{effect:?}");
            assert_texts_differ(&error);
            insta::allow_duplicates! {
                let method = error.method().expect("a method");
                assert_eq!(format!("{}", chain(&error).join(" / ").replace(method, "<method>")), "<method>: the answer broke off / the cable is cut");
            }
        }
    }
}
