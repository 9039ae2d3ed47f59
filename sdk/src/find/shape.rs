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
        let mut names = Vec::new();
        for column in self.columns {
            if column.selected {
                names.push(column.name.to_owned());
            }
        }
        names
    }

    /// Whether a column holds ids.
    pub(super) fn is_id(&self, name: &str) -> bool {
        self.index(name).is_some_and(|index| self.columns[index].kind == Kind::Id)
    }

    /// The column by which rows are ordered unless it is told otherwise.
    pub(super) fn order(&self) -> Option<&'static str> {
        self.order_key.or(self.key())
    }

    /// The column whose ids tell rows apart.
    pub(super) fn key(&self) -> Option<&'static str> {
        let key = self.order_key.unwrap_or(CONTACT);
        if self.is_id(key) { Some(key) } else { None }
    }

    /// Where the key's column stands among the columns.
    pub(super) fn key_index(&self) -> Option<usize> {
        self.index(self.key()?)
    }

    /// The other ids, which must be given for the key to tell rows apart: none for an order key.
    pub(super) fn other_ids(&self) -> Vec<&'static str> {
        let mut ids = Vec::new();
        if self.order_key.is_some() {
            return ids;
        }
        let key = self.key();
        for column in self.columns {
            if column.kind == Kind::Id && !column.name.contains('.') && Some(column.name) != key {
                ids.push(column.name);
            }
        }
        ids
    }

    /// Refuses names that the table doesn't have, unless they are of custom fields, and names that can't be read.
    pub(super) fn check(&self, name: &str) -> Result<(), String> {
        let table = self.table;
        match self.index(name) {
            Some(index) if self.columns[index].can_read() => Ok(()),
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
        let mut least = (name.len() / 3).max(1);
        let mut near = Vec::new();
        for column in self.columns {
            let distance = distance(&name, &plain(column.name));
            if distance < least {
                least = distance;
                near.clear();
            }
            if distance == least && near.len() < 3 {
                near.push(column.name);
            }
        }
        near
    }

    /// Where the column of that name stands.
    fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// A name without case and underscores, so that `first_name` is near `FirstName`.
fn plain(name: &str) -> Vec<u8> {
    let mut plain = Vec::new();
    for byte in name.bytes() {
        if byte != b'_' {
            plain.push(byte.to_ascii_lowercase());
        }
    }
    plain
}

/// How many letters must be added, removed, changed or swapped with the next to get from one name to the other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    // For each number of first letters of one and of the other, row by row.
    let mut steps: Vec<usize> = Vec::new();
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let before = |rows: usize, columns: usize| steps[steps.len() - rows * (b.len() + 1) - columns];
            let mut least = i + j;
            if i > 0 && j > 0 {
                let changed = before(1, 1) + usize::from(a[i - 1] != b[j - 1]);
                least = changed.min(before(1, 0) + 1).min(before(0, 1) + 1);
                if i > 1 && j > 1 && a[i - 2] == b[j - 1] && a[i - 1] == b[j - 2] {
                    least = least.min(before(2, 2) + 1);
                }
            }
            steps.push(least);
        }
    }
    steps[steps.len() - 1]
}
