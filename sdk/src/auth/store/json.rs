//! The stored form of tokens: what knows the JSON library.

use serde_json::Value;
use serde_json::error::Category;

use crate::auth::Tokens;
use crate::auth::tokens::Health;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

impl Tokens {
    /// Writes the tokens as JSON, for a [`TokenStore`](crate::TokenStore) of one's own.
    pub fn to_json(&self) -> Secret {
        let Health { lost_times, lost_at, dead } = self.health;
        let mut json = format!("{{\n  \"access_token\": {}", Value::from(self.access_token.expose()));
        let mut add = |name, value: Value| json += &format!(",\n  \"{name}\": {value}");
        add("refresh_token", self.refresh_token.expose().into());
        if let Some(scope) = self.scope() {
            add("scope", scope.into());
        }
        add("expires_at", self.expires_at.into());
        if let Some(expires_in) = self.expires_in {
            add("expires_in", expires_in.into());
        }
        if lost_times > 0 {
            add("lost_times", lost_times.into());
            add("lost_at", lost_at.into());
        }
        if dead {
            add("dead", dead.into());
        }
        Secret::from(json + "\n}\n")
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
    if json.trim_ascii().is_empty() {
        return Err("it is empty".to_owned());
    }
    let Ok(text) = str::from_utf8(json) else { return Err("it is not UTF-8".to_owned()) };
    match text.parse() {
        Ok(json) => tokens(&json).map_err(|name| format!("{name} is missing or wrong")),
        Err(error) => Err(damage(&error)),
    }
}

fn damage(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax | Category::Data | Category::Io => {
            format!("it is not JSON at line {}, column {}", error.line(), error.column())
        }
    }
}

/// The tokens in an object, or the name of the member that is missing or wrong.
fn tokens(json: &Value) -> Result<Tokens, &'static str> {
    let access_token = member(json, "access_token", Value::is_string)?.as_str().ok_or("access_token")?;
    let refresh_token = member(json, "refresh_token", Value::is_string)?.as_str().ok_or("refresh_token")?;
    let scope = member(json, "scope", Value::is_string)?.as_str();
    let expires_at = member(json, "expires_at", Value::is_u64)?.as_u64().ok_or("expires_at")?;
    let expires_in = member(json, "expires_in", Value::is_u64)?.as_u64();
    let health = Health {
        lost_times: member(json, "lost_times", Value::is_u64)?.as_u64().unwrap_or_default(),
        lost_at: member(json, "lost_at", Value::is_u64)?.as_u64().unwrap_or_default(),
        dead: member(json, "dead", Value::is_boolean)?.as_bool().unwrap_or_default(),
    };
    // Copied at the end, so that there is nothing to clean up on the way.
    let (access_token, refresh_token, scope) = (access_token.into(), refresh_token.into(), scope.map(str::to_owned));
    Ok(Tokens { access_token, refresh_token, scope, expires_at, expires_in, health })
}

/// A member, which is null if it isn't there; its name if it is of another type.
fn member<'v>(json: &'v Value, name: &'static str, fits: fn(&Value) -> bool) -> Result<&'v Value, &'static str> {
    let value = &json[name];
    if value.is_null() || fits(value) { Ok(value) } else { Err(name) }
}
