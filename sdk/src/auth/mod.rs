//! Who calls: the credentials, and how they travel.

use std::fmt;

use crate::error::Error;
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
    secret: Secret,
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
        Credentials { carrier: Carrier::Bearer, secret: token.into() }
    }

    /// An OAuth access token in the query of the URL, as `access_token=…`: what the documents describe.
    ///
    /// Prefer [`Credentials::access_token`]: servers and proxies on the way log URLs.
    pub fn access_token_in_query(token: impl Into<Secret>) -> Credentials {
        Credentials { carrier: Carrier::Query, secret: token.into() }
    }

    /// A personal access token or a service account key, in the `X-Keap-API-Key` header.
    pub fn personal_key(key: impl Into<Secret>) -> Credentials {
        Credentials { carrier: Carrier::KeyHeader, secret: key.into() }
    }

    /// A legacy API key, as the first parameter of each call.
    ///
    /// Such keys are retired at the vendor's own endpoint; they need the endpoint of the application, which
    /// [`ClientBuilder::endpoint`](crate::ClientBuilder::endpoint) sets.
    pub fn legacy_key(key: impl Into<Secret>) -> Credentials {
        Credentials { carrier: Carrier::LeadingKey, secret: key.into() }
    }

    /// The parameter that leads the calls of methods with a key.
    pub(crate) fn leading_key(&self) -> &str {
        match self.carrier {
            Carrier::LeadingKey => self.secret.expose(),
            Carrier::Bearer | Carrier::Query | Carrier::KeyHeader => KEY_PLACEHOLDER,
        }
    }

    /// What a request travels with.
    ///
    /// # Errors
    ///
    /// Of kind `Token` or `Store` if a token is needed and can't be had.
    pub(crate) fn access(&self) -> Result<Access, Error> {
        Ok(Access { carrier: self.carrier, secret: self.secret.clone() })
    }

    /// What to try after the server has refused an access with status 401: `None` if there is nothing else.
    ///
    /// # Errors
    ///
    /// Of kind `Token` or `Store` if a new token can't be had.
    pub(crate) fn renew(&self, _refused: &Access) -> Result<Option<Access>, Error> {
        Ok(None)
    }

    /// Whether the vendor's default endpoint takes these credentials.
    pub(crate) fn needs_own_endpoint(&self) -> bool {
        matches!(self.carrier, Carrier::LeadingKey)
    }

    /// Why the credentials can't travel, if they can't.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let secret = self.secret.expose();
        if secret.is_empty() {
            return Some("the credentials are empty");
        }
        if secret.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Some("the credentials hold white space or a control character; was a line break read with them?");
        }
        if !secret.is_ascii() {
            return Some("the credentials hold a character beyond ASCII");
        }
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
            Carrier::Bearer => Some(("authorization", format!("Bearer {}", self.secret.expose()))),
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

    /// Overwrites the secret in what a server sent, where it is to be shown; answers whether it was there.
    pub(crate) fn mask(&self, text: &mut [u8]) -> bool {
        let secret = self.secret.expose();
        let found = mask(text, secret.as_bytes());
        mask(text, percent_encoded(secret).as_bytes()) || found
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.carrier {
            Carrier::Bearer => "Credentials(access token)",
            Carrier::Query => "Credentials(access token in the query)",
            Carrier::KeyHeader => "Credentials(personal key)",
            Carrier::LeadingKey => "Credentials(legacy key)",
        })
    }
}

/// Overwrites a secret, byte by byte: the places of everything else stay the same.
///
/// What is shorter than any real secret may be a word of the answer itself.
fn mask(text: &mut [u8], secret: &[u8]) -> bool {
    const SHORTEST: usize = 16;
    let (mut at, mut found) = (0, false);
    while secret.len() >= SHORTEST && at < text.len() {
        if text[at..].starts_with(secret) {
            text[at..at + secret.len()].fill(b'*');
            found = true;
        }
        at += 1;
    }
    found
}

/// Leaves the characters that RFC 3986 calls unreserved, and encodes all others.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}
