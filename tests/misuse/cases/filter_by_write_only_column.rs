//! Rows are found by a column without R.

use infusionsoft::tables::CreditCard;

fn find(client: &infusionsoft::Client) {
    let _ = client.find::<CreditCard>().filter(CreditCard::CARD_NUMBER.is_null());
}

fn main() {}
