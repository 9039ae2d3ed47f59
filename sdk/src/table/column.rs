//! Columns: a name, the type of its values, and what may be done with them.

use std::borrow::Cow;
use std::marker::PhantomData;

/// A column of the table `T`, with values of type `V` and the rights `R`.
///
/// The generated tables have one constant for each column; [`Table::custom`](super::Table::custom) makes one for a
/// custom field.
pub struct Column<T, V, R> {
    name: Cow<'static, str>,
    of: PhantomData<fn() -> (T, V, R)>,
}

impl<T, V, R> Column<T, V, R> {
    /// The column of that name: generated code says what type and rights it has.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Column { name: Cow::Borrowed(name), of: PhantomData }
    }

    /// Its name on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }
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

    /// Declares the combinations that occur.
    macro_rules! combinations {
        ($($(#[$doc:meta])* $name:ident: $($right:ident)*;)*) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $name {}
            $(impl $right for $name {})*
        )*};
    }

    combinations! {
        /// Set when adding or updating, and read.
        Ear: Edit Add Read;
        /// Set when adding, and read.
        Ar: Add Read;
        /// Set when updating, and read.
        Er: Edit Read;
        /// Set when adding or updating, never read.
        Ea: Edit Add;
        /// Set when adding, never read or changed.
        A: Add;
        /// Set when updating, never read.
        E: Edit;
        /// Read.
        R: Read;
        /// Neither set nor read.
        Nothing: ;
    }
}
