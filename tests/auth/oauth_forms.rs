//! What travels in OAuth, pinned against the catalog's transcription of the documents.

use std::path::Path;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codegen::catalog::Operation;
use infusionsoft::{AUTHORIZE_URL, Clock as _, OAuthApp, Secret, TOKEN_URL, TokenProblem, Tokens};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::http::{Reply, Server};

use crate::oauth_common::{BACK, World, authorize, fields};

/// An id and a secret that a form would encode.
const ID: &str = "id a+b%";
const SECRET: &str = "secret a+b%:&=é";

fn operation(name: &str) -> Operation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog");
    let catalog = codegen::load(&folder).expect("the catalog is free of mistakes");
    catalog.api.operations.iter().find(|operation| operation.name == name).expect("the operation").clone()
}

/// Asserts that the documented fields of a place travel, with their only values, and no others.
fn assert_documented(operation: &Operation, place: &str, sent: &[(String, String)], beyond: &[&str]) {
    let documented = operation.params.iter().filter(|param| param.place == place);
    let mut names: Vec<_> = documented.clone().map(|param| param.name.as_str()).chain(beyond.iter().copied()).collect();
    let mut found: Vec<_> = sent.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, names, "{}", operation.name);
    for param in documented {
        if let Some(only) = &param.value {
            assert_eq!(value(sent, &param.name), only, "{}: {}", operation.name, param.name);
        }
    }
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    &fields.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("{name} is missing")).1
}

fn app(transport: &Canned) -> OAuthApp {
    let builder = OAuthApp::builder(ID, SECRET, BACK).transport(transport.clone()).clock(transport.clock());
    builder.build().expect("a valid application")
}

fn documented_answer() -> String {
    operation("requestToken").answer.expect("a sample")
}

#[test]
fn the_authorize_url_is_the_documented_one() {
    let operation = operation("authorize");
    assert_eq!(AUTHORIZE_URL, operation.url);
    let app = app(&Canned::ok(""));
    let authorization = app.authorize();
    let (url, query) = authorization.url.split_once('?').expect("a query");
    assert_eq!(url, operation.url);
    let sent = fields(query);
    assert_documented(&operation, "query", &sent, &["state"]);
    assert_eq!(value(&sent, "client_id"), ID);
    assert_eq!(value(&sent, "redirect_uri"), BACK);
    assert_eq!(value(&sent, "state"), authorization.state.expose());
    assert!(authorization.state.expose().len() >= 22, "128 bits");
    assert_ne!(app.authorize().state, authorization.state);
}

#[test]
fn a_code_is_exchanged_by_the_documented_form() {
    let operation = operation("requestToken");
    assert_eq!(TOKEN_URL, operation.url);
    let transport = Canned::status(200, "application/json", documented_answer());
    app(&transport).exchange(&Secret::from("the code+%")).expect("tokens");
    let sent = transport.only_sent();
    assert_eq!(sent.url, operation.url);
    let form = fields(&sent.text());
    assert_documented(&operation, "form", &form, &[]);
    let expected = [("client_id", ID), ("client_secret", SECRET), ("code", "the code+%"), ("redirect_uri", BACK)];
    expected.iter().for_each(|(name, text)| assert_eq!(value(&form, name), *text));
    assert_eq!(value(&sent.headers, "content-type"), "application/x-www-form-urlencoded");
    assert!(sent.headers.iter().all(|(name, _)| name != "authorization"));
}

#[test]
fn tokens_are_refreshed_by_the_documented_form_and_plain_base64() {
    let operation = operation("refreshToken");
    assert_eq!(TOKEN_URL, operation.url);
    let transport = Canned::status(200, "application/json", documented_answer());
    app(&transport).refresh(&Tokens::new("a", "r+%", SystemTime::UNIX_EPOCH)).expect("tokens");
    let sent = transport.only_sent();
    assert_eq!(sent.url, operation.url);
    let form = fields(&sent.text());
    assert_documented(&operation, "form", &form, &[]);
    assert_eq!(value(&form, "refresh_token"), "r+%");
    let headers: Vec<_> = operation.params.iter().filter(|param| param.place == "header").collect();
    assert_eq!(headers.len(), 1);
    let basic = value(&sent.headers, &headers[0].name.to_lowercase());
    let encoded = basic.strip_prefix("Basic ").expect("the documented word");
    assert_eq!(STANDARD.decode(encoded).expect("base64"), format!("{ID}:{SECRET}").as_bytes());
}

