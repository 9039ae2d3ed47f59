//! What goes wrong with tokens, and what comes of it.

use std::time::Duration;

use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError, TransportErrorKind};
use infusionsoft::{
    Client, Error, ErrorKind, MemoryStore, OAuthApp, Retry, Secret, TokenProblem, TokenStore, Tokens, Transport,
};
use infusionsoft_sandbox::{Effect, Rule};
use infusionsoft_tests::canned::Canned;

use crate::oauth_common::{BACK, HOUR, World, authorize};

const MINUTE: Duration = Duration::from_secs(60);

/// A world whose access token has expired, with a client that doesn't repeat calls.
fn expired() -> (World, MemoryStore, Client) {
    let world = World::new();
    let store = world.authorized();
    let client = world.client(world.session(store.clone()));
    world.clock.advance(HOUR);
    (world, store, client)
}

fn failure(client: &Client) -> Error {
    let error = client.data().get_user_info().expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::Token);
    assert!(!error.maybe_executed());
    error
}

fn problem(client: &Client) -> TokenProblem {
    failure(client).token_problem().expect("a problem")
}

#[test]
fn failures_are_told_apart_and_say_what_to_do() {
    use TokenProblem::{
        ClientRefused, CodeRefused, EndpointDown, LostInExchange, NotAnEndpoint, RefreshTokenDead, Refused,
    };
    let json = |status: u16, text: &str| Canned::status(status, "application/json", text);
    let page = |status: u16| Canned::status(status, "text/html", "<html><h1>Error</h1></html>");
    let connection = TransportErrorKind::Connection;
    // The transport, what a code meets, what a refresh token meets, whether it can be repeated.
    let table = [
        (
            json(400, r#"{"error":"invalid_grant","error_description":"Invalid refresh token"}"#),
            CodeRefused,
            RefreshTokenDead,
            false,
        ),
        (json(400, r#"{"error":"invalid_grant"}"#), CodeRefused, RefreshTokenDead, false),
        (
            json(400, r#"{"error":"invalid_request","error_description":"Invalid Refresh Token"}"#),
            Refused,
            RefreshTokenDead,
            false,
        ),
        (
            json(400, r#"{"error":"invalid_request","error_description":"INVALID refresh TOKEN."}"#),
            Refused,
            RefreshTokenDead,
            false,
        ),
        (json(400, r#"{"error":"invalid_request","error_description":"redirect_uri"}"#), Refused, Refused, false),
        (json(400, r#"{"error":"unsupported_grant_type"}"#), Refused, Refused, false),
        (json(400, r#"{"error":"something_new"}"#), Refused, Refused, false),
        (json(400, r#"{"error":"invalid_client"}"#), ClientRefused, ClientRefused, false),
        (json(401, r#"{"error":"invalid_client"}"#), ClientRefused, ClientRefused, false),
        (json(401, r#"{"error":"invalid_grant"}"#), ClientRefused, ClientRefused, false),
        (json(401, r#"{"fault":{"faultstring":"Invalid client identifier"}}"#), ClientRefused, ClientRefused, false),
        (json(401, ""), ClientRefused, ClientRefused, false),
        (json(429, "{}").header("retry-after", "7"), EndpointDown, EndpointDown, true),
        (page(503), EndpointDown, EndpointDown, true),
        (Canned::failure(connection, false), EndpointDown, EndpointDown, true),
        (Canned::failure(connection, true), LostInExchange, LostInExchange, false),
        (Canned::failure(TransportErrorKind::Timeout, true), LostInExchange, LostInExchange, false),
        (page(500), LostInExchange, LostInExchange, false),
        (page(502), LostInExchange, LostInExchange, false),
        (page(504), LostInExchange, LostInExchange, false),
        (page(200), LostInExchange, LostInExchange, false),
        (json(200, ""), LostInExchange, LostInExchange, false),
        (json(200, r#"{"access_token":"a","refresh_to"#), LostInExchange, LostInExchange, false),
        (json(200, r#"{"access_token":""}"#), LostInExchange, LostInExchange, false),
        (json(200, "{\"access_token\":\"a\\nb\",\"refresh_token\":\"r\"}"), LostInExchange, LostInExchange, false),
        (page(404), NotAnEndpoint, NotAnEndpoint, false),
        (json(302, ""), NotAnEndpoint, NotAnEndpoint, false),
        (json(204, ""), NotAnEndpoint, NotAnEndpoint, false),
    ];
    for (number, (transport, of_code, of_refresh, retryable)) in table.into_iter().enumerate() {
        let app = OAuthApp::builder("id", "secret", BACK).transport(transport.clone()).clock(transport.clock());
        let app = app.build().expect("a valid application");
        let old = Tokens::new("a", "r", std::time::SystemTime::UNIX_EPOCH);
        let met = [(app.exchange(&Secret::from("c")), of_code), (app.refresh(&old), of_refresh)];
        for (met, expected) in met {
            let error = met.expect_err("a failure");
            assert_eq!(error.kind(), ErrorKind::Token, "{number}");
            assert_eq!(error.token_problem(), Some(expected), "{number}: {error}");
            assert_eq!(error.is_retryable(), retryable, "{number}: {error}");
            assert!(error.to_string().starts_with(&expected.to_string()), "{number}: {error}");
        }
        assert_eq!(transport.sent().len(), 2, "{number}: nothing is repeated");
    }
}

#[test]
fn what_the_endpoint_says_is_told() {
    let transport = Canned::status(429, "text/html", "").header("retry-after", "7");
    let app = OAuthApp::builder("id", "secret", BACK).transport(transport.clone()).clock(transport.clock());
    let error = app.build().expect("an application").exchange(&Secret::from("c")).expect_err("throttled");
    assert_eq!((error.http_status(), error.retry_after()), (Some(429), Some(Duration::from_secs(7))));
    let (_, _, client) = revoked();
    assert_eq!(
        failure(&client).to_string(),
        "DataService.getUserInfo: the refresh token was refused: it is expired, revoked or spent; authorize again \
         (status 400, \"invalid_grant: Invalid refresh token\")"
    );
}

fn revoked() -> (World, MemoryStore, Client) {
    let (world, store, client) = expired();
    let tokens = store.load().expect("the store").expect("tokens");
    world.sandbox.revoke(tokens.refresh_token().expose());
    (world, store, client)
}

#[test]
fn a_dead_refresh_token_is_sent_once_by_all_until_the_user_authorizes_again() {
    let (world, store, client) = revoked();
    for _ in 0..3 {
        assert_eq!(problem(&client), TokenProblem::RefreshTokenDead);
    }
    let session = world.session(store);
    let other = world.client(session.clone());
    assert_eq!(problem(&other), TokenProblem::RefreshTokenDead);
    assert_eq!(world.forms().len(), 1);
    authorize(&session, &world.sandbox);
    other.data().get_user_info().expect("an answer");
    client.data().get_user_info().expect("what another session has stored is found");
    assert_eq!(world.forms().len(), 2);
}

#[test]
fn a_token_that_is_still_good_is_used_while_it_cannot_be_replaced() {
    let effects = [Effect::Brownout, Effect::TokenRevoked, Effect::Reset, Effect::Blank];
    for effect in effects {
        let world = World::new();
        let client = world.client(world.session(world.authorized()));
        world.clock.advance(HOUR - 4 * MINUTE);
        world.sandbox.inject(Rule::always(effect.clone()).on("/token").executed(false));
        for _ in 0..3 {
            client.data().get_user_info().expect("the old token is good");
        }
        assert_eq!(world.forms().len(), 1, "{effect:?}: not with every call");
        world.clock.advance(4 * MINUTE);
        failure(&client);
    }
}

#[test]
fn an_endpoint_that_comes_back_is_found_after_half_a_minute() {
    let world = World::new();
    let client = world.client(world.session(world.authorized()));
    world.clock.advance(HOUR - 4 * MINUTE);
    world.sandbox.inject(Rule::next(1, Effect::Brownout).on("/token"));
    client.data().get_user_info().expect("the old token is good");
    world.clock.advance(Duration::from_secs(29));
    client.data().get_user_info().expect("the old token is good");
    assert_eq!(world.forms().len(), 1);
    world.clock.advance(Duration::from_secs(1));
    client.data().get_user_info().expect("the new token is good");
    assert_eq!(world.forms().len(), 2);
}

#[test]
fn an_endpoint_that_is_down_spends_nothing() {
    let (world, _, client) = expired();
    world.sandbox.inject(Rule::next(2, Effect::Html { status: 503 }).on("/token"));
    for _ in 0..2 {
        let error = failure(&client);
        assert_eq!(error.token_problem(), Some(TokenProblem::EndpointDown));
        assert!(error.is_retryable());
    }
    client.data().get_user_info().expect("an answer");
    // The client's retries are enough, even for calls that are sent once.
    let (world, store, _) = expired();
    let client = world.client_with(world.session(store), Retry::default());
    world.sandbox.inject(Rule::next(2, Effect::Html { status: 503 }).on("/token"));
    client.contacts().add(infusionsoft::record! { "FirstName" => "Ada" }).expect("a contact");
    assert_eq!((world.forms().len(), world.sandbox.executions("ContactService.add")), (3, 1));
}

#[test]
fn a_wrong_client_leaves_the_tokens_alone() {
    let (world, store, _) = expired();
    let before = store.load().expect("the store");
    let wrong = infusionsoft::Session::new(world.app_with("sandbox", "wrong"), store.clone());
    assert_eq!(problem(&world.client(wrong)), TokenProblem::ClientRefused);
    assert_eq!(store.load().expect("the store"), before);
    world.client(world.session(store)).data().get_user_info().expect("an answer");
}

/// The ways to lose an answer after the server has worked.
const LOSSES: [Effect; 5] =
    [Effect::Reset, Effect::Stalled, Effect::Blank, Effect::Cut { bytes: 20 }, Effect::Truncated { bytes: 20 }];

#[test]
fn an_answer_that_was_lost_costs_one_more_request_and_then_says_to_authorize() {
    for effect in LOSSES {
        let (world, store, client) = expired();
        world.sandbox.inject(Rule::next(1, effect.clone()).on("/token"));
        let error = failure(&client);
        assert_eq!(error.token_problem(), Some(TokenProblem::LostInExchange), "{effect:?}");
        assert!(error.is_retryable(), "{effect:?}");
        // Another process finds the mark, and the server's refusal means what it must mean.
        let other = world.client(world.session(store.clone()));
        for client in [&other, &client, &other] {
            let error = failure(client);
            assert_eq!(error.token_problem(), Some(TokenProblem::LostInExchange), "{effect:?}");
            assert!(error.to_string().contains("authorize again"), "{error}");
            assert!(!error.is_retryable());
        }
        assert_eq!(world.forms().len(), 2, "{effect:?}");
        authorize(&world.session(store), &world.sandbox);
        client.data().get_user_info().expect("an answer");
    }
}

#[test]
fn what_is_known_of_a_refresh_token_is_stored_with_it() {
    let (world, store, client) = expired();
    let stored = || store.load().expect("the store").expect("tokens").to_json();
    assert!(!stored().expose().contains("lost") && !stored().expose().contains("dead"));
    world.sandbox.inject(Rule::next(1, Effect::Reset).on("/token"));
    failure(&client);
    assert!(stored().expose().contains("\"lost_times\": 1,\n  \"lost_at\": 1"), "{}", stored().expose());
    failure(&client);
    assert!(stored().expose().contains("\"dead\": true\n}"), "{}", stored().expose());
    // Who reads it elsewhere knows the same, and sends nothing.
    let moved = MemoryStore::from(Tokens::from_json(stored().expose()).expect("what was written"));
    assert_eq!(moved.load().expect("the store"), store.load().expect("the store"));
    assert!(failure(&world.client(world.session(moved))).to_string().contains("authorize again"));
    assert_eq!(world.forms().len(), 2);
}

#[test]
fn an_answer_that_seemed_lost_is_got_by_the_next_request() {
    for effect in [Effect::Reset, Effect::Stalled, Effect::Blank] {
        let (world, store, _) = expired();
        let client = world.client_with(world.session(store), Retry::default());
        world.sandbox.inject(Rule::next(1, effect.clone()).on("/token").executed(false));
        client.data().get_user_info().expect("the call is repeated");
        assert_eq!(world.forms().len(), 2, "{effect:?}");
    }
}

#[test]
fn a_refresh_token_that_got_lost_twice_rests() {
    let (world, store, client) = expired();
    world.sandbox.inject(Rule::next(2, Effect::Stalled).on("/token").executed(false));
    for _ in 0..4 {
        assert_eq!(problem(&client), TokenProblem::LostInExchange);
    }
    assert_eq!(problem(&world.client(world.session(store))), TokenProblem::LostInExchange);
    assert_eq!(world.forms().len(), 2);
    world.clock.advance(5 * MINUTE);
    client.data().get_user_info().expect("it was not spent after all");
    assert_eq!(world.forms().len(), 3);
}

/// A transport that dies within the exchange: the server has worked, and the process is gone.
struct Dying(World);

impl Transport for Dying {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        self.0.send(request)?;
        panic!("the process is gone");
    }
}

#[test]
fn who_dies_in_the_exchange_leaves_the_store_whole_and_one_further_request() {
    let (world, store, _) = expired();
    let before = store.load().expect("the store");
    let app = OAuthApp::builder("sandbox", "sandbox", BACK).transport(Dying(world.clone())).build();
    let session = infusionsoft::Session::new(app.expect("an application"), store.clone());
    let client = world.client(session);
    for _ in 0..2 {
        // The locks that the panic has poisoned keep nobody out.
        let call = std::panic::AssertUnwindSafe(|| client.data().get_user_info());
        std::panic::catch_unwind(call).expect_err("a panic");
    }
    assert_eq!(store.load().expect("the store"), before, "the store is whole");
    let survivor = world.client(world.session(store));
    assert_eq!(problem(&survivor), TokenProblem::RefreshTokenDead);
    assert_eq!(problem(&survivor), TokenProblem::RefreshTokenDead);
    assert_eq!(world.forms().len(), 3, "one further request");
}
