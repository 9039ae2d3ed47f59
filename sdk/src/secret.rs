//! Texts that must never show.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A text that must never show: a token, a key, a card number, a password.
///
/// Neither `Debug` nor any error, log line or panic of this crate prints it; [`Secret::expose`] is the only way to its text.
/// The HTTP library below can: at level trace, the targets `ureq` and `ureq_proto` log requests as they travel. Keep that
/// level off for them.
///
/// ```
/// use infusionsoft::Secret;
///
/// let number = Secret::from("4111111111111111");
/// assert_eq!(format!("{number:?}"), "Secret(…)");
/// assert_eq!(number.expose(), "4111111111111111");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_inner(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Secret)
    }
}
