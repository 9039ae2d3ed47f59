//! Queries: rows of tables, found by conditions and read page by page.
//!
//! [`Client::find`] reads rows as the table's own struct, [`Client::find_as`] as one of yours.
//!
//! ```
//! # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
//! use infusionsoft::{DateTime, tables::Contact};
//!
//! let since = DateTime::new(2026, 6, 1, 0, 0, 0)?;
//! let contacts = client
//!     .find::<Contact>()
//!     .filter(Contact::LAST_UPDATED.at_least(since))
//!     .filter(Contact::EMAIL.like("%@example.com"));
//! for contact in contacts {
//!     let contact = contact?;
//!     println!("{:?} {:?}", contact.id, contact.email);
//! }
//! # Ok(()) }
//! ```
//!
//! # Conditions
//!
//! The methods of [`Column`] make conditions, as far as the documents have operators for them. All of them must hold, and a
//! column can have one: there are no ranges and no alternatives. For a range, ask for its lower end, order by the column, and
//! stop at the upper one; for the days of a month there is [`in_month`](Column::in_month). [`conditions`] gives the
//! same conditions to [`Data::query`](crate::data::Data::query).
//!
//! # Pages
//!
//! The server answers up to 1,000 rows at once and keeps nothing between two pages. There are two ways to get from one to
//! the next:
//!
//! - **By key** ([`by_key`](Find::by_key)): the next page has the rows whose `Id` follows that of the last one. No row is left
//!   out or given twice, whatever is added, changed or deleted meanwhile: a row that is there all the time is given once. It
//!   needs the order by `Id`, and no other condition on `Id`.
//! - **By page** ([`by_page`](Find::by_page)): the next page has the number after the last one's. When a row of an earlier page is
//!   deleted, or changed so that the conditions don't hold for it any more, all later rows move up, and one of them is never
//!   given; one that is added can push a row to the next page, which is then given twice. It works with every order. Rows
//!   that the order leaves equal can change places between two pages.
//!
//! Unless told otherwise, queries are ordered by the table's order key and go by key where that is possible, since a row
//! that is silently missing is worse than anything; otherwise they go by page. Take `by_page` where a server doesn't compare ids
//! as it should; keys that come out of order are an error, never a loop or a gap.
//!
//! `ContactGroupAssign` and `Campaignee` have no key. They are ordered by `ContactId`, or by the other id if an
//! [`equals`](Column::equals) gives the contact, and go by page. With one tag given, `by_key` goes from contact to contact: of
//! the rows of one contact, should there be several, some can be left out.

mod condition;
mod cursor;
mod fetch;
mod fields;
mod guess;
mod handover;
mod key;
mod operand;
mod operator;
mod parts;
mod plan;
mod pull;
mod rows;
mod shape;

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::table::rights::Read;
use crate::table::{Column, Table};

pub use condition::{Condition, conditions};
pub use cursor::Cursor;
use fetch::Fetch;
pub use operand::{Comparable, Operand, Patterned};
use plan::{Plan, Way};
use pull::Puller;
pub use rows::{Pages, Rows};
use shape::Shape;

impl Client {
    /// Finds rows of a table.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::tables::Contact;
    ///
    /// let adas = client.find::<Contact>().filter(Contact::FIRST_NAME.equals("Ada")).fetch()?;
    /// # Ok(()) }
    /// ```
    ///
    /// All columns are selected that can be read and that no server is known to refuse; [`select`](Find::select) says
    /// otherwise, and must for `EmailAddStatus`, `LinkedContactType` and
    /// `ProductOptionValue`, of whose columns nothing is known but the names.
    ///
    /// Wire method: `DataService.query` (read, may be repeated: it only searches).
    #[doc(alias = "DataService.query")]
    pub fn find<T: Table>(&self) -> Find<T> {
        let mut plan = Plan::new(Shape::of::<T>());
        plan.fields = plan.shape.selected();
        Find { client: self.clone(), plan, fetch: fetch::rows::<T>, table: PhantomData }
    }

    /// Finds rows of a table, read as a struct of your own.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{ContactId, tables::Contact};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Lead {
    ///     #[serde(rename = "Id")]
    ///     id: ContactId,
    ///     #[serde(rename = "Email")]
    ///     email: Option<String>,
    /// }
    ///
    /// let leads: Vec<Lead> = client.find_as::<Contact, Lead>().limit(50).fetch()?;
    /// # Ok(()) }
    /// ```
    ///
    /// The names of the fields, as serde knows them, are the columns that are selected; names that begin with `_` are those
    /// of custom fields. An alias is a name too, and is selected beside the others. The server leaves out what is null, so
    /// a field is an `Option`, or has a default, unless every row has a value. An empty text is `None` for an `Option` of any
    /// type. An id of 0, which the table's own rows read as `None`, is `Some(CompanyId(0))` here. Under `#[serde(flatten)]` and
    /// `untagged`, serde keeps the values for later by itself: there, times become texts, and nothing is converted any more.
    ///
    /// The query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if the table has no
    /// such column, or if the type doesn't tell its names: with `#[serde(flatten)]`, with a `Deserialize` written by hand,
    /// and for maps and records. Then [`select`](Find::select) names the columns. A query that goes by key selects the key too; a
    /// struct without a field for it doesn't see it.
    ///
    /// Wire method: `DataService.query` (read, may be repeated: it only searches).
    pub fn find_as<T: Table, R: DeserializeOwned>(&self) -> Find<T, R> {
        let mut plan = Plan::new(Shape::of::<T>());
        match fields::of::<R>() {
            Some(names) => plan.fields = names.iter().map(|&name| name.to_owned()).collect(),
            None => plan.nameless = Some(type_name::<R>()),
        }
        Find { client: self.clone(), plan, fetch: fetch::rows_as::<T, R>, table: PhantomData }
    }
}

