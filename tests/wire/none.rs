//! An id of 0 is none: what is answered for "not found" is never charged.

use infusionsoft::invoices::ChargeInvoiceRequest;
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
