//! What the generated tables have in common: columns with types and rights, and rows read field by field.

mod column;
mod macros;
mod read;
mod row;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::record::Record;

#[doc(hidden)]
pub use column::column;
pub use column::{Column, ColumnInfo, Kind, rights};
#[doc(hidden)]
pub use read::{deserialize, read};
pub use row::Row;
#[doc(hidden)]
pub use row::{Cell, Field, Whole};
#[doc(hidden)]
pub use row::{clone, debug, eq, into_record, serialize};

/// A table of the server, as the struct of its rows.
///
/// The structs of the module `tables` are generated, one for each table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "not one of the structs in `infusionsoft::tables`",
    note = "`find_as` reads the rows of a table as a type of your own"
)]
pub trait Table:
    Row + Clone + fmt::Debug + Default + PartialEq + Serialize + DeserializeOwned + Into<Record> + Send + 'static
{
    /// The table's name on the wire.
    const TABLE: &'static str;
    /// Every column: first those that can be read, sorted by name, then the others, sorted too.
    const COLUMNS: &'static [ColumnInfo];
    /// The column whose values give the rows a stable order, if there is one.
    const ORDER_KEY: Option<&'static str>;
    /// The id of a row. Tables whose rows have none say `i32`.
    type Id: Copy + From<i32> + Into<i32>;

    /// The column of that name.
    fn column(name: &str) -> Option<&'static ColumnInfo> {
        Self::COLUMNS.iter().find(|column| column.name == name)
    }
}

/// A table that takes new rows.
#[diagnostic::on_unimplemented(
    message = "no row can be added to the table `{Self}`",
    label = "no column of this table has the right A"
)]
pub trait Insertable: Table {}

/// A table that rows can be deleted from.
#[diagnostic::on_unimplemented(
    message = "no row of the table `{Self}` can be deleted",
    label = "no column of this table but its id has the right D"
)]
pub trait Deletable: Table {}

/// A table whose rows have custom fields.
#[diagnostic::on_unimplemented(
    message = "rows of the table `{Self}` have no custom fields",
    label = "the server has no custom fields for this table"
)]
pub trait Customizable: Table {
    /// The number by which custom fields name this table: the `FormId` of their rows in `DataFormField`.
    const FORM_ID: i32;

    /// The column of a custom field, by its name on the wire: `_` and the name that the server gave it.
    ///
    /// ```
    /// use infusionsoft::table::Customizable;
    /// use infusionsoft::tables::Contact;
    ///
    /// let size = Contact::custom::<f64>("_ShoeSize")?;
    /// assert_eq!(size.name(), "_ShoeSize");
    /// assert!(Contact::custom::<f64>("ShoeSize").is_err());
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the name doesn't begin with `_`.
    fn custom<V>(name: &str) -> Result<Column<Self, V, rights::Ear>, Error> {
        match name.strip_prefix('_') {
            Some(rest) if !rest.is_empty() => Ok(Column::custom(name.to_owned())),
            _ => Err(not_custom(Self::TABLE, name)),
        }
    }
}

fn not_custom(table: &str, name: &str) -> Error {
    let message = format!("the custom field {name:?} of {table} has no name that begins with \"_\"");
    Error::invalid(message)
}
