//! Reading answers: against the bare event loop over the same bytes.

use infusionsoft::runtime::decode;
use infusionsoft::{Bytes, Record, Value};
use infusionsoft_benches::documents::{self, Layout, ROWS, TINY};
use infusionsoft_benches::lead::Lead;
use infusionsoft_benches::report::Report;
use serde::de::DeserializeOwned;

use super::peers::python::Python;
use super::peers::{dxr, floor, xmlrpc};
use super::rounds::{Contest, Contestant, best, compare, many, timed};
use super::tables;

/// The page, as a server may write it.
const LAYOUTS: [(&str, Layout); 4] = [
    ("page", Layout::Plain),
    ("page-pretty", Layout::Pretty),
    ("page-tagged", Layout::Tagged),
    ("page-entities", Layout::Entities),
];

/// No layout of the page takes longer than this, whatever it is read into.
const ANY_LAYOUT: f64 = 0.7;

pub(crate) fn run(report: &mut Report) {
    let python = Python::start();
    if python.is_none() {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed");
        eprintln!("left out: Python's client, since there is no python3");
    }
    for (case, layout) in LAYOUTS {
        page(report, python.as_ref(), case, layout);
    }
    file(report, python.as_ref());
    tiny(report, python.as_ref());
}

fn page(report: &mut Report, python: Option<&Python>, case: &'static str, layout: Layout) {
    let page = documents::page(layout, 0..ROWS);
    report.title(&format!("{case}: {ROWS} records of 20 fields, {:.1} MB", page.len() as f64 / 1e6));
    let reach = |plain: f64| Some(if layout == Layout::Plain { plain } else { ANY_LAYOUT });
    let mut contestants = vec![
        tables::reader(reach(0.5), &page),
        ours::<Vec<Lead>>("infusionsoft-struct", reach(0.55), &page),
        ours::<Vec<Record>>("infusionsoft-records", reach(0.55), &page),
        ours::<Value>("infusionsoft-value", reach(0.7), &page),
        timed("xmlrpc", None, || xmlrpc::read(&page)),
        timed("dxr", None, || dxr::read(&page)),
    ];
    contestants.extend(python.map(|python| python.reads(case, 1, &page)));
    contestants.push(timed("floor", None, || floor::read(&page)));
    compare(report, Contest { case, rounds: 40, bytes: page.len(), reference: None, by: best }, contestants);
}

fn file(report: &mut Report, python: Option<&Python>) {
    let file = documents::file(10_000_002);
    report.title(&format!("file: 10 MB, as {:.1} MB of base64", file.len() as f64 / 1e6));
    let mut contestants = vec![
        ours::<String>("infusionsoft-string", Some(1.4), &file),
        ours::<Bytes>("infusionsoft-bytes", Some(2.5), &file),
        timed("xmlrpc", None, || xmlrpc::read(&file)),
        timed("dxr", None, || dxr::read(&file)),
    ];
    contestants.extend(python.map(|python| python.reads("file", 1, &file)));
    contestants.push(timed("floor", None, || floor::read(&file)));
    compare(report, Contest { case: "file", rounds: 40, bytes: file.len(), reference: None, by: best }, contestants);
}

fn tiny(report: &mut Report, python: Option<&Python>) {
    const RUNS: u32 = 200;
    report.title(&format!("tiny: the answer with a number, {} bytes", TINY.len()));
    let read = || decode::<i32>(TINY.as_bytes()).expect("the documents are answers");
    let mut contestants = vec![
        many(RUNS, "infusionsoft", Some(0.9), read),
        many(RUNS, "xmlrpc", None, || xmlrpc::read(TINY)),
        many(RUNS, "dxr", None, || dxr::read(TINY)),
    ];
    contestants.extend(python.map(|python| python.reads("tiny", RUNS, TINY)));
    contestants.push(many(RUNS, "floor", None, || floor::read(TINY)));
    compare(report, Contest { case: "tiny", rounds: 500, bytes: TINY.len(), reference: None, by: best }, contestants);
}

/// The client's own reader, reading into a type.
pub(crate) fn ours<'a, T: DeserializeOwned + 'a>(
    name: &'static str,
    reach: Option<f64>,
    document: &'a str,
) -> Contestant<'a> {
    timed(name, reach, || decode::<T>(document.as_bytes()).expect("the documents are answers"))
}
