//! Rows and pages as they come.

use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use super::cursor::Cursor;
use super::fetch::{Fetch, Keys};
use super::pull::{Part, Puller, ReadPage};
use crate::error::Error;

/// The rows of a query, from [`Find::iter`](super::Find::iter).
///
/// The rows of one page are in memory, and with [`read_ahead`](super::Find::read_ahead) the bytes of the answer with the
/// next; a page is gone before the next one is decoded.
///
/// A page that can't be had is one `Err`, which names the page, after all that the client does to repeat calls; then the
/// iterator ends. [`position`](Rows::position) says from where to go on.
#[must_use = "nothing is sent before the first row is asked for"]
pub struct Rows<R> {
    pages: Pages<R>,
    rows: vec::IntoIter<R>,
    keys: Keys,
    /// Where the page begins, and how many of its rows have been given.
    start: Cursor,
    given: usize,
}

/// The pages of a query, from [`Find::pages`](super::Find::pages): lists of up to 1,000 rows, none of them empty.
///
/// Beside the pages that you keep, with [`read_ahead`](super::Find::read_ahead) the bytes of the answer with the next one are
/// in memory.
///
/// A page that can't be had is one `Err`, which names the page; then the iterator ends.
#[must_use = "nothing is sent before the first page is asked for"]
pub struct Pages<R> {
    source: Source,
    fetch: Fetch<R>,
    position: Cursor,
}

/// Where the pages come from.
enum Source {
    Puller(Box<Puller>),
    Refused(Option<Error>),
    Ended,
}

/// The rows of a page that are to be given, and what is known of them.
struct Page<R> {
    rows: Vec<R>,
    part: Part,
}

impl<R> Rows<R> {
    pub(super) fn new(pages: Pages<R>) -> Rows<R> {
        let start = pages.position.clone();
        Rows { pages, rows: Vec::new().into_iter(), keys: Keys::new(), start, given: 0 }
    }

    /// The place after the last row that was given: [`Find::resume`](super::Find::resume) goes on from there.
    pub fn position(&self) -> Cursor {
        self.start.advanced(self.given, &self.keys)
    }
}

impl<R> Iterator for Rows<R> {
    type Item = Result<R, Error>;

    fn next(&mut self) -> Option<Result<R, Error>> {
        loop {
            if let Some(row) = self.rows.next() {
                self.given += 1;
                return Some(Ok(row));
            }
            // The memory of the page goes before there is another.
            self.rows = Vec::new().into_iter();
            match self.pages.page()? {
                Ok(Page { rows, part }) => {
                    (self.rows, self.keys, self.start) = (rows.into_iter(), part.keys, part.start);
                    self.given = 0;
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R> FusedIterator for Rows<R> {}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl<R> Pages<R> {
    /// The pages that a puller brings; a query that is refused stays at its start.
    pub(super) fn new(puller: Result<Puller, Error>, fetch: Fetch<R>, start: Cursor) -> Pages<R> {
        match puller {
            Ok(puller) => {
                let position = puller.position();
                Pages { source: Source::Puller(Box::new(puller)), fetch, position }
            }
            Err(error) => Pages { source: Source::Refused(Some(error)), fetch, position: start },
        }
    }

    /// The place after the last page that was given: [`Find::resume`](super::Find::resume) goes on from there.
    pub fn position(&self) -> Cursor {
        self.position.clone()
    }

    fn page(&mut self) -> Option<Result<Page<R>, Error>> {
        let mut rows = Vec::new();
        let part = self.source.pull(&mut |decoder, room| (self.fetch)(decoder, room, &mut rows))?;
        Some(part.map(|part| {
            // What comes after the wanted rows goes first, then what comes before them.
            rows.truncate(part.wanted.end);
            rows.drain(..part.wanted.start);
            // There is room for a full page, which a list of few rows would keep.
            if rows.len() < rows.capacity() / 2 {
                rows.shrink_to_fit();
            }
            Page { rows, part }
        }))
    }
}

impl Source {
    /// The next page; after an error there is none.
    fn pull(&mut self, page: ReadPage<'_>) -> Option<Result<Part, Error>> {
        let part = match self {
            Source::Puller(puller) => puller.pull(page),
            Source::Refused(error) => error.take().map(Err),
            Source::Ended => None,
        };
        if !matches!(part, Some(Ok(_))) {
            *self = Source::Ended;
        }
        part
    }
}

impl<R> Iterator for Pages<R> {
    type Item = Result<Vec<R>, Error>;

    fn next(&mut self) -> Option<Result<Vec<R>, Error>> {
        loop {
            match self.page()? {
                Ok(Page { rows, part }) => {
                    self.position = part.start.advanced(rows.len(), &part.keys);
                    if !rows.is_empty() {
                        return Some(Ok(rows));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R> FusedIterator for Pages<R> {}

impl<R> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("position", &self.position).finish_non_exhaustive()
    }
}