#[test]
fn the_documented_answer_is_read() {
    let transport = Canned::status(200, "application/json", documented_answer());
    let tokens = app(&transport).exchange(&Secret::from("code")).expect("tokens");
    assert_eq!(tokens.access_token().expose(), "axxxxx");
    assert_eq!(tokens.refresh_token().expose(), "rxxxxx");
    assert_eq!(tokens.scope(), Some("full|example.infusionsoft.com"));
    assert_eq!(tokens.tenant(), Some("example.infusionsoft.com"));
    assert_eq!(tokens.expires_at(), transport.clock().utc() + Duration::from_secs(3600));
}

#[test]
fn a_server_that_decodes_plain_base64_takes_special_characters() {
    let world = World::with_app("a+b%", "a+b%");
    let app = world.app_with("a+b%", "a+b%");
    let session = infusionsoft::Session::new(app.clone(), infusionsoft::MemoryStore::new());
    let tokens = authorize(&session, &world.sandbox);
    let next = app.refresh(&tokens).expect("the header is right");
    assert_ne!(next.access_token(), tokens.access_token());
    assert_ne!(next.refresh_token(), tokens.refresh_token());
    assert_eq!(next.tenant(), Some("sandbox.infusionsoft.com"));
}

#[test]
fn answers_are_read_leniently_so_that_no_token_is_lost() {
    let answers = [
        (r#"{"access_token":"new","expires_in":"7200"}"#, 7200),
        (r#"{"access_token":"new","token_type":"Bearer","expires_in":7200,"scope":null,"more":{"x":1}}"#, 7200),
        (r#"{"access_token":"new","refresh_token":null,"expires_in":-1}"#, 3600),
        (r#"{"access_token":"new","refresh_token":"","expires_in":1.5}"#, 3600),
        (r#"{"access_token":"new","refresh_token":7,"scope":[],"expires_in":true}"#, 3600),
        (r#"{"access_token":"first","access_token":"new","more":[[{"x":[null,-1.5e3]}],"y"]}"#, 3600),
        (r#"{"expires_in":1,"access_token":"first","scope":"a","access_token":"new","expires_in":7200}"#, 7200),
        (r#"{"access_token":"new"}"#, 3600),
    ];
    for (answer, life) in answers {
        let transport = Canned::status(200, "text/html", answer);
        let old = Tokens::new("old", "kept", SystemTime::UNIX_EPOCH);
        let tokens = app(&transport).refresh(&old).expect(answer);
        assert_eq!((tokens.access_token().expose(), tokens.refresh_token().expose()), ("new", "kept"), "{answer}");
        assert_eq!(tokens.expires_at(), transport.clock().utc() + Duration::from_secs(life), "{answer}");
    }
    // A life beyond all clocks is no reason to panic.
    let endless = format!(r#"{{"access_token":"a","refresh_token":"r","expires_in":{}}}"#, u64::MAX);
    let tokens = app(&Canned::ok(endless)).exchange(&Secret::from("code")).expect("tokens");
    assert!(tokens.expires_at() > SystemTime::now());
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Server::start([Reply::ok("{}")]);
    let server = Server::start([Reply::new("307 Elsewhere", &format!("location: {}\r\n", elsewhere.url()), "")]);
    let app = OAuthApp::builder(ID, SECRET, BACK).token_url(server.url()).build().expect("a valid application");
    let error = app.exchange(&Secret::from("code")).expect_err("a redirect");
    assert_eq!(error.token_problem(), Some(TokenProblem::NotAnEndpoint));
    assert_eq!(error.http_status(), Some(307));
    assert_eq!(server.finish().len(), 1);
    assert!(elsewhere.finish().is_empty());
}
