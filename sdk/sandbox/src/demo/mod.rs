//! Demo data: a garden shop's account that looks lived in.
//!
//! The same size and seed give the same rows, dates included, so that a demonstration can be repeated and a test can
//! rely on what it finds. Every address is at example.com and every phone number is one that is kept for fiction.

mod chance;
mod people;
mod sales;
mod setup;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Statement, ToSql, Transaction, params_from_iter};

use crate::fault::Fault;
use crate::store::Store;
use chance::{Chance, Moment};

/// The day of the first contact: 1 July 2023.
const OPEN: Moment = Moment::day(19_539);
/// The day on which the account was left as it is: 30 June 2026.
const CLOSE: Moment = Moment::day(20_634);

/// Adds an account's setup and so many contacts with all that hangs on them, in one transaction.
pub(crate) fn fill(store: &Store, contacts: usize, seed: u64) -> Result<(), Fault> {
    store.write(|transaction| {
        let mut demo = Demo { transaction, statements: HashMap::new(), chance: Chance::new(seed) };
        let setup = setup::setup(&mut demo)?;
        let companies = people::companies(&mut demo, contacts)?;
        (0..contacts)
            .try_for_each(|number| people::contact(&mut demo, &setup, &companies, number as f64 / contacts as f64))
    })
}

/// What every part needs: where to write, and what comes by chance.
struct Demo<'a> {
    transaction: &'a Transaction<'a>,
    statements: HashMap<&'static str, Statement<'a>>,
    chance: Chance,
}

/// The columns of a row with their values.
type Row<'a> = &'a [(&'static str, &'a dyn ToSql)];

impl Demo<'_> {
    /// Adds a row and answers its id. All rows of a table have the same columns, so that one statement adds them.
    fn insert(&mut self, table: &'static str, row: Row<'_>) -> Result<i32, Fault> {
        let statement = match self.statements.entry(table) {
            Entry::Occupied(prepared) => prepared.into_mut(),
            Entry::Vacant(vacant) => {
                let columns: Vec<_> = row.iter().map(|(column, _)| *column).collect();
                let marks = vec!["?"; row.len()].join(",");
                let insert = format!("INSERT INTO \"{table}\" (\"{}\") VALUES ({marks})", columns.join("\",\""));
                vacant.insert(self.transaction.prepare(&insert)?)
            }
        };
        let id = statement.insert(params_from_iter(row.iter().map(|(_, value)| value)))?;
        i32::try_from(id).map_err(Fault::database)
    }

    /// Sets a column that could not be known when the row was added.
    fn update(&self, table: &str, column: &str, id: i32, value: i32) -> Result<(), Fault> {
        let update = format!("UPDATE \"{table}\" SET \"{column}\" = ? WHERE Id = ?");
        Ok(self.transaction.prepare_cached(&update)?.execute([value, id]).map(drop)?)
    }
}
