//! When a call is tried again, how long is waited before, and what is told of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infusionsoft::transport::TransportErrorKind;
use infusionsoft::{
    Attempt, Client, ClientBuilder, ContactId, Content, Credentials, Effect, Error, ErrorKind, Observer, Record, Retry,
    Secret, record,
};
use infusionsoft_tests::canned::Canned;

use crate::common::{answer, chain, fault};
use crate::errors::CALLS;

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// A policy whose waits are as long as they can be.
fn slowest() -> Retry {
    Retry::new().randomness(|| u64::MAX)
}

/// A policy that waits no longer than the server asks for.
fn eager() -> Retry {
    Retry::new().randomness(|| 0)
}

fn built(builder: ClientBuilder) -> Client {
    builder.build().expect("the client can be built")
}

fn load(client: &Client) -> Result<Record, Error> {
    client.contacts().load(ContactId(18), &["Id"])
}

/// What is answered in passing, and whether calls of effect `Once` are repeated after it.
fn passing() -> Vec<(&'static str, Canned, bool)> {
    let unsent = |kind| Canned::failure(kind, false);
    let sent = |kind| Canned::failure(kind, true);
    let page = |status| Canned::status(status, "text/html", "<html>");
    vec![
        ("no connection", unsent(TransportErrorKind::Connection), true),
        ("no connection in time", unsent(TransportErrorKind::Timeout), true),
        ("a broken connection", sent(TransportErrorKind::Connection), false),
        ("no answer in time", sent(TransportErrorKind::Timeout), false),
        ("429", page(429), true),
        ("502", page(502), false),
        ("503", page(503), false),
        ("504", page(504), false),
        ("a throttled server", Canned::ok(fault(0, "ThrottlingException: Maximum number of threads throttled")), true),
        ("a cancelled query", Canned::ok(fault(0, "Statement cancelled due to client request")), false),
        ("a blank answer", Canned::ok(""), false),
        ("a truncated answer", Canned::ok("<methodResponse><params><param><value>"), false),
    ]
}

/// What is answered for good.
fn lasting() -> Vec<(&'static str, Canned)> {
    let page = |status| Canned::status(status, "text/html", "<html>");
    vec![
        ("a request that can't be sent", Canned::failure(TransportErrorKind::Request, false)),
        ("302", page(302)),
        ("401", page(401)),
        ("403", page(403)),
        ("404", page(404)),
        ("500", page(500)),
        ("200 with a page", Canned::ok("<html>")),
        ("an ill-formed answer", Canned::ok("<methodResponse></oops>")),
        ("an answer of another type", Canned::ok(answer("<array><data/></array>"))),
        ("no record", Canned::ok(fault(5, "[RecordNotFound]"))),
        ("an unexpected failure", Canned::ok(fault(3, "[Unexpected]"))),
        ("another method", Canned::ok(fault(0, "No such handler: Some.method"))),
    ]
}

#[test]
fn what_may_pass_is_tried_again_if_that_does_no_harm() {
    for (cause, transport, once) in passing() {
        for (effect, call) in CALLS {
            let transport = transport.anew();
            let error = call(&transport.client());
            let attempts = if once || effect != Effect::Once { 4 } else { 1 };
            assert_eq!(transport.sent().len(), attempts, "{cause}, {effect:?}");
            assert_eq!(error.attempts() as usize, attempts, "{cause}, {effect:?}");
            let counted = error.to_string().ends_with(" (after 4 attempts)");
            assert_eq!(counted, attempts == 4, "{error}");
            let sent = transport.sent();
            assert!(sent.iter().all(|again| again.text() == sent[0].text()), "{cause}: the same request each time");
        }
    }
}

#[test]
fn what_will_not_pass_is_not_tried_again() {
    for (cause, transport) in lasting() {
        for (effect, call) in CALLS {
            let transport = transport.anew();
            let error = call(&transport.client());
            assert_eq!((transport.sent().len(), error.attempts()), (1, 1), "{cause}, {effect:?}");
            assert_eq!(transport.clock().sleeps(), [], "{cause}, {effect:?}");
        }
    }
}

