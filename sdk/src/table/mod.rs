//! What the generated tables have in common: columns with types and rights, and rows read by slots.

mod column;

pub use column::{Column, rights};
