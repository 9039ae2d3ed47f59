//! What is logged, and at which level.

use std::cell::RefCell;

use infusionsoft::{ContactId, Credentials, Retry};
use infusionsoft_tests::canned::Canned;
use log::{LevelFilter, Log, Metadata, Record};

use crate::common::{answer, fault};

thread_local! {
    /// What this thread has logged: calls log on the thread that makes them.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Lines;

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}", record.level(), record.args());
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn flush(&self) {}
}

/// What is logged while something runs.
fn logged(run: impl FnOnce()) -> String {
    // Whoever comes second finds the same logger.
    _ = log::set_logger(&Lines);
    log::set_max_level(LevelFilter::Trace);
    LINES.with_borrow_mut(Vec::clear);
    run();
    LINES.with_borrow(|lines| lines.join("\n"))
}

#[test]
fn attempts_are_logged_and_retries_are_warned_of() {
    let lines = logged(|| {
        let transport = Canned::status(429, "text/html", "canary").then(Canned::ok(answer("a&#11;canary")));
        let client = transport.builder().retry(Retry::new().randomness(|| u64::MAX)).build();
        client.expect("the client can be built").data().echo("canary").expect("an answer");
    });
    insta::assert_snapshot!(lines);
}

#[test]
fn failures_are_logged_once() {
    let lines = logged(|| {
        let client = Canned::ok(fault(5, "[RecordNotFound]canary")).client();
        client.contacts().load(ContactId(18), &["canary"]).expect_err("a fault");
    });
    assert_eq!(lines, "DEBUG ContactService.load: attempt 1 failed (Fault), status 200, 0 ms");
}

#[test]
fn no_level_shows_what_travels() {
    let lines = logged(|| {
        for page in [Canned::status(503, "text/html", "canary"), Canned::ok(fault(2, "canary")), Canned::ok("canary")] {
            let credentials = Credentials::access_token_in_query("canary-0123456789abcdef");
            page.client_with(credentials).contacts().load(ContactId(18), &["canary"]).expect_err("a failure");
        }
    });
    assert!(lines.contains("503") && !lines.contains("canary"), "{lines}");
}
