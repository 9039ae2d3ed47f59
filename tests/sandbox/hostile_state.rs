//! Hostile calls against an account with data, which is afterwards as it was.

use std::path::PathBuf;

use infusionsoft_sandbox::{ACCESS_TOKEN, Request, Sandbox};

use crate::calls::{KEY, call};
use crate::hostile::{Numbers, PIECES};

/// Calls that read, to be mutated: whatever becomes of their arguments, they cannot change anything.
const READING: &[(&str, &[&str])] = &[
    ("ContactService.load", &["<int>7</int>", "<array><data><value>Id</value><value>Email</value></data></array>"]),
    ("ContactService.findByEmail", &["ada@example.com", "<array><data><value>Id</value></data></array>"]),
    (
        "DataService.query",
        &[
            "ContactGroupAssign",
            "<int>10</int>",
            "<int>0</int>",
            "<struct><member><name>Contact.FirstName</name><value>A%</value></member></struct>",
            "<array><data><value>Contact.FirstName</value><value>GroupId</value></data></array>",
            "ContactId",
            "<boolean>1</boolean>",
        ],
    ),
    (
        "DataService.query",
        &[
            "Contact",
            "<int>1000</int>",
            "<i4>0</i4>",
            "<struct><member><name>Id</name><value>~&gt;=~5</value></member>\
             <member><name>DateCreated</name><value>2026-0%</value></member></struct>",
            "<array><data><value>Id</value><value>Groups</value><value>Birthday</value></data></array>",
        ],
    ),
    (
        "DataService.findByField",
        &[
            "Job",
            "<int>5</int>",
            "<int>0</int>",
            "ContactId",
            "<int>3</int>",
            "<array><data><value>Id</value></data></array>",
        ],
    ),
    (
        "DataService.count",
        &["Lead", "<struct><member><name>StageID</name><value><int>1</int></value></member></struct>"],
    ),
];

/// Calls that write, with a mark for something that makes them fail: a name that does not exist.
const WRITING: &[(&str, &[&str])] = &[
    ("DataService.add", &["HOSTILE", "<struct><member><name>FirstName</name><value>x</value></member></struct>"]),
    ("DataService.add", &["Contact", "<struct><member><name>HOSTILE</name><value>x</value></member></struct>"]),
    (
        "DataService.update",
        &["HOSTILE", "<int>1</int>", "<struct><member><name>Name</name><value>x</value></member></struct>"],
    ),
    (
        "DataService.update",
        &["Contact", "<int>1</int>", "<struct><member><name>HOSTILE</name><value>x</value></member></struct>"],
    ),
    ("DataService.delete", &["HOSTILE", "<int>1</int>"]),
    ("ContactService.add", &["<struct><member><name>HOSTILE</name><value>x</value></member></struct>"]),
    (
        "ContactService.update",
        &["<int>1</int>", "<struct><member><name>HOSTILE</name><value>x</value></member></struct>"],
    ),
    (
        "ContactService.addWithDupCheck",
        &[
            "<struct><member><name>Email</name><value>x</value></member><member><name>HOSTILE</name><value>x</value></member></struct>",
            "Email",
        ],
    ),
    ("DataService.addCustomField", &["HOSTILE", "Name", "Text", "<int>1</int>"]),
];

/// Texts that would do harm if any of them became SQL, or a number that is too great to be one.
const TEXTS: &[&str] = &[
    "Contact\"; DROP TABLE Contact; --",
    "Contact'; DELETE FROM Contact WHERE '1'='1",
    "Id\" = 1 OR \"Id",
    "Id) FROM Contact; UPDATE Contact SET Email='x'; --",
    "' OR ''='",
    "1 OR 1=1",
    "(SELECT name FROM sqlite_master)",
    "sqlite_master",
    "sqlite_sequence",
    "rowid",
    "_rowid_",
    "main.Contact",
    "Contact.Contact.Id",
    "Contact.",
    ".",
    "_",
    "__proto__",
    "%",
    "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%x",
    "~&gt;~",
    "~null~~null~",
    "~&lt;&gt;~%",
    "?1",
    ":a",
    "$a",
    "@a",
    "\"",
    "'",
    "`",
    "\\",
    "[Id]",
    "--",
    "/*",
    "\u{202e}tcatnoC",
    "сontact",
    "Zoë \u{1f600}",
    "",
    " ",
    "&#9;",
    "2147483647",
    "-2147483648",
    "9223372036854775808",
    "999999999999999999999999999999999999999999",
    "0x10",
    "1e308",
    "NaN",
];

/// A folder with a database that goes when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("infusionsoft-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn database(&self) -> PathBuf {
        self.0.join("crm.sqlite")
    }

    /// Every byte of the database, and of the log to which changes are written ahead.
    fn bytes(&self) -> [Vec<u8>; 2] {
        let read = |name| std::fs::read(self.0.join(name)).expect("the database is a file, and so is its log");
        [read("crm.sqlite"), read("crm.sqlite-wal")]
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn respond(sandbox: &Sandbox, body: impl Into<Vec<u8>>) -> String {
    let response = sandbox.respond(&Request {
        method: "POST".to_owned(),
        path: "/crm/xmlrpc/v1".to_owned(),
        query: String::new(),
        headers: vec![("authorization".to_owned(), format!("Bearer {ACCESS_TOKEN}"))],
        body: body.into(),
    });
    assert_eq!(response.status, 200);
    String::from_utf8(response.body).expect("answers are UTF-8")
}

fn body((method, arguments): &(&str, &[&str])) -> String {
    call(method, &[&[KEY], *arguments].concat())
}

/// One of a list.
fn one<'a, T>(numbers: &mut Numbers, items: &'a [T]) -> &'a T {
    &items[numbers.below(items.len())]
}

