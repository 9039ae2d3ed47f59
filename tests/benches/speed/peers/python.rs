//! Python's `xmlrpc.client`: one process, which takes its own time and waits in between.

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::rounds::Contestant;

/// Reads lines with a number of runs and a document's file, and answers the nanoseconds of a run.
const PROGRAM: &str = r"
import sys, time, xmlrpc.client
documents = {}
for line in sys.stdin:
    runs, path = line.rstrip('\n').split(' ', 1)
    if path not in documents:
        documents[path] = open(path, 'rb').read()
    document, runs = documents[path], int(runs)
    start = time.perf_counter_ns()
    for _ in range(runs):
        xmlrpc.client.loads(document, use_builtin_types=True)
    print((time.perf_counter_ns() - start) // runs, flush=True)
";

/// A Python that waits for documents.
pub(crate) struct Python {
    process: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    folder: PathBuf,
}

impl Python {
    /// Starts it; `None` if there is no `python3`.
    pub(crate) fn start() -> Option<Python> {
        let mut command = Command::new("python3");
        let started = command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.ok()?;
        let pipes = RefCell::new((process.stdin.take()?, BufReader::new(process.stdout.take()?)));
        let folder = std::env::temp_dir().join(format!("infusionsoft-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).ok()?;
        Some(Python { process, pipes, folder })
    }

    /// Measures it with a document.
    pub(crate) fn reads<'a>(&'a self, case: &str, runs: u32, document: &str) -> Contestant<'a> {
        let path = self.folder.join(case);
        fs::write(&path, document).expect("the folder takes the document");
        let question = format!("{runs} {}\n", path.display());
        Contestant { name: "python", run: Box::new(move || self.ask(&question)), reach: None }
    }

    fn ask(&self, question: &str) -> Duration {
        let (input, output) = &mut *self.pipes.borrow_mut();
        input.write_all(question.as_bytes()).and_then(|()| input.flush()).expect("python listens");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("python answers");
        Duration::from_nanos(answer.trim().parse().expect("python reads the documents"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}
