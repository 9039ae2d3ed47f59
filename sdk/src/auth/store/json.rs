//! The stored form of tokens: what knows the JSON library.

use serde_json::error::Category;

use crate::auth::Tokens;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

impl Tokens {
    /// Writes the tokens as JSON, for a [`TokenStore`](crate::TokenStore) of one's own.
    pub fn to_json(&self) -> Secret {
        // Structs of texts and numbers always become JSON.
        Secret::from(serde_json::to_string_pretty(&self.0).unwrap_or_default() + "\n")
    }

    /// Reads what [`Tokens::to_json`] has written.
    ///
    /// # Errors
    ///
    /// Of kind [`Store`](ErrorKind::Store) if it is anything else. The error shows nothing of the text.
    pub fn from_json(json: &str) -> Result<Tokens, Error> {
        read(json.as_bytes()).map_err(|problem| Error::new(ErrorKind::Store, format!("these are no tokens: {problem}")))
    }
}

/// Reads tokens, or says what is wrong in words that show nothing of the text, unlike the library's own.
pub(super) fn read(json: &[u8]) -> Result<Tokens, String> {
    serde_json::from_slice(json).map(Tokens).map_err(|error| {
        let place = format!("at line {}, column {}", error.line(), error.column());
        match error.classify() {
            _ if json.trim_ascii().is_empty() => "it is empty".to_owned(),
            Category::Eof => "it ends too early".to_owned(),
            Category::Data => format!("a member is missing or wrong {place}"),
            Category::Syntax | Category::Io => format!("it is not JSON {place}"),
        }
    })
}
