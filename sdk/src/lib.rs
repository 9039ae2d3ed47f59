//! A blocking client for the Infusionsoft (Keap) XML-RPC API: every documented method as a typed function.
//!
//! ```no_run
//! use infusionsoft::{Client, ContactId, Credentials, record};
//!
//! let client = Client::builder().credentials(Credentials::access_token("…")).build()?;
//!
//! let ada = record! { "FirstName" => "Ada", "Email" => "ada@example.com" };
//! let id: ContactId = client.contacts().add(ada)?;
//! let ada = client.contacts().load(id, &["FirstName", "LastName"])?;
//! let (name, surname): (&str, Option<&str>) = (ada.get("FirstName")?, ada.get("LastName")?);
//! # Ok::<(), infusionsoft::Error>(())
//! ```
//!
//! # Calling methods
//!
//! A [`Client`] has an accessor for each service, and each of those a function for every method of the service:
//! [`client.contacts()`](Client::contacts), [`client.data()`](Client::data), [`client.invoices()`](Client::invoices), ….
//! Up to four arguments are given one by one; more of them, or optional ones, as one request struct whose fields are named
//! and all checked for completeness. The search of these docs finds a function by its wire name (`ContactService.load`),
//! by its heading in the API's documents (“Retrieve a Contact”) and by the names that other clients give it (`loadCon`);
//! [`other_clients`] lists those side by side.
//!
//! Any request is a value too: [`Client::call`] sends it, which suits queues and middleware. [`Client::call_raw`] reaches
//! methods that have no function.
//!
//! # Values
//!
//! - Ids are newtypes ([`ContactId`], [`TagId`], …): the server takes any number for any id, the compiler doesn't.
//! - Lists of values are enums ([`DuplicateCheck`], [`InvoiceItemType`], …) with an `Unknown` for what the documents don't list.
//! - Rows of tables are [`Record`]s: [`record!`] writes one, [`Record::get`] reads a field as the type of your choice, an
//!   `Option` where it may be null.
//!   [`Record::to`] and [`Record::from_serialize`] read and write a whole one as a type of yours, by serde.
//! - Answers with a documented shape are structs. The server leaves out what is null, so their fields are optional; members
//!   that nobody documented are kept in `extra`.
//! - [`DateTime`] is the server's civil time, US Eastern, since the wire carries no offset; it converts exactly from and to
//!   instants.
//! - [`Content`] goes up (bytes, or a reader that is never held in memory whole), [`Bytes`] come down;
//!   [`Client::download`] writes them to a file as they are decoded.
//!
//! # Tables
//!
//! Each table has a struct in [`tables`], with typed columns that know what may be done with them: a column that can't
//! be set when adding, changed, or read doesn't compile there.
//!
//! ```
//! # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
//! use infusionsoft::tables::Contact;
//! use infusionsoft::{Changes, DateTime, NewRow};
//!
//! let row = NewRow::new().set(Contact::FIRST_NAME, "Ada").set(Contact::LAST_NAME, "Lovelace");
//! let ada = client.insert(row)?;
//! client.update(ada, Changes::new().set(Contact::CITY, "London"))?;
//!
//! let since = DateTime::new(2026, 6, 1, 0, 0, 0)?;
//! for contact in client.find::<Contact>().filter(Contact::LAST_UPDATED.at_least(since)) {
//!     println!("{:?}", contact?.email);
//! }
//! # Ok(()) }
//! ```
//!
//! Rows are read page by page as they are needed, in a way that leaves none out while others come and go, and from where
//! an earlier run stopped; [`find`] tells about conditions and pages. [`Client::find_as`] reads them as a struct of your own.
//!
//! [`Client::custom_fields`] lists the custom fields of a table, finds them by their label and makes typed columns of them.
//! [`Client::tags`] reads all contacts that have a tag, and gives one to many contacts.
//!
//! # Errors
//!
//! Every call answers one [`Error`]. [`Error::kind`] says what happened, [`Error::fault`] why the server refused, and
//! [`Error::maybe_executed`] whether a call that failed may have been executed all the same: look at it before you repeat one
//! that charges a card. The text of an error leaves out what caused it, such as the failure of a connection: that is its
//! [`source`](std::error::Error::source). Business failures are no errors: a declined card is an answer whose `successful`
//! is not `Some(true)`.
//!
//! Arguments are checked against the documented limits before anything is sent; the error names the method and the parameter.
//!
//! # Credentials
//!
//! [`Credentials`] are an OAuth authorization, a bare access token, a personal or service account key, or a legacy key. Tokens
//! and personal keys travel in a header, a bare token in the documented query parameter if you choose so; a legacy key leads
//! the parameters. None of them appears in an error or debug output.
//!
//! OAuth is feature `oauth`, on by default. `OAuthApp` makes the URL where a user grants the permission, checks what comes back,
//! and exchanges the code; a `Session` keeps the tokens in a `TokenStore` and replaces them in time, once for all threads and
//! processes that share the store. [`Error::token_problem`] says why there is no token, and what to do.
//!
//! # Retries and pacing
//!
//! A call that fails in passing is tried again, if that can do no harm: the documentation of each function says whether it
//! reads, can be repeated, or happens once. One that happens once is repeated only if the server surely did not execute it:
//! it wasn't sent whole, or was refused for the credentials or for a rate limit. [`Retry`] says how often, and how long is
//! waited in between. After the last attempt the error says how many there were, and [`Error::is_retryable`] whether
//! it may help to go on later.
//!
//! Calls wait for their turn, so that no window of time holds more of them than the vendor allows to the kind of credentials:
//! see [`Limits`]. Both waits are bounded, and all of a call is by [`ClientBuilder::call_timeout`], but for the exchange of tokens.
//!
//! [`ClientBuilder::observer`] tells a metrics library of every attempt and its waits.
//!
//! # What is logged
//!
//! Through crate `log`, with the method's name unless it is about tokens:
//!
//! - *warn*: an attempt failed and another follows; an answer held characters that XML forbids, which were repaired or
//!   replaced; a token that ends soon could not be replaced or stored; others can read the file of the tokens.
//! - *debug*: the outcome of each attempt, with its number, its status, and its milliseconds; a token was refreshed.
//! - *trace*: how long an attempt had waited for its turn.
//!
//! No argument, no answer, no text of an error and no URL is ever logged by this crate. Crate `ureq`, which it uses, logs on
//! its own; at level trace its targets `ureq` and `ureq_proto` show URLs and requests as they travel, so keep that level off
//! for them.
//!
//! # Testing
//!
//! Package `infusionsoft-sandbox`, beside this crate in its repository, is an account on your own machine: a server on
//! loopback, or in process a [`Transport`] for [`ClientBuilder::transport`]. In tests, [`Limits::none`] and [`Retry::none`]
//! make failures quick.
//!
//! # What it does not do
//!
//! It follows no redirects. It knows nothing of what other processes send in the same account, beyond what answers tell. It
//! has no async interface: call it from a blocking task.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod answer;
mod auth;
mod client;
mod clock;
mod config;
mod content;
mod convert;
#[cfg(feature = "tables")]
pub mod custom_fields;
mod datetime;
mod download;
mod error;
mod fault;
#[cfg(feature = "tables")]
pub mod find;
#[rustfmt::skip]
mod generated;
mod macros;
mod mask;
mod members;
pub mod method;
mod names;
mod observe;
mod pace;
mod pipeline;
mod record;
mod retry;
mod scalar;
mod secret;
pub mod table;
#[cfg(feature = "tables")]
pub mod tags;
pub mod transport;
mod value;
mod wire;
#[cfg(feature = "tables")]
mod write;

