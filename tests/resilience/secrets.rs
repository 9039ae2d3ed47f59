//! No secret shows: in no error, no debug output, no line of the log, to no observer, in no panic.

use std::error::Error as StdError;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use infusionsoft::{Attempt, Client, Credentials, Error, MemoryStore, OAuthApp, Observer, Session, Tokens};
use infusionsoft_tests::manual_clock::ManualClock;
use infusionsoft_tests::misbehaving::{
    Act, Part, Received, Server, Step, answer, behaves, executes, good_answer, refuses,
};

use crate::canary::{CARD, CLIENT_SECRET, CREDENTIAL, CVV, HASH, REFRESH_TOKEN, assert_silent, card, found, logged};
use crate::common::{Deaf, built, moments};

const CARRIERS: [fn() -> Credentials; 4] = [
    || Credentials::access_token(CREDENTIAL),
    || Credentials::access_token_in_query(CREDENTIAL),
    || Credentials::personal_key(CREDENTIAL),
    || Credentials::legacy_key(CREDENTIAL),
];

/// Remembers all that an observer is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Observer for Notes {
    fn attempted(&self, attempt: &Attempt<'_>) {
        self.0.lock().expect("no observer panics").push_str(&format!("{attempt:?}\n"));
    }
}

/// All texts of an error. Its body is asked for explicitly, and is the server's; but the credentials don't belong there.
fn texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push_str(&format!(" {error} {error:?} {error:#?}"));
        cause = error.source();
    }
    let body = String::from_utf8_lossy(error.body().unwrap_or_default());
    if found(&body).contains(&CREDENTIAL) {
        texts.push_str(&body);
    }
    texts
}

/// Makes every call with a secret argument, and answers all that shows of it.
fn shown(client: &Client, notes: &Notes) -> String {
    let (failures, lines) = logged(|| {
        let hash = client.data().authenticate_user("ada", HASH).err();
        [hash, client.invoices().validate_credit_card(card()).err()]
    });
    let mut shown: String = failures.iter().flatten().map(texts).collect();
    assert!(lines.contains("DEBUG infusionsoft"), "the log is captured: {lines}");
    shown.push_str(&notes.0.lock().expect("no observer panics"));
    shown + &lines + &format!("{client:?} {client:#?}")
}

