//! This program again, as a process that can be killed.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Tells a process what it is for.
const ARGUMENTS: &str = "INFUSIONSOFT_AUTH_TEST_ARGUMENTS";
/// No step takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that runs one function of this program, and is killed when this is dropped.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Process {
    /// Starts a function, which is an ignored test, with arguments.
    pub(crate) fn start(function: &str, arguments: &[&str]) -> Process {
        let mut child = Command::new(std::env::current_exe().expect("the program's path"))
            .args(["--exact", "--ignored", "--nocapture", function])
            .env(ARGUMENTS, arguments.join("\n"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let (input, errors) = (child.stdin.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            BufReader::new(errors).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Process { child, input, lines }
    }

    /// What the process tells next.
    #[track_caller]
    pub(crate) fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("the process tells something")
    }

    /// Waits until the process is at a point.
    #[track_caller]
    pub(crate) fn is_at(&self, point: &str) {
        assert_eq!(self.next(), point);
    }

    /// Lets a process go on that [pauses](pause).
    pub(crate) fn go_on(&mut self) {
        self.input.write_all(b"\n").expect("the process reads");
    }

    /// Ends the process, on Unix by signal 9, so that it learns nothing of it; answers what else it had told.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process ends");
        self.lines.iter().collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended can't be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// In the process: its arguments; nothing in a process that was started by hand.
pub(crate) fn arguments<const N: usize>() -> Option<[String; N]> {
    let arguments = std::env::var(ARGUMENTS).ok()?;
    let arguments: Vec<_> = arguments.split('\n').map(str::to_owned).collect();
    Some(arguments.try_into().expect("as many arguments as it takes"))
}

/// In the process: tells a line to who started it, and ends with them.
pub(crate) fn tell(line: &str) {
    io::stderr().write_all(format!("{line}\n").as_bytes()).expect("somebody listens");
}

/// In the process: tells that it is at a point, and waits there until it may go on; it ends with who started it.
pub(crate) fn pause(point: &str) {
    tell(point);
    if io::stdin().read_line(&mut String::new()).expect("a pipe") == 0 {
        std::process::exit(1);
    }
}
