//! What stands for none: ids of 0, and members that are left out.

use infusionsoft::invoices::ChargeInvoiceRequest;
use infusionsoft::tables::Contact;
use infusionsoft::{CreditCardId, ErrorKind, InvoiceId, MerchantAccountId};
use infusionsoft_tests::canned::Canned;

/// Why a charge is refused; nothing of it is sent.
fn refused(invoice: InvoiceId, card: CreditCardId) -> String {
    let transport = Canned::ok("<methodResponse/>");
    let charge = ChargeInvoiceRequest {
        invoice_id: invoice,
        notes: "the rest".into(),
        credit_card_id: card,
        merchant_account_id: MerchantAccountId(1),
        bypass_commissions: false,
    };
    let error = transport.client().call(charge).expect_err("there is nothing to charge");
    assert_eq!((transport.sent().len(), error.kind()), (0, ErrorKind::InvalidRequest), "{error}");
    error.to_string()
}

#[test]
fn a_card_or_an_invoice_that_was_not_found_is_not_charged() {
    assert_eq!(
        refused(InvoiceId(16), CreditCardId(0)),
        "InvoiceService.chargeInvoice: creditCardID is 0, which is not a valid value"
    );
    assert_eq!(
        refused(InvoiceId(0), CreditCardId(2)),
        "InvoiceService.chargeInvoice: invoiceID is 0, which is not a valid value"
    );
}

/// In a row of the caller's own type; `rules.rs` has a fault, whose members are none of his.
#[test]
fn a_member_that_is_left_out_is_named_with_what_takes_it() {
    #[derive(Debug, serde::Deserialize)]
    struct Person {
        #[serde(rename = "Email")]
        _email: String,
    }
    let transport = Canned::ok(
        "<methodResponse><params><param><value><array><data><value><struct/></value></data></array></value></param></params></methodResponse>",
    );
    let error = transport.client().find_as::<Contact, Person>().by_page().fetch().expect_err("no text is there");
    let expected =
        "page 1: [0]: missing member \"Email\": the server leaves out what is empty, so make the field an Option";
    assert!(error.to_string().contains(expected), "{error}");
}
