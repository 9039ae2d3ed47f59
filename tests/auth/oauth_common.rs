//! Applications and sessions of the sandbox, and what they send.

use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use infusionsoft::transport::{Body, HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Client, Credentials, Limits, MemoryStore, OAuthApp, Retry, Session, TokenStore, Tokens, Transport};
use infusionsoft_sandbox::{Clock, Request, Sandbox};

pub(crate) const BACK: &str = "https://shop.example.com/connected";
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// A sandbox with a still clock, which the client reads too, and a count of the requests for tokens.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Clock,
    tokens: Arc<Mutex<Vec<String>>>,
}

/// The sandbox's clock as the client's.
struct Shared(Clock);

impl infusionsoft::Clock for Shared {
    fn now(&self) -> Duration {
        self.utc().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970")
    }

    fn utc(&self) -> SystemTime {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

impl World {
    /// Access tokens live an hour here.
    pub(crate) fn new() -> World {
        World::with_app("sandbox", "sandbox")
    }

    pub(crate) fn with_app(id: &str, secret: &str) -> World {
        let clock = Clock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600));
        let none: [&str; 0] = [];
        let builder = Sandbox::builder().clock(clock.clone()).app(id, secret, none).access_lifetime(HOUR);
        World { sandbox: builder.build().expect("an account"), clock, tokens: Arc::default() }
    }

    pub(crate) fn app(&self) -> OAuthApp {
        self.app_with("sandbox", "sandbox")
    }

    pub(crate) fn app_with(&self, id: &str, secret: &str) -> OAuthApp {
        let builder = OAuthApp::builder(id, secret, BACK).transport(self.clone()).clock(Shared(self.clock.clone()));
        builder.build().expect("a valid application")
    }

    pub(crate) fn session(&self, store: impl TokenStore + 'static) -> Session {
        Session::new(self.app(), store)
    }

    /// A store with tokens from a code, before anything was counted. They are no longer new.
    pub(crate) fn authorized(&self) -> MemoryStore {
        let store = MemoryStore::new();
        authorize(&self.session(store.clone()), &self.sandbox);
        self.clock.advance(MINUTE);
        self.tokens.lock().expect("no panic").clear();
        store
    }

    pub(crate) fn client(&self, session: Session) -> Client {
        self.client_with(session, Retry::none())
    }

    pub(crate) fn client_with(&self, session: Session, retry: Retry) -> Client {
        let builder = Client::builder().credentials(Credentials::oauth(session)).retry(retry).limits(Limits::none());
        builder.transport(self.clone()).clock(Shared(self.clock.clone())).build().expect("a valid client")
    }

    /// The forms that were sent to the token endpoint.
    pub(crate) fn forms(&self) -> Vec<String> {
        self.tokens.lock().expect("no panic").clone()
    }
}

impl Transport for World {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        if request.url.ends_with("/token") {
            self.tokens.lock().expect("no panic").push(text(request.body));
        }
        self.sandbox.send(request)
    }
}

fn text(body: &Body) -> String {
    let mut text = String::new();
    body.reader().read_to_string(&mut text).expect("the form is text");
    text
}

/// Goes to the authorize URL as a browser would, and answers where that leads.
pub(crate) fn browse(sandbox: &Sandbox, url: &str) -> String {
    let (_, query) = url.split_once('?').expect("a query");
    let path = "/app/oauth/authorize".to_owned();
    let (method, headers, body) = ("GET".to_owned(), Vec::new(), Vec::new());
    let answer = sandbox.respond(&Request { method, path, query: query.to_owned(), headers, body });
    let mut headers = answer.headers.into_iter();
    headers.find(|(name, _)| name == "location").expect("the browser is sent back").1
}

pub(crate) fn authorize(session: &Session, sandbox: &Sandbox) -> Tokens {
    let authorization = session.app().authorize();
    let redirect = browse(sandbox, &authorization.url);
    session.authorized(&authorization.state, &redirect).expect("tokens")
}

/// The fields of a form or a query, decoded by hand: nothing of the client's libraries.
pub(crate) fn fields(form: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                    let digits = str::from_utf8(&digits).expect("digits");
                    u8::from_str_radix(digits, 16).expect("digits")
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).expect("UTF-8")
    };
    let pair =
        |field: &str| field.split_once('=').map(|(name, value)| (decoded(name), decoded(value))).expect("a field");
    form.split('&').map(pair).collect()
}
