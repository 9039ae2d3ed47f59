//! What the client says of a failed call, in every way in which a server can fail it.

use std::time::Duration;

use infusionsoft::{Effect, Error, ErrorKind, Retry};
use infusionsoft_tests::misbehaving::{Act, Seen, Server, Step, answer, executes, good_answer, refuses, response};

use crate::common::{CALLS, Call, Deaf, UPLOAD, builder_at, built, moments};
use crate::compress::gzip;

/// What is said of a call, whatever its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    kind: ErrorKind,
    status: Option<u16>,
    maybe_executed: bool,
    retry: Retried,
}

/// Which calls may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retried {
    None,
    Harmless,
    All,
}

struct Row {
    name: String,
    act: Act,
    said: Said,
}

fn row(name: impl Into<String>, act: Act, said: Said) -> Row {
    Row { name: name.into(), act, said }
}

/// No answer, after the request was handed to the network: nobody knows whether it was executed.
const LOST: Said = Said { kind: ErrorKind::Connection, status: None, maybe_executed: true, retry: Retried::Harmless };

/// An answer of status 200 that breaks off.
const BROKEN: Said = Said { status: Some(200), ..LOST };

/// An answer of status 200 without a value.
const UNREADABLE: Said = Said { kind: ErrorKind::Decode, retry: Retried::None, ..BROKEN };

/// An answer of status 200 without a value, or with a part of one.
const CUT: Said = Said { retry: Retried::Harmless, ..UNREADABLE };

/// A page with status 200.
const PAGE: Said = Said { kind: ErrorKind::Gateway, ..UNREADABLE };

/// A page with another status. The gateway refuses what it answers with a status below 500.
fn gateway(status: u16) -> Said {
    let retry = if matches!(status, 502..=504) { Retried::Harmless } else { Retried::None };
    Said { kind: ErrorKind::Gateway, status: Some(status), maybe_executed: !(300..500).contains(&status), retry }
}

const HTML: &str = "<html><body><h1>Oops</h1></body></html>";
const JSON: &str = r#"{"fault":{"faultstring":"Rate limit quota violation.","detail":{"errorcode":"policies.ratelimit.QuotaViolation"}}}"#;

/// Resets, orderly ends and silence at each step of an exchange.
fn broken_exchanges() -> Vec<Row> {
    let mut rows = Vec::new();
    for (way, last, kind) in [
        ("reset", Step::Reset, ErrorKind::Connection),
        ("closed", Step::Close, ErrorKind::Connection),
        ("stalled", Step::Stall, ErrorKind::Timeout),
    ] {
        for moment in moments() {
            let said = Said { kind, status: moment.answered.then_some(200), ..LOST };
            rows.push(row(format!("{way} {}", moment.name), [moment.steps, vec![last.clone()]].concat(), said));
        }
    }
    rows
}

/// Pages of a gateway.
fn gateway_pages() -> Vec<Row> {
    let page = |status: u16, body: &str| answer(&format!("{status} Oops"), "content-type: text/html\r\n", body);
    let unauthorized = Said { kind: ErrorKind::Unauthorized, ..gateway(401) };
    let throttled = Said { kind: ErrorKind::Throttled, retry: Retried::All, ..gateway(429) };
    let mut rows = Vec::new();
    for (content, body) in [("HTML", HTML), ("JSON", JSON), ("nothing", ""), ("text", "oops")] {
        rows.push(row(format!("401 with {content}"), refuses(page(401, body)), unauthorized));
        rows.push(row(format!("429 with {content}"), refuses(page(429, body)), throttled));
        for status in [301, 308, 403, 404, 413] {
            rows.push(row(format!("{status} with {content}"), refuses(page(status, body)), gateway(status)));
        }
        // What stands behind the gateway may have executed the call.
        for status in [500, 502, 503, 504, 599] {
            rows.push(row(format!("{status} with {content}"), executes(page(status, body)), gateway(status)));
        }
    }
    rows
}

/// Answers of status 200 that hold no value.
fn unreadable_answers() -> Vec<Row> {
    let ok = |body: &[u8]| executes(answer("200 OK", "", body));
    let body = response("1");
    let half = &body[..40];
    vec![
        row("an empty body", ok(b""), CUT),
        row("a blank body", ok(b" \r\n"), CUT),
        row("a truncated body", ok(half.as_bytes()), CUT),
        row("a truncated body without a length", ends(format!("HTTP/1.1 200 OK\r\n\r\n{half}")), CUT),
        row("HTML", ok(HTML.as_bytes()), PAGE),
        row("JSON", ok(JSON.as_bytes()), PAGE),
        row("text", ok(b"oops"), PAGE),
        row("another type", ok(response("<array><data/></array>").as_bytes()), UNREADABLE),
    ]
}

/// Executes the request, answers this and ends the connection.
fn ends(answer: String) -> Act {
    vec![Step::Execute, Step::Send(answer.into()), Step::Close]
}

