//! An application that is registered with the vendor, and how a user lets it in.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::failure::Failure;
use super::oauth::{Flow, Line, Redirect};
use super::problem::TokenProblem;
use super::tokens::Tokens;
use crate::clock::{Clock, SystemClock};
use crate::config::USER_AGENT;
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::{ANSWER_TIMEOUT, Agent, CONNECT_TIMEOUT, Timeouts, Transport, UreqTransport, check_tls};

/// Where users are asked for permission.
pub const AUTHORIZE_URL: &str = "https://accounts.infusionsoft.com/app/oauth/authorize";

/// Where codes and refresh tokens become tokens.
pub const TOKEN_URL: &str = "https://api.infusionsoft.com/token";

/// An application that is registered in the vendor's developer portal. Clones are cheap.
///
/// ```no_run
/// use infusionsoft::{Client, Credentials, FileStore, OAuthApp, Session};
/// # fn show(_: &str) {}
/// # fn receive() -> String { String::new() }
///
/// let redirect = "https://shop.example.com/connected";
/// let app = OAuthApp::builder("client id", "client secret", redirect).build()?;
/// let session = Session::new(app, FileStore::new("/var/lib/shop/tokens.json"));
///
/// // Once: the user's browser goes to the vendor, and comes back with a code in the query of
/// // the redirect URL.
/// let authorization = session.app().authorize();
/// show(&authorization.url);
/// session.authorized(&authorization.state, &receive())?;
///
/// // From then on: tokens are refreshed and stored as needed.
/// let client = Client::builder().credentials(Credentials::oauth(session)).build()?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
///
/// [`Session`](crate::Session) is all that most programs need beside it. The functions here store nothing: whoever calls
/// [`refresh`](OAuthApp::refresh) must see to it that nobody else does at the same time, and that the answer is kept.
#[derive(Clone)]
pub struct OAuthApp {
    inner: Arc<Inner>,
}

struct Inner {
    flow: Flow,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

/// An authorization that was begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Where to send the user.
    pub url: String,
    /// What must come back with the redirect. Keep it where only this user's browser leads to, such as in a web session: it
    /// keeps others from slipping the user a foreign account. `state.expose()` goes into the session, `Secret::from` brings
    /// it back.
    pub state: Secret,
}

/// Sets up an [`OAuthApp`].
#[must_use]
pub struct OAuthAppBuilder {
    id: String,
    secret: Secret,
    redirect_uri: String,
    authorize_url: String,
    token_url: String,
    transport: Option<Arc<dyn Transport>>,
    agent: Option<Agent>,
    timeouts: Timeouts,
    clock: Arc<dyn Clock>,
}

