//! Pacing as a server sees it.

mod server;

use std::cell::Cell;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use infusionsoft::{Attempt, Client, ClientBuilder, ContactId, Credentials, ErrorKind, Limits, Observer, Retry};
use infusionsoft_tests::manual_clock::ManualClock;

use self::server::{Reply, Server};

thread_local! {
    static TOOK: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Keeps how long the latest attempt of this thread took.
struct Stopwatch;

impl Observer for Stopwatch {
    fn attempted(&self, attempt: &Attempt<'_>) {
        TOOK.set(attempt.duration);
    }
}

fn builder(server: &Server) -> ClientBuilder {
    let builder = Client::builder().credentials(Credentials::access_token("a-token")).endpoint(server.url());
    builder.retry(Retry::none())
}

fn load(client: &Client, number: i32) -> Result<(), infusionsoft::Error> {
    client.contacts().load(ContactId(number), &["Id"]).map(|_| ())
}

/// The most moments within any window.
fn fullest(mut moments: Vec<Instant>, window: Duration) -> usize {
    moments.sort_unstable();
    let within = |(index, begin): (usize, &Instant)| moments[index..].partition_point(|at| *at < *begin + window);
    moments.iter().enumerate().map(within).max().unwrap_or_default()
}

#[test]
fn no_window_of_the_server_holds_more_than_the_limit() {
    const WINDOW: Duration = Duration::from_millis(100);
    let server = Server::start(Reply::at_once);
    let limits = Limits::none().within(WINDOW, 40);
    let client = builder(&server).limits(limits).observer(Stopwatch).build().expect("a client");
    let prompt = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for first in 0..64 {
            let (client, prompt) = (client.clone(), &prompt);
            scope.spawn(move || {
                for number in (1..=7).map(|call| first * 7 + call) {
                    load(&client, number).expect("an answer");
                    // A machine so busy that a server gets no time to look at what has long arrived proves nothing.
                    if TOOK.get() < Duration::from_millis(250) {
                        prompt.lock().expect("no thread panics").push(number);
                    }
                }
            });
        }
    });
    let prompt = prompt.into_inner().expect("no thread panics");
    let received = server.finish();
    assert_eq!(received.len(), 448);
    let received = || received.iter().filter(|request| prompt.contains(&request.number));
    // Servers count a request when it begins, or when it is whole.
    assert!(fullest(received().map(|request| request.begun).collect(), WINDOW) <= 40);
    assert!(fullest(received().map(|request| request.whole).collect(), WINDOW) <= 40);
}

#[test]
fn answers_that_are_waited_for_hold_up_nobody() {
    // No answer comes before twelve requests have: if each of the four that a window holds kept its place until then,
    // the others would never be sent.
    let server = Server::start(Reply::after_arrival_of::<12>);
    let limits = Limits::none().within(Duration::from_millis(20), 4).longest_wait(Duration::from_secs(10));
    let client = builder(&server).limits(limits).build().expect("a client");
    thread::scope(|scope| {
        for number in 1..=12 {
            let client = client.clone();
            scope.spawn(move || load(&client, number).expect("an answer"));
        }
    });
    assert_eq!(server.finish().len(), 12);
}

#[test]
fn a_refusal_slows_all_threads() {
    let server = Server::start(|number, _| match number {
        1 => Reply::new("429 Too Many Requests", "retry-after: 7\r\n"),
        _ => Reply::new("200 OK", ""),
    });
    let clock = ManualClock::default();
    let client = builder(&server).limits(Limits::none()).clock(clock.clone()).build().expect("a client");
    let error = load(&client, 1).expect_err("a refusal");
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Throttled, Some(Duration::from_secs(7))));
    thread::scope(|scope| {
        for number in 2..=64 {
            let client = client.clone();
            scope.spawn(move || load(&client, number).expect("an answer"));
        }
    });
    assert_eq!(clock.sleeps(), [Duration::from_secs(7)], "one waits for all");
    assert_eq!(server.finish().len(), 64);
}

#[test]
fn quota_headers_are_heeded() {
    let server = Server::start(|number, _| match number {
        1 => Reply::new(
            "200 OK",
            "x-keap-tenant-throttle-limit: 10000|250000\r\n\
             x-keap-tenant-throttle-time-unit: minute|day\r\n\
             x-keap-tenant-throttle-available: 2|100000\r\n",
        ),
        _ => Reply::new("200 OK", ""),
    });
    let clock = ManualClock::default();
    let client = builder(&server).limits(Limits::application()).clock(clock.clone()).build().expect("a client");
    for number in 1..=4 {
        load(&client, number).expect("an answer");
    }
    assert_eq!(clock.sleeps(), [Duration::from_secs(60)], "others have left room for two more in this minute");
    server.finish();
}

#[test]
fn a_call_that_would_come_too_late_fails_at_once() {
    let server = Server::start(Reply::at_once);
    let (clock, limits) = (ManualClock::default(), Limits::none().per_minute(1));
    let builder = builder(&server).limits(limits).clock(clock.clone());
    let client = builder.call_timeout(Duration::from_secs(10)).build().expect("a client");
    load(&client, 1).expect("an answer");
    let error = load(&client, 2).expect_err("the next turn is in a minute");
    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Throttled, false));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!((clock.sleeps(), server.finish().len()), (vec![], 1));
}
