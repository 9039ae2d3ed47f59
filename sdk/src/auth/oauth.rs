//! OAuth 2.0 by crate `oauth2`. The one file that names it.

use std::cell::Cell;
use std::fmt;
use std::io::Read as _;
use std::slice;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::http::header::AUTHORIZATION;
use oauth2::http::{Response, StatusCode};
use oauth2::url::{Url, form_urlencoded};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ErrorResponse, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken, TokenResponse,
    TokenUrl,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::failure::Failure;
use super::problem::TokenProblem;
use super::tokens::Tokens;
use super::unfit;
use crate::mask::Mask;
use crate::retry;
use crate::secret::Secret;
use crate::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind, keeps_secrets};

/// The only scope there is.
const SCOPE: &str = "full";
/// The longest answer that is read, in bytes. Real ones have a few hundred.
const MAX_ANSWER: u64 = 64 << 10;
/// How much of a refusal's text is shown, in characters.
const SHOWN: usize = 200;

type Client = oauth2::Client<
    Answer,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Who asks, and where.
pub(super) struct Flow {
    id: String,
    secret: Secret,
    redirect: RedirectUrl,
    authorize: AuthUrl,
    token: TokenUrl,
}

/// How requests for tokens travel.
pub(super) struct Line<'a> {
    pub(super) transport: &'a dyn Transport,
    pub(super) now: SystemTime,
}

/// What a token endpoint answers, be it tokens or why it gives out none. It is read as leniently as it can be: what can't be
/// read is lost.
#[derive(Debug)]
struct Answer {
    /// Empty if there is none.
    access_token: AccessToken,
    refresh_token: Option<RefreshToken>,
    /// In seconds.
    expires_in: Option<u64>,
    scope: Option<String>,
    error: Option<String>,
    description: String,
}

impl Flow {
    pub(super) fn new(
        id: String,
        secret: Secret,
        redirect_uri: String,
        authorize_url: String,
        token_url: String,
    ) -> Result<Flow, String> {
        if unusable(&id) || id.contains(':') {
            return Err("the client id is empty, or holds a colon or a control character".to_owned());
        }
        if unusable(secret.expose()) {
            return Err("the client secret is empty, or holds a control character".to_owned());
        }
        check("redirect", &redirect_uri)?;
        check("authorize", &authorize_url)?;
        check("token", &token_url)?;
        // They are URLs, so that this can't fail any more.
        let urls = (RedirectUrl::new(redirect_uri), AuthUrl::new(authorize_url), TokenUrl::new(token_url));
        let (Ok(redirect), Ok(authorize), Ok(token)) = urls else { return Err("a URL is none".to_owned()) };
        Ok(Flow { id, secret, redirect, authorize, token })
    }

    /// Where requests for tokens go, written as they are sent.
    pub(super) fn token_url(&self) -> &str {
        self.token.url().as_str()
    }

    fn client(&self, auth_type: AuthType) -> Client {
        oauth2::Client::new(ClientId::new(self.id.clone()))
            .set_client_secret(ClientSecret::new(self.secret.expose().to_owned()))
            .set_redirect_uri(self.redirect.clone())
            .set_auth_uri(self.authorize.clone())
            .set_token_uri(self.token.clone())
            .set_auth_type(auth_type)
    }

    /// Where to send the user, and the state that comes back from there.
    pub(super) fn authorize_url(&self) -> (String, Secret) {
        let client = self.client(AuthType::RequestBody);
        let request = client.authorize_url(CsrfToken::new_random).add_scope(Scope::new(SCOPE.to_owned()));
        let (url, state) = request.url();
        (url.into(), state.into_secret().into())
    }

    /// The first tokens, for a code. The application says who it is in the form.
    pub(super) fn exchange(&self, line: &Line<'_>, code: &Secret) -> Result<Tokens, Failure> {
        let client = self.client(AuthType::RequestBody);
        let status = Cell::new(0);
        let request = client.exchange_code(AuthorizationCode::new(code.expose().to_owned()));
        match request.request(&|request| self.send(line, request, &status)) {
            Ok(answer) => answer.into_tokens(None, line.now).ok_or_else(unreadable),
            Err(error) => Err(self.failure(error, status.get(), code, TokenProblem::CodeRefused)),
        }
    }

