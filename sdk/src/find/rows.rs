//! Rows and pages as they come.

use std::fmt;
use std::iter::FusedIterator;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::vec;

use super::cursor::Cursor;
use super::fetch::Fetch;
use super::plan::Steps;
use crate::client::Client;
use crate::data::QueryRequest;
use crate::error::{Error, ErrorKind};

/// The rows of a query, from [`Find::iter`](super::Find::iter). One page of them is in memory, or two with
/// [`read_ahead`](super::Find::read_ahead).
///
/// A page that can't be had is one `Err`, which names the page, after all that the client does to repeat calls; then the
/// iterator ends. [`position`](Rows::position) says from where to go on.
#[must_use = "nothing is sent before the first row is asked for"]
pub struct Rows<R> {
    pages: Pages<R>,
    rows: vec::IntoIter<R>,
    keys: Vec<Option<i32>>,
    /// Where the page begins, and how many of its rows have been given.
    start: Cursor,
    given: usize,
}

/// The pages of a query, from [`Find::pages`](super::Find::pages): lists of up to 1,000 rows, none of them empty.
///
/// A page that can't be had is one `Err`, which names the page; then the iterator ends.
#[must_use = "nothing is sent before the first page is asked for"]
pub struct Pages<R> {
    source: Source<R>,
    position: Cursor,
}

/// Where the pages come from.
enum Source<R> {
    Here(Box<Puller<R>>),
    /// To be read ahead, once the first page is asked for.
    Ready(Box<Puller<R>>, Spawn<R>),
    Ahead(Receiver<Pulled<R>>),
    Refused(Option<Error>),
    Ended,
}

/// Reads pages, one after the other.
pub(super) struct Puller<R> {
    pub(super) client: Client,
    pub(super) steps: Steps,
    pub(super) fetch: Fetch<R>,
}

/// Begins to read ahead. A pointer, so that only queries that do it need rows that can be sent to another thread.
pub(super) type Spawn<R> = fn(Box<Puller<R>>) -> Result<Receiver<Pulled<R>>, Error>;

/// What a pull brings: a page, or why there is none, or nothing after the last one.
pub(super) type Pulled<R> = Option<Result<Page<R>, Error>>;

/// The rows of a page that are to be given, their keys, and where they begin.
pub(super) struct Page<R> {
    rows: Vec<R>,
    keys: Vec<Option<i32>>,
    start: Cursor,
}

impl<R> Rows<R> {
    pub(super) fn new(pages: Pages<R>) -> Rows<R> {
        let start = pages.position.clone();
        Rows { pages, rows: Vec::new().into_iter(), keys: Vec::new(), start, given: 0 }
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
            match self.pages.page()? {
                Ok(page) => {
                    (self.rows, self.keys, self.start) = (page.rows.into_iter(), page.keys, page.start);
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
    pub(super) fn new(puller: Result<Puller<R>, Error>, spawn: Option<Spawn<R>>, start: Cursor) -> Pages<R> {
        let position = puller.as_ref().map_or(start, |puller| puller.steps.position());
        let source = match (puller.map(Box::new), spawn) {
            (Ok(puller), None) => Source::Here(puller),
            (Ok(puller), Some(spawn)) => Source::Ready(puller, spawn),
            (Err(error), _) => Source::Refused(Some(error)),
        };
        Pages { source, position }
    }

    /// The place after the last page that was given: [`Find::resume`](super::Find::resume) goes on from there.
    pub fn position(&self) -> Cursor {
        self.position.clone()
    }

    /// The next page; after an error there is none.
    fn page(&mut self) -> Pulled<R> {
        let mut source = std::mem::replace(&mut self.source, Source::Ended);
        if let Source::Ready(puller, spawn) = source {
            source = spawn(puller).map_or_else(|error| Source::Refused(Some(error)), Source::Ahead);
        }
        let page = match &mut source {
            Source::Here(puller) => puller.pull()?,
            // The last message is `None`; a thread that ends without it must not look like the end of the rows.
            Source::Ahead(pages) => pages.recv().unwrap_or_else(|_| Some(Err(ended_early())))?,
            Source::Refused(error) => Err(error.take()?),
            Source::Ready(..) | Source::Ended => return None,
        };
        if page.is_ok() {
            self.source = source;
        }
        Some(page)
    }
}

impl<R> Iterator for Pages<R> {
    type Item = Result<Vec<R>, Error>;

    fn next(&mut self) -> Option<Result<Vec<R>, Error>> {
        loop {
            match self.page()? {
                Ok(page) => {
                    self.position = page.start.advanced(page.rows.len(), &page.keys);
                    if !page.rows.is_empty() {
                        return Some(Ok(page.rows));
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

impl<R> Puller<R> {
    fn pull(&mut self) -> Pulled<R> {
        let request = self.steps.request()?;
        let page = self.read(request);
        Some(page.map_err(|error| self.steps.on_page(error)))
    }

    fn read(&mut self, request: QueryRequest) -> Result<Page<R>, Error> {
        let mut batch = (self.fetch)(&self.client, request)?;
        let (start, wanted) = self.steps.settle(&batch.keys)?;
        // What comes after the wanted rows goes first, then what comes before them.
        batch.rows.truncate(wanted.end);
        batch.rows.drain(..wanted.start);
        let keys = batch.keys[wanted].to_vec();
        Ok(Page { rows: batch.rows, keys, start })
    }
}

/// Reads on a thread of its own: one page waits there to be taken while the one before is worked on.
///
/// The channel holds nothing, so the thread ends with the next page that nobody takes; nobody waits for that.
pub(super) fn spawn<R: Send + 'static>(mut puller: Box<Puller<R>>) -> Result<Receiver<Pulled<R>>, Error> {
    let (sender, receiver) = sync_channel(0);
    let work = move || {
        loop {
            let page = puller.pull();
            let last = !matches!(page, Some(Ok(_)));
            if sender.send(page).is_err() || last {
                return;
            }
        }
    };
    let thread = thread::Builder::new().name("infusionsoft-read-ahead".to_owned()).spawn(work);
    thread.map_err(|source| {
        Error::caused_by(ErrorKind::InvalidRequest, "the thread that reads ahead can't be started", source)
    })?;
    Ok(receiver)
}

fn ended_early() -> Error {
    Error::new(ErrorKind::Connection, "the thread that reads ahead has ended early".to_owned())
}
