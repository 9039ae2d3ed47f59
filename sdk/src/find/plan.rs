//! What was asked for, checked and made into requests, page by page.

use std::cmp::Ordering;
use std::ops::Range;

use super::condition::{self, MAX_IDS, invalid};
use super::cursor::{By, Cursor};
use super::operator::Test;
use super::parts::Parts;
use super::shape::{METHOD, Shape};
use crate::Order;
use crate::data::{CountRequest, QueryRequest};
use crate::error::{Error, ErrorKind};
use crate::record::Record;

/// How many rows a page can have, by the documents.
pub(super) const MAX_ROWS: u32 = 1000;

/// How a query goes from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By the pages' numbers.
    Number,
    /// By the key of the last row.
    Key,
}

/// What was asked for.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) shape: Shape,
    /// The first thing that was wrong, told when the query begins.
    pub(super) problem: Option<String>,
    pub(super) tests: Vec<(String, Test)>,
    pub(super) fields: Vec<String>,
    /// The type of the rows, if its fields can't be known.
    pub(super) nameless: Option<&'static str>,
    pub(super) order: Option<String>,
    pub(super) ascending: bool,
    pub(super) limit: Option<u64>,
    pub(super) page_size: usize,
    pub(super) way: Option<Way>,
    pub(super) reads_ahead: bool,
    pub(super) from: Option<Cursor>,
    /// What errors name instead of the page.
    pub(super) place: Option<String>,
}

/// What is sent, page by page.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    table: &'static str,
    conditions: Record,
    parts: Parts,
    fields: Vec<String>,
    /// The key by which rows are told apart, if the query goes by it.
    key: Option<&'static str>,
    /// Whether a key can come more than once: nobody documents that it doesn't, unless it is the table's order key.
    repeats: bool,
    limit: u64,
    at: Cursor,
    done: bool,
    place: Option<String>,
}

impl Plan {
    pub(super) fn new(shape: Shape) -> Plan {
        Plan {
            shape,
            problem: None,
            tests: Vec::new(),
            fields: Vec::new(),
            nameless: None,
            order: None,
            ascending: true,
            limit: None,
            page_size: MAX_ROWS as usize,
            way: None,
            reads_ahead: false,
            from: None,
            place: None,
        }
    }

    pub(super) fn filter(&mut self, field: String, test: Result<Test, String>) {
        if let Err(problem) = condition::add(&mut self.tests, &self.shape, field, test) {
            self.problem.get_or_insert(problem);
        }
    }

    /// Leaves one row to be read, unless there is none to be read anyway.
    pub(super) fn limit_to_first(&mut self) {
        let first = match &self.from {
            Some(from) => from.given.saturating_add(1),
            None => 1,
        };
        self.limit = Some(self.limit.unwrap_or(first).min(first));
    }

    /// Where the query begins.
    pub(super) fn start(&self) -> Cursor {
        if let Some(from) = &self.from {
            return from.clone();
        }
        Cursor {
            table: self.shape.table.to_owned(),
            order: self.order().unwrap_or_default(),
            ascending: self.ascending,
            given: 0,
            part: 0,
            row: 0,
            size: MAX_ROWS,
            by: By::Key(None),
        }
    }

    /// What is sent to read the rows.
    pub(super) fn steps(mut self) -> Result<Steps, Error> {
        let way = self.check().map_err(invalid)?;
        let limit = self.limit.unwrap_or(u64::MAX);
        let mut at = self.start();
        let left = limit.saturating_sub(at.given);
        at.size = rows_of_a_page(way, at.row, left, self.page_size as u64) as u32;
        if at.is_start() {
            at.by = if way == Way::Number { By::Number } else { By::Key(None) };
        }
        let key = if way == Way::Key { self.shape.key() } else { None };
        if let Some(key) = key
            && !self.fields.iter().any(|field| field == key)
        {
            self.fields.push(key.to_owned());
        }
        let (table, place) = (self.shape.table, self.place);
        let (conditions, parts) = Parts::split(self.tests, &self.shape);
        let done = at.part >= parts.count || left == 0;
        let repeats = !self.shape.other_ids().is_empty();
        Ok(Steps { table, conditions, parts, fields: self.fields, key, repeats, limit, at, done, place })
    }

