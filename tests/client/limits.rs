//! Documented limits: checked before anything is sent, and named.

use infusionsoft::data::{FindByFieldRequest, QueryRequest};
use infusionsoft::invoices::CreateBlankOrderRequest;
use infusionsoft::orders::{PlaceOrderRequest, PlaceOrderWithoutAffiliatesRequest};
use infusionsoft::search::QuickSearchRequest;
use infusionsoft::{
    ContactId, ErrorKind, Method, ProductId, QuickSearchType, SubscriptionPlanId, UserId, Value, contacts, data, record,
};
use infusionsoft_tests::canned::Canned;

use crate::common::answer;

/// Why a request is refused; nothing of it is sent.
fn refused<M: Method>(request: M) -> String
where
    M::Output: std::fmt::Debug,
{
    let transport = Canned::ok(answer("<array/>"));
    let error = transport.client().call(request).expect_err("the request breaks a limit");
    assert_eq!(transport.sent().len(), 0, "{error}: nothing is sent");
    assert_eq!((error.kind(), error.method()), (ErrorKind::InvalidRequest, Some(M::NAME)), "{error}");
    assert!(!error.maybe_executed() && !error.is_retryable(), "{error}");
    error.to_string()
}

fn accepted<M: Method>(request: M, answer_to_it: &str) {
    let transport = Canned::ok(answer(answer_to_it));
    assert!(transport.client().call(request).is_ok());
    assert_eq!(transport.sent().len(), 1);
}

fn query() -> QueryRequest {
    QueryRequest {
        table: "Contact".into(),
        limit: 1000,
        page: 0,
        query_data: record! { "FirstName" => "Ada" },
        selected_fields: vec!["Id".into()],
        order: None,
    }
}

#[test]
fn the_greatest_query_is_accepted() {
    accepted(QueryRequest { query_data: record! { "Id" => vec![7; 1000] }, page: i32::MAX, ..query() }, "<array/>");
    accepted(QueryRequest { limit: 1, query_data: record! {}, ..query() }, "<array/>");
}

#[test]
fn a_query_asks_for_at_most_1000_records() {
    assert_eq!(
        format!("{}", refused(QueryRequest { limit: 1001, ..query() })),
        "DataService.query: limit is 1001, at most 1000 is allowed"
    );
    assert_eq!(
        format!("{}", refused(QueryRequest { limit: i32::MAX, ..query() })),
        "DataService.query: limit is 2147483647, at most 1000 is allowed"
    );
}

#[test]
fn pages_are_counted_from_0() {
    assert_eq!(
        format!("{}", refused(QueryRequest { page: -1, ..query() })),
        "DataService.query: page is -1, at least 0 is required"
    );
}

#[test]
fn an_in_statement_lists_at_most_1000_ids() {
    let query_data = record! { "FirstName" => "Ada", "Id" => vec![7; 1001] };
    assert_eq!(
        format!("{}", refused(QueryRequest { query_data, ..query() })),
        "DataService.query: queryData.Id has 1001 elements, at most 1000 are allowed"
    );
}

#[test]
fn reading_asks_for_a_field() {
    assert_eq!(
        format!("{}", refused(QueryRequest { selected_fields: vec![], ..query() })),
        "DataService.query: selectedFields is empty"
    );
    let load = data::LoadRequest { table: "Contact".into(), record_id: 18, fields: vec![] };
    assert_eq!(format!("{}", refused(load)), "DataService.load: fields is empty");
    let load = contacts::LoadRequest { contact_id: ContactId(18), selected_fields: vec![] };
    assert_eq!(format!("{}", refused(load)), "ContactService.load: selectedFields is empty");
    let find = contacts::FindByEmailRequest { email: "ada@example.com".into(), selected_fields: vec![] };
    assert_eq!(format!("{}", refused(find)), "ContactService.findByEmail: selectedFields is empty");
    let find = FindByFieldRequest { return_fields: vec![], ..find_by_field(10, 0) };
    assert_eq!(format!("{}", refused(find)), "DataService.findByField: returnFields is empty");
}

