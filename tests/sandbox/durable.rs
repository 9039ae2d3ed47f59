//! What was answered is kept, even if the process is killed in the middle of its work.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use infusionsoft::{Client, ContactId, Credentials, Error, FaultCode, Limits, record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox, endpoint, serve};

/// Tells the child which database to serve.
const DATABASE: &str = "INFUSIONSOFT_SANDBOX_TEST_DATABASE";
/// No step takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server as a process of its own: this program again, so that it is there whenever the suite is.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(database: &Path) -> Process {
        let mut child = Command::new(std::env::current_exe().expect("the program's path"))
            .args(["--exact", "--ignored", "--nocapture", "durable::the_process_that_gets_killed"])
            .env(DATABASE, database)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let errors = child.stderr.take().expect("a pipe");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            BufReader::new(errors).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)))
        });
        let url = receiver.recv_timeout(PATIENCE).expect("the process tells its URL");
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Process { child, url }
    }

    fn client(&self) -> Client {
        Client::builder()
            .credentials(Credentials::access_token(ACCESS_TOKEN))
            .endpoint(&self.url)
            .limits(Limits::none())
            .build()
            .expect("the client can be built")
    }

    /// On Unix this is signal 9: the process learns nothing of it.
    fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process ends");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended cannot be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A folder that goes when this is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
#[ignore = "not a test: the process that another test starts and kills"]
fn the_process_that_gets_killed() {
    let Some(database) = std::env::var_os(DATABASE) else { return };
    // It doesn't outlive the one who started it.
    thread::spawn(|| {
        io::stdin().read_to_end(&mut Vec::new()).ok();
        std::process::exit(1);
    });
    let sandbox = Sandbox::builder().db(PathBuf::from(database)).build().expect("the database opens");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = endpoint(listener.local_addr().expect("an address"));
    writeln!(io::stderr(), "{url}").expect("standard error is open");
    serve(listener, sandbox).expect("the port stays open");
}

/// What a contact's first name must be; `None` if it must be gone.
type Expected = BTreeMap<ContactId, Option<String>>;

/// A write and what came of it.
struct Write {
    /// The contact; `None` if it was to be added and its id was never told.
    id: Option<ContactId>,
    /// Its first name afterwards; `None` if it is gone.
    name: Option<String>,
    answer: Result<(), Error>,
}

impl Write {
    /// Tells of the write, and is something if it was answered.
    fn tell(self, told: &Sender<Write>) -> Option<()> {
        let answered = self.answer.is_ok();
        told.send(self).ok()?;
        answered.then_some(())
    }
}

/// Adds a contact, renames it, and may delete it; ends early with the server.
fn live(crm: &Client, name: String, stays: bool, told: &Sender<Write>) -> Option<()> {
    let renamed = format!("{name}, renamed");
    let added = crm.contacts().add(record! { "FirstName" => name.as_str() });
    let id = added.as_ref().ok().copied();
    Write { id, name: Some(name), answer: added.map(drop) }.tell(told)?;
    let updated = crm.contacts().update(id?, record! { "FirstName" => renamed.as_str() });
    Write { id, name: Some(renamed), answer: updated.map(drop) }.tell(told)?;
    if stays {
        return Some(());
    }
    Write { id, name: None, answer: crm.data().delete("Contact", id?.0).map(drop) }.tell(told)
}

/// Kills the server after a number of answered writes, and adds to what must be there.
fn round(database: &Path, writes: usize, expected: &mut Expected) {
    let mut process = Process::start(database);
    let (sender, receiver) = mpsc::channel();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (crm, told) = (process.client(), sender.clone());
            thread::spawn(move || {
                (0..)
                    .map_while(|number| live(&crm, format!("Writer {writer}, {number}"), number % 3 > 0, &told))
                    .for_each(drop)
            })
        })
        .collect();
    drop(sender);
    let mut answered = 0;
    while let Ok(Write { id, name, answer }) = receiver.recv_timeout(PATIENCE) {
        match (answer, id) {
            (Ok(()), Some(id)) => {
                expected.insert(id, name);
                answered += 1;
                if answered == writes {
                    process.kill();
                }
            }
            // Whether it happened is open, so nothing is expected of it.
            (Err(_), Some(id)) => drop(expected.remove(&id)),
            (answer, None) => assert!(answer.is_err()),
        }
    }
    assert!(answered >= writes, "{answered} writes were answered");
    writers.into_iter().for_each(|writer| writer.join().expect("the writer does not panic"));
}

#[test]
fn a_killed_server_has_kept_every_answered_write() {
    let folder = Folder(std::env::temp_dir().join(format!("infusionsoft-durable-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let database = folder.0.join("crm.sqlite");
    let mut expected = Expected::new();
    for writes in [1, 7, 40, 90, 150] {
        round(&database, writes, &mut expected);
        let process = Process::start(&database);
        let crm = process.client();
        for (id, name) in &expected {
            match (crm.contacts().load(*id, &["FirstName"]), name) {
                (Ok(found), Some(name)) => assert_eq!(found, record! { "FirstName" => name.as_str() }),
                (Err(error), None) => {
                    assert_eq!(error.fault().map(infusionsoft::Fault::code), Some(FaultCode::RecordNotFound));
                }
                (found, name) => panic!("contact {id}: expected {name:?}, found {found:?}"),
            }
        }
    }
    assert!(expected.len() > 100, "{}", expected.len());
}
