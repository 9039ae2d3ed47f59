//! Canaries: no text of the client ever shows a secret.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io;
use std::panic;

use infusionsoft::data::AuthenticateUserRequest;
use infusionsoft::invoices::ValidateCreditCardRequest;
use infusionsoft::tables::Contact;
use infusionsoft::transport::{Body, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use infusionsoft::{
    CardDetails, Client, ContactId, Content, Credentials, DateTime, Error, Record, Secret, Value, record,
};
use infusionsoft_tests::canned::Canned;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::common::{answer, chain, fault};

const CREDENTIAL: &str = "canary/credential+0123456789";
const ENCODED_CREDENTIAL: &str = "canary%2Fcredential%2B0123456789";
const CARD: &str = "4111111111111111";
const CVV: &str = "canary-cvv";
const HASH: &str = "canary-hash-0123456789abcdef";

const CARRIERS: [fn(&str) -> Credentials; 4] = [
    |secret| Credentials::access_token(secret),
    |secret| Credentials::access_token_in_query(secret),
    |secret| Credentials::personal_key(secret),
    |secret| Credentials::legacy_key(secret),
];

fn assert_silent(text: &str) {
    for canary in [CREDENTIAL, ENCODED_CREDENTIAL, CARD, CVV, HASH] {
        assert!(!text.contains(canary), "{canary} shows in {text}");
    }
}

fn assert_error_silent(error: &Error) {
    assert_silent(&format!("{error} {error:?} {error:#?} {}", chain(error).join(" ")));
    assert_silent(&String::from_utf8_lossy(error.body().unwrap_or_default()));
}

fn card() -> CardDetails {
    CardDetails {
        card_type: "Visa".into(),
        contact_id: ContactId(18),
        card_number: CARD.into(),
        expiration_month: "12".into(),
        expiration_year: "2030".into(),
        cvv2: CVV.into(),
    }
}

/// Every call with a secret argument, each of which fails.
fn failures(client: &Client) -> Vec<Error> {
    vec![
        client.data().authenticate_user("ada", HASH).expect_err("a failure"),
        client.invoices().validate_credit_card(card()).expect_err("a failure"),
    ]
}

/// What a server sends that repeats the request.
fn echoes() -> Vec<Canned> {
    let page = format!("<html>/crm/xmlrpc/v1?access_token={ENCODED_CREDENTIAL} Bearer {CREDENTIAL}</html>");
    let mut echoes: Vec<_> =
        [301, 401, 403, 429, 500, 503].map(|status| Canned::status(status, "text/html", page.clone())).into();
    echoes.extend([
        Canned::ok(page.clone()),
        Canned::ok(format!("{{\"token\":\"{CREDENTIAL}\"}}")),
        Canned::ok(format!("<methodResponse><params><param><value>{CREDENTIAL}")),
        Canned::ok(answer(&format!("<struct><oops>{CREDENTIAL}"))),
        Canned::ok(answer(CREDENTIAL)),
        Canned::ok(fault(2, &format!("[InvalidKey]Invalid Key: {CREDENTIAL}"))),
        Canned::ok(answer("<struct><member><name>Valid</name><value><array/></value></member></struct>")),
    ]);
    echoes
}

#[test]
fn no_error_shows_a_secret_even_if_the_server_repeats_it() {
    for carrier in CARRIERS {
        for transport in echoes() {
            failures(&transport.client_with(carrier(CREDENTIAL))).iter().for_each(assert_error_silent);
            assert!(!transport.sent().is_empty());
        }
    }
}

#[test]
fn the_rest_of_a_fault_that_repeats_the_key_is_kept() {
    let transport = Canned::ok(fault(2, &format!("[InvalidKey]Invalid Key: {CREDENTIAL}")));
    let error = failures(&transport.client_with(Credentials::legacy_key(CREDENTIAL))).remove(0);
    assert_eq!(
        format!("{}", error),
        "DataService.authenticateUser: fault 2: [InvalidKey]Invalid Key: ****************************"
    );
    assert_eq!(error.fault().and_then(|fault| fault.token()), Some("InvalidKey"));
}

#[test]
fn values_that_resemble_the_credentials_are_left_alone() {
    let transport = Canned::ok(answer(CREDENTIAL));
    let echoed = transport.client_with(Credentials::access_token(CREDENTIAL)).data().echo("x");
    assert_eq!(echoed.expect("an answer"), CREDENTIAL);
    // What is shorter than any real secret can be a word of the answer itself.
    let transport = Canned::ok(fault(2, "[InvalidKey]Invalid Key"));
    let error = failures(&transport.client_with(Credentials::legacy_key("Key"))).remove(0);
    assert_eq!(error.fault().map(|fault| fault.text()), Some("[InvalidKey]Invalid Key"));
}

#[test]
fn no_refusal_shows_a_secret() {
    let client = Canned::ok(answer("1")).client();
    let unfit = |text: &str| Secret::from(format!("{text}\u{0}"));
    let error = client.data().authenticate_user("ada", unfit(HASH)).expect_err("it cannot travel");
    assert_error_silent(&error);
    assert_eq!(
        format!("{}", error),
        "DataService.authenticateUser: passwordHash holds U+0000 at character 28, which XML cannot carry"
    );
    let error = client.invoices().validate_credit_card(CardDetails { card_number: unfit(CARD), ..card() });
    let error = error.expect_err("it cannot travel");
    assert_error_silent(&error);
    assert_eq!(
        format!("{}", error),
        "InvoiceService.validateCreditCard: card.CardNumber holds U+0000 at character 16, which XML cannot carry"
    );
    for carrier in CARRIERS {
        let error =
            Client::builder().credentials(carrier(&format!("{CREDENTIAL}\n"))).build().expect_err("a line break");
        assert_error_silent(&error);
    }
}

/// Everything that an error for an answer to a call with these secrets shows.
fn shown(answer: Canned, password: &str) -> String {
    let client = answer.client_with(Credentials::personal_key(CREDENTIAL));
    let error = client.data().authenticate_user("ada", Secret::from(password)).expect_err("a failure");
    format!("{error:?} {} {}", chain(&error).join(" "), String::from_utf8_lossy(error.body().unwrap_or_default()))
}

#[test]
fn no_part_of_a_secret_shows_where_an_answer_breaks_off_within_it() {
    for part in (4..CREDENTIAL.len()).map(|length| &CREDENTIAL[..length]) {
        let fault = format!("<methodResponse><fault><value><struct><member><name>faultString</name><value>No {part}");
        for answer in [
            Canned::status(400, "text/html", format!("No {part}")),
            Canned::ok(format!("No {part}")),
            Canned::ok(fault),
        ] {
            let shown = shown(answer, "");
            assert!(shown.contains("No ****") && !shown.contains("cana"), "{part}: {shown}");
        }
    }
    for torn in ["p&ss=%&am", "p&amp;ss=%&amp", "p&amp;amp;ss=%&amp;am", "p%26ss%3D%25%2", r"p\u0026ss=%\u00"] {
        let shown = shown(Canned::status(400, "text/html", format!("No {torn}")), "p&ss=%&more");
        assert!(shown.contains(&format!("No {}", "*".repeat(torn.len()))), "{torn}: {shown}");
    }
    let shown = shown(Canned::status(400, "text/html", "a can"), "");
    assert!(shown.contains("a can"), "that may well be a word: {shown}");
}

#[test]
fn no_secret_shows_however_it_is_escaped() {
    let secret = r#"é&ss=w'or"d<x>/y\%26 z"#;
    for written in [
        secret,
        r#"%c3%a9%26ss%3dw%27or%22d%3cx%3e%2fy%5c%2526%20z"#,
        r#"%C3%A9%26ss%3Dw%27or%22d%3Cx%3E%2Fy%5C%2526+z"#,
        r#"é\u0026ss\u003dw\u0027or\"d\u003cx\u003e/y\\%26 z"#,
        r#"\u00E9\u0026ss=w'or\u0022d\u003Cx\u003E\/y\u005C%26 z"#,
        r#"é&amp;ss=w'or"d&lt;x>/y\%26 z"#,
        r#"é&amp;ss&#x3D;w&#x27;or&quot;d&lt;x&gt;&#x2F;y\%26 z"#,
        r#"&#233;&#38;ss=w&#39;or&#34;d&#60;x&#62;&#047;y&#92;%26&#32;z"#,
        r#"é&amp;amp;ss=w&amp;apos;or&amp;quot;d&amp;lt;x&amp;gt;/y\%26 z"#,
    ] {
        let shown = shown(Canned::ok(format!("No <b>{written}</b>")), secret);
        assert!(shown.contains(&format!("No <b>{}</b>", "*".repeat(written.len()))), "{written}: {shown}");
    }
}

#[test]
fn a_content_type_is_shown_like_the_page() {
    let content_type = format!("text/{CREDENTIAL}; {}", "x".repeat(1000));
    for status in [200, 400] {
        let shown = shown(Canned::status(status, &content_type, "no XML"), "");
        assert_silent(&shown);
        assert!(shown.contains("(text/****") && shown.len() < 1000, "{shown}");
    }
}

/// Fails with what it knows of the request.
struct Talkative;

impl Transport for Talkative {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        assert_silent(&format!("{request:?} {request:#?} {:?} {:?}", request.body, request.body.reader()));
        let source = io::Error::other(format!("{request:?}"));
        Err(TransportError::new(TransportErrorKind::Connection, true, source))
    }
}