impl OAuthApp {
    /// Sets up an application with what the developer portal says: the client id, labeled "Key", the client secret, and the
    /// redirect URL, exactly as it is registered.
    ///
    /// The redirect URL begins with `https://`; on this machine (`localhost`, `127.0.0.1`) with `http://` too.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> OAuthAppBuilder {
        OAuthAppBuilder {
            id: client_id.into(),
            secret: client_secret.into(),
            redirect_uri: redirect_uri.into(),
            authorize_url: AUTHORIZE_URL.to_owned(),
            token_url: TOKEN_URL.to_owned(),
            transport: None,
            agent: None,
            timeouts: Timeouts { connect: CONNECT_TIMEOUT, answer: ANSWER_TIMEOUT },
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// Begins an authorization: makes the URL to send the user to, with a random state. Nothing is sent.
    pub fn authorize(&self) -> Authorization {
        let (url, state) = self.inner.flow.authorize_url();
        Authorization { url, state }
    }

    /// Checks what the user's browser came back with, and exchanges the code in it for tokens.
    ///
    /// `state` is that of the [`Authorization`]; `redirect` is the URL that the browser came to, or its query alone.
    ///
    /// # Errors
    ///
    /// Of kind [`Token`](crate::ErrorKind::Token): besides those of [`exchange`](OAuthApp::exchange),
    /// [`StateMismatch`](TokenProblem::StateMismatch), [`Denied`](TokenProblem::Denied), and
    /// [`Refused`](TokenProblem::Refused) if the redirect holds another error, or no code.
    pub fn exchange_redirect(&self, state: &Secret, redirect: &str) -> Result<Tokens, Error> {
        self.exchange(&self.code(state, redirect)?)
    }

    /// Exchanges a code for tokens. Prefer [`exchange_redirect`](OAuthApp::exchange_redirect), which checks the state.
    ///
    /// # Errors
    ///
    /// Of kind [`Token`](crate::ErrorKind::Token); its [`token_problem`](Error::token_problem) says what to do.
    pub fn exchange(&self, code: &Secret) -> Result<Tokens, Error> {
        Ok(self.inner.flow.exchange(&self.line(), code)?)
    }

    /// Exchanges a refresh token for the next tokens. The old refresh token is spent then: store the new one at once.
    ///
    /// # Errors
    ///
    /// Of kind [`Token`](crate::ErrorKind::Token); its [`token_problem`](Error::token_problem) says what to do.
    pub fn refresh(&self, tokens: &Tokens) -> Result<Tokens, Error> {
        Ok(self.next(tokens)?)
    }

    /// The code that a browser came back with.
    pub(crate) fn code(&self, state: &Secret, redirect: &str) -> Result<Secret, Failure> {
        let redirect = Redirect::read(redirect);
        if !redirect.belongs_to(state) {
            return Err(Failure::new(TokenProblem::StateMismatch));
        }
        if let Some(error) = &redirect.error {
            let denied = if error == "access_denied" { TokenProblem::Denied } else { TokenProblem::Refused };
            let text = match &redirect.description {
                Some(description) => &format!("{error}: {description}"),
                None => error,
            };
            return Err(Failure::new(denied).because(self.inner.flow.shown(text, state)));
        }
        match redirect.code {
            Some(code) => Ok(code),
            None => Err(Failure::new(TokenProblem::Refused).because("the redirect holds no code")),
        }
    }

    pub(crate) fn next(&self, tokens: &Tokens) -> Result<Tokens, Failure> {
        self.inner.flow.refresh(&self.line(), tokens.refresh_token())
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub(crate) fn utc(&self) -> SystemTime {
        self.inner.clock.utc()
    }

    fn line(&self) -> Line<'_> {
        Line { transport: &*self.inner.transport, now: self.utc() }
    }
}

impl OAuthAppBuilder {
    /// Asks for permission elsewhere than at the vendor's [`AUTHORIZE_URL`], such as at a local server.
    pub fn authorize_url(mut self, url: impl Into<String>) -> OAuthAppBuilder {
        self.authorize_url = url.into();
        self
    }

    /// Gets tokens elsewhere than at the vendor's [`TOKEN_URL`], such as from a local server.
    pub fn token_url(mut self, url: impl Into<String>) -> OAuthAppBuilder {
        self.token_url = url.into();
        self
    }

    /// Brings another transport than HTTP; timeouts are its own business then, and an [agent](OAuthAppBuilder::agent) isn't
    /// used.
    pub fn transport(mut self, transport: impl Transport + 'static) -> OAuthAppBuilder {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Gets tokens by an agent of crate `ureq` of one's own, as [`ClientBuilder::agent`](crate::ClientBuilder::agent) makes
    /// calls by one.
    pub fn agent(mut self, agent: Agent) -> OAuthAppBuilder {
        self.agent = Some(agent);
        self
    }

    /// How long a connection may take to be made; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> OAuthAppBuilder {
        self.timeouts.connect = timeout;
        self
    }

    /// How long the server may take to answer; 60 seconds unless set.
    ///
    /// The token endpoint is known to take more than ten, and whoever hangs up before its answer loses the tokens.
    pub fn answer_timeout(mut self, timeout: Duration) -> OAuthAppBuilder {
        self.timeouts.answer = timeout;
        self
    }

    /// Reads the time from another clock than the machine's: tokens expire by it.
    pub fn clock(mut self, clock: impl Clock + 'static) -> OAuthAppBuilder {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the application. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if id or secret can't be ones, if a URL is none, or is neither `https://` nor on this machine, if the
    /// crate was built without TLS, which an `https://` token URL needs unless there is a transport or agent of one's own, or
    /// if the environment names a proxy by what is no URL of one.
    pub fn build(self) -> Result<OAuthApp, Error> {
        if self.transport.is_none() && self.agent.is_none() {
            check_tls(&self.token_url).map_err(Error::invalid)?;
        }
        let flow = Flow::new(self.id, self.secret, self.redirect_uri, self.authorize_url, self.token_url);
        let flow = flow.map_err(Error::invalid)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(UreqTransport::new(self.agent, flow.token_url(), self.timeouts, USER_AGENT.to_owned())?),
        };
        Ok(OAuthApp { inner: Arc::new(Inner { flow, transport, clock: self.clock }) })
    }
}

impl fmt::Debug for OAuthApp {
    /// Shows neither id nor secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp").finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuthAppBuilder {
    /// Shows neither id nor secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthAppBuilder").field("timeouts", &self.timeouts).finish_non_exhaustive()
    }
}

impl fmt::Debug for Authorization {
    /// Shows nothing: the URL holds the state, too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").finish_non_exhaustive()
    }
}
