//! OAuth: how a client gets tokens, keeps them fresh, and loses them.

use std::time::{Duration, SystemTime};

use infusionsoft::{Client, Credentials, ErrorKind, OAuthApp};
use infusionsoft_sandbox::{ACCESS_TOKEN, Clock, Effect, Request, Response, Rule, Sandbox, Server};

use crate::http;

const BACK: &str = "http://127.0.0.1:7000/back";
/// `sandbox:sandbox` in plain base64.
const BASIC: &str = "Basic c2FuZGJveDpzYW5kYm94";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn request(method: &str, path: &str, query: &str, authorization: Option<&str>, body: &str) -> Request {
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: authorization.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect(),
        body: body.as_bytes().to_owned(),
    }
}

fn authorize(sandbox: &Sandbox, query: &str) -> Response {
    sandbox.respond(&request("GET", "/app/oauth/authorize", query, None, ""))
}

fn exchange(sandbox: &Sandbox, code: &str) -> Response {
    let credentials = "grant_type=authorization_code&client_id=sandbox&client_secret=sandbox";
    token(sandbox, None, &format!("{credentials}&redirect_uri={BACK}&code={code}"))
}

fn refresh(sandbox: &Sandbox, token_: &str) -> Response {
    token(sandbox, Some(BASIC), &format!("grant_type=refresh_token&refresh_token={token_}"))
}

fn token(sandbox: &Sandbox, authorization: Option<&str>, form: &str) -> Response {
    sandbox.respond(&request("POST", "/token", "", authorization, form))
}

fn location(response: &Response) -> &str {
    let mut headers = response.headers.iter();
    headers.find(|(name, _)| name == "location").map(|(_, value)| value.as_str()).expect("a location")
}

fn text(response: &Response) -> &str {
    str::from_utf8(&response.body).expect("answers are UTF-8")
}

/// A text of a flat JSON object.
fn member<'a>(json: &'a str, name: &str) -> &'a str {
    let (_, rest) = json.split_once(&format!("\"{name}\":\"")).expect(name);
    rest.split_once('"').expect("a closing quote").0
}

fn code(sandbox: &Sandbox) -> String {
    code_for(sandbox, "sandbox")
}

fn code_for(sandbox: &Sandbox, app: &str) -> String {
    let answer = authorize(sandbox, &format!("client_id={app}&redirect_uri={BACK}&response_type=code&scope=full"));
    location(&answer).split_once("?code=").expect("a code").1.split_once('&').expect("a scope").0.to_owned()
}

/// An access token and a refresh token.
fn tokens(answer: &Response) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", text(answer));
    (member(text(answer), "access_token").to_owned(), member(text(answer), "refresh_token").to_owned())
}

#[track_caller]
fn assert_refused(answer: &Response, status: u16, error: &str, description: &str) {
    let refusal = format!("{{\"error\":\"{error}\",\"error_description\":\"{description}\"}}");
    assert_eq!((answer.status, text(answer)), (status, refusal.as_str()));
}

/// Whether the API takes a token.
fn admits(sandbox: &Sandbox, token: &str) -> bool {
    let taken = [Credentials::access_token(token), Credentials::access_token_in_query(token)].map(|credentials| {
        let client = Client::builder().credentials(credentials).transport(sandbox.clone()).build();
        match client.and_then(|client| client.data().get_user_info()) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
                false
            }
        }
    });
    assert_eq!(taken[0], taken[1]);
    taken[0]
}

#[test]
fn a_permission_becomes_tokens() {
    let sandbox = Sandbox::new();
    let answer = authorize(&sandbox, &format!("client_id=sandbox&redirect_uri={BACK}?a=b&state=x%20y%26z"));
    let back = location(&answer);
    assert_eq!(answer.status, 302);
    assert!(back.starts_with(&format!("{BACK}?a=b&code=")), "{back}");
    assert!(back.ends_with("&scope=full%7Csandbox.infusionsoft.com&state=x+y%26z"), "{back}");

    let answer = exchange(&sandbox, &code(&sandbox));
    let (access, refresh) = tokens(&answer);
    let members = format!(
        "{{\"token_type\":\"bearer\",\"access_token\":\"{access}\",\"expires_in\":86400,\"refresh_token\":\"{refresh}\",\"scope\":\"full|sandbox.infusionsoft.com\"}}"
    );
    assert_eq!(text(&answer), members);
    assert!(answer.headers.contains(&("cache-control".to_owned(), "no-store".to_owned())));
    assert!(admits(&sandbox, &access));
    assert!(!admits(&sandbox, &refresh));
    assert!(admits(&sandbox, ACCESS_TOKEN));
}

