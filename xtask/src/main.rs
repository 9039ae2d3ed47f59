//! The project's chores: `cargo xtask`.

mod bench;
mod catalog;
mod generate;
mod run;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  generate [--check]     write the generated code, or fail with a diff if it is stale
  catalog [--json | --errata]
                         list every entry of the catalog; --json describes them for tools, --errata lists every difference
  test [--accept] […]    run the whole suite; --accept writes changed snapshots; more arguments go to cargo test
  bench [--json] [--check] [part]
                         measure speed, memory and builds, or the parts that are named; --check fails on a missed reach
  bench instructions [--accept]
                         compare how many instructions the reader takes with what was accepted
  demo                   call every entry of the catalog against the local server
  sandbox [--addr A] […] run the local server, on 127.0.0.1:8080 unless told otherwise; --help lists its options
";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let task = arguments.next().unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    let outcome = match task.to_str() {
        Some("bench") => bench::run(&root(), &arguments),
        Some("catalog") => catalog::run(&root(), &arguments),
        Some("generate") => generate::run(&root(), &arguments),
        Some("test") => run::test(&root(), arguments),
        Some("demo") => run::demo(&root(), &arguments),
        Some("sandbox") => run::sandbox(&root(), &arguments),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => Err(format!("unknown task {:?}\n\n{USAGE}", task.to_string_lossy())),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("{}", message.trim_end());
        ExitCode::FAILURE
    })
}

/// The workspace's root: where this crate's folder lies, so that every task works from any folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}
