//! Who calls: the credentials, and how they travel.

#[cfg(feature = "oauth")]
mod app;
#[cfg(feature = "oauth")]
mod failure;
#[cfg(feature = "oauth")]
mod oauth;
mod problem;
#[cfg(feature = "oauth")]
mod session;
#[cfg(feature = "oauth")]
mod store;
#[cfg(feature = "oauth")]
mod tokens;

use std::fmt;

#[cfg(feature = "oauth")]
pub use app::{AUTHORIZE_URL, Authorization, OAuthApp, OAuthAppBuilder, TOKEN_URL};
pub use problem::TokenProblem;
#[cfg(feature = "oauth")]
pub use session::Session;
#[cfg(feature = "oauth")]
pub use store::{FileStore, MemoryStore, TokenStore};
#[cfg(feature = "oauth")]
pub use tokens::Tokens;

use crate::error::Error;
use crate::mask::percent_encoded;
use crate::pace::Limits;
use crate::secret::Secret;

/// What leads the parameters where a key is required but does not count, since the credentials travel in the HTTP request.
///
/// The server wants a key there and ignores it, but has refused an empty one; the token itself must never stand there,
/// since bodies get logged. This is the documents' own placeholder.
pub const KEY_PLACEHOLDER: &str = "privateKey";

/// Who calls.
///
/// ```
/// use infusionsoft::Credentials;
///
/// let credentials = Credentials::personal_key("KeapAK-0123456789");
/// assert_eq!(format!("{credentials:?}"), "Credentials(personal key)");
/// ```
#[derive(Clone)]
pub struct Credentials {
    carrier: Carrier,
    source: Source,
}

/// Where the secret comes from.
#[derive(Clone)]
enum Source {
    Fixed(Secret),
    #[cfg(feature = "oauth")]
    Session(Session),
}

#[derive(Clone, Copy)]
enum Carrier {
    Bearer,
    Query,
    KeyHeader,
    LeadingKey,
}

impl Credentials {
    /// An OAuth access token, in the `Authorization` header.
    pub fn access_token(token: impl Into<Secret>) -> Credentials {
        Credentials::fixed(Carrier::Bearer, token.into())
    }

    /// An OAuth access token in the query of the URL, as `access_token=…`: what the documents describe.
    ///
    /// Prefer [`Credentials::access_token`]: servers and proxies on the way log URLs.
    pub fn access_token_in_query(token: impl Into<Secret>) -> Credentials {
        Credentials::fixed(Carrier::Query, token.into())
    }

    /// A personal access token or a service account key, in the `X-Keap-API-Key` header.
    pub fn personal_key(key: impl Into<Secret>) -> Credentials {
        Credentials::fixed(Carrier::KeyHeader, key.into())
    }

    /// A legacy API key, as the first parameter of each call.
    ///
    /// Such keys are retired at the vendor's own endpoint; they need the endpoint of the application, which
    /// [`ClientBuilder::endpoint`](crate::ClientBuilder::endpoint) sets.
    pub fn legacy_key(key: impl Into<Secret>) -> Credentials {
        Credentials::fixed(Carrier::LeadingKey, key.into())
    }

    /// OAuth with tokens that are stored, and refreshed as needed, in the `Authorization` header.
    #[cfg(feature = "oauth")]
    pub fn oauth(session: Session) -> Credentials {
        Credentials { carrier: Carrier::Bearer, source: Source::Session(session) }
    }

    fn fixed(carrier: Carrier, secret: Secret) -> Credentials {
        Credentials { carrier, source: Source::Fixed(secret) }
    }

    /// The parameter that leads the calls of methods with a key.
    pub(crate) fn leading_key(&self) -> &str {
        match (self.carrier, &self.source) {
            (Carrier::LeadingKey, Source::Fixed(key)) => key.expose(),
            _ => KEY_PLACEHOLDER,
        }
    }

    /// What a request travels with.
    ///
    /// # Errors
    ///
    /// Of kind `Token` or `Store` if a token is needed and can't be had.
    pub(crate) fn access(&self) -> Result<Access, Error> {
        let secret = match &self.source {
            Source::Fixed(secret) => secret.clone(),
            #[cfg(feature = "oauth")]
            Source::Session(session) => session.access()?,
        };
        self.with(secret)
    }

