//! Tags: the contacts that have one, and one for many contacts.
//!
//! ```
//! # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
//! use infusionsoft::TagId;
//!
//! for contact in client.tags().contacts(TagId(97)) {
//!     println!("{:?}", contact?.email);
//! }
//! # Ok(()) }
//! ```
//!
//! A tag is a row of `ContactGroup`: `client.find::<ContactGroup>()` looks one up by its name, `client.insert(…)` makes one.
//! That a contact has a tag is a row of `ContactGroupAssign`, which knows when it was applied and some columns of the contact.

// All functions are `inline`: few programs need them, and the others are spared compiling them.

mod contacts;
mod many;

use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::contacts::{AddToGroupRequest, RemoveFromGroupRequest};
use crate::tables::Contact;
use crate::{ContactId, TagId};

pub use contacts::{ContactIds, Tagged, TaggedPages, TaggedRows};
pub use many::Tagging;

impl Client {
    /// Tags, as one thinks of them: which contacts have one, and one for many contacts.
    #[inline]
    pub fn tags(&self) -> Tags<'_> {
        Tags { client: self }
    }
}

/// What concerns a tag and many contacts, from [`Client::tags`]. For a single contact there are
/// [`add_to_group`](crate::contacts::Contacts::add_to_group) and
/// [`remove_from_group`](crate::contacts::Contacts::remove_from_group).
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a> {
    client: &'a Client,
}

impl Tags<'_> {
    /// All contacts with a tag, in the order of their ids, with all columns that can be read.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{TagId, tables::Contact};
    ///
    /// let tagged = client.tags().contacts(TagId(97)).select(&[&Contact::ID, &Contact::EMAIL]);
    /// let in_london = tagged.filter(Contact::CITY.equals("London")).fetch()?;
    /// # Ok(()) }
    /// ```
    ///
    /// It takes two calls for every 1,000 contacts: one for their ids, one for their columns. It goes from id to id, so nobody
    /// is left out when others lose the tag meanwhile, as when the tag is taken from each contact that has been read.
    #[doc(alias = "contacts_with_tag")]
    #[doc(alias = "ContactGroupAssign")]
    #[inline]
    pub fn contacts(&self, tag: TagId) -> Tagged {
        Tagged::new(self.client, tag, |client| client.find::<Contact>())
    }

    /// All contacts with a tag, read as a struct of your own, as [`Client::find_as`] does.
    #[inline]
    pub fn contacts_as<R: DeserializeOwned>(&self, tag: TagId) -> Tagged<R> {
        Tagged::new(self.client, tag, |client| client.find_as::<Contact, R>())
    }

    /// The ids of all contacts with a tag, ascending.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::TagId;
    ///
    /// let customers = client.tags().contact_ids(TagId(97)).collect::<Result<Vec<_>, _>>()?;
    /// let done = client.tags().add(TagId(98), customers);
    /// # Ok(()) }
    /// ```
    ///
    /// It takes one call for every 1,000 of them.
    #[inline]
    pub fn contact_ids(&self, tag: TagId) -> ContactIds {
        ContactIds::new(self.client, tag)
    }

    /// Gives many contacts a tag: one call for each, one after the other, as fast as the client's limits allow.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{ContactId, TagId};
    ///
    /// let mut contacts = (1..=5000).map(ContactId);
    /// let done = client.tags().add(TagId(97), &mut contacts);
    /// println!("{} tagged, {} had the tag", done.changed.len(), done.unchanged.len());
    /// for (contact, error) in &done.failed {
    ///     println!("{contact}: {error}");
    /// }
    /// // Once what stopped it is mended, this goes on.
    /// let rest: Vec<ContactId> = done.again().chain(contacts).collect();
    /// let done = client.tags().add(TagId(97), rest);
    /// # Ok(()) }
    /// ```
    ///
    /// What concerns a contact alone, such as an id that nobody has, is noted, and the next one's turn comes. What would meet
    /// every call ends it: refused credentials, a rate limit that doesn't pass, a server that can't be reached; so do three
    /// calls without an answer, one after the other. To give a tag twice does no harm, so calls are repeated as the client's
    /// settings say, and can be again.
    ///
    /// Wire method: `ContactService.addToGroup` (repeatable).
    #[doc(alias = "addToGroup")]
    #[doc(alias = "apply_tag")]
    #[inline]
    pub fn add(&self, tag: TagId, contacts: impl IntoIterator<Item = ContactId>) -> Tagging {
        let call = |contact_id| self.client.call(AddToGroupRequest { contact_id, tag_id: tag });
        many::each(&mut contacts.into_iter(), &call)
    }

    /// Takes a tag from many contacts, as [`add`](Tags::add) gives it.
    ///
    /// Wire method: `ContactService.removeFromGroup` (repeatable).
    #[doc(alias = "removeFromGroup")]
    #[inline]
    pub fn remove(&self, tag: TagId, contacts: impl IntoIterator<Item = ContactId>) -> Tagging {
        let call = |contact_id| self.client.call(RemoveFromGroupRequest { contact_id, tag_id: tag });
        many::each(&mut contacts.into_iter(), &call)
    }
}
