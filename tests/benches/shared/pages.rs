//! A server's hundred thousand contacts, a thousand a page.

use std::sync::{Arc, Mutex, PoisonError};

use infusionsoft::find::{Find, Selectable};
use infusionsoft::tables::Contact;

use super::documents::{self, FIRST_ID, Layout, ROWS};

/// How many full pages there are.
pub const PAGES: i32 = 100;

/// Answers queries that go from page to page by key. All pages have the same length.
pub struct Pages {
    page: Mutex<Arc<Vec<u8>>>,
    /// Where the ids stand.
    ids: Vec<usize>,
}

impl Pages {
    /// The length of a page in bytes.
    pub fn length(&self) -> usize {
        self.page.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The page that a query asks for; after the last row there are none.
    pub fn answer(&self, query: &[u8]) -> Arc<Vec<u8>> {
        let first = last_id(query).map_or(FIRST_ID, |id| id + 1);
        if first >= FIRST_ID + PAGES * ROWS {
            return Arc::new(documents::page(Layout::Plain, 0..0).into_bytes());
        }
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        // Written in place, unless the page before is still being sent.
        let text = Arc::make_mut(&mut page);
        for (at, id) in self.ids.iter().zip(first..) {
            let digits = id.to_string();
            text[*at..*at + digits.len()].copy_from_slice(digits.as_bytes());
        }
        Arc::clone(&page)
    }
}

impl Default for Pages {
    fn default() -> Pages {
        const BEFORE: &str = "<name>Id</name><value><i4>";
        let page = documents::page(Layout::Plain, 0..ROWS);
        let ids = page.match_indices(BEFORE).map(|(at, _)| at + BEFORE.len()).collect();
        Pages { page: Mutex::new(Arc::new(page.into_bytes())), ids }
    }
}

/// The id in the condition that rows come after it, `~>~ 17`.
fn last_id(query: &[u8]) -> Option<i32> {
    let query = str::from_utf8(query).ok()?;
    let (_, rest) = query.split_once("~&gt;~ ").or_else(|| query.split_once("~>~ "))?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Asks for the fields that the pages have.
pub fn select(contacts: Find<Contact>) -> Find<Contact> {
    let names = documents::field_names();
    contacts.select(&names.each_ref().map(|name| name as &dyn Selectable<Contact>))
}
