//! What the client makes of answers that are no values.

use std::time::Duration;

use infusionsoft::{Client, ContactId, Effect, Error, ErrorKind, TagId, record};
use infusionsoft_tests::canned::Canned;

use crate::common::{answer, chain, fault, once};

/// A call that fails, and what it does.
type Call = (Effect, fn(&Client) -> Error);

/// A call of each effect.
pub(crate) const CALLS: [Call; 3] = [
    (Effect::Once, |client| client.contacts().add(record! { "FirstName" => "Ada" }).expect_err("a failure")),
    (Effect::Read, |client| client.contacts().load(ContactId(18), &["Id"]).expect_err("a failure")),
    (Effect::Repeatable, |client| client.contacts().add_to_group(ContactId(18), TagId(97)).expect_err("a failure")),
];

/// What is asserted of an error.
struct Expected {
    kind: ErrorKind,
    status: Option<u16>,
    maybe_executed: bool,
    /// Whether calls of effect `Once` may be repeated.
    once: bool,
    /// Whether the others may.
    others: bool,
}

/// Makes a call of each effect, and answers the common text without the method's name.
fn failed(transport: &Canned, expected: &Expected) -> String {
    let mut texts = CALLS.map(|(effect, call)| {
        let error = call(&once(transport));
        let method = error.method().expect("the error names its method").to_owned();
        assert_eq!(error.kind(), expected.kind, "{error:?}");
        assert_eq!(error.http_status(), expected.status, "{error:?}");
        assert_eq!(error.maybe_executed(), expected.maybe_executed, "{error:?}");
        let retryable = if effect == Effect::Once { expected.once } else { expected.others };
        assert_eq!(error.is_retryable(), retryable, "{effect:?}: {error:?}");
        assert_texts_differ(&error);
        let text = error.to_string();
        text.strip_prefix(&format!("{method}: ")).expect("the text opens with the method's name").to_owned()
    });
    texts.sort();
    assert_eq!(texts[0], texts[2], "the text does not depend on the method");
    assert_eq!(transport.sent().len(), CALLS.len(), "nothing is followed");
    texts[0].clone()
}

/// A chain of causes that repeats itself is printed twice by most programs.
pub(crate) fn assert_texts_differ(error: &Error) {
    let texts = chain(error);
    for pair in texts.windows(2) {
        assert!(!pair[0].contains(&pair[1]), "a cause repeats its effect: {texts:?}");
    }
}

fn gateway(status: u16) -> Expected {
    Expected {
        kind: ErrorKind::Gateway,
        status: Some(status),
        maybe_executed: !(300..500).contains(&status),
        once: false,
        others: false,
    }
}

fn unreadable() -> Expected {
    Expected { kind: ErrorKind::Decode, status: Some(200), maybe_executed: true, once: false, others: false }
}

/// The error of a fault that nothing more is known of.
fn refused() -> Expected {
    Expected { kind: ErrorKind::Fault, status: Some(200), maybe_executed: false, once: false, others: false }
}

const HTML: &str = "<html><head><title>Oops</title></head></html>";

#[test]
fn refused_credentials_are_unauthorized() {
    let body = r#"{"fault":{"faultstring":"Invalid Access Token","detail":{"errorcode":"keymanagement.service.invalid_access_token"}}}"#;
    let expected = Expected { kind: ErrorKind::Unauthorized, ..gateway(401) };
    assert_eq!(
        format!("{}", failed(&Canned::status(401, "application/json", body), &expected)),
        "the credentials were refused: Invalid Access Token"
    );
}