#[test]
fn a_call_succeeds_as_soon_as_an_attempt_does() {
    for (cause, transport, _) in passing() {
        let transport = transport.clone().then(transport).then(Canned::ok(answer("<struct/>")));
        assert_eq!(load(&transport.client()).expect(cause), Record::new());
        assert_eq!(transport.sent().len(), 3, "{cause}");
    }
}

#[test]
fn nothing_of_a_value_that_was_read_in_part_is_left() {
    let page = |ids: &str| format!("<array><data>{ids}</data></array>");
    let record = |id| format!("<value><struct><member><name>Id</name><value>{id}</value></member></struct></value>");
    let whole = answer(&page(&record(7)));
    let cut = answer(&page(&format!("{}{}", record(1), record(2))));
    // The last one has its value whole, but not what follows it.
    for length in [cut.len() / 2, cut.find("</array>").expect("an end"), cut.len() - 1] {
        let transport = Canned::ok(&cut.as_bytes()[..length]).then(Canned::ok(whole.clone()));
        let found = transport.client().contacts().find_by_email("a@example.com", &["Id"]).expect("an answer");
        assert_eq!(found, [record! { "Id" => "7" }], "{length}");
    }
    let transport = Canned::ok(&cut.as_bytes()[..cut.len() - 1]).then(Canned::ok(fault(5, "[RecordNotFound]")));
    let error = transport.client().contacts().find_by_email("a@example.com", &["Id"]).expect_err("a fault");
    assert_eq!((error.kind(), error.attempts(), error.maybe_executed()), (ErrorKind::Fault, 2, true));
}

#[test]
fn what_an_attempt_may_have_done_no_later_one_undoes() {
    let lost = Canned::failure(TransportErrorKind::Timeout, true);
    for last in [
        Canned::failure(TransportErrorKind::Connection, false),
        Canned::status(429, "text/html", ""),
        Canned::status(401, "text/html", ""),
        Canned::ok(fault(5, "[RecordNotFound]")),
    ] {
        let error = load(&lost.anew().then(last).client()).expect_err("a failure");
        assert!(error.maybe_executed(), "{error:?}");
    }
    let refused = Canned::status(429, "text/html", "").then(Canned::failure(TransportErrorKind::Connection, false));
    assert!(!load(&refused.client()).expect_err("a failure").maybe_executed());
}

#[test]
fn the_content_of_a_file_is_read_again() {
    let transport = Canned::status(429, "text/html", "").then(Canned::ok(answer("7")));
    let content = Content::reader(std::io::Cursor::new(vec![0xA5; 100_000])).expect("a length");
    transport.client().files().upload_file("a.pdf", content).expect("an answer");
    let sent = transport.sent();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].body.len() > 100_000 && sent[0].body == sent[1].body);
}

/// How long the waits of a call are that never succeeds.
fn waits(retry: Retry) -> Vec<Duration> {
    let transport = Canned::status(503, "text/html", "");
    load(&built(transport.builder().retry(retry))).expect_err("a failure");
    transport.clock().sleeps()
}

#[test]
fn waits_double_up_to_the_longest() {
    assert_eq!(waits(slowest()), [500 * MILLISECOND, SECOND, 2 * SECOND]);
    let retry = slowest().attempts(7).backoff(3 * SECOND, 20 * SECOND);
    assert_eq!(waits(retry), [3, 6, 12, 20, 20, 20].map(Duration::from_secs));
    let endless = waits(slowest().attempts(70).backoff(MILLISECOND, Duration::MAX));
    assert_eq!((endless.len(), endless[31]), (69, MILLISECOND * (1 << 31)));
    assert!(endless.is_sorted());
}

