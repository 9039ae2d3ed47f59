//! The contacts that have a tag.

// All functions are `inline`: few programs need them, and the others are spared compiling them.

use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use crate::client::Client;
use crate::error::Error;
use crate::find::{Condition, Cursor, Find, Pages, Rows, Selectable};
use crate::record::Record;
use crate::tables::{Contact, ContactGroupAssign};
use crate::{ContactId, TagId};

/// Who has a tag, by key: nobody is left out when others lose the tag meanwhile.
#[inline]
fn assignments(client: &Client, tag: TagId) -> Find<ContactGroupAssign, Record> {
    let find = client.find_as::<ContactGroupAssign, Record>().select(&[&ContactGroupAssign::CONTACT_ID]);
    find.filter(ContactGroupAssign::GROUP_ID.equals(tag)).by_key()
}

#[inline]
fn contact_id(assignment: &Record) -> Result<ContactId, Error> {
    assignment.get(ContactGroupAssign::CONTACT_ID.name())
}

/// The ids of the contacts with a tag, from [`Tags::contact_ids`](super::Tags::contact_ids). After an error it ends.
#[must_use = "nothing is sent before the first id is asked for"]
#[derive(Debug)]
pub struct ContactIds {
    rows: Rows<Record>,
    last: Option<ContactId>,
}

impl ContactIds {
    #[inline]
    pub(super) fn new(client: &Client, tag: TagId) -> ContactIds {
        ContactIds { rows: assignments(client, tag).iter(), last: None }
    }
}

impl Iterator for ContactIds {
    type Item = Result<ContactId, Error>;

    #[inline]
    fn next(&mut self) -> Option<Result<ContactId, Error>> {
        let mut ids = self.rows.by_ref().map(|row| row.and_then(|row| contact_id(&row)));
        // A contact can have a tag twice.
        ids.find(|id| id.as_ref().map_or(true, |&id| self.last.replace(id) != Some(id)))
    }
}

impl FusedIterator for ContactIds {}

/// The contacts with a tag, to be read as `R`, from [`Tags::contacts`](super::Tags::contacts) and
/// [`Tags::contacts_as`](super::Tags::contacts_as).
#[must_use = "nothing is sent before the contacts are asked for"]
pub struct Tagged<R = Contact> {
    client: Client,
    tag: TagId,
    find: fn(&Client) -> Find<Contact, R>,
    columns: Option<Vec<String>>,
    conditions: Vec<Condition<Contact>>,
    page_size: usize,
    from: Option<Cursor>,
}

impl<R> Tagged<R> {
    #[inline]
    pub(super) fn new(client: &Client, tag: TagId, find: fn(&Client) -> Find<Contact, R>) -> Tagged<R> {
        let client = client.clone();
        Tagged { client, tag, find, columns: None, conditions: Vec::new(), page_size: 1000, from: None }
    }

    /// Selects these columns of the contacts and no others.
    #[inline]
    pub fn select(mut self, columns: &[&dyn Selectable<Contact>]) -> Self {
        self.columns = Some(columns.iter().map(|column| column.wire_name().to_owned()).collect());
        self
    }

    /// Takes only the contacts for which the condition holds too. `Id` can't have one, and no other can name more than 1,000
    /// ids: they would be sent in parts, out of the contacts' order.
    #[inline]
    pub fn filter(mut self, condition: Condition<Contact>) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Asks for this many contacts at once: 1 to 1,000, and 1,000 unless it is said.
    #[inline]
    pub fn page_size(mut self, contacts: usize) -> Self {
        self.page_size = contacts;
        self
    }

    /// Goes on after a page that was given, by its [`position`](TaggedPages::position).
    #[inline]
    pub fn resume(mut self, from: Cursor) -> Self {
        self.from = Some(from);
        self
    }

    /// Reads the contacts one by one, page after page as they are needed.
    #[inline]
    pub fn iter(self) -> TaggedRows<R> {
        TaggedRows { pages: self.pages(), rows: Vec::new().into_iter() }
    }

