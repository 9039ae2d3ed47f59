//! A row is begun for a table in which nothing has A.

use infusionsoft::NewRow;
use infusionsoft::tables::User;

fn main() {
    let _ = NewRow::<User>::new();
}