    /// What is sent to count the rows, part by part.
    pub(super) fn counts(mut self) -> Result<impl Iterator<Item = CountRequest>, Error> {
        self.check_parts().map_err(invalid)?;
        let table = self.shape.table;
        let (conditions, parts) = Parts::split(self.tests, &self.shape);
        let count = parts.count;
        let request = move |part| CountRequest { table: table.to_owned(), query_data: parts.of(&conditions, part) };
        Ok((0..count).map(request))
    }

    /// Says how the query goes from page to page, if it can be sent.
    fn check(&mut self) -> Result<Way, String> {
        self.check_parts()?;
        if self.fields.is_empty() {
            let why = match self.nameless {
                Some(row) => format!(": {row} doesn't tell the names of its fields"),
                None => String::new(),
            };
            return Err(format!("selectedFields is empty{why}; name the columns with select()"));
        }
        for field in &self.fields {
            self.shape.check(field)?;
        }
        if !(1..=MAX_ROWS as usize).contains(&self.page_size) {
            return Err(format!("limit: a page has 1 to {MAX_ROWS} rows, not {}", self.page_size));
        }
        let begun = self.check_cursor()?;
        match self.way.or(begun) {
            Some(Way::Number) => Ok(Way::Number),
            Some(Way::Key) => {
                self.check_key()?;
                Ok(Way::Key)
            }
            // A key of several ids is not taken unasked: nobody documents that each combination occurs once.
            None if self.shape.other_ids().is_empty() && self.check_key().is_ok() => Ok(Way::Key),
            None => Ok(Way::Number),
        }
    }

    fn check_parts(&mut self) -> Result<(), String> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let mut large = None;
        for (other, test) in &self.tests {
            if test.ids() > MAX_IDS
                && let Some(field) = large.replace(other)
            {
                return Err(format!("queryData.{field} and queryData.{other} both name more than {MAX_IDS} ids"));
            }
        }
        let Some(field) = large else { return Ok(()) };
        if self.order.is_some() || !self.ascending {
            return Err(format!(
                "queryData.{field} names more than {MAX_IDS} ids, which are sent in parts, so the rows can't be ordered"
            ));
        }
        Ok(())
    }

    /// Refuses the cursor of another query; says how that one goes from page to page.
    fn check_cursor(&self) -> Result<Option<Way>, String> {
        let Some(cursor) = &self.from else { return Ok(None) };
        let order = self.order().unwrap_or_default();
        if cursor.table != self.shape.table || cursor.order != order || cursor.ascending != self.ascending {
            let direction = if cursor.ascending { "ascending" } else { "descending" };
            let Cursor { table, order, .. } = cursor;
            return Err(format!("the cursor belongs to a query of {table} ordered by {order:?}, {direction}"));
        }
        // A query that was refused stands there, and didn't come to a way.
        if cursor.is_start() {
            return Ok(None);
        }
        let begun = if cursor.by == By::Number { Way::Number } else { Way::Key };
        if self.way.is_some_and(|way| way != begun) {
            return Err(format!(
                "the cursor belongs to a query that goes from page to page {}",
                if begun == Way::Key { "by_key()" } else { "by_page()" }
            ));
        }
        Ok(Some(begun))
    }

    /// Says why a query can't go by key.
    fn check_key(&self) -> Result<(), String> {
        let table = self.shape.table;
        let Some(key) = self.shape.key() else {
            return Err(format!("{table} has no id by which its rows could be told apart"));
        };
        if self.order().as_deref() != Some(key) {
            return Err(format!("a query by key is ordered by {key} alone"));
        }
        if condition::of(&self.tests, key).is_some() {
            return Err(format!("queryData.{key} has a condition, so the query can't go by this key"));
        }
        match self.open_id() {
            Some(id) => Err(format!("{table} can go by {key} only if queryData.{id} equals one id")),
            None => Ok(()),
        }
    }

    /// The field that orders the rows: if none is named and the table has no order key, the first of its ids that differ.
    fn order(&self) -> Option<String> {
        if let Some(order) = &self.order {
            return Some(order.clone());
        }
        let own = match self.shape.order() {
            Some(id) if !self.is_given(id) => Some(id),
            order => self.open_id().or(order),
        };
        own.map(str::to_owned)
    }

    /// The first of the other ids that can differ.
    fn open_id(&self) -> Option<&'static str> {
        self.shape.other_ids().iter().find(|id| !self.is_given(id)).copied()
    }

    fn is_given(&self, id: &str) -> bool {
        matches!(condition::of(&self.tests, id), Some(Test::Equal(_)))
    }
}

