//! Orders that are placed at once, on an account that remembers.

use infusionsoft::orders::{PlaceOrderRequest, PlaceOrderWithoutAffiliatesRequest};
use infusionsoft::{AffiliateId, Client, ContactId, DateTime, Error, PlaceOrderResult, Record, record};
use infusionsoft::{ProductId, SubscriptionPlanId, Value};
use infusionsoft_sandbox::{Clock, Sandbox};

use crate::account::{add, assert_refused, client, query, raw};

/// Of each thing one, with the id 1, but two products: tea for 3.50 and cups for 8. It is the last day of January 2026.
fn account() -> (Sandbox, Client) {
    let now: DateTime = "20260131T20:15:00".parse().expect("a date");
    let sandbox = Sandbox::builder().clock(Clock::at(now.to_system_time())).build().expect("an account");
    let crm = client(&sandbox);
    crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    add(&crm, "Product", record! { "ProductName" => "Tea", "ProductPrice" => 3.5 });
    add(&crm, "Product", record! { "ProductName" => "Cups", "ProductPrice" => 8.0 });
    let plan = record! { "ProductId" => 1, "Cycle" => "2", "Frequency" => 1, "PlanPrice" => 2.95 };
    add(&crm, "SubscriptionPlan", plan);
    add(&crm, "CreditCard", record! { "ContactId" => 1, "CardNumber" => "4111111111111111" });
    add(&crm, "Affiliate", record! { "AffCode" => "ada" });
    (sandbox, crm)
}

fn request(products: &[i32], plans: &[i32]) -> PlaceOrderRequest {
    PlaceOrderRequest {
        contact_id: ContactId(1),
        card_id: None,
        plan_id: None,
        product_ids: products.iter().map(|&id| ProductId(id)).collect(),
        subscription_plan_ids: plans.iter().map(|&id| SubscriptionPlanId(id)).collect(),
        process_specials: false,
        promo_codes: Vec::new(),
        lead_affiliate_id: None,
        sale_affiliate_id: None,
    }
}

fn place(crm: &Client, request: PlaceOrderRequest) -> Result<PlaceOrderResult, Error> {
    crm.orders().place_order(request)
}

/// The answer with the ids of the first order and its invoice.
fn answer([message, ref_num, code]: [&str; 3]) -> PlaceOrderResult {
    PlaceOrderResult {
        successful: Some(false),
        message: Some(message.to_owned()),
        ref_num: Some(ref_num.to_owned()),
        order_id: Some(1.into()),
        invoice_id: Some(1.into()),
        code: Some(code.to_owned()),
        extra: Record::new(),
    }
}

fn rows(crm: &Client, table: &str, fields: &[&str]) -> Vec<Record> {
    query(crm, table, Record::new(), fields).expect("the query is answered")
}

#[test]
fn an_order_has_an_invoice_with_its_products_at_their_prices() {
    let (_, crm) = account();
    let ada = Some(AffiliateId(1));
    let request = PlaceOrderRequest { sale_affiliate_id: ada, lead_affiliate_id: ada, ..request(&[2, 1, 1], &[]) };
    assert_eq!(place(&crm, request).expect("an order"), answer(["None", "None", ""]));
    assert_eq!(crm.invoices().calculate_amount_owed(1.into()).expect("an amount"), 15.0);
    let line = |product: i32, name: &str, price: f64| {
        record! {
            "OrderId" => 1, "ProductId" => product, "ItemName" => name, "ItemType" => 4, "Qty" => 1, "PPU" => price,
        }
    };
    let fields = &["OrderId", "ProductId", "ItemName", "ItemType", "Qty", "PPU"];
    let expected = [line(2, "Cups", 8.0), line(1, "Tea", 3.5), line(1, "Tea", 3.5)];
    assert_eq!(rows(&crm, "OrderItem", fields), expected);
    let expected = record! { "ContactId" => 1, "ProductSold" => "2,1,1", "AffiliateId" => 1, "LeadAffiliateId" => 1 };
    assert_eq!(rows(&crm, "Invoice", &["ContactId", "ProductSold", "AffiliateId", "LeadAffiliateId"]), [expected]);
    assert_eq!(
        rows(&crm, "Job", &["JobTitle", "OrderStatus"]),
        [record! { "JobTitle" => "Cups, Tea, Tea", "OrderStatus" => 1 },]
    );
}

