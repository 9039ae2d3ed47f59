//! Rows are looked for in what is no table.

use infusionsoft::{Client, Record};

fn run(client: &Client) {
    let _ = client.find::<Record>();
}

fn main() {}
