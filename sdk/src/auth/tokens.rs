//! What an authorization consists of.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::unfit;
use crate::secret::Secret;

/// How long an access token is good for if the server doesn't say so, in seconds: what the documents show.
const DOCUMENTED_LIFE: u64 = 3600;
/// The longest time ahead of its expiry that an access token is replaced, in seconds.
const LONGEST_MARGIN: u64 = 300;
/// How long tokens are new, in seconds.
const NEW: u64 = 60;
/// The last second of the year 9999: more than any token lives, and less than any clock can't count.
const LAST_SECOND: u64 = 253_402_300_799;

/// An access token, and the refresh token that brings the next ones.
///
/// [`OAuthApp`](crate::OAuthApp) gets them from the server, and a [`TokenStore`](crate::TokenStore) keeps them. Who moves here
/// from another client makes them of what that one has stored:
///
/// ```
/// use std::time::SystemTime;
/// use infusionsoft::{MemoryStore, Tokens};
///
/// // An access token that is expired by now is replaced before the first call.
/// let tokens = Tokens::new("the access token", "the refresh token", SystemTime::now());
/// let store = MemoryStore::from(tokens);
/// ```
///
/// [`to_json`](Tokens::to_json) shows the secrets, `Debug` doesn't.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Secret,
    pub(super) scope: Option<String>,
    /// In seconds since 1970.
    pub(super) expires_at: u64,
    /// In seconds, as the server said it.
    pub(super) expires_in: Option<u64>,
    pub(super) health: Health,
}

/// What speaks against a refresh token. It is stored with it, so that all processes know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// How often it was sent and no answer came, so that it may be spent.
    pub(crate) lost_times: u64,
    /// When that was, the last time, in seconds since 1970.
    pub(crate) lost_at: u64,
    /// Whether the server has refused it: it is never sent again.
    pub(crate) dead: bool,
}

impl Tokens {
    /// Tokens that were stored elsewhere. `expires_at` is when the access token ends.
    pub fn new(access_token: impl Into<Secret>, refresh_token: impl Into<Secret>, expires_at: SystemTime) -> Tokens {
        Tokens {
            access_token: access_token.into(),
            refresh_token: refresh_token.into(),
            scope: None,
            expires_at: seconds(expires_at),
            expires_in: None,
            health: Health::default(),
        }
    }

    /// Tokens as a server has just given them out. `expires_in` is in seconds.
    pub(crate) fn issued(
        access_token: Secret,
        refresh_token: Secret,
        scope: Option<String>,
        expires_in: Option<u64>,
        now: SystemTime,
    ) -> Tokens {
        let expires_in = expires_in.unwrap_or(DOCUMENTED_LIFE);
        let expires_at = seconds(now).saturating_add(expires_in);
        let expires_in = Some(expires_in);
        Tokens { access_token, refresh_token, scope, expires_at, expires_in, health: Health::default() }
    }

    /// The token that calls travel with.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// The token that brings the next tokens. It is good for one use, and for 45 days.
    pub fn refresh_token(&self) -> &Secret {
        &self.refresh_token
    }

    /// When the access token ends, by the clock of this machine, to the second.
    pub fn expires_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.expires_at.min(LAST_SECOND))
    }

    /// What the tokens are good for, as the server said it: `full|example.infusionsoft.com`.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The application's host name, as the scope tells it: `example.infusionsoft.com`.
    pub fn tenant(&self) -> Option<&str> {
        let (_, tenant) = self.scope()?.split_once('|')?;
        if tenant.is_empty() { None } else { Some(tenant) }
    }

    /// Whether the access token is good for a call by now.
    pub(crate) fn is_valid(&self, now: SystemTime) -> bool {
        seconds(now) < self.expires_at
    }

    /// Whether the access token stays good for a while: for five minutes, or a tenth of its life if that is less.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        let margin = match self.expires_in {
            Some(life) => LONGEST_MARGIN.min(life / 10),
            None => LONGEST_MARGIN,
        };
        seconds(now).saturating_add(margin) < self.expires_at
    }

    /// Whether the server has just given them out, as far as is known.
    pub(crate) fn is_new(&self, now: SystemTime) -> bool {
        match self.expires_in {
            Some(life) => seconds(now).abs_diff(self.expires_at.saturating_sub(life)) < NEW,
            None => false,
        }
    }

    /// Why they can't travel, if they can't.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        unfit(&self.access_token).or_else(|| unfit(&self.refresh_token))
    }

    pub(crate) fn health(&self) -> Health {
        self.health
    }

    pub(crate) fn with_health(self, health: Health) -> Tokens {
        Tokens { health, ..self }
    }
}

impl fmt::Debug for Tokens {
    /// Shows no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .field("health", &self.health)
            .finish_non_exhaustive()
    }
}

/// A time in seconds since 1970, which it is not before.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
