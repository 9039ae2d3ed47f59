//! What travels: every example as XML, every documented response as a typed result.

mod none;
mod pins;
mod reader;