#[test]
fn a_rate_limit_throttles_and_says_how_long() {
    let expected = Expected { kind: ErrorKind::Throttled, once: true, others: true, ..gateway(429) };
    let body = r#"{"code":"429","message":"Quota Exceeded","status":"Request Throttled","details":null}"#;
    let throttled = Canned::status(429, "application/json", body);
    assert_eq!(format!("{}", failed(&throttled, &expected)), "a rate limit was hit: Quota Exceeded");
    let waits = |transport: &Canned| CALLS.map(|(_, call)| call(&once(transport)).retry_after());
    assert_eq!(waits(&throttled), [None; 3]);
    assert_eq!(waits(&throttled.clone().header("retry-after", " 17 ")), [Some(Duration::from_secs(17)); 3]);
    let dated = throttled.clone().header("retry-after", "Thu, 01 Jan 2026 00:01:30 GMT");
    assert_eq!(waits(&dated), [Some(Duration::from_secs(90)); 3]);
    let past = throttled.clone().header("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
    assert_eq!(waits(&past), [Some(Duration::ZERO); 3]);
    for endless in ["4294967295", "999999999999", "99999999999999999999999"] {
        let longest = Duration::from_secs(u32::MAX.into());
        assert_eq!(waits(&throttled.clone().header("retry-after", endless)), [Some(longest); 3], "{endless}");
    }
    for unclear in ["", "soon", "-1", "1.5", "Wed, 21 Oct"] {
        assert_eq!(waits(&throttled.clone().header("retry-after", unclear)), [None; 3], "{unclear:?}");
    }
}

#[test]
fn a_gateway_that_fails_in_passing_may_be_asked_again() {
    for status in [502, 503, 504] {
        let text = failed(&Canned::status(status, "text/html", HTML), &Expected { others: true, ..gateway(status) });
        let text = text.replace(&status.to_string(), "<status>");
        insta::allow_duplicates! {
            assert_eq!(format!("{}", text), "the gateway answered with status <status> (text/html): <html><head><title>Oops</title></head></html>");
        }
    }
    let busy = Canned::status(503, "text/html", HTML).header("retry-after", "30");
    assert_eq!(CALLS[0].1(&busy.client()).retry_after(), Some(Duration::from_secs(30)));
}

#[test]
fn json_of_another_shape_is_shown_as_it_is() {
    for body in
        [r#"{"messages":1}"#, r#"{"message":1}"#, r#"{"message":"a \"b\""}"#, r#"{"message":"a"#, r#"{"message""#]
    {
        let text = failed(&Canned::status(500, "application/json", body), &gateway(500));
        assert_eq!(text, format!("the gateway answered with status 500 (application/json): {body}"));
    }
    let text = failed(&Canned::status(500, "text/plain", r#"a "message": "b""#), &gateway(500));
    assert_eq!(text, r#"the gateway answered with status 500 (text/plain): a "message": "b""#);
    let blank = failed(&Canned::status(500, "application/json", r#" { "message" : "" }"#), &gateway(500));
    assert_eq!(blank, "the gateway answered with status 500 (application/json): an empty page");
}

#[test]
fn other_statuses_are_the_gateways() {
    assert_eq!(
        format!("{}", failed(&Canned::status(500, "text/plain", "boom"), &gateway(500))),
        "the gateway answered with status 500 (text/plain): boom"
    );
    assert_eq!(
        format!("{}", failed(&Canned::status(403, "text/html; charset=utf-8", HTML), &gateway(403))),
        "the gateway answered with status 403 (text/html; charset=utf-8): <html><head><title>Oops</title></head></html>"
    );
    assert_eq!(
        format!("{}", failed(&Canned::status(404, "text/html", ""), &gateway(404))),
        "the gateway answered with status 404 (text/html), so the endpoint may be wrong: an empty page"
    );
    assert_eq!(
        format!("{}", failed(&Canned::status(204, "text/xml", ""), &gateway(204))),
        "the gateway answered with status 204 (text/xml): an empty page"
    );
    // A valid answer under another status is none of the API's.
    assert_eq!(
        format!("{}", failed(&Canned::status(201, "text/xml", answer("1")), &gateway(201))),
        "the gateway answered with status 201 (text/xml): <methodResponse><params><param><value>1</value></param></params></methodRespon…"
    );
}

#[test]
fn a_redirect_is_never_followed() {
    let redirect = Canned::status(302, "text/html", "moved").header("location", "https://elsewhere.example.com/");
    assert_eq!(
        format!("{}", failed(&redirect, &gateway(302))),
        "the gateway answered with status 302 (text/html): moved"
    );
}

#[test]
fn an_answer_that_is_not_xml_rpc_is_the_gateways() {
    let expected = Expected { kind: ErrorKind::Gateway, ..unreadable() };
    assert_eq!(
        format!("{}", failed(&Canned::status(200, "text/html", HTML), &expected)),
        "expected an XML-RPC response, got HTML (text/html): <html><head><title>Oops</title></head></html>"
    );
    assert_eq!(
        format!("{}", failed(&Canned::status(200, "application/json", r#"{"a":1}"#), &expected)),
        r#"expected an XML-RPC response, got JSON (application/json): {"a":1}"#
    );
}

#[test]
fn an_answer_of_a_wrong_structure_is_unreadable() {
    assert_eq!(
        format!("{}", failed(&Canned::ok("<methodResponse><params><i4>"), &unreadable())),
        "unexpected <i4> in params (byte 24: <methodResponse><params><i4>)"
    );
}

#[test]
fn an_answer_that_is_blank_or_cut_short_may_be_asked_for_again() {
    let expected = Expected { others: true, ..unreadable() };
    assert_eq!(format!("{}", failed(&Canned::ok(""), &expected)), "the body is empty");
    assert_eq!(format!("{}", failed(&Canned::ok(" \n"), &expected)), "the body is empty");
    assert_eq!(
        format!("{}", failed(&Canned::ok("<methodResponse><params><param><value>"), &expected)),
        "the body ends before the response does (byte 38: …esponse><params><param><value>)"
    );
}

#[test]
fn an_answer_of_another_type_says_where() {
    let page = "<array><data><value><struct/></value><value><i4>7</i4></value></data></array>";
    let error = Canned::ok(answer(page)).client().contacts().find_by_email("a@example.com", &["Id"]);
    assert_eq!(
        format!("{}", error.expect_err("not a record")),
        r#"ContactService.findByEmail: [1]: expected struct, got "7""#
    );
    let error = Canned::ok(answer("<string>Ada</string>")).client().contacts().add(record! {}).expect_err("not an id");
    assert_eq!(format!("{}", error), r#"ContactService.add: expected int, got "Ada""#);
    assert_eq!((error.kind(), error.maybe_executed(), error.is_retryable()), (ErrorKind::Decode, true, false));
}

#[test]
fn the_body_of_an_unreadable_answer_is_given_on_request_alone() {
    let body = format!("<methodResponse>{}<oops>", " ".repeat(200) + "personal data");
    let error = CALLS[0].1(&Canned::ok(body.clone()).client());
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert!(format!("{error:?}").contains(&format!("{} bytes", body.len())), "{error:?}");
    let error = CALLS[0].1(&Canned::ok(answer(&format!("<struct/>{}", "secret ".repeat(30)))).client());
    assert!(error.to_string().len() < 250 && format!("{error:?}").len() < 600, "{error:?}");
}

#[test]
fn a_page_of_the_gateway_is_shown_in_part() {
    let error = CALLS[0].1(&Canned::status(500, "text/plain", "x".repeat(1 << 20)).client());
    assert!(error.to_string().len() < 250, "{error}");
    assert_eq!(error.body(), None);
}

#[test]
fn a_fault_is_told_by_its_code() {
    let expected = refused();
    assert_eq!(
        format!("{}", failed(&Canned::ok(fault(5, "[RecordNotFound]No record of Contact with Id 5")), &expected)),
        "fault 5: [RecordNotFound]No record of Contact with Id 5"
    );
    assert_eq!(
        format!("{}", failed(&Canned::ok(fault(0, "No such handler: Some.method")), &expected)),
        "fault 0: No such handler: Some.method"
    );
    assert_eq!(format!("{}", failed(&Canned::ok(fault(99, "[New]?")), &expected)), "fault 99: [New]?");
    assert_eq!(format!("{}", failed(&Canned::ok(fault(4, "")), &expected)), "fault 4");
}

#[test]
fn a_fault_of_a_throttled_server_is_throttled() {
    let expected = Expected { kind: ErrorKind::Throttled, once: true, others: true, ..refused() };
    for text in [
        "com.example.ThrottlingException: Maximum number of threads throttled",
        "ThrottlingException",
        "Failed to invoke method query: Maximum number of threads throttled",
    ] {
        let transport = Canned::ok(fault(0, text));
        assert_eq!(failed(&transport, &expected), format!("fault 0: {text}"));
        let error = CALLS[0].1(&once(&transport));
        assert_eq!(error.fault().map(|fault| fault.text()), Some(text));
    }
    // A field can hold such a text; only the server itself speaks without a code.
    failed(&Canned::ok(fault(12, "[InvalidParameter]ThrottlingException")), &refused());
}

#[test]
fn a_fault_in_the_middle_of_a_call_may_stand_for_an_executed_one() {
    let cancelled = "Failed to invoke method query in class com.example: Statement cancelled due to client request";
    failed(&Canned::ok(fault(0, cancelled)), &Expected { maybe_executed: true, others: true, ..refused() });
    let thrown = "Failed to invoke method chargeInvoice in class com.example.InvoiceService: Read timed out";
    failed(&Canned::ok(fault(0, thrown)), &Expected { maybe_executed: true, ..refused() });
    failed(&Canned::ok(fault(3, "[Unexpected]?")), &Expected { maybe_executed: true, ..refused() });
}

#[test]
fn a_fault_has_a_code_a_token_and_a_message() {
    use infusionsoft::FaultCode;

    let of = |code, text: &str| {
        let error = CALLS[1].1(&Canned::ok(fault(code, text)).client());
        error.fault().expect("a fault").clone()
    };
    let refused = of(5, "[RecordNotFound] No record");
    assert_eq!((refused.code(), refused.code().as_i32()), (FaultCode::RecordNotFound, 5));
    assert_eq!((refused.token(), refused.message()), (Some("RecordNotFound"), "No record"));
    assert_eq!(refused.text(), "[RecordNotFound] No record");
    let refused = of(-7, "no token [at all]");
    assert_eq!(refused.code(), FaultCode::Unknown(-7));
    assert_eq!((refused.token(), refused.message()), (None, "no token [at all]"));
    let refused = of(0, "[open");
    assert_eq!((refused.code(), refused.token(), refused.message()), (FaultCode::FreeText, None, "[open"));
    assert_eq!(of(2, "[]").token(), Some(""));
}

#[test]
fn a_malformed_fault_is_unreadable() {
    let body = fault(5, "[RecordNotFound]").replace("<i4>5</i4>", "<i4>five</i4>");
    assert_eq!(
        format!("{}", failed(&Canned::ok(body), &unreadable())),
        r#"malformed fault: faultCode: expected int, got "five" (byte 79: …me>faultCode</name><value><i4>five</i4></value></member><member><name>faultStr…)"#
    );
}

#[test]
fn an_answer_over_the_limit_is_refused() {
    for length in [82, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let body = answer("18") + &" ".repeat(length - 82);
        let client = |max_body| {
            let builder = Client::builder().credentials(infusionsoft::Credentials::access_token("token"));
            builder.transport(Canned::ok(&*body)).max_body(max_body).build().expect("the client can be built")
        };
        for enough in [length as u64, u64::MAX] {
            assert_eq!(client(enough).contacts().add(record! {}).expect("an answer"), ContactId(18));
        }
        let limit = length as u64 - 1;
        let error = client(limit).contacts().load(ContactId(18), &["Id"]).expect_err("too large");
        assert_eq!(
            error.to_string(),
            format!("ContactService.load: the answer exceeds the limit of {limit} bytes, which `max_body` sets")
        );
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(200)));
        assert!(error.maybe_executed() && !error.is_retryable());
    }
}

#[test]
fn characters_that_xml_forbids_are_replaced_or_refused() {
    let transport = Canned::ok(answer("a&#11;b"));
    assert_eq!(transport.client().data().echo("").expect("an answer"), "a\u{FFFD}b");
    let builder = Client::builder().credentials(infusionsoft::Credentials::access_token("token"));
    let strict = builder.transport(transport).strict_characters(true).build().expect("the client can be built");
    assert_eq!(
        format!("{}", strict.data().echo("").expect_err("a forbidden character")),
        "DataService.echo: character U+000B is not allowed in XML (byte 39: …sponse><params><param><value>a&#11;b</value></param></params></methodResponse>)"
    );
}
