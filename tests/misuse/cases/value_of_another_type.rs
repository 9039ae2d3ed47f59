//! A column is set to a value of another type.

use infusionsoft::NewRow;
use infusionsoft::tables::Contact;

fn main() {
    let _ = NewRow::<Contact>::new().set(Contact::FIRST_NAME, 12);
}
