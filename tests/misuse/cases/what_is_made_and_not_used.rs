//! A condition, a row and changes are made, and nothing takes them.

#![deny(unused_must_use)]

use infusionsoft::tables::Contact;
use infusionsoft::{Changes, NewRow};

fn main() {
    Contact::FIRST_NAME.equals("Ada");
    NewRow::new().set(Contact::FIRST_NAME, "Ada");
    Changes::new().set(Contact::FIRST_NAME, "Ada");
}
