//! Accounts in this process, and what their clients send.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Client, Credentials, Error, ErrorKind, Limits, Retry, Transport};
use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox};
use infusionsoft_tests::tree::{self, Tree};
use rusqlite::Connection;

/// A client of any transport.
pub(crate) fn client(transport: impl Transport + 'static) -> Client {
    let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).transport(transport);
    builder.limits(Limits::none()).retry(Retry::none()).build().expect("the client can be built")
}

/// An account with so many tags, of category 1, whose ids are 1 and so on.
pub(crate) fn tags(count: u32) -> Sandbox {
    Database::with_tags(count).open()
}

/// A database of an account, as a file that goes with it.
pub(crate) struct Database {
    folder: PathBuf,
}

impl Database {
    pub(crate) fn new() -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("infusionsoft-tables-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let database = Database { folder };
        drop(database.open());
        database
    }

    /// One with the tags of [`tags`].
    pub(crate) fn with_tags(count: u32) -> Database {
        let database = Database::new();
        database.run(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO ContactGroup (Id, GroupName, GroupCategoryId) SELECT i, 'Tag ' || i, 1 FROM n WHERE i <= {count}"
        ));
        database
    }

    /// The account. The file can go while it is open.
    pub(crate) fn open(&self) -> Sandbox {
        Sandbox::builder().db(self.folder.join("crm.sqlite")).build().expect("the sandbox opens")
    }

    /// The database itself, past the account.
    pub(crate) fn connection(&self) -> Connection {
        Connection::open(self.folder.join("crm.sqlite")).expect("the database opens")
    }

    pub(crate) fn run(&self, sql: &str) {
        self.connection().execute_batch(sql).expect("the statements run");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // On systems that keep open files, the folder for temporary files keeps it.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An account that notes what it is sent, and lets something happen before it answers.
#[derive(Clone)]
pub(crate) struct Noting {
    sandbox: Sandbox,
    sent: Arc<Mutex<Vec<Tree>>>,
    before: Arc<dyn Fn(usize) + Send + Sync>,
}

impl Noting {
    pub(crate) fn new(sandbox: Sandbox) -> Noting {
        Noting { sandbox, sent: Arc::default(), before: Arc::new(|_| ()) }
    }

    /// Lets something happen before each call is answered; it gets the number of calls before.
    pub(crate) fn before(self, happens: impl Fn(usize) + Send + Sync + 'static) -> Noting {
        Noting { before: Arc::new(happens), ..self }
    }

    /// The account itself.
    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// How many calls have come.
    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The calls since this was last asked: their parameters without the key, as text.
    pub(crate) fn take(&self) -> Vec<String> {
        let calls = std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner));
        calls.iter().map(text).collect()
    }
}

impl Transport for Noting {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut body = Vec::new();
        std::io::Read::read_to_end(&mut request.body.reader(), &mut body).expect("the body can be read");
        let call = tree::request(&String::from_utf8(body).expect("requests are UTF-8"));
        let number = {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.push(Tree::Array(call.params.into_iter().skip(1).collect()));
            sent.len() - 1
        };
        (self.before)(number);
        self.sandbox.send(request)
    }
}

/// A tree as a line of text.
fn text(tree: &Tree) -> String {
    match tree {
        Tree::Scalar(_, text) => text.clone(),
        Tree::Array(elements) => format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(" ")),
        Tree::Struct(members) => {
            let member = |(name, value): (&String, &Tree)| format!("{name}={}", text(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(" "))
        }
    }
}

/// Asserts that a request was refused before it was sent.
#[track_caller]
pub(crate) fn assert_invalid<T: std::fmt::Debug>(result: Result<T, Error>, message: &str) {
    let error = result.expect_err("the request is refused");
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidRequest, message));
}
