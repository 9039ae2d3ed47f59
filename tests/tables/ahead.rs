//! Reading ahead: the next page is asked for by keys that are guessed from bytes, and nothing shows of it but the speed.

use std::fmt::Write as _;
use std::io::Cursor;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use infusionsoft::find::Find;
use infusionsoft::tables::ContactGroup;
use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Attempt, Client, ContactId, Credentials, ErrorKind, Limits, Observer, Retry, Transport};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::tree::{self, Tree};
use serde::Deserialize;

use crate::crm::client;

/// How many rows there are, and how many make a page.
const ROWS: usize = 45;
const PAGE: usize = 10;

/// Changes the answer to a call, of which it gets the number and how many rows come before: its status and its page.
type Spoil = fn(usize, usize, String) -> (u16, String);

/// A server with rows whose ids are 1 and so on.
#[derive(Clone)]
struct Book {
    /// Writes a row.
    row: fn(usize) -> String,
    spoil: Spoil,
    /// How many rows come before those that each call asked for.
    sent: Arc<Mutex<Vec<usize>>>,
}

impl Book {
    fn new(row: fn(usize) -> String) -> Book {
        Book { row, spoil: |_, _, page| (200, page), sent: Arc::default() }
    }

    fn spoilt(spoil: Spoil) -> Book {
        Book { spoil, ..Book::new(plain) }
    }