    /// Whether there can be something else to try after the server has refused an access with status 401.
    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "other credentials can't be renewed"))]
    pub(crate) fn can_renew(&self, refused: &Access) -> bool {
        match &self.source {
            Source::Fixed(_) => false,
            #[cfg(feature = "oauth")]
            Source::Session(session) => session.can_renew(&refused.secret),
        }
    }

    /// What a request travels with after the server has refused another access.
    ///
    /// # Errors
    ///
    /// Of kind `Token` or `Store` if a new token can't be had.
    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "other credentials can't be renewed"))]
    pub(crate) fn renew(&self, refused: &Access) -> Result<Access, Error> {
        let secret = match &self.source {
            Source::Fixed(secret) => secret.clone(),
            #[cfg(feature = "oauth")]
            Source::Session(session) => session.renew(&refused.secret)?,
        };
        self.with(secret)
    }

    fn with(&self, secret: Secret) -> Result<Access, Error> {
        match unfit(&secret) {
            None => Ok(Access { carrier: self.carrier, secret }),
            Some(problem) => Err(Error::invalid(problem)),
        }
    }

    /// How many calls the vendor allows; of legacy keys it says nothing.
    pub(crate) fn limits(&self) -> Limits {
        match self.carrier {
            Carrier::Bearer | Carrier::Query => Limits::application(),
            Carrier::KeyHeader => Limits::personal(),
            Carrier::LeadingKey => Limits::none(),
        }
    }

    /// Whether the vendor's default endpoint takes these credentials.
    pub(crate) fn needs_own_endpoint(&self) -> bool {
        matches!(self.carrier, Carrier::LeadingKey)
    }

    /// Why the credentials can't travel, if they can't.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        match &self.source {
            Source::Fixed(secret) => unfit(secret),
            // Its tokens are checked as they come.
            #[cfg(feature = "oauth")]
            Source::Session(_) => None,
        }
    }
}

/// Why a secret can't travel, if it can't.
pub(crate) fn unfit(secret: &Secret) -> Option<&'static str> {
    let secret = secret.expose();
    if secret.is_empty() {
        Some("the credentials are empty")
    } else if secret.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Some("the credentials hold white space or a control character; was a line break or `Bearer` read with them?")
    } else if !secret.is_ascii() {
        Some("the credentials hold a character beyond ASCII")
    } else {
        None
    }
}

/// What one request travels with: a secret, and where it stands.
#[derive(Clone)]
pub(crate) struct Access {
    carrier: Carrier,
    secret: Secret,
}

impl Access {
    /// The header that carries the credentials, if one does.
    pub(crate) fn header(&self) -> Option<(&'static str, String)> {
        match self.carrier {
            Carrier::Bearer => Some(("authorization", ["Bearer ", self.secret.expose()].concat())),
            Carrier::KeyHeader => Some(("x-keap-api-key", self.secret.expose().to_owned())),
            Carrier::Query | Carrier::LeadingKey => None,
        }
    }

    /// The URL to call, with the token if it travels there.
    pub(crate) fn url(&self, endpoint: &str) -> String {
        match self.carrier {
            Carrier::Query => {
                let separator = if endpoint.contains('?') { '&' } else { '?' };
                format!("{endpoint}{separator}access_token={}", percent_encoded(self.secret.expose()))
            }
            Carrier::Bearer | Carrier::KeyHeader | Carrier::LeadingKey => endpoint.to_owned(),
        }
    }

    /// What must not show, wherever a server repeats it.
    pub(crate) fn secret(&self) -> &str {
        self.secret.expose()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "oauth")]
        if let Source::Session(_) = self.source {
            return f.write_str("Credentials(oauth)");
        }
        f.write_str(match self.carrier {
            Carrier::Bearer => "Credentials(access token)",
            Carrier::Query => "Credentials(access token in the query)",
            Carrier::KeyHeader => "Credentials(personal key)",
            Carrier::LeadingKey => "Credentials(legacy key)",
        })
    }
}
