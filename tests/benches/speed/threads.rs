//! Many threads: with one client for all of them, and with a client for each.

use std::sync::Arc;
use std::thread;

use infusionsoft::Client;
use infusionsoft_benches::documents;
use infusionsoft_benches::report::Report;

use super::rounds::{Contest, best, compare, timed};
use super::server;
use super::whole_call::{client, load};

const THREADS: usize = 64;
const CALLS: usize = 25;

pub(crate) fn run(report: &mut Report) {
    let document = documents::single();
    let bytes = document.len() * THREADS * CALLS;
    report.title(&format!("threads: {THREADS} of them, {CALLS} calls each"));
    let answer = Arc::new(document.into_bytes());
    let url = server::start(move |_| Arc::clone(&answer));
    let shared = vec![client(&url); THREADS];
    let separate: Vec<Client> = (0..THREADS).map(|_| client(&url)).collect();
    let contestants = vec![
        timed("infusionsoft", None, || all_call(&shared)),
        timed("infusionsoft-separate", None, || all_call(&separate)),
    ];
    compare(report, Contest { case: "threads", rounds: 20, bytes, reference: Some("separate"), by: best }, contestants);
}

fn all_call(clients: &[Client]) {
    thread::scope(|scope| {
        for client in clients {
            scope.spawn(move || (0..CALLS).for_each(|_| load(client)));
        }
    });
}
