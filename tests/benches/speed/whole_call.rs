//! A whole call over HTTP on loopback: against a bare POST of the same bytes.

use std::sync::Arc;

use infusionsoft::{Client, ContactId, Credentials, Limits};
use infusionsoft_benches::canned::{Canned, TOKEN};
use infusionsoft_benches::documents;
use infusionsoft_benches::report::Report;

use super::peers::post;
use super::rounds::{Contest, Contestant, clocked, compare, median};
use super::server;

/// How many calls a connection is measured for.
const CALLS_A_CONNECTION: usize = 25;

pub(crate) fn run(report: &mut Report) {
    let document = documents::single();
    let bytes = document.len();
    report.title(&format!("call: a record of 20 fields, {bytes} bytes, over HTTP"));
    let canned = Canned::ok(document.clone());
    load(&canned.client());
    let sent = canned.only_sent();
    let answer = Arc::new(document.into_bytes());
    let url = server::start(move |_| Arc::clone(&answer));
    let contestants = vec![
        renewed("infusionsoft", Some(1.05), || client(&url), load),
        renewed("floor", None, post::agent, |agent| post::post(agent, &url, &sent)),
    ];
    compare(report, Contest { case: "call", rounds: 5000, bytes, reference: Some("post"), by: median }, contestants);
}

/// Measures calls over a connection that is a new one every now and then, since a call takes twice as long if the system
/// runs the server's thread of its connection on another processor than the client.
fn renewed<'a, T: 'a, O>(
    name: &'static str,
    reach: Option<f64>,
    connect: impl Fn() -> T + 'a,
    call: impl Fn(&T) -> O + 'a,
) -> Contestant<'a> {
    // The first round isn't measured, so it warms up the first connection.
    let (mut connection, mut calls) = (connect(), 0);
    let run = move || {
        if calls == CALLS_A_CONNECTION {
            (connection, calls) = (connect(), 0);
            drop(call(&connection));
        }
        calls += 1;
        clocked(|| call(&connection))
    };
    Contestant { name, run: Box::new(run), reach }
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
