//! Texts as the server compares them: without case, and with `%` for any run of characters.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

/// Adds the functions `fold(text)` and `matches(text, folded pattern)` to SQL; SQLite's own know only English letters.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("fold", 1, flags, |context| Ok(folded(context)))?;
    connection.create_scalar_function("matches", 2, flags, |context| {
        let pattern = context.get_raw(1).as_str().unwrap_or_default();
        Ok(folded(context).map(|text| matches(pattern, &text)))
    })
}

/// A text without its case.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The first argument as text without case, nothing for null.
fn folded(context: &Context<'_>) -> Option<String> {
    match context.get_raw(0) {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(fold(&String::from_utf8_lossy(bytes))),
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('%');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
