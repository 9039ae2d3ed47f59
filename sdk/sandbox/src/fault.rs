//! Faults, and how the server writes them.

use std::fmt::{self, Display};

use crate::answer::escape;
use crate::http::Response;

/// A refusal in the form of an XML-RPC fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code; 0 stands for calls that reach no method.
    pub code: i32,
    /// The text.
    pub message: String,
}

impl Fault {
    /// A call that reaches no method.
    pub(crate) fn unreached(message: impl Into<String>) -> Fault {
        Fault { code: 0, message: message.into() }
    }

    /// A request that is not a call.
    pub(crate) fn unreadable(reason: impl Display) -> Fault {
        Fault::unreached(format!("Failed to parse XML-RPC request: {reason}"))
    }

    /// A key argument that opens nothing.
    pub(crate) fn invalid_key() -> Fault {
        Fault::of(2, "InvalidKey", "Invalid Key")
    }

    /// Something that went wrong in a way that has no code of its own.
    pub(crate) fn unexpected(text: impl Display) -> Fault {
        Fault::of(3, "Unexpected", text)
    }

    /// The database refused.
    pub(crate) fn database(text: impl Display) -> Fault {
        Fault::of(4, "DatabaseError", text)
    }

    /// There is no record with this id in the table.
    pub(crate) fn no_record(table: &str, id: i32) -> Fault {
        Fault::of(5, "RecordNotFound", format_args!("Record not found: {table} {id}"))
    }

    /// The table cannot be used in this way.
    pub(crate) fn table_access(table: &str, way: &str) -> Fault {
        Fault::of(7, "NoTableAccess", format_args!("No {way} access to table: {table}"))
    }

    /// The field cannot be used in this way.
    pub(crate) fn field_access(table: &str, field: &str, way: &str) -> Fault {
        Fault::of(8, "NoFieldAccess", format_args!("No {way} access to field: {table}.{field}"))
    }

    /// There is no such table.
    pub(crate) fn no_table(table: &str) -> Fault {
        Fault::of(9, "NoTableFound", format_args!("No table found: {table}"))
    }

    /// There is no such field.
    pub(crate) fn no_field(table: &str, field: &str) -> Fault {
        Fault::of(10, "NoFieldFound", format_args!("No field found: {table}.{field}"))
    }

    /// Nothing was given to add or to update.
    pub(crate) fn no_fields(table: &str) -> Fault {
        Fault::of(11, "NoFields", format_args!("No fields given for table: {table}"))
    }

    /// An argument is of the right type and yet not valid.
    pub(crate) fn invalid_parameter(text: impl Display) -> Fault {
        Fault::of(12, "InvalidParameter", text)
    }

    /// A user's name or password is wrong.
    pub(crate) fn failed_login() -> Fault {
        Fault::of(13, "FailedLoginAttempt", "Invalid username and/or password.")
    }

    fn of(code: i32, token: &str, text: impl Display) -> Fault {
        Fault { code, message: format!("[{token}]{text}") }
    }

    /// The fault as the server writes it: `<i4>`, an untyped text, and no white space between the tags.
    pub(crate) fn response(&self) -> Response {
        let code = self.code;
        let mut message = String::with_capacity(self.message.len());
        escape(&mut message, &self.message);
        Response::xml(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct>\
             <member><name>faultCode</name><value><i4>{code}</i4></value></member>\
             <member><name>faultString</name><value>{message}</value></member>\
             </struct></value></fault></methodResponse>"
        ))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
