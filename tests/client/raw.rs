//! Calls by name, requests as values, and what the client itself can do.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use infusionsoft::contacts::LoadRequest;
use infusionsoft::{
    Attempt, Client, ClientBuilder, Clock, ContactId, Content, Credentials, Error, ErrorKind, KEY_PLACEHOLDER, Limits,
    Observer, Record, Secret, Transport, Value, record,
};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::tree::{self, Tree};

use crate::common::{answer, fault};

fn scalar(kind: &str, text: &str) -> Tree {
    Tree::Scalar(kind.to_owned(), text.to_owned())
}

#[test]
fn a_raw_call_sends_the_key_and_its_values() {
    let transport = Canned::ok(answer("<struct><member><name>Id</name><value><i4>18</i4></value></member></struct>"));
    let fields = Value::from(vec!["Id"]);
    let loaded = transport.client().call_raw("ContactService.load", [Value::from(18), fields]).expect("an answer");
    assert_eq!(loaded, Value::Struct(record! { "Id" => 18 }));
    let request = tree::request(&transport.only_sent().text());
    assert_eq!(request.method, "ContactService.load");
    let fields = Tree::Array(vec![scalar("string", "Id")]);
    assert_eq!(request.params, [scalar("string", KEY_PLACEHOLDER), scalar("int", "18"), fields]);
}

#[test]
fn a_raw_call_without_key_sends_its_values_alone() {
    let transport = Canned::ok(answer("hello"));
    let echoed = transport.client().call_raw_without_key("DataService.echo", [Value::from("hello")]);
    assert_eq!(echoed.expect("an answer"), Value::from("hello"));
    assert_eq!(tree::request(&transport.only_sent().text()).params, [scalar("string", "hello")]);
}

#[test]
fn a_raw_call_answers_every_type() {
    let cases = [
        ("<nil/>", Value::Nil),
        ("<i8>9000000000</i8>", Value::Int(9_000_000_000)),
        ("<boolean>1</boolean>", Value::Bool(true)),
        ("<double>1.5</double>", Value::Double(1.5)),
        ("<string> a </string>", Value::from(" a ")),
        (
            "<dateTime.iso8601>20150719T19:53:56</dateTime.iso8601>",
            Value::DateTime("20150719T19:53:56".parse().expect("a date")),
        ),
        ("<base64>aGk=</base64>", Value::Bytes(b"hi".to_vec())),
        (
            "<array><data><value>a</value><value><i4>1</i4></value></data></array>",
            Value::Array(vec!["a".into(), 1.into()]),
        ),
        ("<struct/>", Value::Struct(Record::new())),
    ];
    for (xml, expected) in cases {
        let answered = Canned::ok(answer(xml)).client().call_raw("Some.method", []);
        assert_eq!(answered.expect(xml), expected, "{xml}");
    }
}

#[test]
fn a_raw_call_is_never_repeatable() {
    for refusal in [Canned::status(503, "text/html", "<html>"), Canned::ok(""), Canned::ok("<methodResponse>")] {
        let error = refusal.client().call_raw("ContactService.load", []).expect_err("no answer");
        assert_eq!((error.attempts(), refusal.sent().len()), (1, 1), "{error}");
        assert!(error.maybe_executed() && !error.is_retryable(), "{error}");
    }
}

#[test]
fn a_value_that_cannot_travel_is_named_by_its_place_among_the_callers() {
    let client = Canned::ok(answer("1")).client();
    for (values, place) in [(vec![Value::Nil], 1), (vec![Value::from(1), Value::from("a"), Value::Nil], 3)] {
        let keyed = client.call_raw("Some.method", values.clone()).expect_err("a nil");
        assert!(keyed.to_string().starts_with(&format!("Some.method: parameter {place} is ")), "{keyed}");
        let without_key = client.call_raw_without_key("Some.method", values).expect_err("a nil");
        assert_eq!(without_key.to_string(), keyed.to_string());
    }
}