    /// The next tokens, for a refresh token. The application says who it is in a header.
    pub(super) fn refresh(&self, line: &Line<'_>, spent: &Secret) -> Result<Tokens, Failure> {
        if let Some(problem) = unfit(spent) {
            return Err(Failure::new(TokenProblem::Refused).because(format!("nothing was sent: {problem}")));
        }
        let client = self.client(AuthType::BasicAuth);
        let status = Cell::new(0);
        let token = RefreshToken::new(spent.expose().to_owned());
        match client.exchange_refresh_token(&token).request(&|request| self.send(line, request, &status)) {
            Ok(answer) => answer.into_tokens(Some(spent), line.now).ok_or_else(unreadable),
            Err(error) => Err(self.failure(error, status.get(), spent, TokenProblem::RefreshTokenDead)),
        }
    }

    /// Carries a request of the library over our transport.
    fn send(
        &self,
        line: &Line<'_>,
        request: oauth2::HttpRequest,
        status: &Cell<u16>,
    ) -> Result<oauth2::HttpResponse, Failure> {
        let mut headers = vec![
            ("accept", "application/json".to_owned()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ];
        if request.headers().contains_key(AUTHORIZATION) {
            // The library encodes id and secret as a form before base64. The documents say plain base64.
            headers.push(("authorization", self.basic()));
        }
        let url = request.uri().to_string();
        let request = HttpRequest { url: &url, headers: &headers, body: &request.into_body().into(), timeout: None };
        let answer = line.transport.send(&request).map_err(no_answer)?;
        status.set(answer.status);
        receive(answer, line.now)
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret.expose())))
    }

    /// Tells failures apart. What is `sent` shows in none of them, even if the server repeats it.
    fn failure(
        &self,
        error: RequestTokenError<Failure, Answer>,
        status: u16,
        sent: &Secret,
        dead: TokenProblem,
    ) -> Failure {
        use TokenProblem::{ClientRefused, NotAnEndpoint, Refused};
        let answer = match error {
            RequestTokenError::Request(failure) => return failure,
            RequestTokenError::ServerResponse(answer) => Some(answer),
            // The errors of the reader quote the answer, in which tokens may stand.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => None,
        };
        let Some(Answer { error: Some(error), description, .. }) = &answer else {
            return match status {
                200 => unreadable(),
                401 => Failure::new(ClientRefused).with_status(status),
                _ => Failure::new(NotAnEndpoint).with_status(status),
            };
        };
        let names_token = || description.to_ascii_lowercase().contains("invalid refresh token");
        let problem = match error.as_str() {
            _ if status == 401 => ClientRefused,
            "invalid_client" | "unauthorized_client" => ClientRefused,
            "invalid_grant" => dead,
            // The other known way to say it.
            "invalid_request" if dead == TokenProblem::RefreshTokenDead && names_token() => dead,
            _ => Refused,
        };
        Failure::new(problem).with_status(status).because(self.shown(&format!("{error}: {description}"), sent))
    }

    /// What can be shown of a text that a server sent.
    pub(super) fn shown(&self, text: &str, sent: &Secret) -> String {
        let basic = self.basic();
        let credentials = [self.id.as_str(), sent.expose(), basic.trim_start_matches("Basic ")];
        // Client secrets are shorter than tokens: those of the vendor's older portal have ten characters.
        let shown = Mask::new(&credentials, slice::from_ref(&self.secret)).text(text.to_owned());
        format!("{:?}", shown.chars().take(SHOWN).collect::<String>())
    }
}

impl Answer {
    fn of(json: &Value) -> Answer {
        let text = |name| json.get(name).and_then(Value::as_str).map(str::to_owned);
        Answer {
            access_token: AccessToken::new(text("access_token").unwrap_or_default()),
            refresh_token: text("refresh_token").map(RefreshToken::new),
            // Nothing else is worth losing the tokens for.
            expires_in: match json.get("expires_in") {
                Some(Value::String(text)) => text.trim().parse().ok(),
                Some(value) => value.as_u64(),
                None => None,
            },
            scope: text("scope"),
            error: text("error"),
            description: text("error_description").unwrap_or_default(),
        }
    }

    /// Takes an answer over; a server that gives out no new refresh token means the old one.
    fn into_tokens(self, old: Option<&Secret>, now: SystemTime) -> Option<Tokens> {
        let access_token = Secret::from(self.access_token.into_secret());
        let refresh_token = match self.refresh_token.map(|token| Secret::from(token.into_secret())) {
            Some(token) if unfit(&token).is_none() => token,
            _ => old?.clone(),
        };
        if unfit(&access_token).is_some() {
            return None;
        }
        Some(Tokens::issued(access_token, refresh_token, self.scope, self.expires_in, now))
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
        // Its text, which is read like a stored one: each other reader would be one more to compile.
        let json = Box::<RawValue>::deserialize(deserializer)?;
        match json.get().parse() {
            Ok(json) => Ok(Answer::of(&json)),
            Err(error) => Err(D::Error::custom(error)),
        }
    }
}

