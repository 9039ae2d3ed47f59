//! Subscriptions, and the cards they are charged to, on an account that remembers.

use infusionsoft::invoices::{AddRecurringOrderFromPlanRequest, AddRecurringOrderRequest};
use infusionsoft::{Client, ContactId, DateTime, Error, Record, SubscriptionId, SubscriptionPlanId, record};
use infusionsoft_sandbox::{Clock, Sandbox, Value};

use crate::account::{add, assert_refused, client, empty, ids, query};

const COLUMNS: &[&str] = &[
    "ContactId",
    "SubscriptionPlanId",
    "ProductId",
    "BillingCycle",
    "Frequency",
    "Qty",
    "BillingAmt",
    "MerchantAccountId",
    "CC1",
    "AffiliateId",
    "AutoCharge",
    "Status",
    "StartDate",
    "NextBillDate",
];

fn date(text: &str) -> DateTime {
    text.parse().expect("a date")
}

/// A contact, a monthly plan and a card, in an account in which it is the evening of 31 January 2026.
fn account() -> (Sandbox, Client, AddRecurringOrderRequest) {
    let clock = Clock::at(date("20260131T20:15:00").to_system_time());
    let sandbox = Sandbox::builder().clock(clock).build().expect("an account");
    let crm = client(&sandbox);
    let contact = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    let plan = record! { "ProductId" => 5, "Cycle" => "2", "Frequency" => 1, "PlanPrice" => 9.5 };
    let plan = add(&crm, "SubscriptionPlan", plan);
    let card = add(&crm, "CreditCard", record! { "ContactId" => contact, "CardNumber" => "4111111111111111" });
    let request = AddRecurringOrderRequest {
        contact_id: contact,
        allow_duplicate: false,
        subscription_plan_id: SubscriptionPlanId(plan),
        quantity: 2,
        price: 2.95,
        taxable: true,
        merchant_account_id: 3.into(),
        credit_card_id: card.into(),
        affiliate_id: None,
        trial_period: 14,
    };
    (sandbox, crm, request)
}

fn from_plan(request: &AddRecurringOrderRequest) -> AddRecurringOrderFromPlanRequest {
    AddRecurringOrderFromPlanRequest {
        contact_id: request.contact_id,
        allow_duplicate: request.allow_duplicate,
        subscription_plan_id: request.subscription_plan_id,
        merchant_account_id: request.merchant_account_id,
        credit_card_id: request.credit_card_id,
        affiliate_id: request.affiliate_id,
        days_till_charge: 0,
    }
}

fn subscribe(crm: &Client, request: &AddRecurringOrderRequest) -> Result<SubscriptionId, Error> {
    crm.invoices().add_recurring_order(request.clone())
}

#[test]
fn a_subscription_is_a_row_that_queries_find() {
    let (_, crm, request) = account();
    let id = subscribe(&crm, &request).expect("a subscription");
    let expected = record! {
        "ContactId" => request.contact_id, "SubscriptionPlanId" => request.subscription_plan_id, "ProductId" => 5,
        "BillingCycle" => "2", "Frequency" => 1, "Qty" => 2, "BillingAmt" => 2.95, "MerchantAccountId" => 3,
        "CC1" => request.credit_card_id, "AffiliateId" => 0, "AutoCharge" => 1, "Status" => "Active",
        "StartDate" => date("20260131T00:00:00"), "NextBillDate" => date("20260214T00:00:00"),
    };
    assert_eq!(crm.data().load("RecurringOrder", id.0, COLUMNS).expect("the row"), expected);
    let found = query(&crm, "RecurringOrderWithContact", record! { "FirstName" => "Ada" }, &["RecurringOrderId"]);
    assert_eq!(found.expect("the query is answered"), [record! { "RecurringOrderId" => id }]);
}

#[test]
fn a_plan_says_what_the_shorter_call_leaves_out() {
    let (_, crm, request) = account();
    let id = crm.invoices().add_recurring_order_from_plan(from_plan(&request)).expect("a subscription");
    let row = crm.data().load("RecurringOrder", id.0, &["Qty", "BillingAmt", "NextBillDate"]).expect("the row");
    let expected = record! { "Qty" => 1, "BillingAmt" => 9.5, "NextBillDate" => date("20260131T00:00:00") };
    assert_eq!(row, expected);
}