/// A query of the table `T` that reads rows as `R`, from [`Client::find`] and [`Client::find_as`].
///
/// Nothing is sent before its rows are asked for, and what can't be sent is told then: by [`fetch`](Find::fetch),
/// [`first`](Find::first) and [`count`](Find::count), or as the only item of [`iter`](Find::iter) and
/// [`pages`](Find::pages).
#[must_use = "nothing is sent before the rows are asked for"]
pub struct Find<T, R = T> {
    client: Client,
    plan: Plan,
    fetch: Fetch<R>,
    table: PhantomData<fn() -> T>,
}

impl<T: Table, R> Find<T, R> {
    /// Takes only the rows for which the condition holds too. Each column can have one condition.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::tables::Invoice;
    ///
    /// let unpaid = client
    ///     .find::<Invoice>()
    ///     .filter(Invoice::PAY_STATUS.equals(0))
    ///     .filter(Invoice::TOTAL_DUE.above(100));
    /// println!("{} large unpaid invoices", unpaid.count()?);
    /// # Ok(()) }
    /// ```
    ///
    /// A column of times is compared with a whole day too, by a [`Date`](crate::Date); [`Date::at_midnight`](crate::Date::at_midnight)
    /// is its first second, [`DateTime::from_system_time`](crate::DateTime::from_system_time) makes a time of an instant, and
    /// `parse` one of a text.
    pub fn filter(mut self, condition: Condition<T>) -> Self {
        self.plan.filter(condition.field, condition.test);
        self
    }

    /// Takes only the rows for which all the conditions hold too.
    pub fn filters(self, conditions: impl IntoIterator<Item = Condition<T>>) -> Self {
        conditions.into_iter().fold(self, Find::filter)
    }

    /// Selects these columns and no others, except for the key that a query by key goes by.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{Record, tables::Contact};
    ///
    /// let records: Vec<Record> = client
    ///     .find_as::<Contact, Record>()
    ///     .select(&[&Contact::ID, &Contact::EMAIL, &"_ShoeSize"])
    ///     .limit(10)
    ///     .fetch()?;
    /// # Ok(()) }
    /// ```
    ///
    /// A text names a column or a custom field; the query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the
    /// table has no such column.
    pub fn select(mut self, columns: &[&dyn Selectable<T>]) -> Self {
        self.plan.fields.clear();
        self.also(columns)
    }

    /// Selects these columns beside the others: custom fields, or columns that aren't selected by default.
    pub fn also(mut self, columns: &[&dyn Selectable<T>]) -> Self {
        for column in columns {
            let name = column.wire_name();
            if !self.plan.fields.iter().any(|field| field == name) {
                self.plan.fields.push(name.to_owned());
            }
        }
        self
    }

    /// Orders the rows by a column, ascending unless it is told [otherwise](Find::descending). Only the order by the table's key can go by key.
    pub fn order_by<V, A: Read>(mut self, column: Column<T, V, A>) -> Self {
        self.plan.order = Some(column.name().to_owned());
        self
    }

    /// Orders the rows descending.
    pub fn descending(mut self) -> Self {
        self.plan.ascending = false;
        self
    }

    /// Reads this many rows at most, in all the parts in which [many ids](Column::is_in) are sent.
    pub fn limit(mut self, rows: usize) -> Self {
        self.plan.limit = Some(rows as u64);
        self
    }

    /// Asks for this many rows at once: 1 to 1,000, and 1,000 unless it is said. Smaller pages need less memory and are
    /// answered sooner, but take more calls.
    pub fn page_size(mut self, rows: usize) -> Self {
        self.plan.page_size = rows;
        self
    }

    /// Goes from page to page by the key of the last row, or fails with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where that can't be. The [module](crate::find) says when to do so.
    pub fn by_key(mut self) -> Self {
        self.plan.way = Some(Way::Key);
        self
    }

    /// Goes from page to page by their numbers. The [module](crate::find) says when to do so.
    pub fn by_page(mut self) -> Self {
        self.plan.way = Some(Way::Number);
        self
    }

