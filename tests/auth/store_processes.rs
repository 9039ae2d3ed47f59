//! The file store among processes, some of which are killed.

use infusionsoft::{FileStore, TokenStore};

use crate::folder::Folder;
use crate::process::{self, Process};
use crate::store::{access, count};

const COUNTER: &str = "store_processes::the_process_that_counts";

#[test]
#[ignore = "not a test: the process that other tests start and kill"]
fn the_process_that_counts() {
    let Some([path, times]) = process::arguments() else { return };
    let store = FileStore::new(path);
    process::pause("ready");
    for _ in 0..times.parse::<usize>().expect("a number") {
        let counted = store.update(&mut count).expect("the count is stored");
        process::tell(access(counted.as_ref()).expect("it was counted"));
    }
}

fn counter(folder: &Folder, times: usize) -> Process {
    let path = folder.path("tokens.json");
    Process::start(COUNTER, &[path.to_str().expect("a path of ASCII"), &times.to_string()])
}

fn number(line: &str) -> usize {
    line.parse().unwrap_or_else(|_| panic!("{line}"))
}

/// What has been counted, by the file.
fn counted(folder: &Folder) -> usize {
    let stored = FileStore::new(folder.path("tokens.json")).load().expect("the file is whole");
    access(stored.as_ref()).map_or(0, number)
}

#[test]
fn processes_change_a_file_one_by_one() {
    const TIMES: usize = 25;
    let folder = Folder::new();
    let mut processes: Vec<_> = (0..4).map(|_| counter(&folder, TIMES)).collect();
    processes.iter().for_each(|process| process.is_at("ready"));
    processes.iter_mut().for_each(Process::go_on);
    let told = processes.iter().flat_map(|process| (0..TIMES).map(|_| number(&process.next())));
    let mut told: Vec<_> = told.collect();
    told.sort_unstable();
    assert_eq!(told, (1..=4 * TIMES).collect::<Vec<_>>());
    assert_eq!(counted(&folder), 4 * TIMES);
}

#[test]
fn a_process_that_is_killed_leaves_the_file_whole_and_the_lock_open() {
    let folder = Folder::new();
    for round in 0..25 {
        let before = counted(&folder);
        let mut process = counter(&folder, usize::MAX);
        process.is_at("ready");
        process.go_on();
        // Killed at any point of the work, sooner or later after it has told something.
        let told = number(&process.next());
        (0..round * 20_000).for_each(|_| std::hint::spin_loop());
        let told = process.kill().last().map_or(told, |line| number(line));
        // What was told is stored; the next number may be stored too, and be untold.
        let after = counted(&folder);
        assert!((told..=told + 1).contains(&after), "{before} before, {told} told, {after} stored");
    }
    FileStore::new(folder.path("tokens.json")).update(&mut count).expect("the lock is open");
    assert_eq!(folder.names(), ["tokens.json", "tokens.json.lock"]);
}
