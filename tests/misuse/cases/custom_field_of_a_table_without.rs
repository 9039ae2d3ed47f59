//! A table without custom fields is asked for one.

use infusionsoft::table::Customizable as _;
use infusionsoft::tables::User;

fn main() {
    let _ = User::custom::<String>("_Color");
}
