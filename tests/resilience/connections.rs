//! Connections: what keeps them, what ends them, and where they never lead.

use std::time::Duration;

use infusionsoft::{ErrorKind, Retry};
use infusionsoft_tests::canned::TOKEN;
use infusionsoft_tests::misbehaving::{Act, Server, Step, answer, executes, good_answer, refuses, response};
use ureq::Agent;

use crate::common::{built, once, read};
use crate::compress::gzip;

#[test]
fn twenty_calls_take_one_connection() {
    let server = Server::start([]);
    let client = built(server.builder());
    for _ in 0..20 {
        once(&client.clone()).expect("an answer");
    }
    let seen = server.finish();
    assert_eq!((seen.executions(), seen.connections), (20, 1));
}

/// Answers after which a connection is as good as before.
fn whole_answers() -> Vec<(&'static str, Act)> {
    let page = "<html>oops</html>".repeat(1000);
    let body = response("1");
    let (first, second) = body.split_at(20);
    let chunks = [first, second].map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len())).concat();
    let fault = "<methodResponse><fault><value><struct><member><name>faultCode</name><value><i4>2</i4></value></member>\
                 <member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>";
    vec![
        ("a fault", executes(answer("200 OK", "", fault))),
        ("an unreadable answer", executes(answer("200 OK", "", &page))),
        ("an empty answer", executes(answer("200 OK", "", ""))),
        ("chunks", executes(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"))),
        ("gzip", executes(answer("200 OK", "content-encoding: gzip\r\n", gzip(body.as_bytes())))),
        ("an unreadable gzip", executes(answer("200 OK", "content-encoding: gzip\r\n", gzip(page.as_bytes())))),
        ("401", refuses(answer("401 Unauthorized", "", &page))),
        ("429", refuses(answer("429 Too Many Requests", "", &page))),
        ("429 without a page", refuses(answer("429 Too Many Requests", "", ""))),
        ("503", executes(answer("503 Unavailable", "", &page))),
        ("a redirect", refuses(answer("302 Found", "location: /elsewhere\r\n", &page))),
        ("no reason phrase", executes(answer("200", "", &body))),
        ("an interim answer", executes([b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), good_answer()].concat())),
    ]
}

#[test]
fn a_connection_survives_every_answer_that_is_whole() {
    for (name, act) in whole_answers() {
        let server = Server::start([act.clone(), act]);
        let client = built(server.builder().retry(Retry::none()));
        // Whatever they answer.
        _ = (once(&client), read(&client));
        assert_eq!(once(&client).expect("an answer"), "1", "{name}");
        assert_eq!(server.finish().connections, 1, "{name}");
    }
}

/// Answers after which a connection must not be used again, since nobody knows what comes next.
fn half_answers() -> Vec<(&'static str, Act)> {
    let forged = answer("200 OK", "", response("0"));
    let body = response("1");
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    vec![
        ("another answer at once", executes([good_answer(), forged.clone()].concat())),
        ("garbage at once", executes([good_answer(), b"garbage".to_vec()].concat())),
        ("another answer after chunks", executes([chunked.into_bytes(), forged.clone()].concat())),
        ("a length too short", executes(format!("HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{body}"))),
        ("a refusal and another answer", refuses([answer("429 Slow Down", "", "no"), forged].concat())),
        ("the end announced", executes(answer("200 OK", "connection: close\r\n", &body))),
        ("a page without an end", vec![Step::Execute, Step::Send(answer("503 No", "", vec![b' '; 200_000]))]),
        ("an answer over the limit", executes(answer("200 OK", "", vec![b' '; 200_000]))),
    ]
}

#[test]
fn what_an_answer_leaves_behind_is_never_the_answer_to_the_next_call() {
    for (name, act) in half_answers() {
        let server = Server::start([act]);
        let client = built(server.builder().retry(Retry::none()).max_body(100_000));
        // Whatever it answers.
        _ = once(&client);
        assert_eq!(once(&client).expect("an answer"), "1", "{name}");
        assert_eq!(server.finish().connections, 2, "{name}");
    }
}

#[test]
fn an_answer_in_an_older_protocol_is_read() {
    let body = response("1");
    let server =
        Server::always(vec![Step::Execute, Step::Send(format!("HTTP/1.0 200 OK\r\n\r\n{body}").into()), Step::Close]);
    let client = built(server.builder());
    for _ in 0..2 {
        assert_eq!(once(&client).expect("an answer"), "1");
    }
    assert_eq!(server.finish().connections, 2);
}

#[test]
fn interim_answers_are_passed_over() {
    let interim = ["100 Continue", "100", "102 Processing", "103 Early Hints\r\nlink: </a>"];
    for shown in [&interim[..1], &interim[..2], &interim[2..3], &interim[3..], &interim[..]] {
        let heads: String = shown.iter().map(|head| format!("HTTP/1.1 {head}\r\n\r\n")).collect();
        let server = Server::always(vec![Step::Execute, Step::Send(heads.into_bytes()), Step::Send(good_answer())]);
        let client = built(server.builder().retry(Retry::none()));
        for _ in 0..2 {
            assert_eq!(once(&client).expect("an answer"), "1", "{shown:?}");
        }
        let seen = server.finish();
        assert_eq!((seen.executions(), seen.connections), (2, 1), "{shown:?}");
    }
}

#[test]
fn a_continuation_before_the_body_is_passed_over() {
    use infusionsoft_tests::misbehaving::Part;
    let go_on = Step::Send(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec());
    let act = vec![Step::Read(Part::Head), go_on.clone(), go_on, Step::Execute, Step::Send(good_answer())];
    let server = Server::always(act);
    assert_eq!(once(&built(server.builder())).expect("an answer"), "1");
    assert_eq!((crate::common::UPLOAD.make)(&built(server.builder())).expect("an answer"), "1");
    assert_eq!(server.finish().executions(), 2);
}

#[test]
fn no_redirect_is_followed() {
    let agents: [fn() -> Option<Agent>; 2] = [|| None, || Some(Agent::new_with_defaults())];
    for agent in agents {
        for status in ["300 Many", "301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
            let target = Server::start([]);
            for location in [target.url(), "/elsewhere".to_owned(), String::new()] {
                let moved = answer(status, &format!("location: {location}\r\n"), "");
                let server = Server::always(refuses(moved));
                let builder = match agent() {
                    Some(agent) => server.builder().agent(agent),
                    None => server.builder(),
                };
                let error = once(&built(builder)).expect_err("a redirect");
                assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Gateway, false), "{error:?}");
                let seen = server.finish();
                assert_eq!((seen.received.len(), seen.received[0].head.contains(TOKEN)), (1, true), "{status}");
            }
            assert_eq!(target.finish().connections, 0, "{status}");
        }
    }
}

#[test]
fn an_interim_answer_is_never_taken_for_the_answer() {
    // The real answer follows when the client may already believe that it has one.
    let hint = Step::Send(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec());
    let late = Step::Send(answer("200 OK", "", response("stale")));
    let server = Server::start([vec![Step::Execute, hint, Step::Take(Duration::from_millis(100)), late]]);
    let client = built(server.builder().retry(Retry::none()));
    let first = read(&client);
    assert_eq!(read(&client).expect("an answer"), "1", "{first:?}");
}
