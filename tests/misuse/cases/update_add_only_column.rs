//! A column without E is changed.

use infusionsoft::Changes;
use infusionsoft::tables::CreditCard;

fn main() {
    let _ = Changes::<CreditCard>::new().set(CreditCard::CARD_NUMBER, "4111111111111111");
}
