//! A local server that answers the Infusionsoft XML-RPC API, to develop and test against without an account.
//!
//! ```
//! let server = infusionsoft_sandbox::Server::start()?;
//! println!("send calls to {} with the token {}", server.url(), infusionsoft_sandbox::ACCESS_TOKEN);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The core is synchronous and knows no HTTP library: [`Sandbox::respond`] takes a [`Request`] and gives a [`Response`].
//! [`Server`] and [`serve`] are its HTTP front.
//!
//! ```text
//! front ─▶ gateway ─▶ decode ─▶ dispatch ─▶ answer
//! (HTTP)   (who may)  (XML-RPC)  (name, count, types)
//! ```
//!
//! The requests are read by a decoder of the sandbox's own, [`decode`], which shares nothing with the client:
//! two independent readings of the wire check each other.

mod call;
mod decode;
mod fault;
mod gateway;
mod http;
mod method;
#[rustfmt::skip]
#[path = "generated/methods.rs"]
mod methods;
mod sandbox;
mod server;
mod xml;

pub use call::{Call, Value};
pub use decode::decode;
pub use fault::Fault;
pub use gateway::ACCESS_TOKEN;
pub use http::{Request, Response};
pub use sandbox::Sandbox;
pub use server::{MAX_BODY, Server, endpoint, serve};
