//! Canaries: no text that comes of OAuth shows a secret.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};
use std::time::SystemTime;

use infusionsoft::{Credentials, Error, MemoryStore, OAuthApp, Secret, Session, TokenStore as _, Tokens};
use infusionsoft_tests::canned::Canned;

use crate::oauth_common::BACK;

const ID: &str = "canary-client-id-0123456789";
const SECRET: &str = "canary/client+secret%0123456789";
const CODE: &str = "canary/code+0123456789";
const ACCESS: &str = "canary-access-token-0123456789";
const REFRESH: &str = "canary/refresh+token-0123456789";

/// What any form of a canary begins with; base64 of id and secret begins with the last one.
const MARKS: [&str; 2] = ["canary", "Y2FuYXJ5"];

static LOG: Mutex<String> = Mutex::new(String::new());

/// Writes down what this thread's tests log of the client.
struct Scribe;

impl log::Log for Scribe {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        // The HTTP library's own lines show requests as they travel, as the docs say.
        if record.target().starts_with("infusionsoft") {
            let mut lines = LOG.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push_str(&format!("{} {}\n", record.level(), record.args()));
        }
    }

    fn flush(&self) {}
}

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Scribe).expect("no other logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
}

fn logged() -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn assert_silent(text: &str) {
    assert!(MARKS.iter().all(|mark| !text.contains(mark)), "a canary shows in {text}");
}

fn assert_shown_silent(value: &impl Debug) {
    assert_silent(&format!("{value:?} {value:#?}"));
}

fn assert_error_silent(error: &Error) {
    assert_silent(&format!("{error} {error:?} {error:#?}"));
    let mut source = error.source();
    while let Some(error) = source {
        assert_silent(&format!("{error} {error:?}"));
        source = error.source();
    }
    assert!(error.body().is_none());
}

fn app(transport: &Canned) -> OAuthApp {
    let builder = OAuthApp::builder(ID, SECRET, BACK);
    assert_shown_silent(&builder);
    builder.transport(transport.clone()).clock(transport.clock()).build().expect("a valid application")
}

fn tokens() -> Tokens {
    Tokens::new(ACCESS, REFRESH, SystemTime::UNIX_EPOCH)
}

#[test]
fn no_value_shows_a_secret() {
    let app = app(&Canned::ok(""));
    assert_shown_silent(&app);
    assert_shown_silent(&app.authorize());
    assert_shown_silent(&tokens());
    assert_shown_silent(&MemoryStore::from(tokens()));
    let session = Session::new(app, MemoryStore::from(tokens()));
    assert_shown_silent(&session);
    assert_shown_silent(&Credentials::oauth(session));
    assert!(tokens().to_json().expose().contains(REFRESH), "the canary sings where it must");
}

/// What travels with each request: id and secret, as they are, as a form has them, and as the header.
const SENT: [&str; 4] = [
    ID,
    SECRET,
    "canary%2Fclient%2Bsecret%250123456789",
    "Basic Y2FuYXJ5LWNsaWVudC1pZC0wMTIzNDU2Nzg5OmNhbmFyeS9jbGllbnQrc2VjcmV0JTAxMjM0NTY3ODk=",
];

/// What a server sends that repeats a text.
fn echoes(text: &str) -> Vec<Canned> {
    let mut echoes = Vec::new();
    for status in [200, 302, 400, 401, 403, 429, 500, 503] {
        for error in ["invalid_grant", "invalid_client", "invalid_request", "new"] {
            let json = format!(r#"{{"error":"{error}","error_description":"{text}","error_uri":"{text}"}}"#);
            echoes.push(Canned::status(status, "application/json", json));
        }
        echoes.push(Canned::status(status, "application/json", format!(r#"{{"error":"{text}"}}"#)));
        echoes.push(Canned::status(status, "text/html", format!("<html>{text}")));
        echoes.push(Canned::status(status, "application/json", format!(r#"{{"access_token":["{text}"]}}"#)));
    }
    echoes
}

#[test]
fn no_error_and_no_log_line_shows_a_secret_even_if_the_server_repeats_it() {
    listen();
    for text in SENT.into_iter().chain([CODE, "canary%2Fcode%2B0123456789"]) {
        for transport in echoes(text) {
            assert_error_silent(&app(&transport).exchange(&Secret::from(CODE)).expect_err("a failure"));
        }
    }
    for text in SENT.into_iter().chain([REFRESH, "canary%2Frefresh%2Btoken-0123456789"]) {
        for transport in echoes(text) {
            assert_error_silent(&app(&transport).refresh(&tokens()).expect_err("a failure"));
            let session = Session::new(app(&transport), MemoryStore::from(tokens()));
            let client = Canned::ok("").client_with(Credentials::oauth(session.clone()));
            assert_error_silent(&client.data().get_user_info().expect_err("a failure"));
            assert_shown_silent(&session.tokens().expect("the store"));
        }
    }
    let lines = logged();
    assert!(lines.contains("DataService.getUserInfo"), "something is logged: {lines}");
    assert_silent(&lines);
}

#[test]
fn no_text_on_a_redirect_shows_a_secret() {
    let app = app(&Canned::ok(""));
    let state = app.authorize().state;
    let with_state = |query: &str| format!("{BACK}?{query}&state={}", state.expose());
    for redirect in [
        format!("{BACK}?code={CODE}&state={CODE}"),
        with_state(&format!("error=access_denied&error_description={ID}")),
        with_state(&format!("error={ID}&code={CODE}")),
    ] {
        let error = app.exchange_redirect(&state, &redirect).expect_err("no code");
        assert_error_silent(&error);
        assert!(!error.to_string().contains(state.expose()));
    }
}

#[test]
fn tokens_of_an_answer_that_cannot_be_read_do_not_show() {
    for answer in [
        format!(r#"{{"access_token":"{ACCESS}","refresh_token":["{REFRESH}"]}}"#),
        format!(r#"{{"access_token":{{"{ACCESS}":1}},"refresh_token":"{REFRESH}"}}"#),
        format!(r#"{{"access_token":"{ACCESS}","refresh_token":"{REFRESH}"#),
        format!(r#"{{"access_token":"{ACCESS}"}}"#),
    ] {
        let error = app(&Canned::ok(answer)).exchange(&Secret::from(CODE)).expect_err("unreadable");
        assert_error_silent(&error);
    }
    let store = MemoryStore::from(tokens());
    assert_shown_silent(&store.load());
}

#[test]
fn a_client_secret_of_ten_characters_is_hidden_too() {
    let refusal = r#"{"error":"invalid_client","error_description":"Invalid client secret: HRSxYqzVDe"}"#;
    let builder =
        OAuthApp::builder("id", "HRSxYqzVDe", BACK).transport(Canned::status(401, "application/json", refusal));
    let error = builder.build().expect("an application").refresh(&tokens()).expect_err("a refusal");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("Invalid client secret: **********") && !shown.contains("HRSx"), "{shown}");
}
