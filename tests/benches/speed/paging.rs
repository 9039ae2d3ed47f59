//! A hundred thousand contacts from a server that thinks before it answers: with and without reading ahead, against the
//! slower of the network alone and the decoding alone.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use infusionsoft::Client;
use infusionsoft::find::Find;
use infusionsoft::runtime::decode;
use infusionsoft::tables::Contact;
use infusionsoft_benches::canned::{Canned, Sent};
use infusionsoft_benches::documents::{FIRST_ID, Layout, ROWS, page};
use infusionsoft_benches::pages::{PAGES, Pages, select};
use infusionsoft_benches::report::Report;

use super::peers::post;
use super::rounds::{Contest, best, measure, tell, timed};
use super::server;
use super::whole_call::client;

/// How long the server thinks about a page.
const THINKS: Duration = Duration::from_millis(5);

pub(crate) fn run(report: &mut Report) {
    let pages = Arc::new(Pages::default());
    let bytes = pages.length() * PAGES as usize;
    report.title(&format!(
        "paging: {} contacts, {} MB, a server that thinks {THINKS:?}",
        PAGES * ROWS,
        bytes / 1_000_000
    ));
    let thinking = Arc::clone(&pages);
    let url = server::start(move |query| {
        thread::sleep(THINKS);
        thinking.answer(query)
    });
    let queries = queries();
    let mut contestants = [
        timed("infusionsoft-ahead", Some(1.1), || count(contacts(&client(&url)).read_ahead())),
        timed("infusionsoft-in-turn", None, || count(contacts(&client(&url)))),
        timed("infusionsoft-decoding", None, || {
            queries.iter().map(|query| rows(&pages.answer(&query.body))).sum::<usize>()
        }),
        timed("floor", None, || {
            let agent = post::agent();
            queries.iter().map(|query| post::post(&agent, &url, query).len()).sum::<usize>()
        }),
    ];
    // Where the system runs the three threads makes a tenth of the time, so that each round has a connection of its own.
    let times = measure(6, &mut contestants);
    let slower = times[2].best.max(times[3].best);
    let contest = Contest { case: "paging", rounds: times.len(), bytes, reference: Some("post"), by: best };
    for (contestant, times) in contestants.iter().zip(&times) {
        tell(report, contest, contestant, times, slower);
    }
}

fn contacts(client: &Client) -> Find<Contact> {
    select(client.find::<Contact>())
}

fn count(contacts: Find<Contact>) -> usize {
    let count = contacts.iter().inspect(|contact| assert!(contact.is_ok(), "{contact:?}")).count();
    assert_eq!(count, (PAGES * ROWS) as usize, "no row is left out");
    count
}

fn rows(page: &[u8]) -> usize {
    decode::<Vec<Contact>>(page).expect("the documents are answers").0.len()
}

/// The first query, and such that ask for the pages after it, to the empty one at the end.
fn queries() -> Vec<Sent> {
    let canned = Canned::ok(page(Layout::Plain, 0..0));
    contacts(&canned.client()).fetch().expect("the call is answered");
    let first = canned.only_sent();
    let next = |page| {
        let last = FIRST_ID + page * ROWS - 1;
        Sent { body: [&first.body[..], format!("<!-- ~>~ {last} -->").as_bytes()].concat(), ..first.clone() }
    };
    (0..=PAGES).map(|page| if page == 0 { first.clone() } else { next(page) }).collect()
}
