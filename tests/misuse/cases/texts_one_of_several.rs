//! Texts are looked for as if they were ids.

use infusionsoft::tables::Contact;

fn main() {
    let _ = Contact::FIRST_NAME.is_in(["Ada".to_owned()]);
}
