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

fn main() -> ExitCode {
    let mut report = Report::from_arguments();
    decoding::run(&mut report);
    encoding::run(&mut report);
    whole_call::run(&mut report);
    paging::run(&mut report);
    threads::run(&mut report);
    report.finish()
}
