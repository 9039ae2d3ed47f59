//! Orders with their invoices, items and payments, on an account that remembers.

use std::time::Duration;

use infusionsoft::invoices::{AddManualPaymentRequest, AddOrderItemRequest, CreateBlankOrderRequest};
use infusionsoft::{
    AffiliateId, Client, ContactId, DateTime, Error, InvoiceId, InvoiceItemType, PaymentDetails, ProductId, Record,
    SubscriptionId, record,
};
use infusionsoft_sandbox::{Clock, Sandbox, Value};

use crate::account::{add, assert_refused, client, empty, query};

fn date(text: &str) -> DateTime {
    text.parse().expect("a date")
}

/// A contact, in an account that is empty otherwise.
fn account() -> (Sandbox, Client, ContactId) {
    let (sandbox, crm) = empty();
    let contact = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    (sandbox, crm, contact)
}

fn order(contact: ContactId) -> CreateBlankOrderRequest {
    CreateBlankOrderRequest {
        contact_id: contact,
        name: "Tea".to_owned(),
        order_date: date("20260131T08:30:00"),
        lead_affiliate_id: None,
        sale_affiliate_id: None,
    }
}

fn invoice(crm: &Client, contact: ContactId) -> InvoiceId {
    crm.invoices().create_blank_order(order(contact)).expect("an invoice")
}

fn line(invoice: InvoiceId, item_type: InvoiceItemType, price: f64, quantity: i32) -> AddOrderItemRequest {
    let (description, notes) = ("A tin of tea".to_owned(), "Fragile".to_owned());
    AddOrderItemRequest { invoice_id: invoice, product_id: None, item_type, price, quantity, description, notes }
}

fn add_line(crm: &Client, request: AddOrderItemRequest) {
    assert!(crm.invoices().add_order_item(request).expect("an item"));
}

fn owed(crm: &Client, invoice: InvoiceId) -> f64 {
    crm.invoices().calculate_amount_owed(invoice).expect("an amount")
}

fn row(crm: &Client, table: &str, id: i32, fields: &[&str]) -> Record {
    crm.data().load(table, id, fields).expect("the row")
}

/// The invoice's totals: all, paid, and whether it is settled.
fn totals(crm: &Client, invoice: InvoiceId) -> (f64, f64, f64, i32) {
    let row = row(crm, "Invoice", invoice.0, &["InvoiceTotal", "TotalDue", "TotalPaid", "PayStatus"]);
    let number = |name: &str| row.get(name).expect("a number");
    (number("InvoiceTotal"), number("TotalDue"), number("TotalPaid"), row.get("PayStatus").expect("a status"))
}

#[track_caller]
fn assert_unknown<T: std::fmt::Debug>(result: Result<T, Error>, table: &str) {
    assert_refused(result, 5, &format!("[RecordNotFound]Record not found: {table} 99"));
}

fn count(crm: &Client, table: &str) -> i32 {
    crm.data().count(table, Record::new()).expect("a count")
}

#[test]
fn a_blank_order_is_an_order_with_an_invoice_of_nothing() {
    let (_, crm, contact) = account();
    let affiliate = |code: &str| AffiliateId(add(&crm, "Affiliate", record! { "AffCode" => code }));
    let (lead, sale) = (affiliate("lead"), affiliate("sale"));
    let request =
        CreateBlankOrderRequest { lead_affiliate_id: Some(lead), sale_affiliate_id: Some(sale), ..order(contact) };
    let id = crm.invoices().create_blank_order(request).expect("an invoice");
    let fields = &["ContactId", "Description", "LeadAffiliateId", "AffiliateId", "DateCreated"];
    let expected = record! {
        "ContactId" => contact, "Description" => "Tea", "LeadAffiliateId" => lead, "AffiliateId" => sale,
        "DateCreated" => date("20260131T08:30:00"),
    };
    assert_eq!(row(&crm, "Invoice", id.0, fields), expected);
    assert_eq!((totals(&crm, id), owed(&crm, id)), ((0.0, 0.0, 0.0, 0), 0.0));
    let job = row(&crm, "Invoice", id.0, &["JobId"]).get("JobId").expect("an order");
    let expected = record! {
        "ContactId" => contact, "InvoiceId" => id, "JobTitle" => "Tea", "OrderStatus" => 1,
        "DateCreated" => date("20260131T08:30:00"),
    };
    let fields = &["ContactId", "InvoiceId", "JobTitle", "OrderStatus", "DateCreated"];
    assert_eq!(row(&crm, "Job", job, fields), expected);
}

