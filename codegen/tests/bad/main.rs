//! One bad catalog for each rule: the good fixture with something changed, and every message that this gives.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

mod api;
mod examples;
mod files;
mod generated;
mod groups;
mod many;
mod methods;
mod mutations;
mod names;
mod params;
mod places;
mod samples;
mod structure;
mod tables;
mod types;

const API: &str = "api.yaml";
const TYPES: &str = "types.yaml";
const FAULTS: &str = "faults.yaml";
const BOOKS: &str = "services/books.yaml";
const LOANS: &str = "services/loans.yaml";
const BOOK: &str = "tables/Book.yaml";
const LOAN: &str = "tables/Loan.yaml";

/// A change to the good fixture.
struct Edit {
    file: &'static str,
    change: Change,
}

enum Change {
    Replace(&'static str, &'static str),
    Write(&'static str),
    Remove,
}

/// Replaces a text that stands exactly once in a file.
fn replace(file: &'static str, from: &'static str, to: &'static str) -> Edit {
    Edit { file, change: Change::Replace(from, to) }
}

/// Writes a file, new or not.
fn write(file: &'static str, text: &'static str) -> Edit {
    Edit { file, change: Change::Write(text) }
}

/// Removes a file.
fn remove(file: &'static str) -> Edit {
    Edit { file, change: Change::Remove }
}

/// All messages that the good fixture gives after some changes.
fn found(edits: &[Edit]) -> String {
    changed(edits).messages()
}

fn changed(edits: &[Edit]) -> Fixture {
    let catalog = Fixture::good();
    for Edit { file, change } in edits {
        let path = catalog.folder.join(file);
        match change {
            Change::Replace(from, to) => {
                let text = fs::read_to_string(&path).unwrap();
                assert_eq!(text.matches(from).count(), 1, "{from:?} must stand exactly once in {file}");
                fs::write(path, text.replace(from, to)).unwrap();
            }
            Change::Write(text) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Change::Remove => fs::remove_file(path).unwrap(),
        }
    }
    catalog
}

/// A copy of the good fixture in a folder of its own, which is removed in the end.
struct Fixture {
    parent: PathBuf,
    folder: PathBuf,
}

impl Fixture {
    fn good() -> Fixture {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("bad-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let folder = parent.join("catalog");
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/good");
        for subfolder in ["", "services", "tables", "samples"] {
            fs::create_dir_all(folder.join(subfolder)).unwrap();
            for entry in fs::read_dir(fixture.join(subfolder)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    fs::copy(&path, folder.join(subfolder).join(path.file_name().unwrap())).unwrap();
                }
            }
        }
        Fixture { parent, folder }
    }

    fn messages(&self) -> String {
        let messages: Vec<String> = match codegen::load(&self.folder) {
            Ok(_) => Vec::new(),
            Err(diagnostics) => diagnostics.iter().map(ToString::to_string).collect(),
        };
        messages.join("\n")
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.parent);
    }
}

#[test]
fn the_good_fixture_has_no_mistakes() {
    assert_eq!(found(&[]), "");
}
