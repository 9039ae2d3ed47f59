//! A column is compared with nothing.

use infusionsoft::tables::Contact;

fn main() {
    let _ = Contact::COMPANY_ID.equals(None);
}