#[test]
fn no_value_of_the_transport_shows_a_secret() {
    for carrier in CARRIERS {
        let builder = Client::builder().credentials(carrier(CREDENTIAL)).endpoint("https://example.com/rpc");
        let client = builder.transport(Talkative).build().expect("the client can be built");
        failures(&client).iter().for_each(assert_error_silent);
    }
    let headers = vec![("set-cookie".to_owned(), CREDENTIAL.to_owned())];
    let response = HttpResponse { status: 200, headers, body: Box::new(io::Cursor::new(CARD)) };
    assert_silent(&format!("{response:?}"));
    assert_silent(&format!("{:?}", Body::from(CARD.as_bytes().to_vec())));
    assert_silent(&format!("{:?}", Content::from(CARD)));
}

#[test]
fn no_client_and_no_request_shows_a_secret() {
    for carrier in CARRIERS {
        let builder = Client::builder().credentials(carrier(CREDENTIAL)).endpoint("https://example.com/rpc");
        assert_shown_silent(&carrier(CREDENTIAL));
        assert_shown_silent(&builder);
        assert_shown_silent(&builder.build().expect("the client can be built"));
    }
    assert_shown_silent(&Secret::from(CARD));
    assert_shown_silent(&card());
    assert_shown_silent(&ValidateCreditCardRequest { card: card() });
    assert_shown_silent(&AuthenticateUserRequest { username: "ada".into(), password_hash: HASH.into() });
}

