//! Rows are found by a secret.

use infusionsoft::tables::Contact;

fn find(client: &infusionsoft::Client) {
    let _ = client.find::<Contact>().filter(Contact::PASSWORD.equals("secret"));
}

fn main() {}