impl TokenResponse for Answer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<std::time::Duration> {
        self.expires_in.map(std::time::Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    /// None: the scope of this server is one text.
    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl ErrorResponse for Answer {}

/// The library asks for it, and never shows it.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description)
    }
}

/// The library asks for it, and never does it.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

fn unreadable() -> Failure {
    Failure::new(TokenProblem::LostInExchange).with_status(200).because("the answer cannot be read")
}

fn no_answer(error: TransportError) -> Failure {
    let problem = match error.kind() {
        _ if error.maybe_sent() => TokenProblem::LostInExchange,
        TransportErrorKind::Request => TokenProblem::NotAnEndpoint,
        TransportErrorKind::Connection | TransportErrorKind::Timeout => TokenProblem::EndpointDown,
    };
    Failure::new(problem).because(error.to_string()).caused_by(error.into_source())
}

/// Reads an answer, unless its status says it all.
fn receive(answer: HttpResponse, now: SystemTime) -> Result<oauth2::HttpResponse, Failure> {
    let status = answer.status;
    if status == 429 || status >= 500 {
        // A gateway says the others too if it got no answer: of a request that the endpoint may have executed.
        let refused = matches!(status, 429 | 503);
        let problem = if refused { TokenProblem::EndpointDown } else { TokenProblem::LostInExchange };
        let wait = retry::retry_after(&answer, now);
        return Err(Failure::new(problem).with_status(status).after(wait));
    }
    let mut body = Vec::new();
    let read = answer.body.take(MAX_ANSWER).read_to_end(&mut body);
    if let (200, Err(error)) = (status, read) {
        let failure = Failure::new(TokenProblem::LostInExchange).with_status(status);
        return Err(failure.because("the answer broke off").caused_by(error));
    }
    // The content type stays behind: the library would throw tokens away that come with a wrong one.
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Ok(response)
}

/// Whether a text can't be an id or a secret.
fn unusable(text: &str) -> bool {
    text.is_empty() || text.chars().any(char::is_control)
}

fn check(name: &str, url: &str) -> Result<(), String> {
    match problem(url) {
        None => Ok(()),
        Some(problem) => Err(format!("the {name} URL {problem}")),
    }
}

/// Says what is wrong with a URL, if anything is: secrets travel to all of them.
fn problem(text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("is not a URL") };
    let Some(host) = url.host_str() else { return Some("has no host") };
    if !keeps_secrets(url.scheme(), host) {
        return Some(
            "does not begin with https://, or with http:// and the name of this machine (localhost, 127.0.0.1)",
        );
    }
    // The parser would drop some of them, but the server compares the text.
    if !text.as_bytes().iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\') {
        return Some("holds a character that must be encoded");
    }
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Some("has a fragment, or a user name");
    }
    None
}

/// What a user's browser brings back.
pub(super) struct Redirect {
    pub(super) code: Option<Secret>,
    pub(super) error: Option<String>,
    pub(super) description: Option<String>,
    state: Option<CsrfToken>,
}

impl Redirect {
    /// Reads a URL with a query, or the query alone.
    pub(super) fn read(text: &str) -> Redirect {
        // A URL can stand in a field as well, such as that of the issuer.
        let start = text.split('=').next().unwrap_or_default();
        let is_url = text.starts_with('/') || text.starts_with('?') || start.contains("://");
        let query = if is_url { text.split_once('?').unwrap_or_default().1 } else { text };
        let query = query.split('#').next().unwrap_or_default();
        Redirect {
            code: field(query, "code").map(Secret::from),
            error: field(query, "error"),
            description: field(query, "error_description"),
            state: field(query, "state").map(CsrfToken::new),
        }
    }

    /// Whether it belongs to an authorization. How long that takes tells nothing about the state.
    pub(super) fn belongs_to(&self, state: &Secret) -> bool {
        !state.expose().is_empty() && self.state == Some(CsrfToken::new(state.expose().to_owned()))
    }
}

/// A field of a query, unless it is empty. Of fields with one name the first one counts.
fn field(query: &str, wanted: &str) -> Option<String> {
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name == wanted {
            return if value.is_empty() { None } else { Some(value.into_owned()) };
        }
    }
    None
}
