//! An account in this process, as its clients see it.

use infusionsoft::data::QueryRequest;
use infusionsoft::{Client, Credentials, DateTime, Error, Limits, Order, Record, Value, record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Request, Sandbox};

use crate::calls::call;

/// A client of an account.
pub(crate) fn client(sandbox: &Sandbox) -> Client {
    Client::builder()
        .credentials(Credentials::access_token(ACCESS_TOKEN))
        .transport(sandbox.clone())
        .limits(Limits::none())
        .build()
        .expect("the client can be built")
}

/// An empty account, and a client of it.
pub(crate) fn empty() -> (Sandbox, Client) {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    (sandbox, client)
}

/// The body of the answer to a call, byte for byte.
pub(crate) fn body(sandbox: &Sandbox, method: &str, values: &[&str]) -> String {
    let response = sandbox.respond(&Request {
        method: "POST".to_owned(),
        path: "/crm/xmlrpc/v1".to_owned(),
        query: String::new(),
        headers: vec![("Authorization".to_owned(), format!("Bearer {ACCESS_TOKEN}"))],
        body: call(method, values).into_bytes(),
    });
    assert_eq!(response.status, 200);
    String::from_utf8(response.body).expect("answers are UTF-8")
}

/// An answer that carries a value.
pub(crate) fn answered(value: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
    )
}

#[track_caller]
pub(crate) fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, code: i32, message: &str) {
    let error = result.expect_err("a fault");
    let fault = error.fault().unwrap_or_else(|| panic!("{error} is no fault"));
    assert_eq!((fault.code().as_i32(), fault.text()), (code, message));
}

/// The ids of records.
pub(crate) fn ids(records: &[Record]) -> Vec<i32> {
    records.iter().map(|record| record.get("Id").expect("an id")).collect()
}

/// Calls a method past the checks of the client.
pub(crate) fn raw(crm: &Client, method: &str, values: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
    crm.call_raw(method, values)
}

/// The records that fulfil conditions, in the order of their ids.
pub(crate) fn query(crm: &Client, table: &str, conditions: Record, fields: &[&str]) -> Result<Vec<Record>, Error> {
    crm.data().query(QueryRequest {
        table: table.to_owned(),
        limit: 1000,
        page: 0,
        query_data: conditions,
        selected_fields: fields.iter().map(|&field| field.to_owned()).collect(),
        order: Some(Order { field: "Id".to_owned(), ascending: true }),
    })
}

/// The ids of the contacts that fulfil one condition.
#[track_caller]
pub(crate) fn found(crm: &Client, field: &str, condition: impl Into<Value>) -> Vec<i32> {
    let conditions = [(field, condition)].into_iter().collect();
    ids(&query(crm, "Contact", conditions, &["Id"]).expect("the query is answered"))
}

/// Adds a record.
pub(crate) fn add(crm: &Client, table: &str, values: Record) -> i32 {
    crm.data().add(table, values).expect("the record is added")
}

/// A list of names.
pub(crate) fn names(records: &[&str]) -> Value {
    Value::from(records.to_vec())
}

/// Ada, Bob and Zoë, with ids from 1.
pub(crate) fn three(crm: &Client) {
    let born = |text: &str| text.parse::<DateTime>().expect("a date");
    add(
        crm,
        "Contact",
        record! { "FirstName" => "Ada", "LastName" => "Byron", "Birthday" => born("20130601T00:00:00") },
    );
    add(crm, "Contact", record! { "FirstName" => "Bob", "OwnerID" => 7, "Birthday" => born("20130715T00:00:00") });
    add(crm, "Contact", record! { "FirstName" => "Zoë", "LastName" => "O'Hara", "City" => "100%" });
}
