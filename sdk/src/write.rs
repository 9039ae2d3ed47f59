//! Rows of tables, added, changed and deleted by typed columns.

use std::fmt;
use std::marker::PhantomData;

use crate::client::Client;
use crate::data::{AddRequest, DeleteRequest, UpdateRequest};
use crate::error::Error;
use crate::record::Record;
use crate::table::rights::{Add, Edit};
use crate::table::{Column, Deletable, Insertable, Table};
use crate::value::Value;

impl Client {
    /// Adds a row to a table, and answers its id.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::NewRow;
    /// use infusionsoft::tables::Contact;
    ///
    /// let ada = NewRow::new().set(Contact::FIRST_NAME, "Ada").set(Contact::LAST_NAME, "Lovelace");
    /// let id = client.insert(ada)?;
    /// # Ok(()) }
    /// ```
    ///
    /// A [`Record`] is added by [`data().add`](crate::data::Data::add), a contact's by
    /// [`contacts().add`](crate::contacts::Contacts::add).
    ///
    /// Wire method: `DataService.add` (sent once: never repeated if it may have been executed).
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if no column is set, or if a value can't
    /// travel; otherwise those of [`Client::call`].
    #[doc(alias = "DataService.add")]
    pub fn insert<T: Insertable>(&self, row: NewRow<T>) -> Result<T::Id, Error> {
        let values = set(row.values, "DataService.add")?;
        self.call(AddRequest { table: T::TABLE.to_owned(), values }).map(T::Id::from)
    }

    /// Changes columns of a row.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{Changes, ContactId};
    /// use infusionsoft::tables::Contact;
    ///
    /// client.update(ContactId(18), Changes::new().set(Contact::CITY, "London"))?;
    /// # Ok(()) }
    /// ```
    ///
    /// Changes that are a [`Record`] go to [`data().update`](crate::data::Data::update), those of a contact to
    /// [`contacts().update`](crate::contacts::Contacts::update).
    ///
    /// A subscription is cancelled in the same way, where [`delete_subscription`](crate::invoices::Invoices::delete_subscription)
    /// would delete its invoices with it. The documents don't list the statuses: see what those of yours have that ended.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{Changes, Date, SubscriptionId};
    /// use infusionsoft::tables::RecurringOrder;
    ///
    /// let cancelled = Changes::new()
    ///     .set(RecurringOrder::STATUS, "Inactive")
    ///     .set(RecurringOrder::END_DATE, Date::new(2026, 6, 30)?)
    ///     .set(RecurringOrder::REASON_STOPPED, "moved away");
    /// client.update(SubscriptionId(6), cancelled)?;
    /// # Ok(()) }
    /// ```
    ///
    /// Wire method: `DataService.update` (repeatable: it sets the same fields to the same values again).
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if no column is set, or if a value can't
    /// travel; otherwise those of [`Client::call`].
    #[doc(alias = "DataService.update")]
    pub fn update<T: Table>(&self, id: T::Id, changes: Changes<T>) -> Result<(), Error> {
        let values = set(changes.values, "DataService.update")?;
        self.call(UpdateRequest { table: T::TABLE.to_owned(), record_id: id.into(), values }).map(drop)
    }

    /// Deletes a row; answers whether the server did so.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::ContactId;
    /// use infusionsoft::tables::Contact;
    ///
    /// let done = client.delete::<Contact>(ContactId(18))?;
    /// # Ok(()) }
    /// ```
    ///
    /// Wire method: `DataService.delete` (sent once: never repeated if it may have been executed).
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`].
    #[doc(alias = "DataService.delete")]
    pub fn delete<T: Deletable>(&self, id: T::Id) -> Result<bool, Error> {
        self.call(DeleteRequest { table: T::TABLE.to_owned(), id: id.into() })
    }
}

/// A row to be added to the table `T`, for [`Client::insert`].
#[must_use = "nothing is added before `Client::insert` takes the row"]
pub struct NewRow<T> {
    values: Record,
    table: PhantomData<fn() -> T>,
}

/// Changes to a row of the table `T`, for [`Client::update`].
#[must_use = "nothing is changed before `Client::update` takes the changes"]
pub struct Changes<T> {
    values: Record,
    table: PhantomData<fn() -> T>,
}

// The bounds stand at the functions: at the `impl`, the compiler would say of a table without rights that there is no such
// function, and not why.
impl<T> NewRow<T> {
    /// A row without values.
    pub fn new() -> NewRow<T>
    where
        T: Insertable,
    {
        NewRow { values: Record::new(), table: PhantomData }
    }

    /// Sets a column; the last value counts. A column that isn't set stays without a value.
    ///
    /// A time can be made of a day by [`Date::at_midnight`](crate::Date::at_midnight), of an instant by
    /// [`DateTime::from_system_time`](crate::DateTime::from_system_time), and of a text by `parse`.
    pub fn set<V: Into<Value>, R: Add>(mut self, column: Column<T, V, R>, value: impl Into<V>) -> NewRow<T> {
        self.values.insert(column.name(), value.into());
        self
    }
}

impl<T: Table> Changes<T> {
    /// No changes.
    pub fn new() -> Changes<T> {
        Changes { values: Record::new(), table: PhantomData }
    }

    /// Sets a column; the last value counts. A column that isn't set stays as it is.
    ///
    /// ```
    /// # use infusionsoft::Changes;
    /// # use infusionsoft::tables::Contact;
    /// let no_address = Changes::new().set(Contact::EMAIL, "").set(Contact::COMPANY_ID, 0);
    /// ```
    ///
    /// Requests can't carry a null: an empty text stands for no text, and 0 for no id, which queries find by `equals(0)`, not
    /// by [`is_null`](Column::is_null). For other columns the documents have nothing that stands for none.
    ///
    /// A time can be made of a day by [`Date::at_midnight`](crate::Date::at_midnight), of an instant by
    /// [`DateTime::from_system_time`](crate::DateTime::from_system_time), and of a text by `parse`.
    pub fn set<V: Into<Value>, R: Edit>(mut self, column: Column<T, V, R>, value: impl Into<V>) -> Changes<T> {
        self.values.insert(column.name(), value.into());
        self
    }
}

/// Declares what rows and changes have in common.
macro_rules! values_of {
    ($($name:ident: $bound:ident;)*) => {$(
        impl<T: $bound> Default for $name<T> {
            fn default() -> Self {
                $name::new()
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                $name { values: self.values.clone(), table: PhantomData }
            }
        }

        impl<T> fmt::Debug for $name<T> {
            /// Shows the names of the columns; what they are set to can be a secret.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))?;
                f.debug_set().entries(self.values.names()).finish()
            }
        }
    )*};
}

values_of! {
    NewRow: Insertable;
    Changes: Table;
}

/// Refuses a call without values, which the server answers with a fault.
fn set(values: Record, method: &str) -> Result<Record, Error> {
    if values.is_empty() {
        return Err(Error::invalid_request(method, "values is empty".to_owned()));
    }
    Ok(values)
}