    /// What was asked for since this was last asked.
    fn take(&self) -> Vec<usize> {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for Book {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut body = String::new();
        std::io::Read::read_to_string(&mut request.body.reader(), &mut body).expect("the body can be read");
        let params = tree::request(&body).params;
        let [_, _, Tree::Scalar(_, limit), Tree::Scalar(_, page), Tree::Struct(conditions), ..] = params.as_slice()
        else {
            panic!("not a query: {params:?}");
        };
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let behind = match conditions.get("Id") {
            Some(Tree::Scalar(_, after)) => number(after.strip_prefix("~>~ ").expect("the rows after one")),
            _ => number(limit) * number(page),
        };
        let call = {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.push(behind);
            sent.len() - 1
        };
        let page = answer((behind + 1..=ROWS).take(number(limit)).map(self.row));
        let (status, page) = (self.spoil)(call, behind, page);
        Ok(HttpResponse { status, headers: Vec::new(), body: Box::new(Cursor::new(page)) })
    }
}

fn answer(rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    format!(
        "<methodResponse><params><param><value><array><data>{rows}</data></array></value></param></params>\
         </methodResponse>"
    )
}

fn plain(id: usize) -> String {
    row(&format!("<name>Id</name><value><i4>{id}</i4></value>"))
}

fn row(member: &str) -> String {
    format!("<value><struct><member>{member}</member></struct></value>")
}

fn fault() -> String {
    let member = |name, value| format!("<member><name>{name}</name><value>{value}</value></member>");
    let members = member("faultCode", "<i4>4</i4>") + &member("faultString", "[DatabaseError]Gone");
    format!("<methodResponse><fault><value><struct>{members}</struct></value></fault></methodResponse>")
}

fn find(crm: &Client) -> Find<ContactGroup> {
    crm.find::<ContactGroup>().select(&[&ContactGroup::ID]).page_size(PAGE)
}

/// All that a query tells, item by item: the id or the error, and the place after it.
fn told(find: Find<ContactGroup>) -> String {
    let (mut rows, mut told) = (find.iter(), String::new());
    while let Some(row) = rows.next() {
        let row = row.map(|row| row.id.map(|id| id.0)).map_err(|error| error.to_string());
        writeln!(told, "{row:?} {}", rows.position()).expect("texts take everything");
    }
    told
}

fn ids(find: Find<ContactGroup>) -> Vec<usize> {
    let id = |row: Result<ContactGroup, _>| row.expect("the rows come").id.expect("an id").0;
    find.iter().map(|row| id(row).try_into().expect("a small id")).collect()
}

fn all() -> Vec<usize> {
    (1..=ROWS).collect()
}

/// The calls for all pages.
const PAGES: [usize; 5] = [0, 10, 20, 30, 40];

#[test]
fn no_layout_needs_a_call_more() {
    let layouts: [fn(usize) -> String; 11] = [
        plain,
        |id| row(&format!("<name>Id</name><value><int>{id}</int></value>")),
        |id| row(&format!("<name>Id</name><value><string>{id}</string></value>")),
        |id| row(&format!("<name>Id</name><value>{id}</value>")),
        |id| row(&format!("\n  <name>Id</name>\n  <value>\n    <i4>\n{id} </i4>\n  </value>\n")),
        |id| row(&format!("\n  <name>Id</name>\n  <value>\n    {id}\n  </value>\n")),
        // In these, nothing can be guessed.
        |id| row(&format!("<name> Id </name><value><i4>{id}</i4></value>")),
        |id| row(&format!("<name><![CDATA[Id]]></name><value><i4>{id}</i4></value>")),
        |id| row(&format!("<name>Id</name><value><i4><!-- the key -->{id}</i4></value>")),
        |id| row(&format!("<name>Id</name><value><i4>&#{};{}</i4></value>", 48 + id / 10, id % 10)),
        // In these, something else looks like a key.
        |id| {
            row(&format!(
                "<name>Id</name><value>{id}</value></member><member><name>_A</name><value><![CDATA[<name>Id</name><value>3</value>]]></value>"
            ))
        },
    ];
    for (index, layout) in layouts.into_iter().enumerate() {
        let book = Book::new(layout);
        let crm = client(book.clone());
        assert_eq!(ids(find(&crm).read_ahead()), all(), "layout {index}");
        assert_eq!(book.take(), PAGES, "layout {index}");
        assert_eq!(ids(find(&crm).by_page().read_ahead()), all(), "layout {index}");
        assert_eq!(book.take(), PAGES, "layout {index}, by page");
        assert_eq!(told(find(&crm).read_ahead()), told(find(&crm)), "layout {index}");
    }
}

#[test]
fn structs_in_rows_are_no_rows() {
    let book = Book::new(|id| {
        let nested = "<value><struct><member><name>Id</name><value>70</value></member></struct></value>";
        row(&format!("<name>_A</name>{nested}</member><member><name>Id</name><value>{id}</value>"))
    });
    let crm = client(book.clone());
    assert_eq!(ids(find(&crm).read_ahead()), all());
    assert_eq!(book.take(), PAGES, "the keys seem to be out of order, so none of them is taken");
    assert_eq!(ids(find(&crm).by_page().read_ahead()), all());
    let sent = book.take();
    assert!(sent == PAGES || sent == [0, 10, 20, 30, 40, 50], "the last page seems to be full: {sent:?}");
}

#[test]
fn a_wrong_guess_costs_one_call_and_no_row() {
    // After the nineteenth row comes what looks like another, whose key is higher.
    let book = Book::new(|id| {
        let decoy = "</member><member><name>_A</name><value><struct><member><name>Id</name><value>999</value></member>\
                     </struct></value>";
        let decoy = if id == 19 { decoy } else { "" };
        row(&format!("<name>Id</name><value>{id}</value>{decoy}"))
    });
    let crm = client(book.clone());
    assert_eq!(ids(find(&crm).read_ahead()), all());
    assert_eq!(book.take(), [0, 10, 999, 20, 30, 40], "after a wrong guess, nothing is read ahead");
    assert_eq!(told(find(&crm).read_ahead()), told(find(&crm)));
}

#[test]
fn ahead_and_in_turn_tell_the_same() {
    let spoils: [(&str, Spoil); 11] = [
        ("a fault", |_, behind, page| (200, if behind == 20 { fault() } else { page })),
        ("a fault at once", |_, _, _| (200, fault())),
        ("a refusal", |_, behind, page| (if behind == 20 { 500 } else { 200 }, page)),
        ("HTML", |_, behind, page| (200, if behind == 20 { "<html>Soon</html>".into() } else { page })),
        ("nothing", |_, behind, page| (200, if behind == 20 { String::new() } else { page })),
        ("half a page", |_, behind, page| (200, if behind == 20 { page[..500].to_owned() } else { page })),
        ("no end", |_, behind, page| (200, if behind == 20 { page.replace("</methodResponse>", "") } else { page })),
        ("no key", |_, _, page| (200, page.replace("<i4>25</i4>", "<nil/>"))),
        ("a key twice", |_, _, page| (200, page.replace("<i4>25</i4>", "<i4>24</i4>"))),
        ("a key that is none", |_, _, page| (200, page.replace("<i4>30</i4>", "<i4>last</i4>"))),
        ("a short page", |_, _, page| (200, page.replace(&plain(25), ""))),
    ];
    for (what, spoil) in spoils {
        let crm = client(Book::spoilt(spoil));
        assert_eq!(told(find(&crm).read_ahead()), told(find(&crm)), "{what}");
        assert_eq!(told(find(&crm).by_page().read_ahead()), told(find(&crm).by_page()), "{what}, by page");
        let lengths = |find: Find<ContactGroup>| find.pages().map(|page| page.map_or(0, |page| page.len())).collect();
        let (ahead, in_turn): (Vec<_>, Vec<_>) = (lengths(find(&crm).read_ahead()), lengths(find(&crm)));
        assert_eq!(ahead, in_turn, "{what}");
    }
}

#[test]
fn what_waited_is_read_as_strictly() {
    let book = Book::new(|id| {
        let text = if id == 30 { "&#11;" } else { "fine" };
        row(&format!("<name>Id</name><value>{id}</value></member><member><name>_A</name><value>{text}</value>"))
    });
    assert_eq!(ids(find(&client(book.clone())).read_ahead()), all());
    let builder = Client::builder().credentials(Credentials::access_token("token")).transport(book);
    let crm = builder.limits(Limits::none()).strict_characters(true).build().expect("the client can be built");
    let mut rows = find(&crm).read_ahead().iter();
    assert_eq!(rows.by_ref().take(20).filter(Result::is_ok).count(), 20);
    let error = rows.next().expect("an item").expect_err("the third page holds what XML forbids");
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[test]
fn an_answer_of_no_use_is_asked_for_again() {
    let in_passing: [Spoil; 2] = [
        |call, _, page| (200, if call == 2 { page[..500].to_owned() } else { page }),
        |call, _, page| (200, if call == 2 { page.replace("<i4>30</i4>", "<i4>last</i4>") } else { page }),
    ];
    for spoil in in_passing {
        let book = Book::spoilt(spoil);
        let crm = client(book.clone());
        assert_eq!(ids(find(&crm).read_ahead()), all());
        assert_eq!(book.take(), [0, 10, 20, 20, 30, 40]);
    }
    // All keys have come, so one page more may be asked for before it shows.
    let book =
        Book::spoilt(|call, _, page| (200, if call == 2 { page.replace("</methodResponse>", "") } else { page }));
    assert_eq!(ids(find(&client(book.clone())).read_ahead()), all());
    let mut sent = book.take();
    sent.sort_unstable();
    assert!(sent == [0, 10, 20, 20, 30, 40] || sent == [0, 10, 20, 20, 30, 30, 40], "{sent:?}");
}

#[test]
fn a_fault_ahead_is_told_though_it_has_passed_since() {
    let in_passing: [(Spoil, ErrorKind); 3] = [
        (|call, _, page| (200, if call == 2 { fault() } else { page }), ErrorKind::Fault),
        (|call, _, page| (200, if call == 2 { "<html>Soon</html>".into() } else { page }), ErrorKind::Gateway),
        (|call, _, page| (200, if call == 2 { String::new() } else { page }), ErrorKind::Decode),
    ];
    for (spoil, kind) in in_passing {
        let book = Book::spoilt(spoil);
        let crm = client(book.clone());
        let mut rows = find(&crm).read_ahead().iter();
        assert_eq!(rows.by_ref().take(20).filter(Result::is_ok).count(), 20);
        let error = rows.next().expect("an item").expect_err("the third page is none");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().starts_with("DataService.query: page 3: "), "{error}");
        assert_eq!(book.take(), [0, 10, 20]);
    }
}

/// Tells of each attempt, on whatever thread.
struct Telling(mpsc::Sender<Option<ErrorKind>>);

impl Observer for Telling {
    fn attempted(&self, attempt: &Attempt<'_>) {
        // Who listens may be gone before the thread that asks ahead.
        _ = self.0.send(attempt.error);
    }
}

#[test]
fn a_throttling_fault_ahead_makes_all_calls_wait() {
    let throttled = fault().replace("[DatabaseError]Gone", "com.x.ThrottlingException: too many").replace(">4<", ">0<");
    let record = "<methodResponse><params><param><value><struct></struct></value></param></params></methodResponse>";
    let canned = Canned::ok(answer((1..=PAGE).map(plain))).then(Canned::ok(throttled)).then(Canned::ok(record));
    let (teller, told) = mpsc::channel();
    let builder = canned.builder().limits(Limits::none()).retry(Retry::none()).observer(Telling(teller));
    let crm = builder.build().expect("the client can be built");
    let mut rows = find(&crm).read_ahead().iter();
    rows.next().expect("an item").expect("a row");
    let next = || told.recv_timeout(Duration::from_secs(60)).expect("an attempt");
    assert_eq!([next(), next()], [None, Some(ErrorKind::Throttled)]);
    crm.contacts().load(ContactId(1), &["Id"]).expect("an answer");
    assert_eq!(canned.clock().sleeps(), [Duration::from_secs(1)]);
}

#[test]
fn a_page_ahead_fails_only_after_the_retries_of_the_client() {
    let book = Book::spoilt(|_, behind, page| (if behind == 20 { 503 } else { 200 }, page));
    let builder = Client::builder().credentials(Credentials::access_token("token")).transport(book.clone());
    let retry = Retry::new().attempts(3).backoff(Duration::ZERO, Duration::ZERO);
    let crm = builder.limits(Limits::none()).retry(retry).build().expect("the client can be built");
    let mut rows = find(&crm).read_ahead().iter();
    assert_eq!(rows.by_ref().take(20).filter(Result::is_ok).count(), 20);
    let error = rows.next().expect("an item").expect_err("the third page is refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Gateway, 3));
    assert!(error.to_string().starts_with("DataService.query: page 3: "), "{error}");
    assert!(rows.next().is_none());
    assert_eq!(book.take(), [0, 10, 20, 20, 20], "what has been tried enough isn't tried again");
}

#[test]
fn limits_and_cursors_hold_ahead_too() {
    let book = Book::new(plain);
    let crm = client(book.clone());
    assert_eq!(ids(find(&crm).read_ahead().limit(7)), (1..=7).collect::<Vec<_>>());
    assert_eq!(book.take(), [0], "a page that is the only one has none after it");
    assert_eq!(ids(find(&crm).read_ahead().limit(20)), (1..=20).collect::<Vec<_>>());
    assert_eq!(book.take(), [0, 10]);
    for find in [|crm: &Client| find(crm).by_key().read_ahead(), |crm: &Client| find(crm).by_page().read_ahead()] {
        for given in [0, 9, 10, 11, 25, 40, 45] {
            let mut rows = find(&crm).limit(42).iter();
            let first = rows.by_ref().take(given).count();
            let place = rows.position();
            let rest = ids(find(&crm).limit(42).resume(place.clone()));
            assert_eq!(rest, (first + 1..=42).collect::<Vec<_>>(), "{place}");
        }
    }
}

#[test]
fn rows_need_not_be_fit_for_other_threads() {
    #[derive(Deserialize)]
    struct Tag {
        #[serde(rename = "Id")]
        id: usize,
        #[serde(skip)]
        shared: Rc<()>,
    }

    let crm = client(Book::new(plain));
    let tags = crm.find_as::<ContactGroup, Tag>().page_size(PAGE).read_ahead().fetch().expect("the rows come");
    assert_eq!(tags.iter().map(|tag| tag.id * Rc::strong_count(&tag.shared)).collect::<Vec<_>>(), all());
}
