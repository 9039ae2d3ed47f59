//! How many instructions the reader takes, as multiples of those of the bare event loop: a time that doesn't depend on who
//! else uses the machine.
//!
//! Without arguments it compares them with `instructions.txt`; `--accept` writes that file. It runs itself in valgrind, once
//! with two readings and once with one: the difference is one reading, whatever starting up and making the document take.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use infusionsoft::runtime::decode;
use infusionsoft::tables::Contact;
use infusionsoft::{Bytes, Record, Value};
use infusionsoft_benches::documents::{self, Layout, TINY};
use infusionsoft_benches::lead::Lead;
use serde::de::DeserializeOwned;

#[path = "speed/peers/floor.rs"]
mod floor;

/// How much worse than accepted a ratio may be: processors and compilers differ by less, mistakes by more.
const TOLERANCE: f64 = 0.10;

/// Reads a document once.
type Read = fn(&str);

/// A document and who reads it; the first one is the floor.
struct Case {
    name: &'static str,
    document: fn() -> String,
    readers: &'static [(&'static str, Read)],
}

const PAGE: &[(&str, Read)] = &[
    ("floor", floor),
    ("table", ours::<Vec<Contact>>),
    ("struct", ours::<Vec<Lead>>),
    ("records", ours::<Vec<Record>>),
    ("value", ours::<Value>),
];

const CASES: [Case; 6] = [
    Case { name: "page", document: || documents::page(Layout::Plain, 0..100), readers: PAGE },
    Case { name: "page-pretty", document: || documents::page(Layout::Pretty, 0..100), readers: PAGE },
    Case { name: "page-tagged", document: || documents::page(Layout::Tagged, 0..100), readers: PAGE },
    Case { name: "page-entities", document: || documents::page(Layout::Entities, 0..100), readers: PAGE },
    Case {
        name: "file",
        document: || documents::file(300_000),
        readers: &[("floor", floor), ("string", ours::<String>), ("bytes", ours::<Bytes>)],
    },
    Case { name: "tiny", document: || TINY.to_owned(), readers: &[("floor", floor), ("int", ours::<i32>)] },
];

fn floor(document: &str) {
    black_box(floor::read(document));
}

fn ours<T: DeserializeOwned>(document: &str) {
    black_box(decode::<T>(document.as_bytes()).expect("the documents are answers"));
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--read", case, reader, times] => {
            read(case, reader, times);
            ExitCode::SUCCESS
        }
        ["--accept"] => {
            fs::write(accepted_file(), table(&measure())).expect("the file can be written");
            ExitCode::SUCCESS
        }
        _ => compare(&measure()),
    }
}

/// What valgrind counts.
fn read(case: &str, reader: &str, times: &str) {
    let case = CASES.iter().find(|other| other.name == case).expect("there is such a case");
    let (_, read) = case.readers.iter().find(|(name, _)| *name == reader).expect("there is such a reader");
    let document = (case.document)();
    for _ in 0..times.parse().expect("a number") {
        read(black_box(&document));
    }
}

/// The ratios to the floor, by case and reader.
fn measure() -> BTreeMap<String, f64> {
    let mut ratios = BTreeMap::new();
    for case in CASES {
        let count = |reader| (counted(case.name, reader, "2") - counted(case.name, reader, "1")) as f64;
        let floor = count("floor");
        for (reader, _) in &case.readers[1..] {
            ratios.insert(format!("{} {reader}", case.name), count(reader) / floor);
        }
    }
    ratios
}

/// The instructions of a process.
fn counted(case: &str, reader: &str, times: &str) -> u64 {
    let program = env::current_exe().expect("the program knows itself");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]).arg(program);
    let output = valgrind.args(["--read", case, reader, times]).output().expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split_once("I refs:").or_else(|| line.split_once("I   refs:")));
    let digits: String =
        count.map(|(_, count)| count.chars().filter(char::is_ascii_digit).collect()).unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("valgrind counts: {text}"))
}

fn compare(ratios: &BTreeMap<String, f64>) -> ExitCode {
    let accepted = fs::read_to_string(accepted_file()).expect("there are accepted ratios");
    let accepted: BTreeMap<&str, f64> = accepted
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, ratio)| Some((name.trim_end(), ratio.parse().ok()?)))
        .collect();
    let mut worse = 0;
    for (name, ratio) in ratios {
        let most = accepted.get(name.as_str()).map_or(0.0, |accepted| accepted * (1.0 + TOLERANCE));
        let verdict = if *ratio <= most { "" } else { "  WORSE" };
        worse += usize::from(*ratio > most);
        println!("{name:<24} {ratio:>8.3}  (at most {most:.3}){verdict}");
    }
    if worse == 0 {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "{worse} readers take more instructions than accepted: `cargo xtask bench instructions --accept` accepts them"
    );
    ExitCode::FAILURE
}

fn table(ratios: &BTreeMap<String, f64>) -> String {
    let mut text = String::from(
        "# Instructions of the reader, as multiples of those of the bare event loop over the same document.\n\
         # Written by `cargo xtask bench instructions --accept`.\n",
    );
    for (name, ratio) in ratios {
        _ = writeln!(text, "{name:<24} {ratio:.3}");
    }
    text
}

fn accepted_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}