#[test]
fn waits_are_anything_from_nothing_to_their_ceiling() {
    assert_eq!(waits(Retry::new().randomness(|| 0)), [], "there is nothing to wait");
    let half = waits(Retry::new().randomness(|| u64::MAX / 2));
    let expected = [250, 500, 1000].map(Duration::from_millis);
    assert!(half.iter().zip(expected).all(|(wait, expected)| wait.abs_diff(expected) < MILLISECOND), "{half:?}");
    let random: Vec<_> = (0..100).flat_map(|_| waits(Retry::new().attempts(2))).collect();
    assert!(random.iter().all(|wait| *wait <= 500 * MILLISECOND));
    assert!(random.iter().any(|wait| *wait < 100 * MILLISECOND), "{random:?}");
    assert!(random.iter().any(|wait| *wait > 400 * MILLISECOND), "{random:?}");
}

#[test]
fn retries_can_be_left_out() {
    for retry in [Retry::none(), Retry::new().attempts(1), Retry::new().attempts(0)] {
        let transport = Canned::status(503, "text/html", "");
        let error = load(&built(transport.builder().retry(retry))).expect_err("a failure");
        assert_eq!((error.attempts(), transport.sent().len()), (1, 1));
    }
}

#[test]
fn what_the_server_asks_to_wait_is_waited_at_least() {
    for (asked, jitter) in [("17", Duration::ZERO), ("Thu, 01 Jan 2026 00:00:17 GMT", 500 * MILLISECOND)] {
        // Whatever the client's clock says, the server's own date is what its dates are compared to.
        for (status, now) in [(429, None), (503, None), (429, Some("Thu, 01 Jan 2026 00:00:00 GMT"))] {
            let transport = Canned::status(status, "text/html", "").header("retry-after", asked);
            let transport = now.iter().fold(transport, |transport, now| transport.header("date", now));
            if now.is_some() {
                transport.clock().advance(10_000 * SECOND);
            }
            let transport = transport.then(Canned::ok(answer("<struct/>")));
            let retry = if jitter.is_zero() { eager() } else { slowest() };
            load(&built(transport.builder().retry(retry))).expect("an answer");
            assert_eq!(transport.clock().sleeps(), [17 * SECOND + jitter], "{asked}");
        }
    }
}

#[test]
fn a_wait_that_is_too_long_is_not_begun() {
    let transport = Canned::status(429, "text/html", "").header("retry-after", "301");
    let error = load(&transport.client()).expect_err("throttled");
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(301 * SECOND)));
    assert_eq!(transport.clock().sleeps(), []);
    for endless in ["999999999999", "18446744073709551616"] {
        let transport = Canned::status(429, "text/html", "").header("retry-after", endless);
        let error = load(&transport.client()).expect_err("throttled");
        assert!(error.attempts() == 1 && error.retry_after() > Some(301 * SECOND), "{error:?}");
        let error = load(&transport.client()).expect_err("throttled");
        assert_eq!(error.attempts(), 1, "a client of its own");
    }
    let transport = transport.anew().then(Canned::ok(answer("<struct/>")));
    let patient = transport.builder().retry(eager().longest_wait(301 * SECOND));
    load(&built(patient)).expect("an answer");
    assert_eq!(transport.clock().sleeps(), [301 * SECOND]);
}

#[test]
fn a_wait_that_would_pass_the_timeout_is_not_begun() {
    for (timeout, attempts) in [(1, 1), (499, 1), (501, 2), (1499, 2), (1501, 3), (3501, 4)] {
        let transport = Canned::status(503, "text/html", "");
        let builder = transport.builder().retry(slowest()).call_timeout(MILLISECOND * timeout);
        let error = load(&built(builder)).expect_err("a failure");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Gateway, attempts), "{timeout}");
        assert_eq!(transport.clock().sleeps().len() as u32, attempts - 1, "{timeout}");
    }
    let transport = Canned::status(429, "text/html", "").header("retry-after", "60");
    let error = load(&built(transport.builder().call_timeout(59 * SECOND))).expect_err("throttled");
    assert_eq!((error.attempts(), transport.clock().sleeps()), (1, vec![]));
}

