//! Writing requests: alone, and in a whole call with a transport that answers at once, so what else a call does shows too.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use infusionsoft::contacts::AddRequest;
use infusionsoft::runtime::encode;
use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use infusionsoft::{Client, Credentials, KEY_PLACEHOLDER, Limits, Record, Value};
use infusionsoft_benches::canned::{Canned, TOKEN};
use infusionsoft_benches::documents::TINY;
use infusionsoft_benches::report::Report;

use super::peers::{base64, xmlrpc};
use super::rounds::{Contest, best, compare, many, timed};

const TEXTS: [(&str, &str); 16] = [
    ("FirstName", "Ada"),
    ("LastName", "Lovelace"),
    ("Email", "ada.lovelace@example.com"),
    ("EmailAddress2", "ada@example.org"),
    ("Phone1", "(555) 555-0142"),
    ("Phone1Type", "Work"),
    ("Company", "Engines & Looms"),
    ("JobTitle", "Analyst"),
    ("StreetAddress1", "12 St James's Square"),
    ("StreetAddress2", "Second floor"),
    ("City", "London"),
    ("State", "Greater London"),
    ("PostalCode", "SW1Y 4JH"),
    ("Country", "United Kingdom"),
    ("Website", "https://example.com/ada"),
    ("ContactNotes", "Prefers letters to calls; asks for the <b>second</b> edition."),
];
const NUMBERS: [(&str, i32); 4] =
    [("CompanyID", 1815), ("OwnerID", 10), ("LeadSourceId", 1852), ("ReferralCode", 1843)];

pub(crate) fn run(report: &mut Report) {
    request(report);
    upload(report);
}

fn request(report: &mut Report) {
    const RUNS: u32 = 50;
    let method = "ContactService.add";
    let theirs = || xmlrpc::write(method, KEY_PLACEHOLDER, &TEXTS, &NUMBERS);
    let canned = Canned::ok(TINY);
    canned.client().contacts().add(record()).expect("the call is answered");
    assert_eq!(canned.only_sent().body, theirs(), "both write the same bytes");
    let bytes = theirs().len();
    report.title(&format!("request: 20 fields, {bytes} bytes"));
    let client = client(Sink);
    let contestants = vec![
        many(RUNS, "infusionsoft", Some(1.2), || {
            encode(AddRequest { data: record() }, KEY_PLACEHOLDER).expect("the request can be written")
        }),
        many(RUNS, "infusionsoft-call", None, || client.contacts().add(record()).expect("the call is answered")),
        many(RUNS, "xmlrpc", None, theirs),
    ];
    compare(report, Contest { case: "request", rounds: 500, bytes, reference: Some("xmlrpc"), by: best }, contestants);
}

fn record() -> Record {
    let texts = TEXTS.iter().map(|&(name, text)| (name, Value::from(text)));
    texts.chain(NUMBERS.iter().map(|&(name, number)| (name, Value::from(number)))).collect()
}

fn upload(report: &mut Report) {
    let bytes: Arc<[u8]> = (0..10_000_002_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    report.title("upload: 10 MB");
    let client = client(Sink);
    let mut room = vec![0; bytes.len().div_ceil(3) * 4];
    let contestants = vec![
        timed("infusionsoft", Some(1.2), || {
            client.files().upload_file("a.bin", Arc::clone(&bytes)).expect("the call is answered")
        }),
        timed("floor", None, || base64::encode(&bytes, &mut room)),
    ];
    compare(
        report,
        Contest { case: "upload", rounds: 100, bytes: bytes.len(), reference: Some("base64"), by: best },
        contestants,
    );
}

fn client(transport: impl Transport + 'static) -> Client {
    let credentials = Credentials::access_token(TOKEN);
    Client::builder()
        .credentials(credentials)
        .transport(transport)
        .limits(Limits::none())
        .build()
        .expect("the client can be built")
}

/// Reads what is sent, keeps none of it, and answers a number.
struct Sink;

impl Transport for Sink {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut reader = request.body.reader();
        let mut buffer = [0; 16 * 1024];
        while reader.read(&mut buffer).expect("the body can be read") > 0 {}
        Ok(HttpResponse { status: 200, headers: Vec::new(), body: Box::new(Cursor::new(TINY)) })
    }
}