#[test]
fn a_raw_call_can_be_refused() {
    let transport = Canned::ok(fault(0, "No such handler: Some.method"));
    let error = transport.client().call_raw("Some.method", []).expect_err("a fault");
    assert_eq!((error.kind(), error.method()), (ErrorKind::Fault, Some("Some.method")));
}

#[test]
fn a_method_name_that_cannot_travel_is_refused() {
    let transport = Canned::ok(answer("1"));
    for name in ["", " ", "a b", "Grüße", "a\u{0}", "a\r\nb", "a<b", "a&b"] {
        let error = transport.client().call_raw(name, []).expect_err("not a name");
        assert_eq!((error.kind(), error.method()), (ErrorKind::InvalidRequest, None), "{name:?}");
        let without_key = transport.client().call_raw_without_key(name, []).expect_err("not a name");
        assert_eq!(without_key.to_string(), error.to_string());
    }
    assert_eq!(transport.sent().len(), 0, "nothing is sent");
    assert_eq!(
        format!("{}", transport.client().call_raw("a\nb", []).expect_err("not a name")),
        r#""a\nb" is not a method name: those have letters, digits, and the characters `_.:/`"#
    );
    transport.client().call_raw("a/b:c_D.9", []).expect("a method name");
}

#[test]
fn a_request_is_a_value() {
    let request = LoadRequest { contact_id: ContactId(18), selected_fields: vec!["Id".into()] };
    assert_eq!(request.clone(), request);
    let transport = Canned::ok(answer("<struct/>"));
    let client = transport.client();
    client.call(request).expect("an answer");
    client.contacts().load(ContactId(18), &["Id"]).expect("an answer");
    let sent = transport.sent();
    assert_eq!(sent[0].text(), sent[1].text());
}

#[test]
fn clones_of_a_client_share_its_transport_across_threads() {
    let transport = Canned::ok(answer("1"));
    let client = transport.client();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let client = client.clone();
            scope.spawn(move || client.data().delete("Contact", 7).expect("an answer"));
        }
    });
    assert_eq!(transport.sent().len(), 4);
}

/// Counts what it is told of.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Observer for Counter {
    fn attempted(&self, _: &Attempt<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn what_a_client_is_made_of_can_be_boxed() {
    let (transport, counter) = (Canned::ok(answer("1")), Counter::default());
    let parts: (Box<dyn Transport>, Box<dyn Clock>, Box<dyn Observer>) =
        (Box::new(transport.clone()), Box::new(transport.clock()), Box::new(counter.clone()));
    let builder = Client::builder().credentials(Credentials::access_token("token")).limits(Limits::none().per_day(1));
    let client = builder.transport(parts.0).clock(parts.1).observer(parts.2).build().expect("a client");
    client.data().delete("Contact", 7).expect("an answer");
    assert_eq!((transport.sent().len(), counter.0.load(Ordering::SeqCst)), (1, 1));
}

const fn shared<T: Send + Sync + Debug>() {}
const fn cloned<T: Clone>() {}

const _: () = {
    shared::<Client>();
    shared::<ClientBuilder>();
    shared::<Credentials>();
    shared::<Secret>();
    shared::<Content>();
    shared::<Value>();
    shared::<Error>();
    cloned::<Client>();
    cloned::<Credentials>();
    cloned::<Content>();
};

#[test]
fn a_client_and_its_builder_show_where_they_call_and_how() {
    let builder =
        Client::builder().credentials(Credentials::personal_key("KeapAK-1")).endpoint("https://example.com/rpc?key=1");
    assert_eq!(
        format!("{builder:?}"),
        r#"ClientBuilder { endpoint: Some("https://example.com/rpc"), credentials: Some(Credentials(personal key)), timeouts: Timeouts { connect: 10s, answer: 60s }, call_timeout: None, retry: Retry { attempts: 4, backoff: (500ms, 20s), longest_wait: 300s, budget: 100, .. }, .. }"#
    );
    assert_eq!(
        format!("{:?}", builder.build().expect("the client can be built")),
        r#"Client { endpoint: "https://example.com/rpc", credentials: Credentials(personal key), .. }"#
    );
}
