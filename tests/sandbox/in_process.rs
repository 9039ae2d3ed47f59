//! The sandbox as a transport: a client without a network.

use std::io::{Cursor, Read as _};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Client, Credentials, ErrorKind, Limits, Retry, Transport, record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Clock, Effect, Rule, Sandbox, Server};
use infusionsoft_tests::calls::CALLS;

fn client(sandbox: &Sandbox, credentials: Credentials) -> Client {
    let builder = Client::builder().credentials(credentials).transport(sandbox.clone()).limits(Limits::none());
    builder.retry(Retry::none()).build().expect("the client can be built")
}

fn with_token(sandbox: &Sandbox) -> Client {
    client(sandbox, Credentials::access_token(ACCESS_TOKEN))
}

#[test]
fn takes_every_kind_of_credentials() {
    let sandbox = Sandbox::new();
    for credentials in [
        Credentials::access_token(ACCESS_TOKEN),
        Credentials::access_token_in_query(ACCESS_TOKEN),
        Credentials::personal_key(ACCESS_TOKEN),
    ] {
        client(&sandbox, credentials).contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
    }
    let builder = Client::builder().credentials(Credentials::legacy_key(ACCESS_TOKEN)).transport(sandbox.clone());
    let legacy = builder.endpoint("https://shop.infusionsoft.com/api/xmlrpc").build().expect("the client can be built");
    legacy.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
    assert_eq!(sandbox.executions("ContactService.add"), 4);
    let error = client(&sandbox, Credentials::access_token("other")).data().get_user_info().expect_err("unknown");
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[test]
fn clones_are_one_account() {
    let sandbox = Sandbox::new();
    let ada = with_token(&sandbox).contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
    let found = with_token(&sandbox.clone()).contacts().load(ada, &["FirstName"]).expect("it is there");
    assert_eq!(found, record! { "FirstName" => "Ada" });
}

#[test]
fn each_effect_is_what_it_is_over_http() {
    let sandbox = Sandbox::new();
    let crm = with_token(&sandbox);
    for (effect, kind, status) in [
        (Effect::Brownout, ErrorKind::Gateway, Some(503)),
        (Effect::TokenExpired, ErrorKind::Unauthorized, Some(401)),
        (Effect::Stalled, ErrorKind::Timeout, None),
        (Effect::Reset, ErrorKind::Connection, None),
        (Effect::Cut { bytes: 10 }, ErrorKind::Connection, Some(200)),
        (Effect::Truncated { bytes: 40 }, ErrorKind::Decode, Some(200)),
        (Effect::Blank, ErrorKind::Decode, Some(200)),
        (Effect::Malformed, ErrorKind::Decode, Some(200)),
    ] {
        sandbox.inject(Rule::next(1, effect.clone()));
        let error = crm.data().get_user_info().expect_err("the rule applies");
        assert_eq!((error.kind(), error.http_status()), (kind, status), "{effect:?}: {error}");
    }
    crm.data().get_user_info().expect("all rules are used up");
}

#[test]
fn a_slow_answer_moves_the_clock_and_not_the_test() {
    let clock = Clock::at(SystemTime::UNIX_EPOCH);
    let sandbox = Sandbox::builder().clock(clock.clone()).build().expect("the sandbox opens");
    sandbox.inject(Rule::always(Effect::Slow { milliseconds: 3_600_000 }));
    with_token(&sandbox).data().get_user_info().expect("the answer comes");
    assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(3600));
}

#[test]
fn serves_many_threads() {
    let sandbox = Sandbox::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let crm = with_token(&sandbox);
            scope.spawn(move || {
                for _ in 0..10 {
                    crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
                }
            });
        }
    });
    assert_eq!(with_token(&sandbox).data().count("Contact", record! {}).expect("they are counted"), 40);
}

#[test]
fn an_answer_that_ends_before_it_is_cut_comes_whole_as_over_http() {
    let sandbox = Sandbox::new();
    let server = Server::with(sandbox.clone()).expect("a port");
    let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).endpoint(server.url());
    let over_http = builder.limits(Limits::none()).retry(Retry::none()).build().expect("the client can be built");
    for client in [with_token(&sandbox), over_http] {
        for (bytes, comes) in [(30, false), (100_000, true)] {
            sandbox.inject(Rule::next(1, Effect::Cut { bytes }));
            let count = client.data().count("User", record! {});
            assert_eq!(count.is_ok(), comes, "{bytes}: {count:?}");
        }
    }
}

#[test]
fn is_a_transport_like_any_other() {
    let transports: Vec<Arc<dyn Transport>> = vec![Arc::new(Sandbox::new())];
    assert_eq!(transports.len(), 1);
}

/// A sandbox whose answers are looked at.
struct Watched(Sandbox);

impl Transport for Watched {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut response = self.0.send(request)?;
        let mut body = String::new();
        response.body.read_to_string(&mut body).expect("the answer is text");
        let padded = |letter: &str| body.contains(&format!("{letter}<")) || body.contains(&format!(">{letter}"));
        assert!(![" ", "\n", "\t"].into_iter().any(padded), "white space beside a tag: {body}");
        Ok(HttpResponse { body: Box::new(Cursor::new(body)), ..response })
    }
}

/// The documents pad their samples; the real server does not, and strict readers refuse a padded number.
#[test]
fn answers_have_no_white_space_beside_tags() {
    let credentials = Credentials::access_token(ACCESS_TOKEN);
    let client = Client::builder().credentials(credentials).transport(Watched(Sandbox::new())).build();
    let client = client.expect("the client can be built");
    for call in &CALLS {
        // Many examples name records that an empty account lacks: what counts is how the answer is written.
        if let Err(error) = (call.call)(&client) {
            assert_eq!(error.kind(), ErrorKind::Fault, "{}: {error}", call.entry);
        }
    }
}
