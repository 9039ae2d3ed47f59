//! The account's data, in SQLite.
//!
//! One connection behind a lock, one transaction for each call. What a call answers is on the disk by then: the log is
//! written ahead and synchronised at each commit, so that nothing that was answered is lost when the process is killed.

pub(crate) mod column;
pub(crate) mod query;
pub(crate) mod row;
pub(crate) mod schema;
mod text;

use std::fmt::{self, Display};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::fault::Fault;

pub(crate) use text::fold;

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

/// Why a database cannot be opened.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// SQLite says why.
    Sqlite(rusqlite::Error),
    /// It belongs to another program.
    Foreign,
    /// A later version of this program has made it.
    Newer,
}

impl Store {
    /// Opens an empty database that lives as long as the process.
    pub(crate) fn memory() -> Result<Store, StoreError> {
        Store::new(Connection::open_in_memory()?)
    }

    /// Opens a file, which is made if it is not there, and gets the tables and columns that it lacks.
    pub(crate) fn open(path: &Path) -> Result<Store, StoreError> {
        Store::new(Connection::open(path)?)
    }

    fn new(mut connection: Connection) -> Result<Store, StoreError> {
        schema::check(&connection)?;
        // An in-memory database stays as it is.
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.set_prepared_statement_cache_capacity(256);
        text::register(&connection)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        schema::migrate(&transaction)?;
        transaction.commit()?;
        Ok(Store { connection: Mutex::new(connection) })
    }

    /// Does work that may write; a fault undoes all of it.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.transaction(TransactionBehavior::Immediate, work)
    }

    /// Does work that only reads.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.transaction(TransactionBehavior::Deferred, work)
    }

    fn transaction<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // A panic under the lock has rolled its transaction back.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(behavior)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        StoreError::Sqlite(error)
    }
}

impl Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Sqlite(error) => write!(f, "the database cannot be opened: {error}"),
            StoreError::Foreign => f.write_str("the database belongs to another program"),
            StoreError::Newer => f.write_str("the database was made by a later version of the sandbox"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::database(error)
    }
}