#[cfg(feature = "oauth")]
pub use auth::{
    AUTHORIZE_URL, Authorization, FileStore, MemoryStore, OAuthApp, OAuthAppBuilder, Session, TOKEN_URL, TokenStore,
    Tokens,
};
pub use auth::{Credentials, KEY_PLACEHOLDER, TokenProblem};
pub use client::Client;
pub use clock::Clock;
pub use config::{ClientBuilder, ENDPOINT};
pub use content::{Bytes, Content};
pub use convert::FromValue;
#[cfg(feature = "tables")]
pub use custom_fields::{CustomField, CustomFields};
pub use datetime::{Date, DateTime, Instants};
pub use error::{Error, ErrorKind};
pub use fault::Fault;
pub use generated::*;
pub use method::{Effect, Method};
pub use observe::{Attempt, Observer};
pub use pace::Limits;
pub use record::{Record, RecordIter};
pub use retry::Retry;
pub use secret::Secret;
pub use transport::Transport;
pub use value::Value;
#[cfg(feature = "tables")]
pub use write::{Changes, NewRow};

/// What generated code needs beside the public types. Not for other use: it changes without notice.
#[doc(hidden)]
pub mod runtime {
    pub use serde::de::MapAccess;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub use crate::members::{Members, deserialize, read_member, read_text};
    pub use crate::method::{Params, Sealed};
    pub use crate::scalar::Scalar;
    pub use crate::wire::{decode, decode_with, encode};
    pub use crate::{
        __id as id, __int_enum as int_enum, __members as members, __row as row, __string_enum as string_enum,
    };
}
