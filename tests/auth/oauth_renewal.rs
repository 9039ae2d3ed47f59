//! Calls that the server refuses with status 401, tokens that can't travel, and the line to the token endpoint.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use infusionsoft::transport::{Agent, HttpRequest, HttpResponse, TransportError};
use infusionsoft::{
    Client, Clock as _, Credentials, ErrorKind, MemoryStore, OAuthApp, Retry, Secret, Session, TokenProblem,
    TokenStore, Tokens, Transport, record,
};
use infusionsoft_sandbox::{Effect, Rule};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::http::{Reply, Server};
use infusionsoft_tests::manual_clock::ManualClock;

use crate::oauth_common::{BACK, MINUTE, World};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn an_endpoint_that_is_down_for_a_moment_is_asked_again_after_a_401_too() {
    let world = World::new();
    let client = world.client_with(world.session(world.authorized()), Retry::default());
    world.sandbox.inject(Rule::next(1, Effect::TokenExpired).on("ContactService.add"));
    world.sandbox.inject(Rule::next(2, Effect::Html { status: 503 }).on("/token"));
    client.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    assert_eq!((world.forms().len(), world.sandbox.executions("ContactService.add")), (3, 1));
    // It is told as it is if it stays down.
    world.clock.advance(MINUTE);
    world.sandbox.inject(Rule::next(1, Effect::TokenExpired).on("ContactService.add"));
    world.sandbox.inject(Rule::always(Effect::Html { status: 503 }).on("/token"));
    let error = client.contacts().add(record! { "FirstName" => "Ada" }).expect_err("no token");
    assert_eq!((error.token_problem(), error.attempts()), (Some(TokenProblem::EndpointDown), 5));
    assert!(error.is_retryable() && !error.maybe_executed());
}

/// A server that takes its time.
#[derive(Clone)]
struct Slow {
    endpoint: Canned,
    clock: ManualClock,
    takes: Duration,
}

impl Transport for Slow {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        assert_eq!(request.timeout, None, "whoever hangs up loses the tokens");
        self.clock.advance(self.takes);
        self.endpoint.send(request)
    }
}

#[test]
fn a_call_whose_time_is_over_when_its_token_is_renewed_does_not_say_to_authorize() {
    for (takes, sent) in [(11 * SECOND, 1), (9 * SECOND, 2)] {
        let calls = Canned::status(401, "text/html", "").then(Canned::status(404, "text/html", ""));
        let fresh = r#"{"access_token":"second","refresh_token":"r2","expires_in":3600}"#;
        let endpoint = Slow { endpoint: Canned::ok(fresh), clock: calls.clock(), takes };
        let app = OAuthApp::builder("id", "secret", BACK).transport(endpoint).clock(calls.clock()).build();
        let first = Tokens::new("first", "r1", calls.clock().utc() + 3600 * SECOND);
        let store = Arc::new(MemoryStore::from(first));
        let session = Session::new(app.expect("an application"), Arc::clone(&store));
        let builder = calls.builder().credentials(Credentials::oauth(session)).call_timeout(10 * SECOND);
        let error = builder.build().expect("a client").data().get_user_info().expect_err("no time");
        assert_eq!(calls.sent().len(), sent);
        let kind = if sent == 1 { ErrorKind::Timeout } else { ErrorKind::Gateway };
        assert_eq!((error.kind(), error.is_retryable(), error.maybe_executed()), (kind, sent == 1, false), "{error:?}");
        let stored = store.load().expect("the store").expect("tokens");
        assert_eq!(stored.access_token().expose(), "second", "the token is there for the next call");
    }
}

#[test]
fn a_new_token_that_ends_under_way_is_replaced() {
    let calls = Canned::status(401, "text/html", "").then(Canned::status(404, "text/html", ""));
    let endpoint = Canned::ok(r#"{"access_token":"short","refresh_token":"next","expires_in":20}"#);
    let app = OAuthApp::builder("id", "secret", BACK).transport(endpoint.clone()).clock(calls.clock()).build();
    let ended = MemoryStore::from(Tokens::new("first", "r1", SystemTime::UNIX_EPOCH));
    let session = Session::new(app.expect("an application"), ended);
    let slow = Slow { endpoint: calls.clone(), clock: calls.clock(), takes: 19 * SECOND };
    let client = calls.builder().credentials(Credentials::oauth(session)).transport(slow).build().expect("a client");
    assert_eq!(client.data().get_user_info().expect_err("no page").kind(), ErrorKind::Gateway);
    assert_eq!((endpoint.sent().len(), calls.sent().len()), (2, 2));
}

/// An application whose endpoint would answer, a session with these tokens, and a client.
fn unfit(access: &str, refresh: &str, expires_at: SystemTime) -> (Canned, Canned, Session, Client) {
    let endpoint = Canned::ok(r#"{"access_token":"second","refresh_token":"r2","expires_in":3600}"#);
    let app = OAuthApp::builder("id", "secret", BACK).transport(endpoint.clone()).clock(endpoint.clock()).build();
    let store = MemoryStore::from(Tokens::new(access, refresh, expires_at));
    let session = Session::new(app.expect("an application"), store);
    let calls = Canned::ok("");
    let client = calls.client_with(Credentials::oauth(session.clone()));
    (endpoint, calls, session, client)
}

#[test]
fn tokens_that_cannot_travel_are_told_as_such_and_kept() {
    let never = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    for (access, refresh) in [("token\n", "refresh"), ("", "refresh"), ("token", "refresh\n"), ("token", "r\u{e9}")] {
        let (endpoint, calls, session, client) = unfit(access, refresh, SystemTime::UNIX_EPOCH);
        let error = session.adopt(Tokens::new(access, refresh, never)).expect_err("unfit");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().starts_with("the credentials "), "{error}");
        if refresh == "refresh" {
            let (_, calls, _, client) = unfit(access, refresh, never);
            let error = client.data().get_user_info().expect_err("unfit");
            assert_eq!((error.kind(), calls.sent().len()), (ErrorKind::InvalidRequest, 0), "{error}");
            continue;
        }
        // It is not the server's refusal, which would be kept for good.
        for _ in 0..2 {
            let error = client.data().get_user_info().expect_err("unfit");
            assert_eq!(error.token_problem(), Some(TokenProblem::Refused), "{error}");
            assert!(error.to_string().contains("nothing was sent: the credentials hold "), "{error}");
        }
        assert_eq!((endpoint.sent().len(), calls.sent().len()), (0, 0));
    }
}

#[test]
fn an_agent_of_ones_own_gets_the_tokens() {
    let agent: Agent = Agent::config_builder().https_only(true).build().into();
    let server = Server::start([Reply::ok("{}")]);
    let app = OAuthApp::builder("id", "secret", BACK).token_url(server.url()).agent(agent).build();
    let error = app.expect("an application").exchange(&Secret::from("code")).expect_err("no TLS");
    assert_eq!((error.token_problem(), error.is_retryable()), (Some(TokenProblem::NotAnEndpoint), false));
    let source = std::error::Error::source(&error).expect("a cause");
    assert_eq!(source.to_string(), "the agent sends to https alone");
    assert!(server.finish().is_empty());
}
