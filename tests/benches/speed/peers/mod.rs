//! Others who read the same documents. One file for each library's name.

pub(crate) mod base64;
pub(crate) mod dxr;
pub(crate) mod floor;
pub(crate) mod post;
pub(crate) mod python;
pub(crate) mod xmlrpc;
