//! A column without A is set in a new row.

use infusionsoft::NewRow;
use infusionsoft::tables::Contact;

fn main() {
    let _ =
        NewRow::<Contact>::new().set(Contact::DATE_CREATED, infusionsoft::DateTime::new(2026, 1, 1, 0, 0, 0).unwrap());
}
