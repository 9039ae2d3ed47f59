//! A blocking client for the Infusionsoft (Keap) XML-RPC API: every documented method as a typed function.

mod auth;
mod client;
mod config;
mod content;
mod convert;
mod datetime;
mod error;
mod fault;
#[rustfmt::skip]
mod generated;
mod macros;
mod members;
pub mod method;
mod record;
mod secret;
pub mod transport;
mod value;
mod wire;

pub use auth::{Credentials, KEY_PLACEHOLDER};
pub use client::Client;
pub use config::{ClientBuilder, ENDPOINT};
pub use content::{Bytes, Content};
pub use convert::FromValue;
pub use datetime::{Date, DateTime, Instants};
pub use error::{Error, ErrorKind};
pub use fault::Fault;
pub use generated::*;
pub use method::{Effect, Method};
pub use record::Record;
pub use secret::Secret;
pub use transport::Transport;
pub use value::Value;

/// What generated code needs beside the public types. Not for other use: it changes without notice.
#[doc(hidden)]
pub mod runtime {
    pub use serde::de::MapAccess;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub use crate::members::{Members, deserialize, optional};
    pub use crate::method::{Params, Sealed};
    pub use crate::{__id as id, __int_enum as int_enum, __members as members, __string_enum as string_enum};
}
