//! Reading pages into the generated structs of tables.

use infusionsoft::tables::Contact;

use super::decoding::ours;
use super::rounds::Contestant;

/// The reader of a page's rows as the table's own struct.
pub(crate) fn reader(reach: Option<f64>, page: &str) -> Contestant<'_> {
    ours::<Vec<Contact>>("infusionsoft-table", reach, page)
}
