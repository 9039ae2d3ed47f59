//! Tasks that are programs of other packages.
//!
//! This crate links the generator alone, so that `generate` can mend a client that doesn't compile. The process is replaced
//! where the platform can do it, so that a signal reaches the server.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Runs the whole suite.
pub(crate) fn test(root: &Path, mut arguments: Vec<OsString>) -> Result<ExitCode, String> {
    let accept = arguments.iter().position(|argument| argument == "--accept");
    if let Some(at) = accept {
        arguments.remove(at);
    }
    let mut cargo = cargo(root);
    // Snapshots are never written behind the back of who reads the diff.
    cargo.env("INSTA_UPDATE", if accept.is_some() { "always" } else { "no" });
    let chosen = arguments.iter().any(|argument| argument == "-p" || argument == "--package");
    if !chosen && !runs("python3") {
        eprintln!("left out: the stories with Python's client and server, since there is no python3");
    }
    cargo.arg("test").args((!chosen).then_some("--workspace")).args(arguments);
    replace(cargo)
}

/// Calls every entry of the catalog against the local server.
pub(crate) fn demo(root: &Path, arguments: &[OsString]) -> Result<ExitCode, String> {
    let mut cargo = cargo(root);
    cargo.args(["run", "--package", "infusionsoft-tests", "--bin", "demo", "--"]).args(arguments);
    replace(cargo)
}

/// Runs the local server.
pub(crate) fn sandbox(root: &Path, arguments: &[OsString]) -> Result<ExitCode, String> {
    let mut cargo = cargo(root);
    // A database's path is relative to the folder of who gives it.
    if let Ok(folder) = std::env::current_dir() {
        cargo.current_dir(folder);
    }
    cargo.arg("run").arg("--manifest-path").arg(root.join("Cargo.toml"));
    cargo.args(["--package", "infusionsoft-sandbox", "--"]).args(arguments);
    replace(cargo)
}

/// Whether a program is there and runs.
fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Cargo, to be run in the workspace.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}

#[cfg(unix)]
fn replace(mut command: Command) -> Result<ExitCode, String> {
    use std::os::unix::process::CommandExt as _;
    Err(format!("cargo cannot be run: {}", command.exec()))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<ExitCode, String> {
    let status = command.status().map_err(|error| format!("cargo cannot be run: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
