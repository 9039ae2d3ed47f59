//! The tables of the CRM, as `generated/tables.rs` lists them.

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// The field whose values give the rows a stable order, if there is one.
    pub(crate) order_key: Option<&'static str>,
    /// Its fields, sorted by name; a name with a dot (`Contact.FirstName`) is a column of a joined table.
    pub(crate) fields: &'static [Field],
}

/// A field of a table.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: FieldKind,
    /// What a client may do with it.
    pub(crate) access: Access,
    /// Whether it is among the fields that are selected by default.
    #[expect(dead_code, reason = "a client that names no fields selects them; the documented methods name theirs")]
    pub(crate) selected: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// The id of a row; 0 means none.
    Id,
    /// A whole number.
    Int,
    /// A whole number that can be larger than the wire's ints.
    Long,
    /// A number.
    Double,
    /// A boolean.
    Boolean,
    /// A text.
    String,
    /// A long text.
    Text,
    /// One of a list of words.
    Enum,
    /// A day.
    Date,
    /// A point in the server's civil time.
    DateTime,
    /// No source tells: the field is read-only, and absent.
    Unknown,
}

/// What a client may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    /// Set it when updating a row.
    pub(crate) edit: bool,
    /// Delete rows that have it.
    pub(crate) delete: bool,
    /// Set it when adding a row.
    pub(crate) add: bool,
    /// Read it.
    pub(crate) read: bool,
}
