//! `infusionsoft-sandbox`: the sandbox as a program.

use std::io::{self, Write};
use std::net::TcpListener;
use std::process::ExitCode;

use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox, endpoint, serve};
use lexopt::prelude::{Long, Short, ValueExt};

const HELP: &str = "\
Serves the Infusionsoft XML-RPC API on this machine, without an account.

Usage: infusionsoft-sandbox [--addr ADDRESS:PORT]

Options:
  --addr ADDRESS:PORT  where to listen (127.0.0.1:8080 if it is not given; port 0 takes a free one)
  -h, --help           shows this text
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("infusionsoft-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    match address().map_err(|error| format!("{error}; --help shows the usage"))? {
        Some(address) => listen(&address),
        None => say(HELP),
    }
}

/// The address to listen on, or nothing if help is wanted.
fn address() -> Result<Option<String>, lexopt::Error> {
    let mut address = "127.0.0.1:8080".to_owned();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("addr") => address = arguments.value()?.string()?,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(address))
}

fn listen(address: &str) -> Result<(), String> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use; --addr takes another address"),
        _ => format!("cannot listen on {address}: {error}"),
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let url = endpoint(listener.local_addr().map_err(failed)?);
    say(&format!("The sandbox is open; Ctrl-C closes it.\n\n  URL           {url}\n  access token  {ACCESS_TOKEN}\n"))?;
    serve(listener, Sandbox::new()).map_err(|error| format!("cannot serve on {address}: {error}"))
}

/// Flushes, since a program that waits for the URL may read through a pipe.
fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| format!("cannot write: {error}"))
}
