//! A whole call over HTTP on loopback: against a bare POST of the same bytes.

use std::sync::Arc;

use infusionsoft::{Client, ContactId, Credentials, Limits};
use infusionsoft_benches::canned::{Canned, TOKEN};
use infusionsoft_benches::documents;
use infusionsoft_benches::report::Report;

use super::peers::post;
use super::rounds::{Contest, compare, median, timed};
use super::server;

pub(crate) fn run(report: &mut Report) {
    let document = documents::single();
    let bytes = document.len();
    report.title(&format!("call: a record of 20 fields, {bytes} bytes, over HTTP"));
    let canned = Canned::ok(document.clone());
    load(&canned.client());
    let sent = canned.only_sent();
    let answer = Arc::new(document.into_bytes());
    let url = server::start(move |_| Arc::clone(&answer));
    let client = client(&url);
    let agent = post::agent();
    let contestants = vec![
        timed("infusionsoft", Some(1.05), || load(&client)),
        timed("floor", None, || post::post(&agent, &url, &sent)),
    ];
    compare(report, Contest { case: "call", rounds: 5000, bytes, reference: Some("post"), by: median }, contestants);
}

/// A client of a server on loopback.
pub(crate) fn client(url: &str) -> Client {
    let builder = Client::builder().credentials(Credentials::access_token(TOKEN)).endpoint(url).limits(Limits::none());
    builder.build().expect("the client can be built")
}

/// Makes a call.
pub(crate) fn load(client: &Client) {
    let record = client.contacts().load(ContactId(documents::FIRST_ID), &documents::field_names());
    assert_eq!(record.expect("the call is answered").len(), 20, "all fields are there");
}
