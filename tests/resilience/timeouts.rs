//! Nothing takes for ever, with small real timeouts.

use std::time::Duration;

use infusionsoft::{ClientBuilder, Effect, ErrorKind, Retry};
use infusionsoft_tests::misbehaving::{Act, Server, Step, good_answer, response};

use crate::common::{CALLS, Deaf, UPLOAD, builder_at, built, once, read, timed};
use crate::compress::gzip;

/// What the machine may take on top of a timeout, while other tests run. It may wake a little early, too.
const SLACK: Duration = ms(2500);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
#[cfg(target_os = "linux")]
fn a_connection_that_nobody_takes_is_given_up() {
    let port = Deaf::new();
    port.listen();
    // Once its queue is full, the system drops what knocks.
    let queue: Vec<_> =
        (0..16).map_while(|_| std::net::TcpStream::connect_timeout(&port.address(), ms(100)).ok()).collect();
    assert!(queue.len() < 16, "the queue takes no end of connections");
    for call in CALLS {
        let client = built(builder_at(port.address()).retry(Retry::none()).connect_timeout(ms(100)));
        let (error, took) = timed(|| (call.make)(&client).expect_err("nobody answers"));
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        assert!(!error.maybe_executed() && error.is_retryable(), "{error:?}");
        assert!((ms(90)..ms(100) + SLACK).contains(&took), "{took:?}");
    }
}

#[test]
fn an_answer_that_never_comes_is_given_up() {
    for call in CALLS {
        let server = Server::always(vec![Step::Execute, Step::Stall]);
        let client = built(server.builder().retry(Retry::none()).answer_timeout(ms(150)));
        let (error, took) = timed(|| (call.make)(&client).expect_err("no answer"));
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Timeout, true), "{error:?}");
        assert_eq!(error.is_retryable(), call.effect != Effect::Once, "{error:?}");
        assert!((ms(140)..ms(150) + SLACK).contains(&took), "{took:?}");
    }
}

#[test]
fn an_upload_that_nobody_takes_is_given_up() {
    let timeouts: [fn(ClientBuilder) -> ClientBuilder; 2] =
        [|builder| builder.answer_timeout(ms(200)), |builder| builder.call_timeout(ms(200))];
    for timeout in timeouts {
        let server = Server::always(vec![Step::Stall]);
        let client = built(timeout(server.builder()).retry(Retry::none()));
        let (error, took) = timed(|| (UPLOAD.make)(&client).expect_err("no answer"));
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Timeout, false), "{error:?}");
        assert!((ms(150)..ms(200) + SLACK).contains(&took), "{took:?}");
    }
}

/// Answers that go on for ever, a little at a time.
fn endless() -> Vec<(&'static str, Act)> {
    let head = |text: &str| vec![Step::Execute, Step::Send(text.as_bytes().to_vec())];
    let and = |mut act: Act, bytes: &[u8]| {
        act.push(Step::Flood(bytes.to_vec(), ms(5)));
        act
    };
    let mut packed = head("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99999\r\n\r\n");
    let zipped = gzip(&b"no end ".repeat(1000));
    packed.extend([Step::Drip(zipped[..zipped.len() - 8].to_vec(), ms(5)), Step::Stall]);
    vec![
        ("a head", and(head("HTTP/1.1 200 OK\r\nx-slow: "), b"a")),
        ("interim answers", and(head(""), b"HTTP/1.1 100 Continue\r\n\r\n")),
        ("a body", and(head("HTTP/1.1 200 OK\r\n\r\n"), b" ")),
        ("chunks", and(head("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"), b"1\r\n \r\n")),
        ("a page", and(head("HTTP/1.1 503 Unavailable\r\n\r\n"), b" ")),
        ("a compressed body", packed),
    ]
}

#[test]
fn an_answer_that_never_ends_is_ended_by_the_timeout_of_the_call() {
    for (name, act) in endless() {
        for call in CALLS {
            let server = Server::always(act.clone());
            let client = built(server.builder().call_timeout(ms(200)));
            let (error, took) = timed(|| (call.make)(&client).expect_err("no end"));
            // Of a page, the status is known before it ends.
            let kind = if name == "a page" { ErrorKind::Gateway } else { ErrorKind::Timeout };
            assert_eq!((error.kind(), error.maybe_executed()), (kind, true), "{name}: {error:?}");
            assert!((ms(150)..ms(200) + SLACK).contains(&took), "{name}: {took:?}");
            assert_eq!(server.finish().executions(), 1, "{name}: no time is left for a second attempt");
        }
    }
}

#[test]
fn the_timeout_of_a_call_bounds_all_its_attempts() {
    let server = Server::always(vec![Step::Reset]);
    let retry = Retry::new().attempts(u32::MAX).backoff(ms(20), ms(20)).randomness(|| u64::MAX);
    let client = built(server.builder().call_timeout(ms(250)).retry(retry));
    let (error, took) = timed(|| read(&client).expect_err("no answer"));
    assert!(error.attempts() >= 2, "{error:?}");
    assert!(took < ms(250) + SLACK, "{took:?}");
}

#[test]
fn an_answer_that_comes_slowly_is_read_to_its_end() {
    let body = response("1");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let server = Server::always(vec![Step::Execute, Step::Send(head.into()), Step::Drip(body.into(), ms(8))]);
    let client = built(server.builder().answer_timeout(ms(500)));
    let (answer, took) = timed(|| once(&client).expect("an answer"));
    assert_eq!(answer, "1");
    assert!(took > ms(500), "each byte may take as long as the timeout says: {took:?}");
}

#[test]
fn a_drip_of_single_bytes_is_an_answer() {
    let server = Server::always(vec![Step::Execute, Step::Drip(good_answer(), ms(0))]);
    assert_eq!(once(&built(server.builder())).expect("an answer"), "1");
    assert_eq!(server.finish().executions(), 1);
}