#[test]
fn a_contact_has_a_subscription_twice_only_where_that_is_allowed() {
    let (_, crm, mut request) = account();
    let first = subscribe(&crm, &request).expect("a subscription");
    let message = "[InvalidParameter]The contact has this subscription already";
    assert_refused(subscribe(&crm, &request), 12, message);
    assert_refused(crm.invoices().add_recurring_order_from_plan(from_plan(&request)), 12, message);
    request.allow_duplicate = true;
    let second = subscribe(&crm, &request).expect("a subscription");
    assert_ne!(second, first);
    // Those that have ended are none.
    for id in [first, second] {
        crm.data().update("RecurringOrder", id.0, record! { "Status" => "Inactive" }).expect("an update");
    }
    request.allow_duplicate = false;
    subscribe(&crm, &request).expect("a subscription");
}

#[test]
fn what_a_subscription_names_must_be_there() {
    let (_, crm, request) = account();
    type Change = fn(&mut AddRecurringOrderRequest);
    let changes: [(&str, Change); 4] = [
        ("Contact", |request| request.contact_id = 99.into()),
        ("SubscriptionPlan", |request| request.subscription_plan_id = 99.into()),
        ("CreditCard", |request| request.credit_card_id = 99.into()),
        ("Affiliate", |request| request.affiliate_id = Some(99.into())),
    ];
    for (table, change) in changes {
        let mut request = request.clone();
        change(&mut request);
        let message = format!("[RecordNotFound]Record not found: {table} 99");
        assert_refused(subscribe(&crm, &request), 5, &message);
        assert_refused(crm.invoices().add_recurring_order_from_plan(from_plan(&request)), 5, &message);
    }
    assert_eq!(crm.data().count("RecurringOrder", Record::new()).expect("a count"), 0);
}

#[test]
fn a_subscription_takes_its_invoices_along() {
    let (sandbox, crm, mut request) = account();
    request.allow_duplicate = true;
    let subscription = || subscribe(&crm, &request).expect("a subscription");
    let (gone, stays) = (subscription(), subscription());
    let insert = |table: &str, values: &[(&str, i32)]| {
        let values = values.iter().map(|&(name, id)| (name, Value::Int(id)));
        sandbox.insert(table, values).expect("the row is added")
    };
    let ordered = |id: i32| {
        let order = insert("Job", &[("JobRecurringId", id)]);
        let invoice = insert("Invoice", &[("JobId", order)]);
        insert("InvoiceItem", &[("InvoiceId", invoice)]);
        invoice
    };
    let billed = |id: i32| {
        let invoice = insert("Invoice", &[]);
        let item = insert("InvoiceItem", &[("InvoiceId", invoice)]);
        insert("JobRecurringInstance", &[("RecurringId", id), ("InvoiceItemId", item)]);
        invoice
    };
    ordered(gone.0);
    billed(gone.0);
    let kept = [ordered(stays.0), billed(stays.0), insert("Invoice", &[])];
    assert!(crm.invoices().delete_subscription(gone).expect("it is deleted"));
    let left = |table: &str| ids(&query(&crm, table, Record::new(), &["Id"]).expect("the query is answered"));
    assert_eq!(left("RecurringOrder"), [stays.0]);
    assert_eq!(left("Invoice"), kept);
    assert_eq!(left("InvoiceItem").len(), 2);
    assert_eq!(left("JobRecurringInstance").len(), 1);
    let message = format!("[RecordNotFound]Record not found: RecurringOrder {gone}");
    assert_refused(crm.invoices().delete_subscription(gone), 5, &message);
}

#[test]
fn a_card_is_located_by_its_last_digits() {
    let (_, crm) = empty();
    let card = |contact: ContactId, number: &str| {
        add(&crm, "CreditCard", record! { "ContactId" => contact, "CardNumber" => number })
    };
    let contact = |name: &str| crm.contacts().add(record! { "FirstName" => name }).expect("a contact");
    let (ada, bob) = (contact("Ada"), contact("Bob"));
    let visa = card(ada, "4111 1111 1111 1234");
    let master = card(ada, "5555555555554444");
    let located = |contact, digits: &str| crm.invoices().locate_existing_card(contact, digits).expect("an answer").0;
    assert_eq!(located(ada, "1234"), visa);
    assert_eq!(located(ada, "4444"), master);
    assert_eq!((located(ada, "9999"), located(bob, "1234"), located(ada, "")), (0, 0, 0));
}