#[test]
fn what_a_blank_order_names_must_be_there() {
    let (_, crm, contact) = account();
    let create = |request| crm.invoices().create_blank_order(request);
    assert_unknown(create(order(99.into())), "Contact");
    let nobody = Some(AffiliateId(99));
    assert_unknown(create(CreateBlankOrderRequest { lead_affiliate_id: nobody, ..order(contact) }), "Affiliate");
    assert_unknown(create(CreateBlankOrderRequest { sale_affiliate_id: nobody, ..order(contact) }), "Affiliate");
    assert_eq!((count(&crm, "Job"), count(&crm, "Invoice")), (0, 0));
}

#[test]
fn an_item_is_a_row_of_the_order_and_one_of_the_invoice() {
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    let tea = ProductId(add(&crm, "Product", record! { "ProductName" => "Tea", "ProductPrice" => 3.5 }));
    add_line(&crm, AddOrderItemRequest { product_id: Some(tea), ..line(id, InvoiceItemType::Product, 3.25, 2) });
    let fields = &["Id", "InvoiceId", "OrderItemId", "Description", "InvoiceAmt", "Discount", "CommissionStatus"];
    let billed = query(&crm, "InvoiceItem", Record::new(), fields).expect("the query is answered");
    let expected = record! {
        "Id" => 1, "InvoiceId" => id, "OrderItemId" => 1, "Description" => "A tin of tea", "InvoiceAmt" => 6.5,
        "Discount" => 0.0, "CommissionStatus" => 0,
    };
    assert_eq!(billed, [expected]);
    let fields = &["OrderId", "InvoiceItemId", "ProductId", "ItemType", "ItemName", "Notes", "Qty", "PPU", "CPU"];
    let expected = record! {
        "OrderId" => row(&crm, "Invoice", id.0, &["JobId"]).get::<i32>("JobId").expect("an order"),
        "InvoiceItemId" => 1, "ProductId" => tea, "ItemType" => 4, "ItemName" => "A tin of tea", "Notes" => "Fragile",
        "Qty" => 2, "PPU" => 3.25, "CPU" => 0.0,
    };
    assert_eq!(row(&crm, "OrderItem", 1, fields), expected);
    let sold = row(&crm, "Invoice", id.0, &["ProductSold"]).get::<String>("ProductSold").expect("products");
    assert_eq!(sold, tea.to_string());
}

#[test]
fn what_is_owed_is_the_sum_of_the_items_in_whole_cents() {
    let (_, crm, contact) = account();
    let (id, other) = (invoice(&crm, contact), invoice(&crm, contact));
    for price in [0.1, 0.2, 9.999] {
        add_line(&crm, line(id, InvoiceItemType::ServiceAndMisc, price, 1));
    }
    add_line(&crm, line(other, InvoiceItemType::Shipping, 5.0, 1));
    assert_eq!((owed(&crm, id), totals(&crm, id)), (10.3, (10.3, 10.3, 0.0, 0)));
    assert_eq!((owed(&crm, other), totals(&crm, other)), (5.0, (5.0, 5.0, 0.0, 0)));
}

#[test]
fn specials_lower_what_is_owed_with_either_sign() {
    use InvoiceItemType as Type;
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    let (added, specials) = (
        [Type::Shipping, Type::Tax, Type::ServiceAndMisc, Type::Product, Type::UpsellProduct, Type::FinanceCharge],
        [Type::Special, Type::SpecialFreeTrialDays, Type::SpecialOrderTotalOrProduct, Type::SpecialCategory],
    );
    for kind in added.into_iter().chain([Type::Program, Type::SubscriptionPlan]) {
        add_line(&crm, line(id, kind, 10.0, 2));
    }
    assert_eq!(owed(&crm, id), 160.0);
    for kind in specials.into_iter().chain([Type::SpecialShipping]) {
        add_line(&crm, line(id, kind, 1.0, 2));
        add_line(&crm, line(id, kind, -1.0, 2));
    }
    assert_eq!((owed(&crm, id), totals(&crm, id).0), (140.0, 140.0));
}

