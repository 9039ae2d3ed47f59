//! The wire: XML-RPC, written by one crate and read by another.

pub(crate) mod decode;
pub(crate) mod encode;

pub(crate) use decode::{DYNAMIC, TEXT};
pub use decode::{decode, decode_with};
pub use encode::encode;
