//! Others' clients and servers: Python's standard library on the other end of the wire, each way.

use std::io::{self, BufRead as _, BufReader, PipeReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use infusionsoft::data::QueryRequest;
use infusionsoft::{Client, ContactId, Credentials, ErrorKind, FaultCode, Record, Value, record};
use infusionsoft_sandbox::{Sandbox, Server};

/// No run of a script takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// Python, about to run a script of this folder; `None` where there is none, except in CI.
///
/// What is left out is said on standard error itself, which the harness doesn't swallow as it does what a passing test prints.
fn python(script: &str) -> Option<Command> {
    let present = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if present {
        let mut python = Command::new("python3");
        // Isolated from the user's own modules and settings; texts are UTF-8 everywhere.
        python.args(["-I", "-X", "utf8"]).arg(format!("{}/sandbox/{script}", env!("CARGO_MANIFEST_DIR")));
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{script} needs python3");
    writeln!(io::stderr(), "left out: {script}, since there is no python3").expect("standard error is open");
    None
}

/// A script that runs, and ends when this is dropped.
struct Script(Child);

impl Script {
    /// Starts a script whose output and errors come through one pipe.
    fn start(mut python: Command) -> (Script, PipeReader) {
        let (output, writer) = io::pipe().expect("a pipe");
        let errors = writer.try_clone().expect("the pipe's other end");
        let child = python.stdin(Stdio::piped()).stdout(writer).stderr(errors).spawn().expect("python3 runs");
        (Script(child), output)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // One that has ended cannot be killed.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Reads on another thread, so that a script that says nothing fails the test instead of hanging it.
fn patiently<T: Send + 'static>(read: impl FnOnce() -> io::Result<T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(read()));
    receiver.recv_timeout(PATIENCE).expect("the script is in time").expect("the script's output is text")
}

#[test]
fn pythons_client_tells_a_story() {
    let Some(mut python) = python("story.py") else { return };
    let server = Server::with(Sandbox::new()).expect("the loopback interface has a free port");
    python.arg(server.url());
    let (mut script, mut output) = Script::start(python);
    let said = patiently(move || {
        let mut said = String::new();
        output.read_to_string(&mut said).map(|_| said)
    });
    let ended = script.0.wait().expect("the script ends");
    assert!(ended.success() && said.ends_with("the story ends well\n"), "{said}");
}

#[test]
fn our_client_calls_pythons_server() {
    let Some(python) = python("python_server.py") else { return };
    let (_script, output) = Script::start(python);
    let url = patiently(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map(|_| line)
    });
    let client =
        |token: &str| Client::builder().credentials(Credentials::access_token(token)).endpoint(url.trim_end()).build();
    let crm = client("python").unwrap_or_else(|error| panic!("{error}: {url}"));
    keeps_contacts(&crm);
    reads_and_writes_every_type(&crm);
    let stranger = client("stranger").and_then(|crm| crm.contacts().load(ContactId(1), &["Id"]));
    let error = stranger.expect_err("the token is wrong");
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error:?}");
}

fn keeps_contacts(crm: &Client) {
    let names = [" Ada\tByron\n", "Zoë <&> ]]> 😀", ""];
    for (id, name) in (1..).zip(names) {
        let added = crm.contacts().add(record! { "FirstName" => name, "City" => "Rome" });
        assert_eq!(added.expect("python adds"), ContactId(id));
        let loaded = crm.contacts().load(ContactId(id), &["Id", "FirstName", "LastName"]);
        assert_eq!(loaded.expect("python loads"), record! { "Id" => id, "FirstName" => name });
    }
    let second = crm.data().query(QueryRequest {
        table: "Contact".to_owned(),
        limit: 2,
        page: 1,
        query_data: record! { "City" => "Rome" },
        selected_fields: vec!["Id".to_owned()],
        order: None,
    });
    assert_eq!(second.expect("python queries"), [record! { "Id" => 3 }]);
    let error = crm.contacts().load(ContactId(4), &["Id"]).expect_err("there is no fourth");
    let fault = error.fault().expect("a fault");
    assert_eq!((fault.code(), fault.token()), (FaultCode::RecordNotFound, Some("RecordNotFound")));
    let unknown = crm.call_raw("ContactService.rename", []).expect_err("python has no such method");
    assert!(unknown.fault().expect("a fault").message().contains("is not supported"), "{unknown}");
}

fn reads_and_writes_every_type(crm: &Client) {
    let date: infusionsoft::DateTime = "20150719T19:53:56".parse().expect("a date");
    let sent = [
        Value::from(7),
        Value::from(0.1),
        Value::from(true),
        Value::from("text"),
        Value::DateTime(date),
        Value::Bytes(vec![0, 255]),
        Value::Array(Vec::new()),
        Value::Struct(Record::new()),
    ];
    let kinds = crm.call_raw("TestService.kinds", sent).expect("python reads");
    assert_eq!(kinds, Value::from(vec!["int", "float", "bool", "str", "DateTime", "Binary", "list", "dict"]));
    let nested = Value::Array(vec![Value::Struct(record! { "a" => Value::Array(vec![1.into()]) })]);
    let zoo = record! {
        "int" => -7,
        "double" => 0.1,
        "true" => true,
        "text" => "Zoë <&> \t 😀",
        "blank" => "  ",
        "date" => date,
        "bytes" => Value::Bytes(vec![0, 255]),
        "nested" => Value::Array(vec![Value::Array(Vec::new()), Value::Struct(Record::new()), nested]),
    };
    assert_eq!(crm.call_raw("TestService.zoo", []).expect("python answers"), Value::Struct(zoo));
}
