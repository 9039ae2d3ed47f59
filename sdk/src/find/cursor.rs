//! Where a query stands, so that it can be taken up again.

// All functions are `inline`: few programs need them, and the others are spared compiling them.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::plan::MAX_ROWS;
use crate::error::Error;

/// A place between two rows of a query: [`Rows::position`](super::Rows::position) and
/// [`Pages::position`](super::Pages::position) tell it, [`Find::resume`](super::Find::resume) goes on from it.
///
/// It is written as one line of text, by `Display` and by serde, to keep it in a file between two runs.
///
/// ```
/// # fn run(client: &infusionsoft::Client, saved: &str) -> Result<(), infusionsoft::Error> {
/// use infusionsoft::tables::Contact;
///
/// let mut rows = client.find::<Contact>().resume(saved.parse()?).iter();
/// while let Some(contact) = rows.next().transpose()? {
///     println!("{contact:?}");
/// }
/// let saved = rows.position().to_string();
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) table: String,
    /// The field that orders the rows; empty if none does.
    pub(super) order: String,
    pub(super) ascending: bool,
    /// How many rows have been given.
    pub(super) given: u64,
    /// Which thousand of the ids of an `IN`.
    pub(super) part: usize,
    /// How many rows of that part lie behind, and how many make a page.
    pub(super) row: u64,
    pub(super) size: u32,
    pub(super) by: By,
}

/// How the next row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// By the number of its page.
    Number,
    /// It comes after the row with this key, or is the first one.
    Key(Option<i32>),
}

impl Cursor {
    /// The place so many rows on; their keys are the first of these.
    #[inline]
    pub(super) fn advanced(&self, rows: usize, keys: &[Option<i32>]) -> Cursor {
        let by = match self.by {
            By::Number => By::Number,
            By::Key(key) if rows == 0 => By::Key(key),
            By::Key(_) => By::Key(keys.get(rows - 1).copied().flatten()),
        };
        let rows = rows as u64;
        // A text that was read can name any number.
        Cursor { given: self.given.saturating_add(rows), row: self.row.saturating_add(rows), by, ..self.clone() }
    }

    /// Whether nothing lies behind.
    #[inline]
    pub(super) fn is_start(&self) -> bool {
        (self.given, self.part, self.row) == (0, 0, 0) && matches!(self.by, By::Number | By::Key(None))
    }

    /// The number of the page on which the next row is.
    #[inline]
    pub(super) fn page(&self) -> u64 {
        self.row / u64::from(self.size)
    }

    /// Names that page; a key can stand in the midst of one, where only the number of the row before it can be told.
    #[inline]
    pub(super) fn place(&self) -> String {
        match self.by {
            By::Key(_) if !self.row.is_multiple_of(u64::from(self.size)) => format!("after row {}", self.row),
            _ => format!("page {}", self.page().saturating_add(1)),
        }
    }

    /// How many rows of that page lie behind.
    #[inline]
    pub(super) fn behind(&self) -> usize {
        match self.by {
            By::Number => (self.row % u64::from(self.size)) as usize,
            By::Key(_) => 0,
        }
    }
}

impl fmt::Display for Cursor {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.ascending { "up" } else { "down" };
        let Cursor { table, order, given, part, row, size, by, .. } = self;
        write!(f, "{table},{order},{direction},{given},{part},{row},{size},")?;
        match by {
            By::Number => f.write_str("page"),
            By::Key(Some(key)) => write!(f, "key,{key}"),
            By::Key(None) => f.write_str("key"),
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Reads what `Display` writes.
    #[inline]
    fn from_str(text: &str) -> Result<Cursor, Error> {
        read(text).ok_or_else(|| Error::invalid("the text is not a cursor"))
    }
}

#[inline]
fn read(text: &str) -> Option<Cursor> {
    let parts: Vec<&str> = text.trim().split(',').collect();
    let [table, order, direction, given, part, row, size, by @ ..] = parts.as_slice() else { return None };
    let by = match by {
        ["page"] => By::Number,
        ["key", key] => By::Key(Some(key.parse().ok()?)),
        ["key"] => By::Key(None),
        _ => return None,
    };
    Some(Cursor {
        table: (*table).to_owned(),
        order: (*order).to_owned(),
        ascending: match *direction {
            "up" => true,
            "down" => false,
            _ => return None,
        },
        given: given.parse().ok()?,
        part: part.parse().ok()?,
        row: row.parse().ok()?,
        size: size.parse().ok().filter(|size| (1..=MAX_ROWS).contains(size))?,
        by,
    })
}

impl Serialize for Cursor {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
