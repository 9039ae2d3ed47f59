//! A row is deleted from a table in which nothing has D.

use infusionsoft::InvoiceId;
use infusionsoft::tables::Invoice;

fn delete(client: &infusionsoft::Client) {
    let _ = client.delete::<Invoice>(InvoiceId(12));
}

fn main() {}
