//! How long the client takes to compile, and how many crates that are: clean builds, each in a folder of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::time::Instant;

use infusionsoft_benches::report::{Figures, Report};

/// How many crates there may be.
const CRATES: usize = 110;
const CRATES_WITHOUT_OAUTH: usize = 55;
/// How many seconds the crate alone may take.
const ALONE: [(Profile, f64); 2] = [(Profile::Debug, 4.0), (Profile::Release, 8.0)];
/// How often it is compiled alone; the best time counts, as in all benches.
const ROUNDS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Profile {
    Debug,
    Release,
}

/// A choice of features.
struct Choice {
    name: &'static str,
    features: Vec<String>,
    crates: Option<usize>,
}

fn main() -> ExitCode {
    let mut report = Report::from_arguments();
    report.title("clean builds");
    for choice in choices() {
        let crates = crates(&choice.features);
        for (profile, alone) in ALONE {
            build(&mut report, &choice, crates, profile, alone);
        }
        if let Some(most) = choice.crates {
            report.judge(&format!("crates {}", choice.name), crates as f64, most as f64);
        }
    }
    report.finish()
}

/// Builds everything, and with default features the crate alone after that.
fn build(report: &mut Report, choice: &Choice, crates: usize, profile: Profile, alone: f64) {
    let folder = Folder(std::env::temp_dir().join(format!("infusionsoft-build-{}", std::process::id())));
    let suffix = if profile == Profile::Release { "release" } else { "debug" };
    let seconds = timed_build(&folder.0, profile, &choice.features);
    report.row(
        &format!("build-{}", choice.name),
        &format!("infusionsoft-{suffix}"),
        Figures::Build { seconds, crates },
        None,
    );
    if choice.name == "default" {
        let seconds = (0..ROUNDS).map(|_| {
            run(cargo(&["clean", "--package", "infusionsoft"], &folder.0, profile));
            timed_build(&folder.0, profile, &choice.features)
        });
        let seconds = seconds.fold(f64::INFINITY, f64::min);
        let figures = Figures::Build { seconds, crates: 1 };
        report.row("build-alone", &format!("infusionsoft-{suffix}"), figures, Some(alone));
    }
}

/// Default features, those without `oauth`, and all that can be built here.
fn choices() -> [Choice; 3] {
    let (default, all) = features();
    let without = |unwanted: &str, features: &[String]| -> Vec<String> {
        features.iter().filter(|feature| *feature != unwanted).cloned().collect()
    };
    let openssl =
        Command::new("pkg-config").args(["--exists", "openssl"]).status().is_ok_and(|status| status.success());
    let everything = if openssl { all } else { without("native-tls", &all) };
    [
        Choice { name: "without-oauth", features: without("oauth", &default), crates: Some(CRATES_WITHOUT_OAUTH) },
        Choice { name: "everything", features: everything, crates: None },
        Choice { name: "default", features: default, crates: Some(CRATES) },
    ]
}

/// The default features of the client's manifest, and all of them.
fn features() -> (Vec<String>, Vec<String>) {
    let manifest = fs::read_to_string(root().join("sdk/Cargo.toml")).expect("the client has a manifest");
    let features = manifest.split("[features]").nth(1).and_then(|rest| rest.split("\n[").next());
    let lines = features.expect("the client has features").lines().filter_map(|line| line.split_once(" = "));
    let (default, all): (Vec<_>, Vec<_>) = lines.partition(|(name, _)| *name == "default");
    let names = |list: &str| list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    (names(default[0].1), all.iter().map(|(name, _)| (*name).to_owned()).collect())
}

fn timed_build(folder: &Path, profile: Profile, features: &[String]) -> f64 {
    let mut command = cargo(&["build", "--package", "infusionsoft", "--no-default-features"], folder, profile);
    command.arg("--features").arg(features.join(","));
    let start = Instant::now();
    run(command);
    start.elapsed().as_secs_f64()
}

/// How many crates are compiled, those that run while compiling included.
fn crates(features: &[String]) -> usize {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--package", "infusionsoft", "--edges", "normal,build", "--prefix", "none"]);
    command.args(["--no-default-features", "--features", &features.join(",")]).current_dir(root());
    let tree = run(command).stdout;
    let tree = String::from_utf8_lossy(&tree);
    tree.lines().map(|line| line.trim_end_matches(" (*)")).collect::<BTreeSet<_>>().len()
}

fn cargo(arguments: &[&str], folder: &Path, profile: Profile) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).args((profile == Profile::Release).then_some("--release"));
    // As for who depends on the client: Cargo compiles what comes from a registry or from git without it.
    command.env("CARGO_INCREMENTAL", "0").arg("--target-dir").arg(folder).current_dir(root());
    command
}

fn run(mut command: Command) -> Output {
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder that goes when it is no longer needed.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
