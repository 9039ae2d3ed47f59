//! Faults on request, over HTTP: what the client meets, and what was executed.

use std::io::{ErrorKind as IoErrorKind, Read as _, Write as _};
use std::time::{Duration, Instant};

use infusionsoft::invoices::ChargeInvoiceRequest;
use infusionsoft::{ChargeCode, ChargeInvoiceResult, Client, Credentials, Error, ErrorKind, Retry, record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Effect, Limit, Rule, Sandbox, Server, Value};

use crate::account::answered;
use crate::calls::call;
use crate::http::{Answer, connect, post, send};

const ADD: &str = "ContactService.add";

fn start() -> (Sandbox, Server) {
    let sandbox = Sandbox::new();
    let server = Server::with(sandbox.clone()).expect("the loopback interface has a free port");
    (sandbox, server)
}

fn client(server: &Server, timeout: Duration) -> Client {
    let credentials = Credentials::access_token(ACCESS_TOKEN);
    let builder = Client::builder().credentials(credentials).endpoint(server.url()).answer_timeout(timeout);
    builder.retry(Retry::none()).build().expect("the client can be built")
}

fn control(server: &Server, method: &str, path: &str, body: &str) -> Answer {
    send(server, method, &format!("/sandbox/{path}"), "", body.as_bytes())
}

fn info(server: &Server) -> Answer {
    post(server, call("DataService.getUserInfo", &[]))
}

/// Waits until `DataService.getUserInfo` was executed so often.
fn executed(sandbox: &Sandbox, times: u64) {
    let end = Instant::now() + Duration::from_secs(60);
    while sandbox.executions("DataService.getUserInfo") != times {
        assert!(Instant::now() < end, "the call is not executed");
        std::thread::yield_now();
    }
}