#[test]
fn tokens_are_never_the_same() {
    let sandbox = Sandbox::new();
    let (first, second) = (tokens(&exchange(&sandbox, &code(&sandbox))), tokens(&exchange(&sandbox, &code(&sandbox))));
    let all = [&first.0, &first.1, &second.0, &second.1];
    assert!(all.iter().all(|token| token.len() == 32 && all.iter().filter(|other| other == &token).count() == 1));
}

#[test]
fn a_permission_is_refused_as_oauth_does() {
    let sandbox = Sandbox::new();
    let back = format!("redirect_uri={BACK}");
    let unknown = authorize(&sandbox, &format!("client_id=other&{back}"));
    assert_refused(&unknown, 400, "unauthorized_client", "Unknown client_id");
    assert_refused(&authorize(&sandbox, &back), 400, "unauthorized_client", "Unknown client_id");
    let kind = authorize(&sandbox, &format!("client_id=sandbox&{back}&response_type=token&state=s"));
    assert_eq!(location(&kind), format!("{BACK}?error=unsupported_response_type&state=s"));
    let scope = authorize(&sandbox, &format!("client_id=sandbox&{back}&scope=some"));
    assert_eq!(location(&scope), format!("{BACK}?error=invalid_scope"));
    let posted = sandbox.respond(&request("POST", "/app/oauth/authorize", "", None, ""));
    assert_eq!(posted.status, 405);
}

#[test]
fn users_are_sent_only_where_an_application_lives() {
    let registered = Sandbox::builder().app("shop", "s:e&c", ["https://shop.example.com/back"]).build().expect("opens");
    let goes = |sandbox: &Sandbox, app: &str, uri: &str| {
        let mut query = encoded("client_id", app);
        query.push('&');
        query.push_str(&encoded("redirect_uri", uri));
        authorize(sandbox, &query).status == 302
    };
    assert!(goes(&registered, "shop", "https://shop.example.com/back"));
    for other in ["https://shop.example.com/", "https://shop.example.com/back/", "https://evil.example.com/back", BACK]
    {
        assert!(!goes(&registered, "shop", other), "{other}");
    }
    for good in
        ["https://example.com", "https://example.com:8443/a?b=c", "http://localhost:80/", "http://[::1]:9/", BACK]
    {
        assert!(goes(&registered, "sandbox", good), "{good}");
    }
    for bad in [
        "",
        "https://",
        "https:///path",
        "http://example.com/",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
        "http://127.0.0.1:80@example.com/",
        "https://example.com/#fragment",
        "https://example.com/\r\nset-cookie: a=b",
        "https://example.com/a b",
        "https:\\\\example.com",
        "javascript:alert(1)",
        "/back",
    ] {
        assert!(!goes(&registered, "sandbox", bad), "{bad:?}");
    }
}

/// A pair with everything encoded.
fn encoded(name: &str, value: &str) -> String {
    value.bytes().fold(format!("{name}="), |pair, byte| format!("{pair}%{byte:02X}"))
}

#[test]
fn a_code_is_good_for_one_exchange_by_who_asked_for_it() {
    let clock = Clock::at(SystemTime::UNIX_EPOCH);
    let sandbox = Sandbox::builder().clock(clock.clone()).app("other", "secret", [BACK]).build().expect("opens");
    let wrong = |answer: &Response| assert_refused(answer, 400, "invalid_grant", "Invalid authorization code");

    let used = code(&sandbox);
    tokens(&exchange(&sandbox, &used));
    wrong(&exchange(&sandbox, &used));
    wrong(&exchange(&sandbox, "guessed"));

    let late = code(&sandbox);
    clock.advance(Duration::from_secs(10 * 60));
    wrong(&exchange(&sandbox, &late));

    let form = "grant_type=authorization_code&client_id=other&client_secret=secret";
    wrong(&token(&sandbox, None, &format!("{form}&redirect_uri={BACK}&code={}", code(&sandbox))));
    let form = "grant_type=authorization_code&client_id=sandbox&client_secret=sandbox";
    wrong(&token(&sandbox, None, &format!("{form}&redirect_uri={BACK}/other&code={}", code(&sandbox))));
    wrong(&token(&sandbox, None, &format!("{form}&code={}", code(&sandbox))));
    assert_refused(&token(&sandbox, None, form), 400, "invalid_request", "code is missing");
}