fn assert_shown_silent(value: &impl Debug) {
    assert_silent(&format!("{value:?} {value:#?}"));
}

#[test]
fn no_panic_shows_a_secret() {
    let panicked = panic::catch_unwind(|| {
        let transport = Canned::ok(fault(2, &format!("[InvalidKey]{CREDENTIAL}")));
        let client = transport.client_with(Credentials::legacy_key(CREDENTIAL));
        client.invoices().validate_credit_card(card()).unwrap_or_else(|error| panic!("{error:?}"))
    });
    let message = panicked.expect_err("it panics");
    assert_silent(message.downcast_ref::<String>().expect("a text"));
}

/// A value as serde writes it.
fn written(value: Value) -> Result<String, std::fmt::Error> {
    struct Written(Value);

    impl std::fmt::Display for Written {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            serde::Serialize::serialize(&self.0, f)
        }
    }

    let mut text = String::new();
    std::fmt::Write::write_fmt(&mut text, format_args!("{}", Written(value))).map(|()| text)
}

#[test]
fn a_secret_shows_in_no_record_and_is_not_serialized() {
    let card = record! { "CardNumber" => Secret::from(CARD), "CVV2" => Secret::from(CVV) };
    assert_silent(&format!("{card:?} {:?}", Value::from(vec![Secret::from(HASH)])));
    assert!(written(CARD.into()).is_ok() && written(Secret::from(CARD).into()).is_err());
}

#[test]
fn a_secret_in_a_record_travels_and_is_hidden_in_what_the_server_repeats() {
    let canned = Canned::ok(fault(3, &format!("[Unexpected]no card number: {CARD}, {CVV}")));
    let card = record! { "CardNumber" => Secret::from(CARD), "CVV2" => Secret::from(CVV) };
    let card = card.to::<Record>().expect("a record, even after a detour");
    let error = canned.client().data().add("CreditCard", card).expect_err("a fault");
    assert!(canned.only_sent().text().contains(CARD), "it travels");
    assert_silent(&format!("{error} {error:?} {:?}", error.fault()));
}