#[test]
fn each_effect_is_what_a_client_meets_and_says_whether_it_was_executed() {
    let (sandbox, server) = start();
    let crm = client(&server, Duration::from_secs(60));
    let throttled = |limit| Effect::Throttled { limit, retry_after: Some(7), headers: Default::default() };
    for (effect, kind, status, executed) in [
        (throttled(Limit::Rate), ErrorKind::Throttled, Some(429), false),
        (throttled(Limit::Quota), ErrorKind::Throttled, Some(429), false),
        (Effect::TokenExpired, ErrorKind::Unauthorized, Some(401), false),
        (Effect::TokenRevoked, ErrorKind::Unauthorized, Some(401), false),
        (Effect::Html { status: 502 }, ErrorKind::Gateway, Some(502), false),
        (Effect::Brownout, ErrorKind::Gateway, Some(503), false),
        (Effect::Fault { code: 4, message: "[DatabaseError]<gone>".into() }, ErrorKind::Fault, Some(200), false),
        (Effect::Reset, ErrorKind::Connection, None, true),
        (Effect::Cut { bytes: 40 }, ErrorKind::Connection, Some(200), true),
        (Effect::Cut { bytes: 0 }, ErrorKind::Connection, Some(200), true),
        (Effect::Truncated { bytes: 40 }, ErrorKind::Decode, Some(200), true),
        (Effect::Blank, ErrorKind::Decode, Some(200), true),
        (Effect::Malformed, ErrorKind::Decode, Some(200), true),
    ] {
        sandbox.reset();
        sandbox.inject(Rule::next(1, effect.clone()).on(ADD));
        let error: Error = crm.contacts().add(record! { "FirstName" => "Ada" }).expect_err("the rule applies");
        assert_eq!((error.kind(), error.http_status()), (kind, status), "{effect:?}: {error}");
        assert_eq!(sandbox.executions(ADD), u64::from(executed), "{effect:?}");
        assert!(error.maybe_executed() || !executed, "{effect:?}");
        if kind == ErrorKind::Throttled {
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
        crm.contacts().add(record! { "FirstName" => "Ada" }).expect("the rule is used up");
    }
}

#[test]
fn rules_can_say_otherwise_whether_a_call_is_executed() {
    let (sandbox, server) = start();
    let crm = client(&server, Duration::from_secs(60));
    let added = || crm.contacts().add(record! { "FirstName" => "Ada" }).map_err(|error| error.kind());
    sandbox.inject(Rule::next(1, Effect::Reset).executed(false));
    assert_eq!(added(), Err(ErrorKind::Connection));
    assert_eq!(sandbox.executions(ADD), 0);
    sandbox.inject(Rule::next(1, Effect::Html { status: 504 }).executed(true));
    assert_eq!(added(), Err(ErrorKind::Gateway));
    assert_eq!(sandbox.executions(ADD), 1);
}

/// What becomes of a charge.
fn charge(server: &Server) -> ChargeInvoiceResult {
    let request = ChargeInvoiceRequest {
        invoice_id: 1.into(),
        notes: "Upsell".to_owned(),
        credit_card_id: 2.into(),
        merchant_account_id: 3.into(),
        bypass_commissions: false,
    };
    client(server, Duration::from_secs(60)).invoices().charge_invoice(request).expect("an answer")
}

#[test]
fn an_answer_of_the_rule_stands_for_that_of_the_method() {
    const CHARGE: &str = "InvoiceService.chargeInvoice";
    let (sandbox, server) = start();
    let charged = Value::Struct(vec![
        ("Successful".to_owned(), Value::Boolean(true)),
        ("Code".to_owned(), Value::String("APPROVED".to_owned())),
    ]);
    sandbox.inject(Rule::next(1, Effect::Answer(charged)).on(CHARGE));
    let json = r#"{"on": "InvoiceService.chargeInvoice", "next": 1, "effect": {"answer": {"Successful": true, "Code": "APPROVED"}}}"#;
    assert_eq!(control(&server, "POST", "rules", json).status, 201);
    for _ in 0..2 {
        let answer = charge(&server);
        assert_eq!((answer.successful, answer.code), (Some(true), Some(ChargeCode::Approved)));
    }
    assert_eq!(sandbox.executions(CHARGE), 0);
    assert_eq!((charge(&server).successful, sandbox.executions(CHARGE)), (Some(false), 1));
}

#[test]
fn an_answer_has_the_types_of_its_json() {
    let (_, server) = start();
    for (json, expected) in [
        ("7", "<i4>7</i4>"),
        ("7.0", "<double>7.0</double>"),
        ("true", "<boolean>1</boolean>"),
        ("\"<7>\"", "&lt;7&gt;"),
        ("[1, \"a\"]", "<array><data><value><i4>1</i4></value><value>a</value></data></array>"),
        ("{\"a\": -1}", "<struct><member><name>a</name><value><i4>-1</i4></value></member></struct>"),
    ] {
        let rule = format!("{{\"next\": 1, \"effect\": {{\"answer\": {json}}}}}");
        assert_eq!(control(&server, "POST", "rules", &rule).status, 201, "{json}");
        assert_eq!(info(&server).body, answered(expected));
        let listed = control(&server, "GET", "rules", "").body;
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        let sent: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(listed[0]["effect"]["answer"], sent);
        control(&server, "DELETE", "rules", "");
    }
    for json in ["null", "[null]", "4294967296", "{\"a\": 18446744073709551615}"] {
        let rule = format!("{{\"effect\": {{\"answer\": {json}}}}}");
        assert_eq!(control(&server, "POST", "rules", &rule).status, 400, "{json}");
    }
}

#[test]
fn throttled_answers_have_both_known_bodies_and_the_headers_of_the_rule() {
    let (_, server) = start();
    let rules = r#"[{"next": 1, "effect": {"throttled": {}}},
        {"next": 1, "effect": {"throttled": {"limit": "quota", "retry_after": 3, "headers": {"x-keap-product-quota-available": "0"}}}}]"#;
    assert_eq!(control(&server, "POST", "rules", rules).status, 201);
    let (rate, quota) = (info(&server), info(&server));
    assert_eq!((rate.status, quota.status), (429, 429));
    assert!(rate.body.contains("policies.ratelimit.QuotaViolation"), "{}", rate.body);
    assert!(!rate.head.contains("retry-after"), "{}", rate.head);
    assert_eq!(quota.body, r#"{"code":"429","message":"Quota Exceeded","status":"Request Throttled","details":null}"#);
    assert!(quota.head.contains("\r\nretry-after: 3\r\nx-keap-product-quota-available: 0"), "{}", quota.head);
    assert_eq!(info(&server).status, 200);
}

#[test]
fn a_slow_answer_comes_late_and_a_stalled_one_never() {
    let (sandbox, server) = start();
    sandbox.inject(Rule::next(1, Effect::Slow { milliseconds: 20 }));
    let before = Instant::now();
    assert_eq!(info(&server).status, 200);
    assert!(before.elapsed() >= Duration::from_millis(20));

    for effect in [Effect::Stalled, Effect::Slow { milliseconds: 3_600_000 }] {
        sandbox.inject(Rule::next(1, effect));
        let error = client(&server, Duration::from_millis(50)).data().get_user_info().expect_err("the rule applies");
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Timeout, true));
    }
    // The client may give up before the server has begun.
    executed(&sandbox, 3);
}