fn find_by_field(limit: i32, page: i32) -> FindByFieldRequest {
    FindByFieldRequest {
        table: "Contact".into(),
        limit,
        page,
        field_name: "Email".into(),
        field_value: Value::from("ada@example.com"),
        return_fields: vec!["Id".into()],
    }
}

#[test]
fn a_search_by_field_has_the_limits_of_a_query() {
    accepted(find_by_field(1000, 0), "<array/>");
    assert_eq!(
        format!("{}", refused(find_by_field(1001, 0))),
        "DataService.findByField: limit is 1001, at most 1000 is allowed"
    );
    assert_eq!(
        format!("{}", refused(find_by_field(10, -1))),
        "DataService.findByField: page is -1, at least 0 is required"
    );
}

#[test]
fn a_quick_search_asks_for_at_most_1000_results() {
    let search = |limit, page| QuickSearchRequest {
        search_type: QuickSearchType::FindPerson,
        user_id: UserId(1),
        search_data: "Ada".into(),
        page,
        limit,
    };
    accepted(search(1000, 0), "<array/>");
    assert_eq!(
        format!("{}", refused(search(1001, 0))),
        "SearchService.quickSearch: limit is 1001, at most 1000 is allowed"
    );
    assert_eq!(
        format!("{}", refused(search(1000, -1))),
        "SearchService.quickSearch: page is -1, at least 0 is required"
    );
}

#[test]
fn an_order_needs_a_contact() {
    let order = CreateBlankOrderRequest {
        contact_id: ContactId(0),
        name: "Order".into(),
        order_date: "20150719T19:53:56".parse().expect("a date"),
        lead_affiliate_id: None,
        sale_affiliate_id: None,
    };
    assert_eq!(
        format!("{}", refused(order.clone())),
        "InvoiceService.createBlankOrder: contactID is 0, which is not a valid value"
    );
    accepted(CreateBlankOrderRequest { contact_id: ContactId(18), ..order }, "7");
    assert_eq!(
        format!("{}", refused(place_order(0, &[17], &[]))),
        "OrderService.placeOrder: contactID is 0, which is not a valid value"
    );
    assert_eq!(
        format!("{}", refused(short(place_order(0, &[17], &[])))),
        "OrderService.placeOrder: contactId is 0, which is not a valid value"
    );
}

#[test]
fn an_order_holds_a_product_or_a_subscription() {
    accepted(place_order(18, &[17], &[]), "<struct/>");
    accepted(place_order(18, &[], &[5]), "<struct/>");
    accepted(short(place_order(18, &[], &[5])), "<struct/>");
    assert_eq!(
        format!("{}", refused(place_order(18, &[], &[]))),
        "OrderService.placeOrder: productIDs and subscriptionIDs are all empty, at least one element is required"
    );
    assert_eq!(
        format!("{}", refused(short(place_order(18, &[], &[])))),
        "OrderService.placeOrder: productIds and subscriptionPlanIds are all empty, at least one element is required"
    );
}

fn place_order(contact: i32, products: &[i32], subscriptions: &[i32]) -> PlaceOrderRequest {
    PlaceOrderRequest {
        contact_id: ContactId(contact),
        card_id: None,
        plan_id: None,
        product_ids: products.iter().copied().map(ProductId).collect(),
        subscription_plan_ids: subscriptions.iter().copied().map(SubscriptionPlanId).collect(),
        process_specials: false,
        promo_codes: vec![],
        lead_affiliate_id: None,
        sale_affiliate_id: None,
    }
}

/// The same order by the overload without affiliates.
fn short(order: PlaceOrderRequest) -> PlaceOrderWithoutAffiliatesRequest {
    PlaceOrderWithoutAffiliatesRequest {
        contact_id: order.contact_id,
        credit_card_id: order.card_id,
        pay_plan_id: order.plan_id,
        product_ids: order.product_ids,
        subscription_plan_ids: order.subscription_plan_ids,
        process_specials: order.process_specials,
        promo_codes: order.promo_codes,
    }
}
