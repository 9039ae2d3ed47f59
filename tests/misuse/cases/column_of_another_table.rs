//! Rows are found by a column of another table.

use infusionsoft::tables::{Contact, Lead};

fn find(client: &infusionsoft::Client) {
    let _ = client.find::<Lead>().filter(Contact::FIRST_NAME.equals("Ada"));
}

fn main() {}
