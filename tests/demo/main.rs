//! Calls every entry of the catalog through its generated function, over real HTTP, against the local server.
//!
//! Standard output holds one line an entry; headings and totals go to standard error. The exit code is 0 only if every
//! outcome is the documented one.

use std::io::{self, Write as _};
use std::process::ExitCode;

use infusionsoft::{Client, Credentials, Error, Limits};
use infusionsoft_sandbox::{ACCESS_TOKEN, Server};
use infusionsoft_tests::call::{Answered, Call, Documented, Example};
use infusionsoft_tests::calls::CALLS;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} entries did not answer as documented");
            ExitCode::FAILURE
        }
        Err(problem) => {
            eprintln!("the demo cannot run: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<usize, Box<dyn std::error::Error>> {
    let server = Server::start()?;
    let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).limits(Limits::none());
    let client = builder.endpoint(server.url()).build()?;
    eprintln!("{} entries of the catalog, called at {}\n", CALLS.len(), server.url());
    let mut output = io::stdout().lock();
    let mut totals = [("typed", 0), ("fault", 0), ("repaired", 0), ("supplied", 0), ("WRONG", 0)];
    for call in &CALLS {
        let result = (call.call)(&client);
        let outcome = outcome(call, &result);
        if let Some(total) = totals.iter_mut().find(|(name, _)| *name == outcome) {
            total.1 += 1;
        }
        let shown = match &result {
            Ok(example) => one_line(&format!("{example:?}")),
            Err(error) => one_line(&error.to_string()),
        };
        writeln!(output, "{outcome:8} {}({}) → {shown}", call.function, call.arguments)?;
    }
    let totals_text: Vec<String> =
        totals.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} {name}")).collect();
    eprintln!("\n{}", totals_text.join(", "));
    Ok(totals[4].1)
}

/// What the entry's answer is: as documented, repaired because the document's can't be read, or supplied because there is none.
fn outcome(call: &Call, result: &Result<Example, Error>) -> &'static str {
    let code = result.as_ref().err().and_then(Error::fault).map(|fault| fault.code().as_i32());
    let as_expected = match call.answered {
        Answered::Value => result.is_ok(),
        Answered::Fault(expected) => code == Some(expected),
    };
    match call.documented {
        _ if !as_expected => "WRONG",
        Documented::Typed => "typed",
        Documented::Fault => "fault",
        Documented::Unreadable => "repaired",
        Documented::Nothing => "supplied",
    }
}

/// Line breaks would make two lines of one entry.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