/// Answers of status 200 whose length or compression is wrong.
fn wrong_lengths() -> Vec<Row> {
    let body = response("1");
    let half = &body[..40];
    let sized = |length: usize| ends(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}"));
    let chunked = |chunks: String| ends(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"));
    let packed = |bytes: &[u8]| executes(answer("200 OK", "content-encoding: gzip\r\n", bytes));
    let zipped = gzip(body.as_bytes());
    vec![
        row("a length too long", sized(body.len() + 9), BROKEN),
        row("a length beyond all bounds", sized(1 << 50), BROKEN),
        row("a length too short", sized(40), CUT),
        row("a chunk that ends early", chunked(format!("ff\r\n{half}")), BROKEN),
        row("no last chunk", chunked(format!("28\r\n{half}\r\n")), BROKEN),
        row("a last chunk too early", chunked(format!("28\r\n{half}\r\n0\r\n\r\n")), CUT),
        row("a chunk without a length", chunked(format!("xyz\r\n{body}")), BROKEN),
        row("a truncated gzip", packed(&zipped[..zipped.len() / 2]), BROKEN),
        row("a gzip without its end", packed(&zipped[..zipped.len() - 8]), BROKEN),
        row("a gzip with a wrong sum", packed(&[&zipped[..zipped.len() - 8], &[0; 8]].concat()), BROKEN),
        row("a gzip that is none", packed(body.as_bytes()), BROKEN),
    ]
}

/// What is not HTTP, or hardly.
fn hardly_http() -> Vec<Row> {
    let body = response("1");
    let flood = Step::Flood(b"x-flood: and another one\r\n".repeat(64), Duration::ZERO);
    let sized = |lengths: &str| executes(format!("HTTP/1.1 200 OK\r\n{lengths}\r\n{body}"));
    vec![
        row("another protocol", executes("SSH-2.0-OpenSSH_9.0\r\n\r\n"), LOST),
        row("endless headers", vec![Step::Execute, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), flood], LOST),
        row("many headers", sized(&"x-many: headers\r\n".repeat(1000)), LOST),
        row("an interim answer with headers", executes("HTTP/1.1 100 Continue\r\nx-odd: 1\r\n\r\n"), LOST),
        row("two lengths", sized(&format!("content-length: 3\r\ncontent-length: {}\r\n", body.len())), LOST),
        row("a length that is none", sized("content-length: many\r\n"), LOST),
    ]
}

#[test]
fn every_way_to_fail_is_told_as_it_is() {
    let tables = [broken_exchanges(), gateway_pages(), unreadable_answers(), wrong_lengths(), hardly_http()];
    let mut wrong = Vec::new();
    for row in tables.into_iter().flatten() {
        for call in CALLS {
            let server = Server::always(row.act.clone());
            let patience = if row.said.kind == ErrorKind::Timeout { 60 } else { 10_000 };
            let builder = server.builder().retry(Retry::none()).answer_timeout(Duration::from_millis(patience));
            let result = (call.make)(&built(builder));
            let problem = problem(&row, call, &result, &server.finish());
            wrong.extend(problem.map(|problem| format!("{}, {:?}: {problem}: {result:?}", row.name, call.effect)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with what the client says.
fn problem(row: &Row, call: Call, result: &Result<String, Error>, seen: &Seen) -> Option<String> {
    let Err(error) = result else { return Some("a value".to_owned()) };
    // However the rest is said: what was executed is never denied.
    if seen.executions() > usize::from(error.maybe_executed()) {
        return Some("an execution is denied".to_owned());
    }
    // A connection that breaks at once may show that nothing was sent, if the client notices in time.
    let unsent = row.name == "reset at once" && !error.maybe_executed();
    let said = if unsent { Said { maybe_executed: false, retry: Retried::All, ..row.said } } else { row.said };
    let (kind, status, maybe_executed) = (error.kind(), error.http_status(), error.maybe_executed());
    let retryable = match said.retry {
        Retried::None => false,
        Retried::Harmless => call.effect != Effect::Once,
        Retried::All => true,
    };
    let found = Said { kind, status, maybe_executed, retry: said.retry };
    let right = found == said && error.is_retryable() == retryable && error.attempts() == 1;
    (!right).then(|| format!("expected {said:?}"))
}

#[test]
fn a_refused_connection_executes_nothing() {
    let port = Deaf::new();
    for call in CALLS {
        let client = built(builder_at(port.address()).retry(Retry::none()));
        let error = (call.make)(&client).expect_err("nobody listens");
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Connection, None), "{error:?}");
        assert!(!error.maybe_executed() && error.is_retryable(), "{error:?}");
    }
}

#[test]
fn an_upload_that_breaks_off_is_surely_not_executed() {
    for moment in moments().into_iter().take_while(|moment| moment.name != "after the request") {
        let server = Server::always([moment.steps, vec![Step::Reset]].concat());
        let client = built(server.builder().retry(Retry::none()));
        let error = (UPLOAD.make)(&client).expect_err("the connection breaks");
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Connection, None), "{}: {error:?}", moment.name);
        // The client could not hand over the whole body, so it knows.
        assert!(!error.maybe_executed() && error.is_retryable(), "{}: {error:?}", moment.name);
        assert_eq!(server.finish().executions(), 0);
    }
}

#[test]
fn a_good_answer_is_read_by_all() {
    for call in CALLS.into_iter().chain([UPLOAD]) {
        let server = Server::start([executes(good_answer())]);
        assert_eq!((call.make)(&built(server.builder())).expect("an answer"), "1");
        assert_eq!(server.finish().executions(), 1);
    }
}
