//! Whatever goes wrong, a call that must not be repeated is executed once at most, and every other one recovers.

use std::time::Duration;

use infusionsoft::{Client, Clock, Effect, Error, ErrorKind};
use infusionsoft_tests::manual_clock::ManualClock;
use infusionsoft_tests::misbehaving::{Act, Part, Seen, Server, Step, answer, behaves, executes, refuses, response};

use crate::common::{CALLS, Call, UPLOAD, built, moments, once};

/// A failure that passes.
struct Failure {
    name: String,
    act: Act,
    /// How long the client waits for an answer.
    patience: Duration,
}

fn failure(name: impl Into<String>, act: Act) -> Failure {
    Failure { name: name.into(), act, patience: Duration::from_secs(10) }
}

/// Every step of an exchange fails in these ways.
fn broken_exchanges(ways: &[(&str, Step, u64)]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (way, last, patience) in ways {
        for moment in moments() {
            let act = [moment.steps, vec![last.clone()]].concat();
            let patience = Duration::from_millis(*patience);
            failures.push(Failure { name: format!("{way} {}", moment.name), act, patience });
        }
    }
    failures
}

const BROKEN: [(&str, Step, u64); 2] = [("reset", Step::Reset, 10_000), ("closed", Step::Close, 10_000)];
const STALLED: [(&str, Step, u64); 1] = [("stalled", Step::Stall, 60)];

fn fault(text: &str) -> Vec<u8> {
    let code = "<member><name>faultCode</name><value><i4>0</i4></value></member>";
    let text = format!("<member><name>faultString</name><value>{text}</value></member>");
    let body = format!("<methodResponse><fault><value><struct>{code}{text}</struct></value></fault></methodResponse>");
    answer("200 OK", "content-type: text/xml\r\n", body)
}

/// Refusals that pass: the server executes nothing.
fn throttled() -> Vec<Failure> {
    let fault = fault("com.x.ThrottlingException: Maximum number of threads throttled");
    vec![
        failure("429", refuses(answer("429 Too Many Requests", "retry-after: 3\r\n", "slow down"))),
        failure("a throttling fault", refuses(fault)),
    ]
}

/// Answers to calls that were executed, which promise more.
fn passing_answers() -> Vec<Failure> {
    let ok = |body: &str| answer("200 OK", "content-type: text/xml\r\n", body);
    let page = |status: &str| failure(status, executes(answer(status, "", "<html>oops</html>")));
    vec![
        failure("a cancelled statement", executes(fault("Statement cancelled due to client request"))),
        failure("a blank body", executes(ok("\n"))),
        failure("a truncated body", executes(ok(&response("1")[..50]))),
        page("502 Bad Gateway"),
        page("503 Unavailable"),
        page("504 Gateway Timeout"),
    ]
}

fn client(server: &Server, failure: &Failure) -> Client {
    built(server.builder().clock(ManualClock::default()).answer_timeout(failure.patience))
}

/// Makes a call against a server that fails so often and behaves then; tells what is wrong with the outcome.
fn tried(call: Call, failure: &Failure, times: usize) -> Option<String> {
    let server = Server::start(vec![failure.act.clone(); times]);
    let result = (call.make)(&client(&server, failure));
    problem(call, failure, &result, &server.finish(), 0)
}

/// What is wrong with the outcome of a call, for which so many others were executed before.
fn problem(
    call: Call,
    failure: &Failure,
    result: &Result<String, Error>,
    seen: &Seen,
    before: usize,
) -> Option<String> {
    let executions = seen.executions() - before;
    let problem = match (call.effect, result) {
        (Effect::Once, _) if executions > 1 => "executed twice",
        (Effect::Once, Ok(_)) if executions != 1 => "a value without an execution",
        (Effect::Once, Err(error)) if executions == 1 && !error.maybe_executed() => "an execution is denied",
        (Effect::Once, Err(error)) if error.is_retryable() => "given up although nothing was executed",
        (Effect::Read | Effect::Repeatable, Err(_)) => "not recovered",
        _ => return None,
    };
    Some(format!("{}, {:?}: {problem}: {result:?}", failure.name, call.effect))
}

