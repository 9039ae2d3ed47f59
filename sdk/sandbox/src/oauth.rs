//! OAuth 2.0 as the API documents it: a code for a permission, tokens for the code, new tokens for a refresh token.
//!
//! Everything is kept in memory: a sandbox that starts again has forgotten who may call, but not what they wrote.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;

use crate::gateway::ACCESS_TOKEN;
use crate::http::{Request, Response};

/// Where a user is asked for permission.
pub(crate) const AUTHORIZE: &str = "/app/oauth/authorize";
/// Where codes and refresh tokens become tokens.
pub(crate) const TOKEN: &str = "/token";

/// The only scope, with the tenant that it opens.
const SCOPE: &str = "full|sandbox.infusionsoft.com";
/// How long a code can wait for its exchange.
const CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// How long a refresh token lives, unless it is used.
const REFRESH_LIFETIME: Duration = Duration::from_secs(45 * 24 * 60 * 60);
/// How long an access token lives unless the sandbox is built otherwise: what the vendor's tokens do.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// An application that is known to the sandbox.
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Where a user may be sent back to; any valid address if there is none.
    pub(crate) redirect_uris: Vec<String>,
}

impl App {
    /// The ready-made one.
    pub(crate) fn ready_made() -> App {
        App { id: ACCESS_TOKEN.to_owned(), secret: ACCESS_TOKEN.to_owned(), redirect_uris: Vec::new() }
    }

    /// Registered addresses are compared as they are, character by character.
    fn redirects_to(&self, uri: &str) -> bool {
        is_redirect_uri(uri) && (self.redirect_uris.is_empty() || self.redirect_uris.iter().any(|known| known == uri))
    }
}

/// Who may call.
pub(crate) struct OAuth {
    apps: Vec<App>,
    lifetime: Duration,
    issued: Mutex<Issued>,
}

/// What was issued and is not used up.
#[derive(Default)]
struct Issued {
    codes: HashMap<String, Code>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Token>,
    grants: u64,
}

struct Code {
    app: String,
    redirect_uri: String,
    term: Term,
}

struct Token {
    app: String,
    /// Which permission it goes back to.
    grant: u64,
    term: Term,
}

/// From when on something is valid, and how long.
struct Term(SystemTime, Duration);

impl Term {
    fn holds(&self, now: SystemTime) -> bool {
        // A clock that was set back makes nothing invalid.
        now.duration_since(self.0).unwrap_or_default() < self.1
    }
}

/// The answer to a successful request, with its members in the documented order.
#[derive(Serialize)]
struct Answer<'a> {
    token_type: &'a str,
    access_token: &'a str,
    expires_in: u64,
    refresh_token: &'a str,
    scope: &'a str,
}

/// A refusal in the form of OAuth.
#[derive(Serialize)]
struct Refusal {
    #[serde(skip)]
    status: u16,
    error: &'static str,
    error_description: &'static str,
}

const fn refusal(status: u16, error: &'static str, error_description: &'static str) -> Refusal {
    Refusal { status, error, error_description }
}

const INVALID_REFRESH_TOKEN: Refusal = refusal(400, "invalid_grant", "Invalid refresh token");

impl OAuth {
    pub(crate) fn new(apps: Vec<App>, lifetime: Duration) -> OAuth {
        OAuth { apps, lifetime, issued: Mutex::default() }
    }

    /// Whether an access token was issued and is neither expired nor revoked.
    pub(crate) fn admits(&self, token: &str, now: SystemTime) -> bool {
        self.issued().access.get(token).is_some_and(|token| token.term.holds(now))
    }

    /// Ends an access token before its time; its refresh token is still good.
    pub(crate) fn expire(&self, token: &str) {
        self.issued().access.remove(token);
    }

