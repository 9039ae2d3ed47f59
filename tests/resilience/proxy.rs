//! Proxies that the environment names.

use std::env;
use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, SystemTime};

use infusionsoft::{Client, Credentials, ErrorKind, OAuthApp, Retry, Tokens};
use infusionsoft_tests::canned::TOKEN;
use infusionsoft_tests::misbehaving::{Server, answer, refuses};

use crate::children;
use crate::common::{Deaf, built, once};

/// The variable that tells a child where to call, and the one that tells it the outcome.
const ENDPOINT: &str = "RESILIENCE_ENDPOINT";
const OUTCOME: &str = "RESILIENCE_OUTCOME";

/// Where nobody is (RFC 5737), so that only a proxy can answer.
const HOST: &str = "https://192.0.2.1/xmlrpc";

/// A proxy that makes no tunnel.
fn proxy() -> Server {
    Server::always(refuses(answer("403 Forbidden", "", "")))
}

#[test]
fn calls_take_the_proxy_that_the_environment_names() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = proxy();
        let address = format!("http://user:canary@{}", proxy.address());
        let printed = children::run(CHILD, &[(name, &address), (ENDPOINT, HOST), (OUTCOME, "error")]);
        assert!(!printed.contains("canary"), "{printed}");
        let seen = proxy.finish();
        let heads: Vec<_> = seen.received.iter().map(|received| received.head.as_str()).collect();
        assert!(heads[0].starts_with("CONNECT 192.0.2.1:443 "), "{name}: {heads:?}");
        // The proxy is told where to, and who may use it; what the call is made with would go through it unseen.
        assert!(heads[0].contains("dXNlcjpjYW5hcnk=") && !heads[0].contains(TOKEN), "{name}: {heads:?}");
    }
}

#[test]
fn calls_take_a_socks_proxy_that_the_environment_names() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
    let address = listener.local_addr().expect("the port's address");
    let proxy = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).map(|()| greeting).ok()
    });
    let address = address.to_string();
    let named = format!("socks5://{address}");
    children::run(CHILD, &[("ALL_PROXY", &named), ("HTTPS_PROXY", "x"), (ENDPOINT, HOST), (OUTCOME, "error")]);
    // Ends the wait for a call that went elsewhere.
    _ = TcpStream::connect(address);
    // Version 5, and one way to say who calls: not at all.
    assert_eq!(proxy.join().expect("no panic"), Some([5, 1, 0]));
}

#[test]
fn nothing_that_goes_to_this_machine_takes_a_proxy() {
    let (proxy, server) = (proxy(), Server::start([]));
    let address = format!("http://{}", proxy.address());
    let endpoint = server.url().replace("127.0.0.1", "localhost");
    children::run(CHILD, &[("HTTP_PROXY", &address), (ENDPOINT, &endpoint), (OUTCOME, "answer")]);
    assert_eq!((proxy.finish().connections, server.finish().executions()), (0, 2));
}

#[test]
fn a_proxy_that_refuses_shows_in_an_error_without_its_password() {
    let port = Deaf::new();
    let address = format!("http://user:canary@{}", port.address());
    let printed = children::run(CHILD, &[("HTTP_PROXY", &address), (ENDPOINT, HOST), (OUTCOME, "error")]);
    assert!(printed.contains("DataService.delete") && !printed.contains("canary"), "{printed}");
}

#[test]
fn no_client_is_built_where_the_environment_names_a_proxy_that_is_none() {
    let variables = [("HTTPS_PROXY", "http://user:canary@a proxy:3128"), (ENDPOINT, HOST), (OUTCOME, "refused")];
    let printed = children::run(CHILD, &variables);
    assert!(printed.contains("HTTPS_PROXY is not the URL of a proxy") && !printed.contains("canary"), "{printed}");
}

const CHILD: &str = "proxy::the_child_that_calls";

#[test]
#[ignore = "reads the environment: run by other tests, alone"]
fn the_child_that_calls() {
    let [endpoint, outcome] = [ENDPOINT, OUTCOME].map(|name| env::var(name).expect("a parent sets it"));
    let app = OAuthApp::builder("id", "secret", "https://example.com/back").token_url(&*endpoint).build();
    let builder = Client::builder().credentials(Credentials::access_token(TOKEN)).endpoint(endpoint);
    let builder = builder.retry(Retry::none());
    if outcome == "refused" {
        for error in [app.err(), builder.build().err()] {
            let error = error.expect("the proxy is none");
            println!("{error:#?}");
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        }
        return;
    }
    let client = built(builder);
    println!("{client:?}");
    let result = once(&client);
    println!("{result:#?}");
    match result {
        Ok(answer) => {
            assert_eq!((answer.as_str(), &*outcome), ("1", "answer"));
            // What the server answers is no token, but it was asked.
            let tokens = Tokens::new("access", "refresh", SystemTime::now());
            app.expect("an application").refresh(&tokens).expect_err("no token");
        }
        Err(error) => assert_eq!((&*outcome, error.maybe_executed()), ("error", false)),
    }
}
