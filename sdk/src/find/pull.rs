//! Pages one after the other, asked for in turn or ahead. Nothing here knows the type of the rows.

use std::ops::Range;
use std::thread;

use super::cursor::Cursor;
use super::fetch::Keys;
use super::guess::Guess;
use super::handover::{self, Side};
use super::plan::Steps;
use crate::client::Client;
use crate::data::QueryRequest;
use crate::error::Error;
use crate::wire::decode::{DecodeError, Decoder};

/// Asks for pages, one after the other.
pub(super) struct Puller {
    client: Client,
    steps: Steps,
    reads_ahead: bool,
    /// What a thread has asked for ahead, while there is one.
    ahead: Option<Side<Taken>>,
}

/// A page that has been read.
pub(super) struct Part {
    /// Where it begins, and which of its rows are to be given.
    pub(super) start: Cursor,
    pub(super) wanted: Range<usize>,
    /// The keys of these.
    pub(super) keys: Keys,
}

/// Reads the rows of a page, of which there are so many at most, and answers their keys.
pub(super) type ReadPage<'f> = &'f mut dyn FnMut(&mut Decoder<'_>, usize) -> Result<Keys, DecodeError>;

/// An answer that was asked for ahead.
struct Taken {
    request: QueryRequest,
    body: Result<Vec<u8>, Error>,
    /// Whether the thread has ended with it.
    is_last: bool,
}

impl Puller {
    pub(super) fn new(client: Client, steps: Steps, reads_ahead: bool) -> Puller {
        Puller { client, steps, reads_ahead, ahead: None }
    }

    /// Where the next page begins.
    pub(super) fn position(&self) -> Cursor {
        self.steps.position()
    }

    /// Reads the next page, or says why that can't be; after the last one there is nothing.
    pub(super) fn pull(&mut self, page: ReadPage<'_>) -> Option<Result<Part, Error>> {
        let request = self.steps.request()?;
        let part = self.read(request, page);
        Some(part.map_err(|error| self.steps.on_page(error)))
    }

    fn read(&mut self, request: QueryRequest, page: ReadPage<'_>) -> Result<Part, Error> {
        let (room, mut keys) = (self.steps.page_size(), Keys::new());
        let mut value = |decoder: &mut Decoder<'_>| {
            keys = page(decoder, room)?;
            Ok(())
        };
        let taken = self.taken(&request).transpose()?;
        if !taken.is_some_and(|body| self.client.read_taken::<QueryRequest>(&body, &mut value)) {
            // The call itself knows what to do about an answer that can't be read, and what came after it is as doubtful.
            self.ahead = None;
            self.client.call_reading(request, &mut value)?;
        }
        let (start, wanted) = self.steps.settle(&keys)?;
        if self.reads_ahead && self.ahead.is_none() && !self.steps.is_done() {
            self.ahead = spawn(self.client.clone(), self.steps.clone());
        }
        keys.truncate(wanted.end);
        keys.drain(..wanted.start);
        Ok(Part { start, wanted, keys })
    }

    /// What has come ahead, if it answers this request.
    fn taken(&mut self, request: &QueryRequest) -> Option<Result<Vec<u8>, Error>> {
        let ahead = self.ahead.take()?;
        // A thread that ends without a word has been ended by a transport that panics.
        let taken = ahead.receive()?;
        if taken.request != *request {
            // It would guess wrong again.
            self.reads_ahead = false;
            return None;
        }
        if !taken.is_last {
            self.ahead = Some(ahead);
        }
        Some(taken.body)
    }
}

/// Asks ahead on a thread of its own: one answer waits there to be taken while the page before is worked on.
///
/// One thread for all pages: with one for each, the memory of an answer would be new to every thread, which costs a fifth.
/// The thread ends with the next answer that nobody takes; nobody waits for that.
fn spawn(client: Client, steps: Steps) -> Option<Side<Taken>> {
    let (giver, taker) = handover::sides();
    let thread = thread::Builder::new().name("infusionsoft-read-ahead".to_owned());
    thread.spawn(move || ask_ahead(&client, steps, &giver)).ok().map(|_| taker)
}

/// Goes from page to page by guessed keys, as far as there are any.
fn ask_ahead(client: &Client, mut steps: Steps, giver: &Side<Taken>) {
    while let Some(request) = steps.request() {
        let mut guess = Guess::new(steps.key());
        let body = client.call_taking(request.clone(), &mut |body, new| guess.look(body, new));
        let is_last = !body
            .as_ref()
            .is_ok_and(|body| steps.settle(&guess.keys(body, steps.page_size())).is_ok() && !steps.is_done());
        if !giver.give(Taken { request, body, is_last }) || is_last {
            return;
        }
    }
}