    /// Reads the contacts page by page, as they are needed.
    #[inline]
    pub fn pages(mut self) -> TaggedPages<R> {
        let mut find = assignments(&self.client, self.tag).page_size(self.page_size);
        if let Some(from) = self.from.take() {
            find = find.resume(from);
        }
        let assignments = find.pages();
        let position = assignments.position();
        // No ids send nothing, but what can't be asked of any contact is refused.
        let refused = self.contacts(&[], &position).err();
        TaggedPages { of: self, assignments, position, refused, ended: false }
    }

    /// Reads all of them into memory.
    ///
    /// # Errors
    ///
    /// Those of [`Find::fetch`].
    #[inline]
    pub fn fetch(self) -> Result<Vec<R>, Error> {
        self.iter().collect()
    }

    /// The contacts of a page of assignments that are still there, in their order; the page begins at a place.
    #[inline]
    fn contacts(&self, assignments: &[Record], place: &Cursor) -> Result<Vec<R>, Error> {
        let ids = assignments.iter().map(contact_id).collect::<Result<Vec<_>, _>>()?;
        let mut find = (self.find)(&self.client).filters(self.conditions.iter().cloned());
        if let Some(names) = &self.columns {
            let columns: Vec<&dyn Selectable<Contact>> = names.iter().map(|name| name as &dyn Selectable<_>).collect();
            find = find.select(&columns);
        }
        // The order is named to be kept: a query in parts, which couldn't keep it, is refused.
        find.filter(Contact::ID.is_in(ids)).order_by(Contact::ID).within(place).fetch()
    }
}

impl<R> IntoIterator for Tagged<R> {
    type Item = Result<R, Error>;
    type IntoIter = TaggedRows<R>;

    #[inline]
    fn into_iter(self) -> TaggedRows<R> {
        self.iter()
    }
}

impl<R> fmt::Debug for Tagged<R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tagged").field("tag", &self.tag).field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// The contacts with a tag, one by one, from [`Tagged::iter`]. After an error it ends.
#[must_use = "nothing is sent before the first contact is asked for"]
pub struct TaggedRows<R> {
    pages: TaggedPages<R>,
    rows: vec::IntoIter<R>,
}

impl<R> Iterator for TaggedRows<R> {
    type Item = Result<R, Error>;

    #[inline]
    fn next(&mut self) -> Option<Result<R, Error>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            match self.pages.next()? {
                Ok(page) => self.rows = page.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R> FusedIterator for TaggedRows<R> {}

impl<R> fmt::Debug for TaggedRows<R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaggedRows").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// The contacts with a tag, page by page, from [`Tagged::pages`]: none of the pages is empty. After an error it ends.
#[must_use = "nothing is sent before the first page is asked for"]
pub struct TaggedPages<R> {
    of: Tagged<R>,
    assignments: Pages<Record>,
    position: Cursor,
    /// Why nothing is asked.
    refused: Option<Error>,
    ended: bool,
}

impl<R> TaggedPages<R> {
    /// The place after the last page that was given: [`Tagged::resume`] goes on from there, also after an error.
    #[inline]
    pub fn position(&self) -> Cursor {
        self.position.clone()
    }
}

impl<R> Iterator for TaggedPages<R> {
    type Item = Result<Vec<R>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Result<Vec<R>, Error>> {
        while !self.ended {
            let page = match self.refused.take() {
                Some(error) => Err(error),
                None => self.assignments.next()?.and_then(|page| self.of.contacts(&page, &self.position)),
            };
            self.ended = page.is_err();
            if page.is_ok() {
                self.position = self.assignments.position();
            }
            if !page.as_ref().is_ok_and(Vec::is_empty) {
                return Some(page);
            }
        }
        None
    }
}

impl<R> FusedIterator for TaggedPages<R> {}

impl<R> fmt::Debug for TaggedPages<R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaggedPages").field("of", &self.of).field("position", &self.position).finish_non_exhaustive()
    }
}