/// The texts between tags.
fn values(body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

/// What of a request a server can repeat, shortest first.
const PARTS: [fn(&Received) -> String; 5] = [
    |received| received.head.lines().next().unwrap_or_default().to_owned(),
    |received| received.head.lines().find(|line| line.contains("canary")).unwrap_or_default().to_owned(),
    |received| values(&received.body).split(' ').next_back().unwrap_or_default().to_owned(),
    |received| values(&received.body),
    |received| format!("{}{}", received.head, String::from_utf8_lossy(&received.body)),
];

fn repeated<const PART: usize>(received: &Received) -> String {
    PARTS[PART](received)
}

/// Repeats a part of the request on a page.
fn page<const STATUS: u16, const PART: usize>(received: &Received) -> Vec<u8> {
    let body = format!("<html>{}</html>", repeated::<PART>(received));
    answer(&format!("{STATUS} Oops"), "content-type: text/html\r\n", body)
}

/// Repeats a part of the request as a text in JSON.
fn json<const STATUS: u16, const PART: usize>(received: &Received) -> Vec<u8> {
    let body =
        format!(r#"{{"fault":{{"faultstring":"{}"}}}}"#, repeated::<PART>(received).replace(['"', '\r', '\n'], " "));
    answer(&format!("{STATUS} Oops"), "content-type: application/json\r\n", body)
}

/// Repeats a part of the request in a fault.
fn fault<const CODE: u16, const PART: usize>(received: &Received) -> Vec<u8> {
    let text = repeated::<PART>(received).replace('&', "&amp;").replace('<', "&lt;");
    let code = format!("<member><name>faultCode</name><value><i4>{CODE}</i4></value></member>");
    let text = format!("<member><name>faultString</name><value>[InvalidKey]{text}</value></member>");
    let body = format!("<methodResponse><fault><value><struct>{code}{text}</struct></value></fault></methodResponse>");
    answer("200 OK", "content-type: text/xml\r\n", body)
}

/// Repeats a part of the request where another value is declared, and in an answer that breaks off.
fn value<const TYPE: u16, const PART: usize>(received: &Received) -> Vec<u8> {
    let text = repeated::<PART>(received).replace('&', "&amp;").replace('<', "&lt;");
    let body = match TYPE {
        0 => format!(
            "<methodResponse><params><param><value><array><data><value>{text}</value></data></array></value></param></params></methodResponse>"
        ),
        1 => format!("<methodResponse><params><param><value><i4>{text}</i4></value></param></params></methodResponse>"),
        2 => format!("<methodResponse><params><param><value>{text}"),
        _ => text,
    };
    answer("200 OK", "content-type: text/xml\r\n", body)
}

/// Every answer that repeats a part of the request.
fn echoes<const PART: usize>() -> Vec<Act> {
    let replies: Vec<fn(&Received) -> Vec<u8>> = vec![
        page::<200, PART>,
        page::<302, PART>,
        page::<401, PART>,
        page::<403, PART>,
        page::<429, PART>,
        page::<500, PART>,
        page::<503, PART>,
        json::<200, PART>,
        json::<401, PART>,
        json::<429, PART>,
        fault::<0, PART>,
        fault::<2, PART>,
        value::<0, PART>,
        value::<1, PART>,
        value::<2, PART>,
        value::<3, PART>,
    ];
    replies.into_iter().map(|reply| vec![Step::Read(Part::Everything), Step::Reply(reply)]).collect()
}

/// Every way to break an exchange off.
fn breaks() -> Vec<Act> {
    let ways = [Step::Reset, Step::Close];
    let broken = |last: Step| moments().into_iter().map(move |moment| [moment.steps, vec![last.clone()]].concat());
    ways.into_iter().flat_map(broken).chain([behaves(), executes("SSH-2.0-OpenSSH_9.0\r\n\r\n")]).collect()
}

/// Whatever shows of calls against servers that play these acts.
fn assert_all_silent(acts: &[Act]) {
    let mut wrong = Vec::new();
    for carrier in CARRIERS {
        for act in acts {
            let (server, notes) = (Server::always(act.clone()), Notes::default());
            let builder = server.builder().credentials(carrier()).clock(ManualClock::default()).observer(notes.clone());
            let client = built(builder);
            let shown = shown(&client, &notes);
            let found = found(&shown);
            if !found.is_empty() {
                wrong.push(format!("{:?}, {act:?}: {found:?} in {shown}", carrier()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} times\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn nothing_shows_of_exchanges_that_break() {
    assert_all_silent(&breaks());
}

#[test]
fn nothing_shows_if_the_server_repeats_the_request_line() {
    assert_all_silent(&echoes::<0>());
}

#[test]
fn nothing_shows_if_the_server_repeats_a_header() {
    assert_all_silent(&echoes::<1>());
}

#[test]
fn nothing_shows_if_the_server_repeats_arguments() {
    assert_all_silent(&[echoes::<2>(), echoes::<3>()].concat());
}

#[test]
fn nothing_shows_if_the_server_repeats_everything() {
    assert_all_silent(&echoes::<4>());
}

#[test]
fn nothing_shows_if_no_connection_can_be_made() {
    let port = Deaf::new();
    for carrier in CARRIERS {
        let notes = Notes::default();
        let builder = crate::common::builder_at(port.address()).credentials(carrier()).clock(ManualClock::default());
        assert_silent(&shown(&built(builder.observer(notes.clone())), &notes));
    }
}

/// A client whose token has expired, with a token endpoint that answers so.
fn expired(tokens: &Server, api: &Server) -> (Client, Session) {
    let app = OAuthApp::builder("id", CLIENT_SECRET, "https://example.com/back");
    let app = app.token_url(format!("http://{}/token", tokens.address())).build().expect("the application is valid");
    let session = Session::new(app, MemoryStore::new());
    let past = SystemTime::now() - Duration::from_secs(60);
    session.adopt(Tokens::new(CREDENTIAL, REFRESH_TOKEN, past)).expect("memory takes tokens");
    (built(api.builder().credentials(Credentials::oauth(session.clone())).clock(ManualClock::default())), session)
}

#[test]
fn nothing_shows_of_an_authorization_that_fails() {
    let mut acts = [breaks(), echoes::<1>(), echoes::<2>(), echoes::<4>()].concat();
    let refusal = |received: &Received| {
        let text = String::from_utf8_lossy(&received.body).replace('"', " ");
        let basic = received.head.lines().find(|line| line.contains("Basic")).unwrap_or_default();
        let body = format!(r#"{{"error":"invalid_grant","error_description":"{basic} {text}"}}"#);
        answer("400 Bad Request", "content-type: application/json\r\n", body)
    };
    acts.push(vec![Step::Read(Part::Everything), Step::Reply(refusal)]);
    for act in acts {
        let (tokens, api) = (Server::always(act.clone()), Server::start([]));
        let (client, session) = expired(&tokens, &api);
        let shown = shown(&client, &Notes::default());
        assert_silent(&shown);
        let (refused, lines) = logged(|| session.tokens());
        assert_silent(&format!("{refused:?} {session:?} {:?} {lines}", session.app()));
    }
}

#[test]
fn new_tokens_show_as_little_as_old_ones() {
    let fresh = format!(r#"{{"access_token":"{CREDENTIAL}","refresh_token":"{REFRESH_TOKEN}","expires_in":3600}}"#);
    let (tokens, api) = (
        Server::always(executes(answer("200 OK", "", fresh))),
        Server::always(refuses(answer("401 No", "", CREDENTIAL))),
    );
    let (client, session) = expired(&tokens, &api);
    assert_silent(&shown(&client, &Notes::default()));
    assert_silent(&format!("{:?} {session:?}", session.tokens()));
    assert!(tokens.finish().executions() > 0 && !api.finish().received.is_empty(), "the client has asked both");
}

/// Panics with all that it is shown.
struct Panics;

impl Observer for Panics {
    fn attempted(&self, attempt: &Attempt<'_>) {
        panic!("{attempt:?}");
    }
}

impl Transport for Panics {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        panic!("{request:?}");
    }
}

/// What a call panics with.
fn panicked(client: &Client) -> String {
    let call = || client.invoices().validate_credit_card(card());
    let payload = panic::catch_unwind(AssertUnwindSafe(call)).expect_err("it panics");
    payload.downcast_ref::<String>().expect("a text").clone()
}

#[test]
fn nothing_shows_in_a_panic_and_the_client_survives_it() {
    for carrier in CARRIERS {
        let server = Server::start([executes(good_answer())]);
        let watched = built(server.builder().credentials(carrier()).observer(Panics));
        let replaced = built(server.builder().credentials(carrier()).transport(Panics));
        for client in [watched, replaced] {
            // The second one would wait for ever for a lock or a turn that the first one has kept.
            assert_silent(&panicked(&client));
            assert_silent(&panicked(&client));
        }
    }
}

#[test]
fn the_canaries_travel() {
    // Otherwise that nothing shows would mean nothing.
    let server = Server::start([]);
    let client = built(server.builder().credentials(Credentials::access_token(CREDENTIAL)));
    _ = (client.data().authenticate_user("ada", HASH), client.invoices().validate_credit_card(card()));
    let sent: String = server.finish().received.iter().map(PARTS[4]).collect();
    for canary in [CREDENTIAL, HASH, CARD, CVV] {
        assert!(found(&sent).contains(&canary), "{canary}");
    }
}