#[test]
fn an_application_tells_who_it_is_in_the_body_first_and_in_the_header_later() {
    let sandbox = Sandbox::new();
    let unknown = |answer: &Response| assert_refused(answer, 401, "invalid_client", "Invalid client credentials");
    let grant = format!("grant_type=authorization_code&redirect_uri={BACK}&code={}", code(&sandbox));
    unknown(&token(&sandbox, Some(BASIC), &grant));
    unknown(&token(&sandbox, None, &format!("{grant}&client_id=sandbox&client_secret=wrong")));
    unknown(&token(&sandbox, None, &format!("{grant}&client_id=sandbox")));
    // None of these was shown the code's own application, so the code is still good.
    let (_, refresh) = tokens(&token(&sandbox, None, &format!("{grant}&client_id=sandbox&client_secret=sandbox")));
    let grant = format!("grant_type=refresh_token&refresh_token={refresh}");
    unknown(&token(&sandbox, None, &format!("{grant}&client_id=sandbox&client_secret=sandbox")));
    for header in ["Basic", "Basic !", "Basic c2FuZGJveA==", "Basic c2FuZGJveDp3cm9uZw==", "Bearer sandbox"] {
        unknown(&token(&sandbox, Some(header), &grant));
    }
    tokens(&token(&sandbox, Some(&BASIC.replace("Basic", "basic")), &grant));
}

#[test]
fn credentials_in_the_header_are_plain_base64() {
    let sandbox = Sandbox::builder().app("shop", "s:e%26&c", [BACK]).build().expect("opens");
    let code = code_for(&sandbox, "shop");
    let form = "grant_type=authorization_code&client_id=shop&client_secret=s%3Ae%2526%26c";
    let (_, refresh) = tokens(&token(&sandbox, None, &format!("{form}&redirect_uri={BACK}&code={code}")));
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    tokens(&token(&sandbox, Some("Basic c2hvcDpzOmUlMjYmYw=="), &form));
}

#[test]
fn a_refresh_token_is_good_for_one_use() {
    let sandbox = Sandbox::new();
    let (first_access, first) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let (second_access, second) = tokens(&refresh(&sandbox, &first));
    assert_refused(&refresh(&sandbox, &first), 400, "invalid_grant", "Invalid refresh token");
    assert!(admits(&sandbox, &first_access) && admits(&sandbox, &second_access));
    tokens(&refresh(&sandbox, &second));
    assert_refused(&refresh(&sandbox, &second_access), 400, "invalid_grant", "Invalid refresh token");
    assert_refused(&refresh(&sandbox, ""), 400, "invalid_request", "Invalid Refresh Token");
    let missing = token(&sandbox, Some(BASIC), "grant_type=refresh_token");
    assert_refused(&missing, 400, "invalid_request", "Invalid Refresh Token");
}

#[test]
fn of_many_who_refresh_at_once_one_wins() {
    let sandbox = Sandbox::new();
    let (_, token) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| refresh(&sandbox, &token).status)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
}

#[test]
fn another_applications_refresh_token_is_refused_and_stays_good() {
    let sandbox = Sandbox::builder().app("other", "secret", [BACK]).build().expect("opens");
    let (_, mine) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let form = format!("grant_type=refresh_token&refresh_token={mine}");
    let stolen = token(&sandbox, Some("Basic b3RoZXI6c2VjcmV0"), &form);
    assert_refused(&stolen, 400, "invalid_grant", "Invalid refresh token");
    tokens(&refresh(&sandbox, &mine));
}

#[test]
fn tokens_expire_by_the_clock() {
    let clock = Clock::at(SystemTime::UNIX_EPOCH);
    let builder = Sandbox::builder().clock(clock.clone()).access_lifetime(Duration::from_secs(60));
    let sandbox = builder.build().expect("opens");
    let answer = exchange(&sandbox, &code(&sandbox));
    assert!(text(&answer).contains("\"expires_in\":60,"), "{}", text(&answer));
    let (access, first) = tokens(&answer);
    clock.advance(Duration::from_secs(59));
    assert!(admits(&sandbox, &access));
    clock.advance(Duration::from_secs(1));
    assert!(!admits(&sandbox, &access));
    assert!(admits(&sandbox, ACCESS_TOKEN));

    clock.advance(44 * DAY);
    let (access, second) = tokens(&refresh(&sandbox, &first));
    assert!(admits(&sandbox, &access));
    clock.advance(45 * DAY);
    assert_refused(&refresh(&sandbox, &second), 400, "invalid_grant", "Invalid refresh token");
}

#[test]
fn a_revoked_permission_is_worth_nothing() {
    let sandbox = Sandbox::new();
    let (first_access, first) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let (other_access, other) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let (second_access, second) = tokens(&refresh(&sandbox, &first));
    sandbox.revoke(&second);
    assert!(!admits(&sandbox, &first_access) && !admits(&sandbox, &second_access));
    assert_refused(&refresh(&sandbox, &second), 400, "invalid_grant", "Invalid refresh token");
    assert!(admits(&sandbox, &other_access));
    tokens(&refresh(&sandbox, &other));
    sandbox.revoke(ACCESS_TOKEN);
    assert!(admits(&sandbox, ACCESS_TOKEN));
}

