//! `infusionsoft-sandbox`: the sandbox as a program.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox, endpoint, serve};
use lexopt::prelude::{Long, Short, ValueExt};

const HELP: &str = "\
Serves the Infusionsoft XML-RPC API on this machine, without an account.

Usage: infusionsoft-sandbox [OPTIONS]

Options:
  --addr ADDRESS:PORT  where to listen (127.0.0.1:8080 if it is not given; port 0 takes a free one)
  --db FILE            keeps the records in a file (in memory if it is not given)
  --contacts N         fills an empty database with so many made-up contacts and what belongs to them
  --seed N             which ones are made up: the same number makes the same ones (0 if it is not given)
  --documented         answers every method with its documented sample, and keeps nothing
  -h, --help           shows this text
";

/// What the arguments ask for.
struct Options {
    address: String,
    database: Option<PathBuf>,
    contacts: Option<usize>,
    seed: Option<u64>,
    documented: bool,
}

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
    match options().map_err(|error| format!("{error}; --help shows the usage"))? {
        Some(options) => listen(&options),
        None => say(HELP),
    }
}

/// The options, or nothing if help is wanted.
fn options() -> Result<Option<Options>, lexopt::Error> {
    let address = "127.0.0.1:8080".to_owned();
    let mut options = Options { address, database: None, contacts: None, seed: None, documented: false };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("addr") => options.address = arguments.value()?.string()?,
            Long("db") => options.database = Some(arguments.value()?.into()),
            Long("contacts") => options.contacts = Some(arguments.value()?.parse()?),
            Long("seed") => options.seed = Some(arguments.value()?.parse()?),
            Long("documented") => options.documented = true,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    let keeps = options.database.is_some() || options.contacts.is_some();
    if options.documented && keeps {
        return Err("--documented keeps no records: it goes with neither --db nor --contacts".into());
    }
    if options.seed.is_some() && options.contacts.is_none() {
        return Err("--seed goes with --contacts".into());
    }
    Ok(Some(options))
}

/// Opens the sandbox that the options ask for.
fn sandbox(options: &Options) -> Result<Sandbox, String> {
    let mut builder = Sandbox::builder();
    if let Some(database) = &options.database {
        builder = builder.db(database);
    }
    if let Some(contacts) = options.contacts {
        builder = builder.contacts(contacts);
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    if options.documented {
        builder = builder.documented();
    }
    builder.build().map_err(|error| match &options.database {
        Some(database) => format!("{}: {error}", database.display()),
        None => error.to_string(),
    })
}

fn listen(options: &Options) -> Result<(), String> {
    let address = &options.address;
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use; --addr takes another address"),
        _ => format!("cannot listen on {address}: {error}"),
    };
    // The port comes first: who asked for a taken one need not wait for the database.
    let listener = TcpListener::bind(address).map_err(failed)?;
    let sandbox = sandbox(options)?;
    say(&greeting(listener.local_addr().map_err(failed)?))?;
    serve(listener, sandbox).map_err(|error| format!("cannot serve on {address}: {error}"))
}

fn greeting(address: SocketAddr) -> String {
    let url = endpoint(address);
    let warning = match address.ip().is_loopback() {
        true => "",
        false => "\nOther machines may reach it, and everybody knows the token: keep no real data in it.\n",
    };
    format!(
        "The sandbox is open; Ctrl-C closes it.\n
  URL           {url}
  access token  {ACCESS_TOKEN}
  authorize     http://{address}/app/oauth/authorize
  token         http://{address}/token  (client id {ACCESS_TOKEN}, secret {ACCESS_TOKEN})
  control       http://{address}/sandbox/
{warning}"
    )
}

/// Flushes, since a program that waits for the URL may read through a pipe.
fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| format!("cannot write: {error}"))
}
