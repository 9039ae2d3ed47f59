//! A table without its type, and the names of its columns.

use crate::table::{ColumnInfo, Kind, Table};

/// The method that every query calls.
pub(super) const METHOD: &str = "DataService.query";

/// The id by which the rows of a table without an order key are told apart, once its other ids are given.
const CONTACT: &str = "ContactId";

/// What a query knows of its table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) table: &'static str,
    columns: &'static [ColumnInfo],
    order_key: Option<&'static str>,
}

impl Shape {
    pub(super) fn of<T: Table>() -> Shape {
        Shape { table: T::TABLE, columns: T::COLUMNS, order_key: T::ORDER_KEY }
    }

    /// The columns that are selected when none are named.
    pub(super) fn selected(&self) -> Vec<String> {
        self.columns.iter().filter(|column| column.selected).map(|column| column.name.to_owned()).collect()
    }

    /// Whether a column holds ids.
    pub(super) fn is_id(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name && column.kind == Kind::Id)
    }

    /// The column by which rows are ordered unless it is told otherwise.
    pub(super) fn order(&self) -> Option<&'static str> {
        self.order_key.or_else(|| self.key())
    }

    /// The column whose ids tell rows apart.
    pub(super) fn key(&self) -> Option<&'static str> {
        self.order_key.or(Some(CONTACT)).filter(|key| self.is_id(key))
    }

    /// Where the key's column stands among the columns.
    pub(super) fn key_index(&self) -> Option<usize> {
        let key = self.key()?;
        self.columns.iter().position(|column| column.name == key)
    }

    /// The other ids, which must be given for the key to tell rows apart: none for an order key.
    pub(super) fn other_ids(&self) -> impl Iterator<Item = &'static str> {
        let key = self.key();
        let own = |column: &&ColumnInfo| column.kind == Kind::Id && !column.name.contains('.');
        let ids = if self.order_key.is_some() { &[] } else { self.columns };
        ids.iter().filter(own).map(|column| column.name).filter(move |name| Some(*name) != key)
    }

    /// Refuses names that the table doesn't have, unless they are of custom fields, and names that can't be read.
    pub(super) fn check(&self, name: &str) -> Result<(), String> {
        let table = self.table;
        match self.columns.iter().find(|column| column.name == name) {
            Some(column) if column.can_read() => Ok(()),
            Some(_) => Err(format!("selectedFields: {table}.{name} can't be read")),
            None if name.starts_with('_') => Ok(()),
            None => {
                let near = self.near(name);
                let hint =
                    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
                Err(format!("selectedFields: {table} has no column {name:?}{hint}"))
            }
        }
    }

    /// The names of the columns that look most alike, up to three.
    fn near(&self, name: &str) -> Vec<&'static str> {
        let name = plain(name);
        let near = self.columns.iter().map(|column| (distance(&name, &plain(column.name)), column.name));
        let near: Vec<_> = near.filter(|(distance, _)| *distance <= (name.len() / 3).max(1)).collect();
        let least = near.iter().map(|(distance, _)| *distance).min();
        near.into_iter().filter(|(distance, _)| Some(*distance) == least).map(|(_, name)| name).take(3).collect()
    }
}

/// A name without case and underscores, so that `first_name` is near `FirstName`.
fn plain(name: &str) -> Vec<u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
}

/// How many letters must be added, removed, changed or swapped with the next to get from one name to the other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = rows[i][j] + usize::from(x != y);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