#[test]
fn tokens_expire_or_are_revoked_on_request() {
    let sandbox = Sandbox::new();
    for (effect, refreshes) in [(Effect::TokenExpired, true), (Effect::TokenRevoked, false)] {
        let (access, token) = tokens(&exchange(&sandbox, &code(&sandbox)));
        sandbox.inject(Rule::next(1, effect));
        let credentials = Credentials::access_token(access.as_str());
        let client = Client::builder().credentials(credentials).transport(sandbox.clone()).build().expect("a client");
        let error = client.data().get_user_info().expect_err("the rule applies");
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Unauthorized, false));
        assert!(!admits(&sandbox, &access));
        assert_eq!(refresh(&sandbox, &token).status, if refreshes { 200 } else { 400 });
    }
}

#[test]
fn the_token_endpoint_fails_on_request() {
    let sandbox = Sandbox::new();
    let (_, first) = tokens(&exchange(&sandbox, &code(&sandbox)));
    sandbox.inject(Rule::next(1, Effect::Html { status: 502 }).on("/token"));
    sandbox.inject(Rule::next(1, Effect::TokenExpired).on("/token"));
    sandbox.inject(Rule::next(1, Effect::Truncated { bytes: 30 }).on("/token"));
    assert!(admits(&sandbox, ACCESS_TOKEN));
    assert_eq!(refresh(&sandbox, &first).status, 502);
    assert_refused(&refresh(&sandbox, &first), 400, "invalid_grant", "Invalid refresh token");
    // This one is lost: the server has replaced the token, and nobody knows the new one.
    assert_eq!(refresh(&sandbox, &first).body.len(), 30);
    assert_refused(&refresh(&sandbox, &first), 400, "invalid_grant", "Invalid refresh token");
}

#[test]
fn executions_of_the_token_endpoint_are_counted_as_rules_name_it() {
    let sandbox = Sandbox::new();
    let app = OAuthApp::builder("sandbox", "sandbox", BACK).transport(sandbox.clone()).build().expect("an application");
    let tokens = app.exchange(&code(&sandbox).into()).expect("tokens");
    let next = app.refresh(&tokens).expect("the next tokens");
    app.refresh(&tokens).expect_err("a refresh token is good for one use");
    assert_eq!(sandbox.executions("/token"), 3);
    sandbox.inject(Rule::next(1, Effect::Brownout).on("/token"));
    app.refresh(&next).expect_err("the rule applies");
    assert_eq!(sandbox.executions("/token"), 3, "a page of the gateway is no execution");
    sandbox.inject(Rule::next(1, Effect::Reset).on("/token"));
    app.refresh(&next).expect_err("the answer is lost");
    let counts = sandbox.respond(&request("GET", "/sandbox/executions", "", None, ""));
    assert_eq!(text(&counts), r#"{"/token":4}"#);
}

#[test]
fn other_grants_and_methods_are_refused() {
    let sandbox = Sandbox::new();
    let unsupported = token(&sandbox, Some(BASIC), "grant_type=password&username=a&password=b");
    assert_refused(&unsupported, 400, "unsupported_grant_type", "Unsupported grant_type");
    assert_refused(&token(&sandbox, Some(BASIC), "{}"), 400, "invalid_request", "grant_type is missing");
    assert_eq!(sandbox.respond(&request("GET", "/token", "", None, "")).status, 405);
}

#[test]
fn no_secret_is_in_any_debug_output() {
    let sandbox = Sandbox::builder().app("shop", "canary-secret", [BACK]);
    assert!(!format!("{sandbox:?}").contains("canary"));
    let sandbox = sandbox.build().expect("opens");
    let (access, refresh) = tokens(&exchange(&sandbox, &code(&sandbox)));
    let shown = format!("{sandbox:?}");
    assert!(["canary", &access, &refresh].iter().all(|secret| !shown.contains(*secret)), "{shown}");
}

#[test]
fn the_whole_way_works_over_http() {
    let server = Server::with(Sandbox::new()).expect("the loopback interface has a free port");
    let target = format!("/app/oauth/authorize?client_id=sandbox&redirect_uri={BACK}");
    let answer = http::send(&server, "GET", &target, "", b"");
    assert_eq!(answer.status, 302);
    let code = answer.head.split_once("?code=").expect("a code").1.split_once('&').expect("a scope").0;
    let form = format!(
        "grant_type=authorization_code&client_id=sandbox&client_secret=sandbox&redirect_uri={BACK}&code={code}"
    );
    let answer = http::send(&server, "POST", "/token", "", form.as_bytes());
    let form = format!("grant_type=refresh_token&refresh_token={}", member(&answer.body, "refresh_token"));
    let answer = http::send(&server, "POST", "/token", &format!("Authorization: {BASIC}\r\n"), form.as_bytes());
    assert_eq!(answer.status, 200);
    let credentials = Credentials::access_token(member(&answer.body, "access_token"));
    let client = Client::builder().credentials(credentials).endpoint(server.url()).build().expect("a client");
    client.data().get_user_info().expect("the token is good");
}
