//! A row is added to a table in which nothing has A.

use infusionsoft::NewRow;
use infusionsoft::tables::User;

fn insert(client: &infusionsoft::Client, row: NewRow<User>) {
    let _ = client.insert(row);
}

fn main() {}