/// Something that is no name of a table, of a field, or of anything else.
fn nonsense(numbers: &mut Numbers) -> String {
    match numbers.below(3) {
        0 => (0..=numbers.below(20)).map(|_| char::from(b'a' + numbers.below(26) as u8)).collect::<String>() + "?",
        1 => format!("{}{}", one(numbers, TEXTS), one(numbers, TEXTS)),
        _ => (*one(numbers, TEXTS)).to_owned(),
    }
}

/// A value of any type.
fn value(numbers: &mut Numbers) -> String {
    let text = nonsense(numbers);
    match numbers.below(8) {
        0 => format!("<int>{}</int>", one(numbers, &[i32::MIN, -1, 0, 1, 1001, i32::MAX])),
        1 => "<double>-1.7976931348623157e308</double>".to_owned(),
        2 => format!("<boolean>{}</boolean>", numbers.below(2)),
        3 => "<dateTime.iso8601>99991231T23:59:59</dateTime.iso8601>".to_owned(),
        4 => format!("<array><data><value>{text}</value><value><int>1</int></value></data></array>"),
        5 => format!("<struct><member><name>{text}</name><value>{}</value></member></struct>", one(numbers, TEXTS)),
        _ => format!("<string>{text}</string>"),
    }
}

/// A reading call in which pieces are cut, put in or exchanged for others, or an argument for another.
fn mutated(numbers: &mut Numbers) -> String {
    let (method, arguments) = one(numbers, READING);
    let mut arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    for _ in 0..=numbers.below(2) {
        let place = numbers.below(arguments.len());
        let argument = arguments[place].clone();
        arguments[place] = match numbers.below(3) {
            0 => value(numbers),
            1 => {
                let at = numbers.below(argument.len() + 1);
                let (head, tail) = argument.split_at_checked(at).unwrap_or((&argument, ""));
                format!("{head}{}{tail}", one(numbers, PIECES))
            }
            _ => {
                let names =
                    ["Id", "Contact", "ContactId", "GroupId", "A%", "2026-0%", "5", "Lead", "Job", "ada@example.com"];
                argument.replacen(one(numbers, &names), &nonsense(numbers), 1)
            }
        };
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    body(&(*method, &arguments))
}

#[test]
fn ten_thousand_hostile_calls_change_nothing() {
    let folder = Folder::new("hostile");
    let sandbox = Sandbox::builder().db(folder.database()).contacts(50).build().expect("the database opens");
    let before = folder.bytes();
    let mut numbers = Numbers(0xC0FF_EE00);
    let mut faults = 0;
    for round in 0..10_000 {
        let hostile = match round % 4 {
            0 => body(one(&mut numbers, WRITING)).replace("HOSTILE", &nonsense(&mut numbers)),
            _ => mutated(&mut numbers),
        };
        let answer = respond(&sandbox, hostile.as_str());
        assert!(answer.starts_with("<?xml") && answer.ends_with("</methodResponse>"), "{hostile}\n{answer}");
        assert!(round % 4 != 0 || answer.contains("<fault>"), "{hostile}\n{answer}");
        faults += usize::from(answer.contains("<fault>"));
    }
    assert!((4_000..9_900).contains(&faults), "the calls are neither all harmless nor all refused: {faults}");
    for reading in READING {
        assert!(!respond(&sandbox, body(reading)).contains("<fault>"), "{reading:?}");
    }
    assert!(before == folder.bytes(), "not one byte of the database has changed");
    respond(
        &sandbox,
        body(&(
            "ContactService.update",
            &["<int>1</int>", "<struct><member><name>City</name><value>x</value></member></struct>"],
        )),
    );
    assert!(before != folder.bytes(), "a change would have been seen");
}

#[test]
fn hostile_texts_are_kept_and_found_as_they_are() {
    let sandbox = Sandbox::new();
    // The others have a meaning in queries, or in XML.
    for text in TEXTS.iter().filter(|text| !text.trim().is_empty() && !text.contains(['%', '&'])) {
        let member = |name: &str| format!("<struct><member><name>{name}</name><value>{text}</value></member></struct>");
        let added = respond(&sandbox, call("ContactService.add", &[KEY, &member("LastName")]));
        let id = added.split_once("<i4>").and_then(|(_, rest)| rest.split_once("</i4>")).expect("an id").0;
        let fields = "<array><data><value>Id</value><value>LastName</value></data></array>";
        let query = [KEY, "Contact", "<int>10</int>", "<int>0</int>", &member("LastName"), fields];
        let found = respond(&sandbox, call("DataService.query", &query));
        assert_eq!(found.matches("<struct>").count(), 1, "{text}: {found}");
        assert!(found.contains(&format!("<i4>{id}</i4>")), "{text}: {found}");
        assert!(found.contains(&format!("<value>{text}</value>")), "{text}: {found}");
    }
}