#[test]
fn an_item_that_cannot_be_is_refused_and_changes_nothing() {
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    let refused = |request| crm.invoices().add_order_item(request);
    let plain = || line(id, InvoiceItemType::Product, 1.0, 1);
    assert_unknown(refused(AddOrderItemRequest { invoice_id: 99.into(), ..plain() }), "Invoice");
    assert_unknown(refused(AddOrderItemRequest { product_id: Some(99.into()), ..plain() }), "Product");
    let unknown = refused(AddOrderItemRequest { item_type: InvoiceItemType::from(15), ..plain() });
    assert_refused(unknown, 12, "[InvalidParameter]Invalid type of an invoice item: 15");
    let large = refused(AddOrderItemRequest { price: 1e300, quantity: 1_000_000_000, ..plain() });
    assert_refused(large, 12, "[InvalidParameter]The amount is too large");
    assert_eq!((count(&crm, "OrderItem"), count(&crm, "InvoiceItem"), owed(&crm, id)), (0, 0, 0.0));
    assert_unknown(crm.invoices().calculate_amount_owed(99.into()), "Invoice");
}

fn payment(invoice: InvoiceId, amount: f64) -> AddManualPaymentRequest {
    AddManualPaymentRequest {
        invoice_id: invoice,
        amount,
        date: date("20260201T00:00:00"),
        payment_type: "Check".to_owned(),
        description: "Thanks".to_owned(),
        bypass_commissions: true,
    }
}

fn pay(crm: &Client, request: AddManualPaymentRequest) {
    assert!(crm.invoices().add_manual_payment(request).expect("a payment"));
}

fn order_status(crm: &Client, invoice: InvoiceId) -> i32 {
    let found = query(crm, "Job", record! { "InvoiceId" => invoice }, &["OrderStatus"]).expect("the query is answered");
    found[0].get("OrderStatus").expect("a status")
}

#[test]
fn a_payment_lowers_what_is_owed_and_the_last_one_settles_the_invoice() {
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    add_line(&crm, line(id, InvoiceItemType::Product, 10.0, 1));
    pay(&crm, payment(id, 0.1));
    assert_eq!((owed(&crm, id), totals(&crm, id), order_status(&crm, id)), (9.9, (10.0, 10.0, 0.1, 0), 1));
    pay(&crm, payment(id, 9.9));
    assert_eq!((owed(&crm, id), totals(&crm, id), order_status(&crm, id)), (0.0, (10.0, 10.0, 10.0, 1), 0));
    add_line(&crm, line(id, InvoiceItemType::Shipping, 4.0, 1));
    assert_eq!((owed(&crm, id), totals(&crm, id), order_status(&crm, id)), (4.0, (14.0, 14.0, 10.0, 0), 1));
}

#[test]
fn a_payment_is_a_row_and_its_use_for_the_invoice_another() {
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    pay(&crm, payment(id, 2.5));
    pay(&crm, AddManualPaymentRequest { bypass_commissions: false, ..payment(id, 1.0) });
    let fields = &["ContactId", "InvoiceId", "UserId", "PayAmt", "PayDate", "PayType", "PayNote", "Synced"];
    let expected = record! {
        "ContactId" => contact, "InvoiceId" => id, "UserId" => 1, "PayAmt" => 2.5, "PayDate" => date("20260201T00:00:00"),
        "PayType" => "Check", "PayNote" => "Thanks", "Synced" => 0,
    };
    assert_eq!(row(&crm, "Payment", 1, fields), expected);
    let fields = &["InvoiceId", "PaymentId", "Amt", "PayDate", "PayStatus", "SkipCommission"];
    let expected = record! {
        "InvoiceId" => id, "PaymentId" => 1, "Amt" => 2.5, "PayDate" => date("20260201T00:00:00"),
        "PayStatus" => "Approved", "SkipCommission" => 1,
    };
    assert_eq!(row(&crm, "InvoicePayment", 1, fields), expected);
    assert_eq!(row(&crm, "InvoicePayment", 2, &["SkipCommission"]), record! { "SkipCommission" => 0 });
}

