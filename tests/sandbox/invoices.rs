//! Orders with their invoices, items and payments, on an account that remembers.

use infusionsoft::invoices::{AddOrderItemRequest, CreateBlankOrderRequest};
use infusionsoft::{
    AffiliateId, Client, ContactId, DateTime, Error, InvoiceId, InvoiceItemType, ProductId, Record, record,
};
use infusionsoft_sandbox::Sandbox;

use crate::account::{add, assert_refused, empty, query};

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