#[test]
fn a_secret_stays_one_where_records_and_values_are_read_as_such() {
    let deep = record! { "Cards" => vec![record! { "CardNumber" => Secret::from(CARD) }], "CVV2" => Secret::from(CVV) };
    assert_eq!(deep.to::<Record>().expect("a record"), deep);
    let map = deep.to::<BTreeMap<String, Value>>().expect("a map");
    assert_eq!(map.into_iter().collect::<Record>(), deep);
    let value = Value::from(deep);
    let again = value.to::<Value>().expect("a value");
    assert_eq!(again, value);
    assert_silent(&format!("{again:?}"));
    assert!(written(again).is_err(), "nor is it written down");
    // In a row, too: with a column of its own, and without.
    let row = record! { "Password" => Secret::from(HASH), "_Pin" => Secret::from(CVV) };
    let contact = row.to::<Contact>().expect("a contact");
    assert_silent(&format!("{contact:?}"));
    assert_eq!(Record::from(contact), row);
    // What is declared as a text is one.
    let row = record! { "FirstName" => Secret::from("Ada") };
    assert_eq!(row.to::<Contact>().expect("a contact").first_name.as_deref(), Some("Ada"));
}

#[test]
fn a_secret_that_is_no_such_type_stays_hidden() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Odd;

    impl TryFrom<String> for Odd {
        type Error = String;

        fn try_from(text: String) -> Result<Odd, String> {
            Err(format!("{text} is odd"))
        }
    }

    fn refused<T: DeserializeOwned + Debug>() {
        let secret = || Value::from(Secret::from(HASH));
        let row = record! { "Password" => secret() };
        let error = row.to::<BTreeMap<String, T>>().expect_err("another type");
        assert_error_silent(&error);
        assert_eq!(error.to_string(), "Password: the secret is not of the declared type");
        assert_error_silent(&secret().to::<T>().expect_err("another type"));
        assert_error_silent(&Value::from([secret()]).to::<Vec<T>>().expect_err("another type"));
    }

    refused::<char>();
    refused::<DateTime>();
    refused::<i32>();
    refused::<Odd>();
    refused::<Option<Odd>>();
    let row = record! { "Password" => Secret::from(HASH) };
    let map: BTreeMap<&str, &str> = row.to().expect("a text");
    assert_eq!(map["Password"], HASH);
}

/// A struct whose members serde keeps for later.
#[derive(Debug, Deserialize)]
struct Flat<T> {
    #[serde(flatten)]
    inner: T,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Login<T> {
    password: T,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "Kind", rename_all_fields = "PascalCase")]
enum Tagged {
    Login { _password: u64 },
}

#[derive(Debug, Deserialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum Tried {
    Login { _password: i32 },
}

/// A type whose error shows all that it was made of.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
struct OddMap;

impl TryFrom<BTreeMap<String, String>> for OddMap {
    type Error = String;

    fn try_from(texts: BTreeMap<String, String>) -> Result<OddMap, String> {
        Err(format!("{texts:?} are odd"))
    }
}

#[test]
fn a_secret_that_serde_has_kept_for_later_stays_hidden() {
    fn refused<T: DeserializeOwned + Debug>() {
        let reason = "not of the declared type; the reason is hidden, since it could show a secret within";
        // One is longer than what a time shows of a text, and escaped where it is quoted.
        for secret in [HASH.to_owned(), format!("\"{HASH}\n{CARD}{HASH}")] {
            let row = record! { "Kind" => "Login", "Password" => Secret::from(secret) };
            let deep = record! { "Rows" => vec![row.clone()] };
            for (error, place) in [
                (row.to::<T>().map(drop), ""),
                (Value::from(row).to::<T>().map(drop), ""),
                (deep.to::<BTreeMap<String, Vec<T>>>().map(drop), "Rows[0]: "),
            ] {
                let error = error.expect_err("another type");
                assert_error_silent(&error);
                assert_eq!(error.to_string(), format!("{place}{reason}"));
            }
        }
    }

    refused::<Flat<BTreeMap<String, i32>>>();
    refused::<Flat<Login<DateTime>>>();
    refused::<Tagged>();
    refused::<Tried>();
    refused::<OddMap>();
    let row = record! { "Password" => Secret::from(HASH) };
    assert_eq!(row.to::<Flat<Login<String>>>().expect("a text").inner.password, HASH);
}

#[test]
fn what_shows_no_secret_is_said_beside_one() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Person {
        _age: u8,
    }

    fn refused<T: DeserializeOwned + Debug>(age: impl Into<Value>, text: &str) {
        let row = record! { "Password" => Secret::from(HASH), "Age" => age };
        let error = row.to::<T>().expect_err("another type").to_string();
        assert!(error.starts_with(text), "{error}");
    }

    refused::<Tagged>(36, "missing member \"Kind\"");
    refused::<Person>("x", "Age: expected int, got string");
    refused::<Person>(300, "Age: invalid value: integer `300`, expected u8");
}
