//! What the benches share: documents, rows, and how figures are told.

#[path = "../../support/canned.rs"]
pub mod canned;
pub mod documents;
pub mod lead;
#[path = "../../support/manual_clock.rs"]
pub mod manual_clock;
pub mod pages;
pub mod report;