/// How many rows a page has: no more than are wanted. By number, all pages have one size, so the wanted rows may begin in the
/// midst of one: then it is the smallest size with which one page has them all, if there is such a size.
fn rows_of_a_page(way: Way, row: u64, left: u64, most: u64) -> u64 {
    let wanted = left.clamp(1, most);
    match way {
        Way::Key => wanted,
        Way::Number => (wanted..=most).find(|size| row % size + wanted <= *size).unwrap_or(wanted),
    }
}

impl Steps {
    /// Where the next page begins.
    pub(super) fn position(&self) -> Cursor {
        self.at.clone()
    }

    /// The key by which rows are told apart, if the query goes by it.
    pub(super) fn key(&self) -> Option<&'static str> {
        self.key
    }

    /// How many rows a page has, unless it is the last one.
    pub(super) fn page_size(&self) -> usize {
        self.at.size as usize
    }

    /// Whether there is nothing more to come.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// What is sent next, unless there is nothing more to come.
    pub(super) fn request(&self) -> Option<QueryRequest> {
        if self.done {
            return None;
        }
        let Cursor { order, ascending, .. } = &self.at;
        let mut query_data = self.parts.of(&self.conditions, self.at.part);
        let page = match (self.at.by, self.key) {
            (By::Key(Some(last)), Some(key)) => {
                let operator = if *ascending { "~>~" } else { "~<~" };
                query_data.insert(key, format!("{operator} {last}"));
                0
            }
            (By::Key(_), _) => 0,
            (By::Number, _) => self.at.page(),
        };
        Some(QueryRequest {
            table: self.table.to_owned(),
            limit: self.at.size as i32,
            page: i32::try_from(page).unwrap_or(i32::MAX),
            query_data,
            selected_fields: self.fields.clone(),
            order: match order.as_str() {
                "" => None,
                _ => Some(Order { field: order.clone(), ascending: *ascending }),
            },
        })
    }

    /// Takes the keys of all rows that came; answers where the page began, and which of its rows are to be given.
    pub(super) fn settle(&mut self, keys: &[Option<i32>]) -> Result<(Cursor, Range<usize>), Error> {
        self.check_keys(keys)?;
        let start = self.at.clone();
        let behind = start.behind().min(keys.len());
        let wanted = usize::try_from(self.limit - start.given).unwrap_or(usize::MAX);
        let rows = behind..keys.len().min(behind.saturating_add(wanted));
        self.at = start.advanced(rows.len(), &keys[rows.clone()]);
        self.move_on(keys.len());
        Ok((start, rows))
    }

    /// To the next part, if this one has no more pages.
    fn move_on(&mut self, rows: usize) {
        let at = &mut self.at;
        let ids = self.parts.ids(at.part).len() as u64;
        if rows < at.size as usize || self.parts.unique && at.row >= ids {
            (at.part, at.row) = (at.part + 1, 0);
            at.by = if at.by == By::Number { By::Number } else { By::Key(None) };
        }
        self.done = at.given >= self.limit || at.part >= self.parts.count;
    }

    /// Makes sure that keys only rise, or only fall: a server that ignored the condition would answer without end.
    fn check_keys(&self, keys: &[Option<i32>]) -> Result<(), Error> {
        let (Some(name), By::Key(mut last)) = (self.key, self.at.by) else { return Ok(()) };
        let expected = if self.at.ascending { Ordering::Greater } else { Ordering::Less };
        for (row, key) in keys.iter().enumerate() {
            let follows = match (last, *key) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(last), Some(key)) => match key.cmp(&last) {
                    // The condition keeps out of a page what the one before ended with.
                    Ordering::Equal => self.repeats && row > 0,
                    order => order == expected,
                },
            };
            if !follows {
                let advice = if self.repeats { "" } else { "; read them by_page()" };
                let message = format!("the rows don't come in the order of {name}{advice}");
                return Err(Error::new(ErrorKind::Decode, message).of(METHOD));
            }
            last = *key;
        }
        Ok(())
    }

    /// Says in an error where it happened.
    pub(super) fn on_page(&self, error: Error) -> Error {
        if let Some(place) = &self.place {
            return error.on(place);
        }
        let mut place = self.at.place();
        let parts = self.parts.count;
        if parts > 1 {
            place = format!("{place} of part {} of {parts}", self.at.part + 1);
        }
        error.on(&place)
    }
}
