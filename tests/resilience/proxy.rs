//! Proxies that the environment names.

use std::env;

use infusionsoft::{Client, Credentials, Retry};
use infusionsoft_tests::canned::TOKEN;
use infusionsoft_tests::misbehaving::{Part, Server, Step, good_answer};

use crate::children;
use crate::common::{Deaf, built, once};

/// The variable that tells a child where to call, and the one that tells it the outcome.
const ENDPOINT: &str = "RESILIENCE_ENDPOINT";
const OUTCOME: &str = "RESILIENCE_OUTCOME";

/// Where nobody listens, so that only a proxy can answer.
const HOST: &str = "http://localhost:1/xmlrpc";

/// A proxy that makes a tunnel to itself, where it behaves.
fn proxy() -> Server {
    Server::always(vec![
        Step::Read(Part::Everything),
        Step::Reply(|received| match received.head.starts_with("CONNECT ") {
            true => b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec(),
            false => good_answer(),
        }),
    ])
}

#[test]
fn calls_take_the_proxy_that_the_environment_names() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = proxy();
        let address = format!("http://user:canary@{}", proxy.address());
        let printed = children::run(CHILD, &[(name, &address), (ENDPOINT, HOST), (OUTCOME, "answer")]);
        assert!(!printed.contains("canary"), "{printed}");
        let seen = proxy.finish();
        let heads: Vec<_> = seen.received.iter().map(|received| received.head.as_str()).collect();
        assert!(heads[0].contains("localhost:1"), "{name}: {heads:?}");
        // The proxy is told where to, and who may use it; what the call is made with goes through it unseen.
        assert!(!heads[0].starts_with("CONNECT ") || !heads[0].contains(TOKEN), "{name}: {heads:?}");
        assert!(heads[0].contains("dXNlcjpjYW5hcnk="), "{name}: {heads:?}");
    }
}

#[test]
fn hosts_that_the_environment_excepts_are_called_directly() {
    let (proxy, server) = (proxy(), Server::start([]));
    let address = format!("http://{}", proxy.address());
    let variables =
        [("HTTP_PROXY", address.as_str()), ("NO_PROXY", "127.0.0.1"), (ENDPOINT, &server.url()), (OUTCOME, "answer")];
    children::run(CHILD, &variables);
    assert_eq!((proxy.finish().connections, server.finish().executions()), (0, 1));
}

#[test]
fn a_proxy_that_refuses_shows_in_an_error_without_its_password() {
    let port = Deaf::new();
    let address = format!("http://user:canary@{}", port.address());
    let printed = children::run(CHILD, &[("HTTP_PROXY", &address), (ENDPOINT, HOST), (OUTCOME, "error")]);
    assert!(printed.contains("DataService.delete") && !printed.contains("canary"), "{printed}");
}

const CHILD: &str = "proxy::the_child_that_calls";

#[test]
#[ignore = "reads the environment: run by other tests, alone"]
fn the_child_that_calls() {
    let endpoint = env::var(ENDPOINT).expect("a parent sets it");
    let builder = Client::builder().credentials(Credentials::access_token(TOKEN)).endpoint(endpoint);
    let client = built(builder.retry(Retry::none()));
    println!("{client:?}");
    match once(&client) {
        Ok(answer) => assert_eq!((answer.as_str(), env::var(OUTCOME).as_deref()), ("1", Ok("answer"))),
        Err(error) => {
            println!("{error:#?}");
            assert_eq!((env::var(OUTCOME).as_deref(), error.maybe_executed()), (Ok("error"), false));
        }
    }
}