    /// Takes a permission back: every token that goes back to the same one as this token is worth nothing any more.
    pub(crate) fn revoke(&self, token: &str) {
        let mut issued = self.issued();
        let Some(grant) = issued.access.get(token).or(issued.refresh.get(token)).map(|token| token.grant) else {
            return;
        };
        issued.access.retain(|_, token| token.grant != grant);
        issued.refresh.retain(|_, token| token.grant != grant);
    }

    /// Forgets every code and token.
    pub(crate) fn forget(&self) {
        let mut issued = self.issued();
        // The numbers go on, so that no later permission can be taken for a forgotten one.
        *issued = Issued { grants: issued.grants, ..Issued::default() };
    }

    /// Asks the user for permission, who always grants it: the browser is sent back at once.
    pub(crate) fn authorize(&self, request: &Request, now: SystemTime) -> Response {
        if request.method != "GET" {
            return Response::not_allowed("GET");
        }
        let fields = Fields::read(request.query.as_bytes());
        let app = self.apps.iter().find(|app| Some(app.id.as_str()) == fields.get("client_id"));
        let Some(app) = app else {
            return refusal(400, "unauthorized_client", "Unknown client_id").response();
        };
        // Nobody is sent to an address that the application has not registered, not even with an error.
        let Some(uri) = fields.get("redirect_uri").filter(|uri| app.redirects_to(uri)) else {
            let reason = "redirect_uri must be a registered address with https, or with http on this machine";
            return refusal(400, "invalid_request", reason).response();
        };
        let back = |pairs: &[(&str, &str)]| {
            let state = fields.get("state").map(|state| ("state", state));
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(pairs.iter().copied().chain(state));
            let separator = if uri.contains('?') { '&' } else { '?' };
            Response::redirect(&format!("{uri}{separator}{}", query.finish()))
        };
        if fields.get("response_type").is_some_and(|kind| kind != "code") {
            return back(&[("error", "unsupported_response_type")]);
        }
        if fields.get("scope").is_some_and(|scope| scope != "full") {
            return back(&[("error", "invalid_scope")]);
        }
        match random() {
            Ok(text) => {
                let code = Code { app: app.id.clone(), redirect_uri: uri.to_owned(), term: Term(now, CODE_LIFETIME) };
                let mut issued = self.issued();
                issued.codes.retain(|_, code| code.term.holds(now));
                issued.codes.insert(text.clone(), code);
                back(&[("code", &text), ("scope", SCOPE)])
            }
            Err(_) => back(&[("error", "server_error")]),
        }
    }

    /// Answers a request for tokens.
    pub(crate) fn token(&self, request: &Request, now: SystemTime) -> Response {
        if request.method != "POST" {
            return Response::not_allowed("POST");
        }
        let fields = Fields::read(&request.body);
        let answered = match fields.get("grant_type") {
            Some("authorization_code") => self.exchange(&fields, now),
            Some("refresh_token") => self.refresh(request, &fields, now),
            Some(_) => Err(refusal(400, "unsupported_grant_type", "Unsupported grant_type")),
            None => Err(refusal(400, "invalid_request", "grant_type is missing")),
        };
        answered.unwrap_or_else(|refusal| refusal.response())
    }

    /// Answers a request for tokens as if the refresh token, or the code, were worth nothing.
    pub(crate) fn refuse() -> Response {
        INVALID_REFRESH_TOKEN.response()
    }

    /// The first tokens, for a code: the application tells who it is in the body.
    fn exchange(&self, fields: &Fields, now: SystemTime) -> Result<Response, Refusal> {
        let app = self.app(fields.get("client_id"), fields.get("client_secret"))?;
        let code = fields.get("code").ok_or(refusal(400, "invalid_request", "code is missing"))?;
        let mut issued = self.issued();
        // A code that was shown is used up, whatever was wrong with the rest.
        let code = issued.codes.remove(code).filter(|code| {
            let redirect_uri = fields.get("redirect_uri");
            code.term.holds(now) && code.app == app.id && redirect_uri == Some(code.redirect_uri.as_str())
        });
        code.ok_or(refusal(400, "invalid_grant", "Invalid authorization code"))?;
        issued.grants += 1;
        let grant = issued.grants;
        self.issue(&mut issued, app, grant, now)
    }

