//! Documented limits: checked before anything is sent, and named.

use infusionsoft::data::{FindByFieldRequest, QueryRequest};
use infusionsoft::invoices::CreateBlankOrderRequest;
use infusionsoft::orders::{PlaceOrderRequest, PlaceOrderWithoutAffiliatesRequest};
use infusionsoft::search::GetSavedSearchResultsRequest;
use infusionsoft::{ContactId, ErrorKind, Method, ProductId, SubscriptionPlanId, Value, record};
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
fn a_query_asks_for_1_to_1000_records() {
    insta::assert_snapshot!(refused(QueryRequest { limit: 0, ..query() }), @"DataService.query: limit is 0, at least 1 is required");
    insta::assert_snapshot!(refused(QueryRequest { limit: 1001, ..query() }), @"DataService.query: limit is 1001, at most 1000 is allowed");
    insta::assert_snapshot!(refused(QueryRequest { limit: -1, ..query() }), @"DataService.query: limit is -1, at least 1 is required");
}

#[test]
fn pages_are_counted_from_0() {
    insta::assert_snapshot!(refused(QueryRequest { page: -1, ..query() }), @"DataService.query: page is -1, at least 0 is required");
}

#[test]
fn an_in_statement_lists_at_most_1000_ids() {
    let query_data = record! { "FirstName" => "Ada", "Id" => vec![7; 1001] };
    insta::assert_snapshot!(refused(QueryRequest { query_data, ..query() }), @"DataService.query: queryData.Id has 1001 elements, at most 1000 are allowed");
}

#[test]
fn a_query_selects_a_field() {
    insta::assert_snapshot!(refused(QueryRequest { selected_fields: vec![], ..query() }), @"DataService.query: selectedFields is empty");
}

#[test]
fn a_search_by_field_has_the_limits_of_a_query() {
    let find = |limit, page| FindByFieldRequest {
        table: "Contact".into(),
        limit,
        page,
        field_name: "Email".into(),
        field_value: Value::from("ada@example.com"),
        return_fields: vec!["Id".into()],
    };
    accepted(find(1000, 0), "<array/>");
    insta::assert_snapshot!(refused(find(0, 0)), @"DataService.findByField: limit is 0, at least 1 is required");
    insta::assert_snapshot!(refused(find(1001, 0)), @"DataService.findByField: limit is 1001, at most 1000 is allowed");
    insta::assert_snapshot!(refused(find(10, -1)), @"DataService.findByField: page is -1, at least 0 is required");
}