#[test]
fn payments_are_answered_with_every_documented_member() {
    let (sandbox, crm, contact) = account();
    let (id, other) = (invoice(&crm, contact), invoice(&crm, contact));
    assert_eq!(crm.invoices().get_payments(id).expect("payments"), []);
    pay(&crm, AddManualPaymentRequest { description: String::new(), ..payment(id, 2.5) });
    pay(&crm, payment(other, 7.0));
    let expected = PaymentDetails {
        id: Some(1.into()),
        pay_date: Some(date("20260201T00:00:00")),
        user_id: Some(1.into()),
        pay_amt: Some(2.5),
        pay_type: Some("Check".to_owned()),
        contact_id: Some(contact),
        pay_note: Some(String::new()),
        invoice_id: Some(id),
        refund_id: Some(0.into()),
        charge_id: Some(0.into()),
        synced: Some(0),
        extra: Record::new(),
    };
    assert_eq!(crm.invoices().get_payments(id).expect("payments"), [expected]);
    // A row that says nothing else is answered too.
    let bare = sandbox.insert("Payment", [("InvoiceId", Value::Int(id.0))]).expect("a row");
    let found = crm.invoices().get_payments(id).expect("payments");
    assert_eq!((found[1].id, found[1].pay_amt, found[1].pay_date), (Some(bare.into()), Some(0.0), None));
}

#[test]
fn a_payment_that_cannot_be_is_refused_and_changes_nothing() {
    let (_, crm, contact) = account();
    let id = invoice(&crm, contact);
    assert_unknown(crm.invoices().add_manual_payment(payment(99.into(), 1.0)), "Invoice");
    let large = crm.invoices().add_manual_payment(payment(id, 1e300));
    assert_refused(large, 12, "[InvalidParameter]The amount is too large");
    assert_unknown(crm.invoices().get_payments(99.into()), "Invoice");
    assert_eq!((count(&crm, "Payment"), count(&crm, "InvoicePayment"), owed(&crm, id)), (0, 0, 0.0));
}

#[test]
fn a_deleted_invoice_takes_along_what_hangs_on_it_and_nothing_else() {
    let (sandbox, crm, contact) = account();
    let tables = ["Invoice", "Job", "OrderItem", "InvoiceItem", "Payment", "InvoicePayment", "PayPlan", "PayPlanItem"];
    let whole = || {
        let id = invoice(&crm, contact);
        add_line(&crm, line(id, InvoiceItemType::Product, 10.0, 1));
        pay(&crm, payment(id, 1.0));
        let plan = sandbox.insert("PayPlan", [("InvoiceId", Value::Int(id.0))]).expect("a plan");
        sandbox.insert("PayPlanItem", [("PayPlanId", Value::Int(plan))]).expect("a part of it");
        id
    };
    let (gone, stays) = (whole(), whole());
    assert!(crm.invoices().delete_invoice(gone).expect("it is deleted"));
    assert_eq!(tables.map(|table| count(&crm, table)), [1; 8]);
    assert_eq!(owed(&crm, stays), 9.0);
    let message = format!("[RecordNotFound]Record not found: Invoice {gone}");
    assert_refused(crm.invoices().calculate_amount_owed(gone), 5, &message);
    assert_refused(crm.invoices().delete_invoice(gone), 5, &message);
}

/// A subscription to two of something monthly at 4.75, from the last day of January 2026, and the clock at its evening.
fn subscription() -> (Clock, Client, SubscriptionId) {
    let clock = Clock::at(date("20260131T20:15:00").to_system_time());
    let sandbox = Sandbox::builder().clock(clock.clone()).build().expect("an account");
    let crm = client(&sandbox);
    let contact = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    let row = record! {
        "ContactId" => contact, "BillingAmt" => 4.75, "Qty" => 2, "BillingCycle" => "2", "Frequency" => 1,
        "StartDate" => date("20260131T00:00:00"), "Status" => "Active",
    };
    let id = add(&crm, "RecurringOrder", row);
    (clock, crm, id.into())
}

fn bill(crm: &Client, subscription: SubscriptionId) -> InvoiceId {
    crm.invoices().create_invoice_for_recurring(subscription).expect("an answer")
}

