//! `cargo xtask bench`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::run;

/// What is measured unless the command line names parts of it.
const PARTS: [&str; 3] = ["speed", "memory", "builds"];
const INSTRUCTIONS: &str = "instructions";
const USAGE: &str = "\
usage: cargo xtask bench [--json] [--check] [speed] [memory] [builds]
       cargo xtask bench instructions [--accept]";

/// Runs the benches one after the other, so that none disturbs another.
pub(crate) fn run(root: &Path, arguments: &[OsString]) -> Result<ExitCode, String> {
    let arguments: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    if let [INSTRUCTIONS, flags @ ..] = arguments.as_slice() {
        return match flags {
            [] | ["--accept"] => bench(root, INSTRUCTIONS, flags),
            _ => Err(USAGE.to_owned()),
        };
    }
    let (flags, parts): (Vec<&str>, Vec<&str>) = arguments.into_iter().partition(|argument| argument.starts_with("--"));
    if !flags.iter().all(|flag| ["--json", "--check"].contains(flag)) || !parts.iter().all(|part| PARTS.contains(part))
    {
        return Err(USAGE.to_owned());
    }
    let mut outcome = ExitCode::SUCCESS;
    for part in PARTS.iter().filter(|part| parts.is_empty() || parts.contains(part)) {
        if bench(root, part, &flags)? != ExitCode::SUCCESS {
            outcome = ExitCode::FAILURE;
        }
    }
    Ok(outcome)
}

fn bench(root: &Path, name: &str, flags: &[&str]) -> Result<ExitCode, String> {
    let mut cargo = run::cargo(root);
    cargo.args(["bench", "--quiet", "--package", "infusionsoft-benches", "--bench", name, "--"]).args(flags);
    let status = cargo.status().map_err(|error| format!("cargo cannot be run: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
