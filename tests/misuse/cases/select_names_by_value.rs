//! Names are selected without references to them.

use infusionsoft::Client;
use infusionsoft::tables::Contact;

fn run(client: &Client) {
    let _ = client.find::<Contact>().select(&["Id", "Email"]);
}

fn main() {}
