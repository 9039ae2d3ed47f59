//! What the suite and the demo share.

pub mod call;
#[rustfmt::skip]
#[path = "generated/calls.rs"]
pub mod calls;
pub mod canned;
pub mod tree;
