//! A row is deleted by the id of another table.

use infusionsoft::TagId;
use infusionsoft::tables::Contact;

fn delete(client: &infusionsoft::Client) {
    let _ = client.delete::<Contact>(TagId(97));
}

fn main() {}
