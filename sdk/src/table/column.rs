//! Columns: a name, the type of its values, and what may be done with them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A column of the table `T`, with values of type `V` and the rights `R`.
///
/// The generated tables have one constant for each column; [`Customizable::custom`](super::Customizable::custom) makes
/// one for a custom field. Its methods make the conditions of [queries](crate::find); [`NewRow::set`](crate::NewRow::set)
/// and [`Changes::set`](crate::Changes::set) set it.
pub struct Column<T, V, R> {
    name: Cow<'static, str>,
    of: Of<T, V, R>,
}

/// A column holds none of these, and is `Send` and `Sync` whatever they are.
type Of<T, V, R> = PhantomData<fn() -> (T, V, R)>;

impl<T, V, R> Column<T, V, R> {
    /// The column of that name: generated code says what type and rights it has.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Column { name: Cow::Borrowed(name), of: PhantomData }
    }

    /// The column of a custom field.
    pub(super) fn custom(name: String) -> Self {
        Column { name: Cow::Owned(name), of: PhantomData }
    }

    /// Its name on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<T, V, R> Clone for Column<T, V, R> {
    fn clone(&self) -> Self {
        Column { name: self.name.clone(), of: PhantomData }
    }
}

impl<T, V, R> fmt::Debug for Column<T, V, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Column").field(&self.name).finish()
    }
}

/// What is known of a column without its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// The name on the wire: `FirstName`, or `Contact.FirstName` of a joined table's column.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What may be done, as letters in this order: `E` set it when updating, `D` delete rows, `A` set it when adding,
    /// `R` read it.
    pub access: &'static str,
    /// Whether it is selected when all columns are asked for: it can be read, and no server is known to refuse it.
    pub selected: bool,
    /// Whether it must never show.
    pub sensitive: bool,
}

/// A column of that name, selected and not sensitive.
#[doc(hidden)]
pub const fn column(name: &'static str, kind: Kind, access: &'static str) -> ColumnInfo {
    ColumnInfo { name, kind, access, selected: true, sensitive: false }
}

impl ColumnInfo {
    #[doc(hidden)]
    pub const fn unselected(self) -> ColumnInfo {
        ColumnInfo { selected: false, ..self }
    }

    #[doc(hidden)]
    pub const fn secret(self) -> ColumnInfo {
        ColumnInfo { sensitive: true, ..self }
    }

    /// Whether it can be set when a row is added.
    pub fn can_add(&self) -> bool {
        self.access.contains('A')
    }

    /// Whether it can be set when a row is updated.
    pub fn can_edit(&self) -> bool {
        self.access.contains('E')
    }

    /// Whether it can be selected, and rows found by it.
    pub fn can_read(&self) -> bool {
        self.access.contains('R')
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The id of a row; 0 means none.
    Id,
    /// A whole number.
    Int,
    /// A whole number that can be larger than the wire's `int`.
    Long,
    /// A number.
    Double,
    /// A boolean.
    Boolean,
    /// A text.
    String,
    /// A day.
    Date,
    /// A point in the server's civil time.
    DateTime,
    /// Nobody knows.
    Unknown,
}

/// What may be done with a column, as types: `E` set it when updating, `A` set it when adding, `R` read and filter by it.
pub mod rights {
    /// A right: the column can be set when a row is added.
    #[diagnostic::on_unimplemented(
        message = "this column can't be set when a row is added",
        label = "the server gives no right to add to this column"
    )]
    pub trait Add {}

    /// A right: the column can be set when a row is updated.
    #[diagnostic::on_unimplemented(
        message = "this column can't be set when a row is updated",
        label = "the server gives no right to edit this column"
    )]
    pub trait Edit {}

    /// A right: the column can be selected, and rows found by it.
    #[diagnostic::on_unimplemented(
        message = "this column can't be read, so it can be neither selected nor filtered by",
        label = "the server gives no right to read this column"
    )]
    pub trait Read {}

    // No macro declares these: the compiler would show all of it in its messages on wrong use.

    /// Set when adding or updating, and read.
    #[derive(Clone, Copy, Debug)]
    pub enum Ear {}
    impl Edit for Ear {}
    impl Add for Ear {}
    impl Read for Ear {}

    /// Set when adding, and read.
    #[derive(Clone, Copy, Debug)]
    pub enum Ar {}
    impl Add for Ar {}
    impl Read for Ar {}

    /// Set when updating, and read.
    #[derive(Clone, Copy, Debug)]
    pub enum Er {}
    impl Edit for Er {}
    impl Read for Er {}

    /// Set when adding or updating, never read.
    #[derive(Clone, Copy, Debug)]
    pub enum Ea {}
    impl Edit for Ea {}
    impl Add for Ea {}

    /// Set when adding, never read or changed.
    #[derive(Clone, Copy, Debug)]
    pub enum A {}
    impl Add for A {}

    /// Set when updating, never read.
    #[derive(Clone, Copy, Debug)]
    pub enum E {}
    impl Edit for E {}

    /// Read.
    #[derive(Clone, Copy, Debug)]
    pub enum R {}
    impl Read for R {}

    /// Neither set nor read.
    #[derive(Clone, Copy, Debug)]
    pub enum Nothing {}
}