#[test]
fn a_reset_shows_no_byte_and_a_cut_shows_some() {
    let (sandbox, server) = start();
    let body = call("DataService.getUserInfo", &[]);
    let head = format!(
        "POST /crm/xmlrpc/v1 HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer sandbox\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let ask = |effect| {
        sandbox.inject(Rule::next(1, effect));
        let mut stream = connect(&server);
        stream.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer).map_err(|error| error.kind());
        (String::from_utf8(answer).expect("answers are UTF-8"), end)
    };
    assert_eq!(ask(Effect::Reset), (String::new(), Err(IoErrorKind::ConnectionReset)));
    let (answer, _) = ask(Effect::Cut { bytes: 20 });
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()).expect("a length");
    assert_eq!(body.len(), 20);
    assert!(length.parse::<usize>().expect("a number") > 20);
}

#[test]
fn the_control_interface_takes_lists_and_ends_rules() {
    let (_, server) = start();
    assert_eq!(control(&server, "GET", "rules", "").body, "[]");
    let added = control(&server, "POST", "rules", r#"{"on": "DataService.getUserInfo", "next": 2, "effect": "blank"}"#);
    let listed = r#"[{"on":"DataService.getUserInfo","next":2,"effect":"blank","applied":0}]"#;
    assert_eq!((added.status, added.body.as_str()), (201, listed));
    assert_eq!(info(&server).body, "");
    assert!(control(&server, "GET", "rules", "").body.contains("\"applied\":1"));
    assert_eq!(control(&server, "DELETE", "rules", "").status, 204);
    assert_ne!(info(&server).body, "");
}

#[test]
fn rules_that_make_no_sense_are_refused_and_none_of_the_list_is_taken() {
    let (_, server) = start();
    for (rule, message) in [
        ("", "EOF while parsing"),
        ("{}", "missing field `effect`"),
        (r#"{"effect": "broken"}"#, "unknown variant `broken`"),
        (r#"{"effect": "blank", "method": "x"}"#, "unknown field `method`"),
        (r#"{"effect": {"slow": {"seconds": 1}}}"#, "unknown field `seconds`"),
        (r#"{"effect": "blank", "next": -1}"#, "invalid value"),
        (r#"{"effect": "blank", "probability": 20}"#, "probability is not between 0 and 1"),
        (r#"{"effect": "blank", "probability": 0.5, "next": 1}"#, "a rule has either next or probability"),
        (r#"{"effect": "blank", "seed": 5}"#, "seed goes with probability"),
        (r#"{"effect": {"html": {"status": 42}}}"#, "status is not between 400 and 599"),
        (r#"{"effect": {"throttled": {"headers": {"a b": ""}}}}"#, "headers cannot be sent"),
        (r#"{"effect": {"throttled": {"headers": {"a": "\r\n"}}}}"#, "headers cannot be sent"),
        (r#"{"effect": {"slow": {"milliseconds": 1}}, "executed": false}"#, "executed is false"),
        (r#"[{"effect": "blank"}, {"effect": 5}]"#, "expected value"),
        (r#"[{"effect": "blank"}, {"effect": "blank", "probability": 2}]"#, "probability"),
    ] {
        let answer = control(&server, "POST", "rules", rule);
        assert_eq!(answer.status, 400, "{rule}");
        assert!(answer.body.contains(message), "{rule}: {}", answer.body);
    }
    assert_eq!(control(&server, "GET", "rules", "").body, "[]");
}

#[test]
fn the_first_rule_that_applies_wins() {
    let (sandbox, server) = start();
    sandbox.inject(Rule::next(1, Effect::Brownout).on("ContactService.load"));
    sandbox.inject(Rule::next(1, Effect::Html { status: 502 }));
    sandbox.inject(Rule::always(Effect::Html { status: 504 }));
    let statuses: Vec<_> = (0..3).map(|_| info(&server).status).collect();
    assert_eq!(statuses, [502, 504, 504]);
    sandbox.clear_rules();
    assert_eq!(info(&server).status, 200);
}

#[test]
fn a_seed_picks_the_same_calls_each_time() {
    let (sandbox, server) = start();
    let picked = |seed| {
        sandbox.clear_rules();
        sandbox.inject(Rule::randomly(0.3, seed, Effect::Brownout));
        (0..100).map(|_| info(&server).status == 503).collect::<Vec<_>>()
    };
    let first = picked(7);
    assert_eq!(picked(7), first);
    assert_ne!(picked(8), first);
    let count = first.iter().filter(|picked| **picked).count();
    assert!((15..=45).contains(&count), "{count}");
    for (probability, status) in [(0.0, 200), (1.0, 503)] {
        sandbox.clear_rules();
        sandbox.inject(Rule::randomly(probability, 1, Effect::Brownout));
        assert!((0..20).all(|_| info(&server).status == status));
    }
}

#[test]
fn executions_are_counted_by_method() {
    let (sandbox, server) = start();
    let crm = client(&server, Duration::from_secs(60));
    crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
    crm.contacts().add(record! { "NoSuchField" => "Ada" }).expect_err("there is no such field");
    info(&server);
    post(&server, call("ContactService.add", &["<string>sandbox</string>", "<int>1</int>"]));
    post(&server, call("NoService.method", &[]));
    post(&server, "<broken");
    let counts = r#"{"ContactService.add":2,"DataService.getUserInfo":1}"#;
    assert_eq!(control(&server, "GET", "executions", "").body, counts);
    assert_eq!(sandbox.executions(ADD), 2);
    assert_eq!(control(&server, "DELETE", "executions", "").status, 204);
    assert_eq!(control(&server, "GET", "executions", "").body, "{}");
}

#[test]
fn rules_concern_calls_that_cannot_be_read_too() {
    let (sandbox, server) = start();
    sandbox.inject(Rule::always(Effect::Brownout));
    assert_eq!(post(&server, "<broken").status, 503);
    sandbox.clear_rules();
    sandbox.inject(Rule::always(Effect::Brownout).on(ADD));
    assert_eq!(post(&server, "<broken").status, 200);
}

#[test]
fn a_reset_forgets_rules_and_counts_and_keeps_records() {
    let (sandbox, server) = start();
    let crm = client(&server, Duration::from_secs(60));
    let ada = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact is added");
    sandbox.inject(Rule::always(Effect::Brownout));
    assert_eq!(control(&server, "POST", "reset", "").status, 204);
    assert_eq!(sandbox.executions(ADD), 0);
    assert_eq!(crm.contacts().load(ada, &["FirstName"]).expect("it is there"), record! { "FirstName" => "Ada" });
}

#[test]
fn the_control_interface_is_not_for_pages_and_knows_its_addresses() {
    let (_, server) = start();
    let page = send(&server, "POST", "/sandbox/reset", "Origin: https://example.com\r\n", b"");
    assert_eq!(page.status, 403);
    assert_eq!(control(&server, "GET", "", "").status, 404);
    assert_eq!(control(&server, "GET", "nowhere", "").status, 404);
    for (path, allowed) in
        [("rules", "GET, POST, DELETE"), ("executions", "GET, DELETE"), ("reset", "POST"), ("revoke", "POST")]
    {
        let answer = control(&server, "PUT", path, "");
        assert_eq!(answer.status, 405, "{path}");
        assert!(answer.head.contains(&format!("allow: {allowed}\r\n")), "{}", answer.head);
    }
    assert_eq!(control(&server, "POST", "revoke", r#"{"token": "unknown"}"#).status, 204);
    assert_eq!(control(&server, "POST", "revoke", "token").status, 400);
}

#[test]
fn a_stalled_call_does_not_keep_the_server_open() {
    let (sandbox, server) = start();
    sandbox.inject(Rule::always(Effect::Stalled));
    let body = call("DataService.getUserInfo", &[]);
    let length = body.len();
    let mut stream = connect(&server);
    let head =
        format!("POST /crm/xmlrpc/v1?access_token=sandbox HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
    executed(&sandbox, 1);
    // Another connection is served meanwhile.
    assert_eq!(control(&server, "GET", "rules", "").status, 200);
    drop(server);
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
}