#[test]
fn a_subscription_is_billed_once_for_each_cycle_that_is_due() {
    let (clock, crm, id) = subscription();
    let next = || row(&crm, "RecurringOrder", id.0, &["NextBillDate"]).get::<DateTime>("NextBillDate").expect("a date");
    let first = bill(&crm, id);
    assert_eq!((owed(&crm, first), next()), (9.5, date("20260228T00:00:00")));
    let item = row(&crm, "OrderItem", 1, &["ItemType", "Qty", "PPU"]);
    assert_eq!(item, record! { "ItemType" => 9, "Qty" => 2, "PPU" => 4.75 });
    assert_eq!(bill(&crm, id), InvoiceId(0));
    clock.advance(Duration::from_secs(60 * 86_400));
    let second = bill(&crm, id);
    assert_eq!((owed(&crm, second), next()), (19.0, date("20260428T00:00:00")));
    let last = row(&crm, "RecurringOrder", id.0, &["LastBillDate"]);
    assert_eq!(last, record! { "LastBillDate" => date("20260328T00:00:00") });
    assert_eq!((count(&crm, "Invoice"), count(&crm, "JobRecurringInstance")), (2, 3));
    assert!(crm.invoices().delete_subscription(id).expect("it is deleted"));
    let left = ["Invoice", "Job", "InvoiceItem", "OrderItem", "JobRecurringInstance"].map(|table| count(&crm, table));
    assert_eq!(left, [0; 5]);
}

#[test]
fn each_cycle_has_its_length() {
    let (_, crm, id) = subscription();
    for (cycle, frequency, next) in [
        ("1", 1, "20270131T00:00:00"),
        ("2", 3, "20260430T00:00:00"),
        ("3", 2, "20260214T00:00:00"),
        ("6", 10, "20260210T00:00:00"),
        ("6", 0, "20260201T00:00:00"),
    ] {
        let start = date("20260131T00:00:00");
        crm.invoices().update_job_recurring_next_bill_date(id, start.date()).expect("an update");
        let row = record! { "BillingCycle" => cycle, "Frequency" => frequency };
        crm.data().update("RecurringOrder", id.0, row).expect("an update");
        assert_ne!(bill(&crm, id), InvoiceId(0));
        let found = crm.data().load("RecurringOrder", id.0, &["NextBillDate"]).expect("the row");
        assert_eq!(found, record! { "NextBillDate" => date(next) }, "{cycle} {frequency}");
    }
}

#[test]
fn a_subscription_that_has_ended_is_not_billed_and_one_that_is_not_there_is_refused() {
    let (_, crm, id) = subscription();
    crm.data().update("RecurringOrder", id.0, record! { "Status" => "Inactive" }).expect("an update");
    assert_eq!(bill(&crm, id), InvoiceId(0));
    assert_eq!(count(&crm, "Job"), 0);
    assert_unknown(crm.invoices().create_invoice_for_recurring(99.into()), "RecurringOrder");
}

#[test]
fn the_next_bill_waits_until_its_date() {
    let (clock, crm, id) = subscription();
    let tomorrow = date("20260201T00:00:00").date();
    assert!(crm.invoices().update_job_recurring_next_bill_date(id, tomorrow).expect("an update"));
    let found = row(&crm, "RecurringOrder", id.0, &["NextBillDate"]);
    assert_eq!(found, record! { "NextBillDate" => date("20260201T00:00:00") });
    assert_eq!(bill(&crm, id), InvoiceId(0));
    clock.advance(Duration::from_secs(86_400));
    assert_ne!(bill(&crm, id), InvoiceId(0));
    assert_unknown(crm.invoices().update_job_recurring_next_bill_date(99.into(), tomorrow), "RecurringOrder");
}

#[test]
fn one_invoice_bills_so_many_cycles_and_the_next_one_the_others() {
    let (_, crm, id) = subscription();
    let row =
        record! { "BillingCycle" => "6", "StartDate" => date("20250101T00:00:00"), "Qty" => 1, "BillingAmt" => 1.0 };
    crm.data().update("RecurringOrder", id.0, row).expect("an update");
    // The 31st of January 2026 is the 396th day; ten more make 406.
    let early = date("20241222T00:00:00").date();
    crm.invoices().update_job_recurring_next_bill_date(id, early).expect("an update");
    assert_eq!([bill(&crm, id), bill(&crm, id)].map(|invoice| owed(&crm, invoice)), [400.0, 6.0]);
    assert_eq!(bill(&crm, id), InvoiceId(0));
}