#[test]
fn a_call_recovers_if_it_may_and_is_executed_once_if_it_must() {
    let failures = broken_exchanges(&BROKEN).into_iter().chain(throttled()).chain(passing_answers());
    let mut wrong = Vec::new();
    for failure in failures {
        for call in CALLS {
            wrong.extend(tried(call, &failure, 1));
            wrong.extend(tried(call, &failure, 3));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_call_recovers_from_silence() {
    let mut wrong = Vec::new();
    for failure in broken_exchanges(&STALLED) {
        wrong.extend(CALLS.into_iter().filter_map(|call| tried(call, &failure, 1)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_connection_that_waited_may_break_at_any_moment() {
    let mut wrong = Vec::new();
    for failure in broken_exchanges(&BROKEN) {
        for call in CALLS {
            let server = Server::start([behaves(), failure.act.clone()]);
            let client = client(&server, &failure);
            once(&client).expect("an answer");
            let result = (call.make)(&client);
            wrong.extend(problem(call, &failure, &result, &server.finish(), 1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_connection_that_ended_while_it_waited_is_replaced() {
    for last in [Step::Reset, Step::HangUp] {
        let server = Server::start([[behaves(), vec![last]].concat()]);
        let client = built(server.builder());
        once(&client).expect("an answer");
        // The end is sure to have come when the server has nothing open any more.
        server.await_closed(1);
        assert_eq!(once(&client).expect("an answer"), "1");
        let seen = server.finish();
        assert_eq!((seen.executions(), seen.connections), (2, 2));
    }
}

#[test]
fn a_call_that_was_surely_not_executed_is_repeated_whatever_it_does() {
    for failure in throttled() {
        let server = Server::start([failure.act.clone(), failure.act.clone()]);
        assert_eq!(once(&client(&server, &failure)).expect("it recovers"), "1");
        let seen = server.finish();
        assert_eq!((seen.executions(), seen.received.len()), (1, 3), "{}", failure.name);
    }
}

#[test]
fn an_upload_that_breaks_off_is_begun_again() {
    for part in [Part::SomeOfTheHead, Part::Head, Part::HalfOfTheBody] {
        let failure = failure(format!("{part:?}"), vec![Step::Read(part), Step::Reset]);
        let server = Server::start([failure.act.clone()]);
        assert_eq!((UPLOAD.make)(&client(&server, &failure)).expect("it recovers"), "1");
        let seen = server.finish();
        assert_eq!((seen.executions(), seen.received.len()), (1, 2), "{part:?}");
    }
}

#[test]
fn what_a_server_asks_to_wait_is_waited() {
    let server = Server::start([refuses(answer("429 Too Many Requests", "retry-after: 30\r\n", ""))]);
    let clock = ManualClock::default();
    assert_eq!(once(&built(server.builder().clock(clock.clone()))).expect("it recovers"), "1");
    assert!((30..60).contains(&clock.now().as_secs()), "{:?}", clock.sleeps());
}

#[test]
fn a_refusal_before_the_upload_has_ended_is_understood() {
    for (status, kind) in [("413 Too Large", ErrorKind::Gateway), ("429 Too Many Requests", ErrorKind::Throttled)] {
        let refusal = answer(status, "connection: close\r\n", "no");
        let server = Server::always(vec![Step::Read(Part::Head), Step::Send(refusal), Step::Close]);
        let error = (UPLOAD.make)(&built(server.builder().clock(ManualClock::default()))).expect_err("a refusal");
        assert_eq!((error.kind(), error.maybe_executed()), (kind, false), "{error:?}");
        assert_eq!(server.finish().executions(), 0);
    }
}

#[test]
fn a_refusal_that_breaks_the_upload_off_is_survived() {
    let refusal = answer("429 Too Many Requests", "", "");
    let server = Server::start([vec![Step::Read(Part::Head), Step::Send(refusal), Step::Reset]]);
    assert_eq!((UPLOAD.make)(&built(server.builder().clock(ManualClock::default()))).expect("it recovers"), "1");
    assert_eq!(server.finish().executions(), 1);
}