#[test]
fn each_attempt_has_the_time_that_is_left() {
    let transport = Canned::status(503, "text/html", "").after(2 * SECOND);
    let client = built(transport.builder().retry(slowest()).call_timeout(10 * SECOND));
    load(&client).expect_err("a failure");
    let left: Vec<_> = transport.sent().iter().map(|sent| sent.timeout.expect("a timeout")).collect();
    assert_eq!(left, [10_000, 7500, 4500, 500].map(Duration::from_millis));
    load(&client).expect_err("a failure");
    assert_eq!(transport.sent()[4].timeout, Some(10 * SECOND), "each call has its own");
    assert_eq!(load(&transport.client()).map_err(|error| error.kind()), Err(ErrorKind::Gateway));
    assert_eq!(transport.sent().last().and_then(|sent| sent.timeout), None);
}

#[test]
fn a_call_without_time_is_not_sent() {
    let transport = Canned::ok(answer("<struct/>"));
    let error = load(&built(transport.builder().call_timeout(Duration::ZERO))).expect_err("no time");
    assert_eq!(error.to_string(), "ContactService.load: the call's timeout ended before it could be sent");
    assert_eq!((error.kind(), error.attempts(), error.maybe_executed()), (ErrorKind::Timeout, 0, false));
    assert_eq!(transport.sent().len(), 0);
    load(&built(transport.builder().call_timeout(Duration::MAX))).expect("an answer");
}

#[test]
fn a_turn_that_comes_too_late_is_not_waited_for() {
    // A server that throttles makes all calls wait, so the second attempt has no turn in time.
    let transport = Canned::status(429, "text/html", "");
    let client = built(transport.builder().retry(eager()).call_timeout(500 * MILLISECOND));
    let error = load(&client).expect_err("throttled");
    assert_eq!((error.http_status(), error.attempts()), (Some(429), 1), "the error of the last attempt");
    let error = load(&client).expect_err("no turn");
    assert_eq!(error.to_string(), "ContactService.load: the limits leave no turn in the time that the call may wait");
    assert_eq!((error.kind(), error.attempts(), error.http_status()), (ErrorKind::Throttled, 0, None));
    assert!(error.is_retryable() && error.retry_after().is_some_and(|wait| wait > 500 * MILLISECOND), "{error:?}");
    assert_eq!((transport.sent().len(), transport.clock().sleeps()), (1, vec![]));
}

#[test]
fn clones_share_a_budget_that_success_fills() {
    let down = Canned::status(503, "text/html", "");
    let client = built(down.builder().retry(eager().budget(5)));
    let attempts = |client: &Client| load(client).expect_err("a failure").attempts();
    assert_eq!([0; 3].map(|_| attempts(&client.clone())), [4, 3, 1]);

    // Five calls that succeed give back one retry.
    let page = || Canned::status(503, "text/html", "");
    let mut transport = page().then(page());
    for successes in [4, 1] {
        transport = (0..successes).fold(transport, |transport, _| transport.then(Canned::ok(answer("<struct/>"))));
        transport = transport.then(page());
    }
    let client = built(transport.then(page()).builder().retry(eager().attempts(2).budget(1)));
    assert_eq!(attempts(&client), 2);
    (0..4).for_each(|_| drop(load(&client).expect("an answer")));
    assert_eq!(attempts(&client), 1);
    load(&client).expect("an answer");
    assert_eq!([0; 2].map(|_| attempts(&client)), [2, 1]);
}

