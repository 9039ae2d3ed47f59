//! Where tokens are kept.

mod file;
mod json;
mod memory;

use std::sync::Arc;

pub use file::FileStore;
pub use memory::MemoryStore;

use crate::auth::Tokens;
use crate::error::{Error, ErrorKind};

/// Keeps the tokens of one authorization: [`MemoryStore`], [`FileStore`], or one of your own.
///
/// A refresh token is good for one use, so two who refresh at once lose the authorization. What keeps them apart is
/// [`update`](TokenStore::update): whoever is in it is the only one, in whatever thread, process or machine.
///
/// # A store of your own
///
/// In a database, `update` is a transaction that locks the row before it reads. The row must be there before the first
/// tokens are, or there is nothing to lock.
///
/// ```
/// # mod db {
/// #     pub struct Pool;
/// #     pub struct Transaction;
/// #     impl Pool {
/// #         pub fn begin(&self) -> std::io::Result<Transaction> { Ok(Transaction) }
/// #     }
/// #     impl Transaction {
/// #         pub fn text(&mut self, _: &str, _: i64) -> std::io::Result<Option<String>> { Ok(None) }
/// #         pub fn run(&mut self, _: &str, _: i64, _: &str) -> std::io::Result<()> { Ok(()) }
/// #         pub fn commit(self) -> std::io::Result<()> { Ok(()) }
/// #     }
/// # }
/// use infusionsoft::{Error, TokenStore, Tokens};
///
/// struct Accounts {
///     pool: db::Pool, // of your database library
///     account: i64,
/// }
///
/// impl TokenStore for Accounts {
///     fn load(&self) -> Result<Option<Tokens>, Error> {
///         let mut transaction = self.pool.begin().map_err(Error::store)?;
///         let query = "SELECT tokens FROM account WHERE id = $1";
///         let json = transaction.text(query, self.account).map_err(Error::store)?;
///         json.map(|json| Tokens::from_json(&json)).transpose()
///     }
///
///     fn update(
///         &self,
///         change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
///     ) -> Result<Option<Tokens>, Error> {
///         // Dropped without a commit, it is rolled back, and the row is free again.
///         let mut transaction = self.pool.begin().map_err(Error::store)?;
///         let locked = "SELECT tokens FROM account WHERE id = $1 FOR UPDATE";
///         let json = transaction.text(locked, self.account).map_err(Error::store)?;
///         let tokens = json.map(|json| Tokens::from_json(&json)).transpose()?;
///         let Some(changed) = change(tokens.clone())? else { return Ok(tokens) };
///         let store = "UPDATE account SET tokens = $2 WHERE id = $1";
///         let json = changed.to_json();
///         transaction.run(store, self.account, json.expose()).map_err(Error::store)?;
///         transaction.commit().map_err(Error::store)?;
///         Ok(Some(changed))
///     }
/// }
/// ```
///
/// The transaction stays open during an exchange with the server, which can take more than ten seconds: timeouts of idle
/// transactions must be longer, and a lock with a term of its own, as many caches offer, is no lock.
pub trait TokenStore: Send + Sync {
    /// Reads the tokens, if there are any, without waiting for an update.
    ///
    /// # Errors
    ///
    /// Of kind [`Store`](ErrorKind::Store) if they can't be read.
    fn load(&self) -> Result<Option<Tokens>, Error>;

    /// Changes the tokens as the only one, across threads and processes, and answers what is stored afterwards.
    ///
    /// Waits until it is alone, reads the tokens anew, hands them to `change`, and stores what it answers durably before
    /// anybody else gets in; `None` leaves the store as it is. `change` is called once at most. It may take long, and must
    /// not use the store.
    ///
    /// # Errors
    ///
    /// Those of `change`, which leave the store as it is; of kind [`Store`](ErrorKind::Store) if the tokens can't be read
    /// or stored. What can be found out before `change` is called must be, since `change` spends the refresh token.
    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error>;
}

impl<T: TokenStore + ?Sized> TokenStore for Arc<T> {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        (**self).load()
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        (**self).update(change)
    }
}

impl<T: TokenStore + ?Sized> TokenStore for Box<T> {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        (**self).load()
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        (**self).update(change)
    }
}

impl Error {
    /// Says that a [`TokenStore`] of one's own can't be read or written, by an error of kind [`Store`](ErrorKind::Store).
    pub fn store(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::caused_by(ErrorKind::Store, "the store of the tokens failed", source)
    }
}