    /// Asks for the next page on a thread of its own, while you work on the one before.
    ///
    /// One page at most is asked for ahead, and its answer waits as it came: your thread decodes it when you get there. So
    /// there is memory for the rows of one page and the bytes of the next, about 2 MB for 1,000 rows of 20 columns.
    ///
    /// The thread begins when a first page has come and another follows, and ends with the last one. If the iterator is
    /// dropped before, it ends with the call that it is in, and nobody waits for it; that call still takes the turn that it
    /// waits for. Where no thread can be started, the pages are read in turn.
    ///
    /// The thread takes the next key from the answer without reading all of it. An answer whose rows turn out to be of no use,
    /// since it breaks off or they don't fit their type, is asked for again in turn; so a failure that has passed by then
    /// isn't told.
    pub fn read_ahead(mut self) -> Self {
        self.plan.reads_ahead = true;
        self
    }

    /// Goes on from where the same query stood.
    ///
    /// The query must have the same conditions, which the cursor doesn't know; what it knows of (the table, the order, the way
    /// from page to page) is checked, and the query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if it
    /// differs. A [`limit`](Find::limit) counts the rows that were given before, and the [size](Find::page_size) of the pages
    /// can be another. A cursor before the first row, such as that of a query that was refused, decides no way.
    pub fn resume(mut self, from: Cursor) -> Self {
        self.plan.from = Some(from);
        self
    }

    /// Reads the rows one by one, page after page as they are needed.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::tables::Job;
    ///
    /// for order in client.find::<Job>().read_ahead().iter() {
    ///     println!("{:?}", order?.job_title);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn iter(self) -> Rows<R> {
        Rows::new(self.pages())
    }

    /// Reads the rows page by page, as they are needed.
    pub fn pages(self) -> Pages<R> {
        let (start, reads_ahead) = (self.plan.start(), self.plan.reads_ahead);
        let puller = self.plan.steps().map(|steps| Puller::new(self.client, steps, reads_ahead));
        Pages::new(puller, self.fetch, start)
    }

    /// Reads all rows into memory.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if the query can't be sent as it
    /// is; otherwise those of [`Client::call`], with the number of the page. A query by key that goes on in the midst of a
    /// page has no such numbers: the error has that of the row before.
    pub fn fetch(self) -> Result<Vec<R>, Error> {
        self.iter().collect()
    }

    /// Reads the first row, if there is one; of a query that [goes on](Find::resume), the next one.
    ///
    /// # Errors
    ///
    /// Those of [`Find::fetch`].
    pub fn first(mut self) -> Result<Option<R>, Error> {
        self.plan.limit_to_first();
        self.iter().next().transpose()
    }

    /// Counts the rows for which the conditions hold. Nothing else of the query matters, its limit neither.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::tables::Contact;
    ///
    /// let without = client.find::<Contact>().filter(Contact::EMAIL.is_null()).count()?;
    /// println!("{without} contacts have no email address");
    /// # Ok(()) }
    /// ```
    ///
    /// Wire method: `DataService.count` (read, may be repeated: it only counts).
    ///
    /// # Errors
    ///
    /// Those of [`Find::fetch`].
    #[doc(alias = "DataService.count")]
    pub fn count(mut self) -> Result<u64, Error> {
        (self.plan.order, self.plan.ascending) = (None, true);
        let mut rows = 0;
        for request in self.plan.counts()? {
            rows += u64::try_from(self.client.call(request)?).unwrap_or(0);
        }
        Ok(rows)
    }
}

impl<T, R> Find<T, R> {
    /// Names in errors where another query stands, of which this one is a part.
    #[inline]
    pub(crate) fn within(mut self, other: &Cursor) -> Self {
        self.plan.place = Some(other.place());
        self
    }
}

impl<T: Table, R> IntoIterator for Find<T, R> {
    type Item = Result<R, Error>;
    type IntoIter = Rows<R>;

    fn into_iter(self) -> Rows<R> {
        self.iter()
    }
}

impl<T, R> Clone for Find<T, R> {
    fn clone(&self) -> Self {
        let Find { client, plan, fetch, table } = self;
        Find { client: client.clone(), plan: plan.clone(), fetch: *fetch, table: *table }
    }
}

impl<T, R> fmt::Debug for Find<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// What [`Find::select`] takes: a column that can be read, or the name of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be selected from the table `{T}`",
    label = "neither a column of this table that can be read, nor the name of one",
    note = "a selection is a list of references: `&[&Contact::ID, &Contact::EMAIL, &\"_Custom\"]`"
)]
pub trait Selectable<T> {
    /// The column's name on the wire.
    fn wire_name(&self) -> &str;
}

impl<T, V, R: Read> Selectable<T> for Column<T, V, R> {
    fn wire_name(&self) -> &str {
        self.name()
    }
}

impl<T> Selectable<T> for &str {
    fn wire_name(&self) -> &str {
        self
    }
}

impl<T> Selectable<T> for String {
    fn wire_name(&self) -> &str {
        self
    }
}
