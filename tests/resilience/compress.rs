//! Compressed answers.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use infusionsoft::{Attempt, Effect, ErrorKind, Observer};
use infusionsoft_tests::manual_clock::ManualClock;
use infusionsoft_tests::misbehaving::{Server, Step, answer, executes, response};

use crate::children;
use crate::common::{CALLS, built, once, read};

/// Compresses a text.
pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A stream of about a thousandth of this many MiB, which holds so many MiB of spaces and does not end.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut ends = Vec::new();
    for _ in 0..2 {
        encoder.write_all(&vec![b' '; 1 << 20]).expect("memory can be written");
        encoder.flush().expect("memory can be written");
        ends.push(encoder.get_ref().len());
    }
    // What follows spaces and holds spaces can follow itself.
    let stream = encoder.get_ref();
    let (first, second) = (&stream[..ends[0]], &stream[ends[0]..ends[1]]);
    [first.to_vec(), second.repeat(mebibytes - 1)].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    answer("200 OK", "content-type: text/xml\r\ncontent-encoding: gzip\r\n", bytes)
}

/// Adds up the bytes of answers.
#[derive(Clone, Default)]
struct Bytes(Arc<AtomicU64>);

impl Observer for Bytes {
    fn attempted(&self, attempt: &Attempt<'_>) {
        self.0.fetch_add(attempt.answer_bytes, Ordering::Relaxed);
    }
}

#[test]
fn a_compressed_answer_is_read() {
    for call in CALLS {
        let server = Server::always(executes(packed(&gzip(response("1").as_bytes()))));
        assert_eq!((call.make)(&built(server.builder())).expect("an answer"), "1");
        let head = &server.finish().received[0].head;
        assert!(head.to_ascii_lowercase().contains("\r\naccept-encoding: gzip\r\n"), "{head}");
    }
}

#[test]
fn a_truncated_compression_is_tried_again_where_it_may() {
    let zipped = gzip(response("1").as_bytes());
    for call in CALLS {
        let server = Server::start([executes(packed(&zipped[..zipped.len() / 2]))]);
        let result = (call.make)(&built(server.builder().clock(ManualClock::default())));
        let executions = server.finish().executions();
        match result {
            Ok(value) => assert_eq!((value.as_str(), executions), ("1", 2)),
            Err(error) => {
                assert_eq!((call.effect, executions), (Effect::Once, 1), "{error:?}");
                assert!(error.maybe_executed() && !error.is_retryable(), "{error:?}");
            }
        }
    }
}

#[test]
fn a_bomb_is_read_as_far_as_the_limit() {
    const LIMIT: u64 = 3 << 20;
    let server = Server::always(executes(packed(&bomb(512))));
    let bytes = Bytes::default();
    let error = once(&built(server.builder().max_body(LIMIT).observer(bytes.clone()))).expect_err("too large");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(200)), "{error:?}");
    assert!(error.maybe_executed() && !error.is_retryable(), "{error:?}");
    assert_eq!(bytes.0.load(Ordering::Relaxed), LIMIT + 1);
}

#[test]
fn an_answer_without_end_is_read_as_far_as_the_limit() {
    let flood = Step::Flood(vec![b' '; 64 * 1024], Duration::ZERO);
    let server = Server::always(vec![Step::Execute, Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), flood]);
    let error = read(&built(server.builder().max_body(1 << 20))).expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
    // What the buffers of the connection hold comes on top.
    let sent = server.finish().sent;
    assert!(sent < 32 << 20, "{sent} bytes were sent");
}

#[test]
#[cfg(target_os = "linux")]
fn a_bomb_takes_no_more_memory_than_the_limit() {
    children::run("compress::the_child_that_opens_a_bomb", &[]);
}

#[test]
#[ignore = "measures its process: run by another test, alone"]
fn the_child_that_opens_a_bomb() {
    const LIMIT: u64 = 4 << 20;
    let server = Server::always(executes(packed(&bomb(512))));
    let client = built(server.builder().max_body(LIMIT));
    let before = peak_memory();
    for _ in 0..4 {
        assert_eq!(once(&client).expect_err("too large").kind(), ErrorKind::Decode);
    }
    let grown = peak_memory() - before;
    assert!(grown < 6 * LIMIT, "{grown} bytes for a limit of {LIMIT}");
}

/// The most memory that this process ever held, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak is told");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
