//! How fast the client is, beside its peers: each round runs all of them, one after the other.

mod decoding;
mod encoding;
mod paging;
mod peers;
mod rounds;
mod server;
mod tables;
mod threads;
mod whole_call;

use std::process::ExitCode;

use infusionsoft_benches::report::Report;

/// A name for the command line, and what is measured by it.
type Case = (&'static str, fn(&mut Report));

/// What is measured, unless the command line names some of it.
const CASES: [Case; 5] = [
    ("decoding", decoding::run),
    ("encoding", encoding::run),
    ("call", whole_call::run),
    ("paging", paging::run),
    ("threads", threads::run),
];

fn main() -> ExitCode {
    let mut report = Report::from_arguments();
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|name| CASES.iter().all(|(case, _)| case != name)) {
        eprintln!("there is no case {unknown:?}; there are: {}", CASES.map(|(case, _)| case).join(", "));
        return ExitCode::FAILURE;
    }
    for (_, run) in CASES.iter().filter(|(case, _)| named.is_empty() || named.iter().any(|name| name == case)) {
        run(&mut report);
    }
    report.finish()
}
