//! What the suite and the demo share.

/// The client of another API, which shows that the generator knows neither: made from `codegen/tests/fixtures/good`.
#[rustfmt::skip]
#[path = "../foreign/generated/mod.rs"]
pub mod bookshelf;
pub mod call;
#[rustfmt::skip]
#[path = "generated/calls.rs"]
pub mod calls;
pub mod canned;
pub mod http;
pub mod manual_clock;
pub mod misbehaving;
pub mod tree;

/// The README's examples, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