#[test]
fn the_overload_without_affiliates_places_the_same_order() {
    let (_, crm) = account();
    let PlaceOrderRequest { contact_id, product_ids, subscription_plan_ids, .. } = request(&[1], &[]);
    let request = PlaceOrderWithoutAffiliatesRequest {
        contact_id,
        credit_card_id: None,
        pay_plan_id: None,
        product_ids,
        subscription_plan_ids,
        process_specials: true,
        promo_codes: vec!["SUMMER".to_owned()],
    };
    let placed = crm.orders().place_order_without_affiliates(request).expect("an order");
    assert_eq!(placed, answer(["None", "None", ""]));
    assert_eq!(crm.invoices().calculate_amount_owed(1.into()).expect("an amount"), 3.5);
}

#[test]
fn a_card_is_refused_while_the_order_stands() {
    let (_, crm) = account();
    let placed = place(&crm, PlaceOrderRequest { card_id: Some(1.into()), ..request(&[1], &[]) }).expect("an order");
    assert_eq!(placed, answer(["DECLINE - Response code(200)", "2879922578", "None"]));
    assert_eq!(crm.invoices().calculate_amount_owed(1.into()).expect("an amount"), 3.5);
    assert_eq!(crm.invoices().get_payments(1.into()).expect("payments"), []);
}

#[test]
fn a_plan_becomes_a_subscription_whose_first_cycle_is_on_the_invoice() {
    let (_, crm) = account();
    place(&crm, request(&[2], &[1])).expect("an order");
    assert_eq!(crm.invoices().calculate_amount_owed(1.into()).expect("an amount"), 10.95);
    let next: DateTime = "20260228T00:00:00".parse().expect("a date");
    let expected = record! {
        "ContactId" => 1, "SubscriptionPlanId" => 1, "OriginatingOrderId" => 1, "Qty" => 1, "BillingAmt" => 2.95,
        "Status" => "Active", "NextBillDate" => next,
    };
    let fields =
        &["ContactId", "SubscriptionPlanId", "OriginatingOrderId", "Qty", "BillingAmt", "Status", "NextBillDate"];
    assert_eq!(rows(&crm, "RecurringOrder", fields), [expected]);
    let line = record! { "ItemType" => 9, "SubscriptionPlanId" => 1, "ItemName" => "Tea", "PPU" => 2.95 };
    assert_eq!(rows(&crm, "OrderItem", &["ItemType", "SubscriptionPlanId", "ItemName", "PPU"])[1], line);
}

#[test]
fn an_order_of_what_is_not_there_is_refused_and_leaves_nothing() {
    let (_, crm) = account();
    let nobody = Some(AffiliateId(99));
    for (table, request) in [
        ("Contact", PlaceOrderRequest { contact_id: 99.into(), ..request(&[1], &[]) }),
        ("CreditCard", PlaceOrderRequest { card_id: Some(99.into()), ..request(&[1], &[]) }),
        ("Product", request(&[1, 99], &[])),
        ("SubscriptionPlan", request(&[1], &[1, 99])),
        ("Affiliate", PlaceOrderRequest { lead_affiliate_id: nobody, ..request(&[1], &[]) }),
        ("Affiliate", PlaceOrderRequest { sale_affiliate_id: nobody, ..request(&[1], &[]) }),
    ] {
        assert_refused(place(&crm, request), 5, &format!("[RecordNotFound]Record not found: {table} 99"));
    }
    let none = || Value::from(Vec::<i32>::new());
    let empty = [1.into(), 0.into(), 0.into(), none(), none(), false.into(), none()];
    let message = "[InvalidParameter]The order has neither products nor subscriptions";
    assert_refused(raw(&crm, "OrderService.placeOrder", empty), 12, message);
    for table in ["Job", "Invoice", "OrderItem", "InvoiceItem", "RecurringOrder"] {
        assert_eq!(crm.data().count(table, Record::new()).expect("a count"), 0, "{table}");
    }
}
