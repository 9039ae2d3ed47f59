//! What the file store logs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use infusionsoft::{FileStore, TokenStore as _};

use crate::folder::Folder;
use crate::process::{self, Process};
use crate::store::put;

/// Tells what is logged.
struct Teller;

impl log::Log for Teller {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        process::tell(&format!("{} {}", record.level(), record.args()));
    }

    fn flush(&self) {}
}

#[test]
#[ignore = "not a test: the process that another test starts, since a process has one log"]
fn the_process_that_reads() {
    let Some([path]) = process::arguments() else { return };
    log::set_logger(&Teller).expect("no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    let store = FileStore::new(path);
    process::tell(&format!("{} tokens", store.load().expect("the file is whole").iter().len()));
}

#[test]
fn a_file_that_others_can_read_is_warned_of() {
    let folder = Folder::new();
    let path = folder.path("tokens.json");
    put(&FileStore::new(&path), "first");
    let path = path.to_str().expect("a path of ASCII");
    let function = "store_log::the_process_that_reads";
    assert_eq!(Process::start(function, &[path]).next(), "1 tokens");
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).expect("its mode can be set");
    let process = Process::start(function, &[path]);
    let warning = format!("WARN others can read or write the tokens in {path}: its mode is 640, not 600");
    assert_eq!(process.next(), warning);
    assert_eq!(process.next(), "1 tokens");
}
