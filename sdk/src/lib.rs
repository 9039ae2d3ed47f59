//! A blocking client for the Infusionsoft (Keap) XML-RPC API: every documented method as a typed function.
//!
//! ```no_run
//! use infusionsoft::{Client, Credentials, TagId, record};
//!
//! let client = Client::builder().credentials(Credentials::access_token("…")).build()?;
//!
//! let id = client.contacts().add(record! { "FirstName" => "Ada", "Email" => "ada@example.com" })?;
//! client.contacts().add_to_group(id, TagId(97))?;
//! # Ok::<(), infusionsoft::Error>(())
//! ```
//!
//! # Calling methods
//!
//! A [`Client`] has an accessor for each service, and each of those a function for every method of the service:
//! [`client.contacts()`](Client::contacts), [`client.data()`](Client::data), [`client.invoices()`](Client::invoices), ….
//! Up to four arguments are given one by one; more of them, or optional ones, as one request struct whose fields are named
//! and all checked for completeness. The search of these docs finds a function by its wire name (`ContactService.load`) and
//! by the names that other clients give it (`loadCon`); [`other_clients`] lists them side by side.
//!
//! Any request is a value too: [`Client::call`] sends it, which suits queues and middleware. [`Client::call_raw`] reaches
//! methods that have no function.
//!
//! # Values
//!
//! - Ids are newtypes ([`ContactId`], [`TagId`], …): the server takes any number for any id, the compiler doesn't.
//! - Lists of values are enums ([`DuplicateCheck`], [`InvoiceItemType`], …) with an `Unknown` for what the documents don't list.
//! - Rows of tables are [`Record`]s: [`record!`] writes one, [`Record::get`] reads a field as the type of your choice.
//! - Answers with a documented shape are structs. The server leaves out what is null, so their fields are optional; members
//!   that nobody documented are kept in `extra`.
//! - [`DateTime`] is the server's civil time, US Eastern, since the wire carries no offset; it converts exactly from and to
//!   instants.
//! - [`Content`] goes up (bytes, or a reader that is never held in memory whole), [`Bytes`] come down.
//!
//! # Errors
//!
//! Every call answers one [`Error`]. [`Error::kind`] says what happened, [`Error::fault`] why the server refused, and
//! [`Error::maybe_executed`] whether a call that failed may have been executed all the same. Business failures are no errors:
//! a declined card is an answer whose `successful` is false.
//!
//! Arguments are checked against the documented limits before anything is sent; the error names the method and the parameter.
//!
//! # Credentials
//!
//! [`Credentials`] are an OAuth access token, a personal or service account key, or a legacy key. Tokens and personal keys
//! travel in a header, a token in the documented query parameter if you choose so; a legacy key leads the parameters. None
//! of them appears in an error or debug output.
//!
//! # What is logged
//!
//! Through crate `log`: a warning when an answer held characters that XML forbids, which were repaired or replaced. Nothing
//! that you send or receive is ever logged by this crate; at level trace the target `ureq_proto`, which it uses, logs
//! requests as they travel.
//!
//! # What it does not do
//!
//! It does not repeat calls or wait for rate limits by itself: [`Error::is_retryable`] and [`Error::retry_after`] say when
//! that is safe. It has no async interface: call it from a blocking task.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod auth;
mod client;
mod clock;
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
mod names;
mod pace;
mod record;
mod secret;
pub mod transport;
mod value;
mod wire;

pub use auth::{Credentials, KEY_PLACEHOLDER};
pub use client::Client;
pub use clock::Clock;
pub use config::{ClientBuilder, ENDPOINT};
pub use content::{Bytes, Content};
pub use convert::FromValue;
pub use datetime::{Date, DateTime, Instants};
pub use error::{Error, ErrorKind};
pub use fault::Fault;
pub use generated::*;
pub use method::{Effect, Method};
pub use pace::Limits;
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
    pub use crate::wire::{decode, decode_with};
    pub use crate::{__id as id, __int_enum as int_enum, __members as members, __string_enum as string_enum};
}