    /// The next tokens, for a refresh token: the application tells who it is in a header.
    fn refresh(&self, request: &Request, fields: &Fields, now: SystemTime) -> Result<Response, Refusal> {
        let credentials = request.header("authorization").and_then(basic);
        let (id, secret) = credentials.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str())).unzip();
        let app = self.app(id, secret)?;
        let text = fields.get("refresh_token").filter(|text| !text.is_empty());
        let text = text.ok_or(refusal(400, "invalid_request", "Invalid Refresh Token"))?;
        let mut issued = self.issued();
        let token = issued.refresh.get(text).filter(|token| token.term.holds(now) && token.app == app.id);
        let grant = token.ok_or(INVALID_REFRESH_TOKEN)?.grant;
        let answer = self.issue(&mut issued, app, grant, now)?;
        issued.refresh.remove(text);
        Ok(answer)
    }

    fn issue(&self, issued: &mut Issued, app: &App, grant: u64, now: SystemTime) -> Result<Response, Refusal> {
        let random = || random().map_err(|_| refusal(500, "server_error", "no random numbers"));
        let (access, refresh) = (random()?, random()?);
        let answer = Answer {
            token_type: "bearer",
            access_token: &access,
            expires_in: self.lifetime.as_secs(),
            refresh_token: &refresh,
            scope: SCOPE,
        };
        let answer = json(200, &answer);
        let token = |lifetime| Token { app: app.id.clone(), grant, term: Term(now, lifetime) };
        issued.access.retain(|_, token| token.term.holds(now));
        issued.refresh.retain(|_, token| token.term.holds(now));
        issued.access.insert(access, token(self.lifetime));
        issued.refresh.insert(refresh, token(REFRESH_LIFETIME));
        Ok(answer)
    }

    fn app(&self, id: Option<&str>, secret: Option<&str>) -> Result<&App, Refusal> {
        let known = |app: &&App| Some(app.id.as_str()) == id && Some(app.secret.as_str()) == secret;
        self.apps.iter().find(known).ok_or(refusal(401, "invalid_client", "Invalid client credentials"))
    }

    /// A panic while it was locked has left nothing half done that matters.
    fn issued(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for App {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("id", &self.id).field("redirect_uris", &self.redirect_uris).finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuth {
    /// Shows no secret and no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl Refusal {
    fn response(&self) -> Response {
        let response = json(self.status, self);
        match self.status {
            401 => response.with_header("www-authenticate", "Basic realm=\"sandbox\""),
            _ => response,
        }
    }
}

fn json(status: u16, content: &impl Serialize) -> Response {
    // Structs of texts and numbers always become JSON.
    Response::json(status, serde_json::to_vec(content).unwrap_or_default()).with_header("cache-control", "no-store")
}

/// The fields of a form or a query.
struct Fields(HashMap<String, String>);

impl Fields {
    fn read(form: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(form).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// The credentials in a header: plain base64, with nothing encoded before, as the documents say.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()))?.ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// An absolute address without a fragment: HTTPS anywhere, or HTTP on this machine.
fn is_redirect_uri(uri: &str) -> bool {
    let host = |rest: &str| {
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let port =
            authority.rfind(':').filter(|colon| authority[colon + 1..].bytes().all(|byte| byte.is_ascii_digit()));
        authority[..port.unwrap_or(authority.len())].to_ascii_lowercase()
    };
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'\\');
    plain
        && match uri.split_once("://") {
            Some(("https", rest)) => !host(rest).is_empty(),
            Some(("http", rest)) => matches!(host(rest).as_str(), "localhost" | "127.0.0.1" | "[::1]"),
            _ => false,
        }
}

/// A text that nobody can guess.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