#[test]
fn success_fills_the_budget_no_further_than_it_was() {
    let transport = (0..30).fold(Canned::ok(answer("<struct/>")), |all, _| all.then(Canned::ok(answer("<struct/>"))));
    let client = built(transport.then(Canned::status(503, "text/html", "")).builder().retry(eager().budget(2)));
    (0..31).for_each(|_| drop(load(&client).expect("an answer")));
    assert_eq!(load(&client).expect_err("a failure").attempts(), 3);
    let none = built(Canned::status(503, "text/html", "").builder().retry(eager().budget(0)));
    assert_eq!(load(&none).expect_err("a failure").attempts(), 1);
}

#[test]
fn a_retry_that_has_no_turn_in_time_costs_nothing() {
    let refused = || Canned::status(429, "text/html", "");
    let transport = (0..4).fold(refused(), |transport, _| transport.then(refused()));
    let transport = transport.then(Canned::status(503, "text/html", "")).then(Canned::ok(answer("<struct/>")));
    let builder = transport.builder().call_timeout(500 * MILLISECOND);
    let client = built(builder.retry(eager().budget(1)));
    for _ in 0..5 {
        let error = load(&client).expect_err("throttled");
        assert_eq!((error.http_status(), error.attempts()), (Some(429), 1));
        transport.clock().advance(Duration::from_secs(120));
    }
    load(&client).expect("the one retry is left");
    assert_eq!(transport.sent().len(), 7);
}

/// What an observer was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Observer for Told {
    fn attempted(&self, attempt: &Attempt<'_>) {
        self.0.lock().expect("no test panics in here").push(format!("{attempt:?}"));
    }
}

#[test]
fn an_observer_is_told_of_every_attempt() {
    let transport = Canned::failure(TransportErrorKind::Timeout, true)
        .then(Canned::status(429, "text/html", "busy").header("retry-after", "3"))
        .then(Canned::ok(""))
        .then(Canned::ok(answer("<struct/>")))
        .after(40 * MILLISECOND);
    let told = Told::default();
    load(&built(transport.builder().retry(slowest()).observer(told.clone()))).expect("an answer");
    insta::assert_snapshot!(told.0.lock().expect("no test panics in here").join("\n"));
}

#[test]
fn an_observer_is_told_of_waits_for_a_turn_and_of_nothing_that_was_not_tried() {
    let transport = Canned::status(429, "text/html", "").then(Canned::ok(answer("<struct/>")));
    let told = Told::default();
    let client = built(transport.builder().retry(eager()).observer(told.clone()));
    load(&client).expect("an answer");
    client.contacts().load(ContactId(18), &[]).expect_err("no field is asked for");
    let told = told.0.lock().expect("no test panics in here");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("paced: 1s, backoff: 0ns"), "{told:?}");
}

#[test]
fn an_observer_is_told_no_secret() {
    const CANARY: &str = "canary/credential+0123456789";
    let told = Told::default();
    for carrier in [Credentials::access_token, Credentials::access_token_in_query, Credentials::legacy_key] {
        let page = Canned::status(503, "text/html", CANARY).then(Canned::ok(fault(2, CANARY)));
        let builder = page.builder().credentials(carrier(CANARY)).observer(told.clone());
        let client = built(builder);
        let error = client.data().authenticate_user("ada", Secret::from(CANARY)).expect_err("a failure");
        assert!(!chain(&error).join(" ").contains(CANARY));
    }
    let told = told.0.lock().expect("no test panics in here").join("\n");
    assert!(told.contains("DataService.authenticateUser") && !told.contains("canary"), "{told}");
}

#[test]
fn calls_of_many_threads_are_observed_on_their_own() {
    struct Counter(Arc<AtomicU64>, std::thread::ThreadId);
    impl Observer for Counter {
        fn attempted(&self, _: &Attempt<'_>) {
            assert_ne!(std::thread::current().id(), self.1);
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let count = Arc::new(AtomicU64::new(0));
    let observer = Counter(Arc::clone(&count), std::thread::current().id());
    let client = built(Canned::ok(answer("<struct/>")).builder().observer(observer));
    std::thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(|| load(&client).expect("an answer"))));
    });
    assert_eq!(count.load(Ordering::Relaxed), 4);
}
