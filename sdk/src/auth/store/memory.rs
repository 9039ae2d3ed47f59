//! Tokens that live as long as the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::TokenStore;
use crate::auth::Tokens;
use crate::error::Error;

/// Keeps the tokens in memory: for tests, and for programs that are authorized anew each time they start.
///
/// Clones share the tokens. Nothing is left of them when the process ends, and then the user must authorize again:
/// a refresh token is good for one use, so one that was written down elsewhere is worth nothing after the first refresh.
///
/// ```
/// use infusionsoft::{MemoryStore, TokenStore};
///
/// let store = MemoryStore::new();
/// assert!(store.load()?.is_none());
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Held as long as an update takes, which may be a whole exchange with the server.
    turn: Mutex<()>,
    /// Held for a moment, so that nobody who only reads waits for an exchange.
    tokens: Mutex<Option<Tokens>>,
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn tokens(&self) -> MutexGuard<'_, Option<Tokens>> {
        locked(&self.0.tokens)
    }
}

impl From<Tokens> for MemoryStore {
    /// Creates a store that holds these tokens.
    fn from(tokens: Tokens) -> MemoryStore {
        MemoryStore(Arc::new(Shared { turn: Mutex::default(), tokens: Mutex::new(Some(tokens)) }))
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        Ok(self.tokens().clone())
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        let _turn = locked(&self.0.turn);
        let tokens = self.tokens().clone();
        let Some(changed) = change(tokens.clone())? else { return Ok(tokens) };
        *self.tokens() = Some(changed.clone());
        Ok(Some(changed))
    }
}

/// A panic while it was locked has left nothing half done: tokens are replaced as a whole.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
