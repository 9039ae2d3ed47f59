//! Records and values, from and to types of the user's own.

use std::collections::BTreeMap;
use std::fmt::Debug;

use infusionsoft::runtime::decode;
use infusionsoft::{
    Bytes, ContactId, Date, DateTime, DuplicateCheck, Error, ErrorKind, FromValue, Record, Secret, TagId, Value, record,
};
use infusionsoft_tests::canned::Canned;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Person {
    id: ContactId,
    first_name: String,
    company: Option<String>,
    balance: f64,
    member: bool,
    born: Date,
    last_updated: DateTime,
    photo: Bytes,
    tags: Vec<TagId>,
    check: DuplicateCheck,
    address: Address,
    notes: BTreeMap<i32, String>,
    state: State,
    anything: Value,
    rest: Record,
    pair: (u8, String),
    letter: char,
    nothing: (),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Address {
    city: Option<String>,
    lines: Vec<Option<String>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum State {
    New,
    Owned(i32),
    Between(i32, i32),
    Other { why: String, when: Option<DateTime> },
}

fn time() -> DateTime {
    DateTime::new(2026, 6, 1, 12, 30, 15).expect("a time")
}

fn ada(state: State) -> Person {
    Person {
        id: ContactId(18),
        first_name: "Ada".into(),
        company: None,
        balance: 23.5,
        member: true,
        born: Date::new(1815, 12, 10).expect("a day"),
        last_updated: time(),
        photo: Bytes::from(vec![0, 255]),
        tags: vec![TagId(97), TagId(98)],
        check: DuplicateCheck::EmailAndName,
        address: Address { city: Some("London".into()), lines: vec![Some("12 St".into()), None] },
        notes: BTreeMap::from([(-1, "a".into()), (20, "b".into())]),
        state,
        anything: Value::DateTime(time()),
        rest: record! { "Nil" => Value::Nil, "When" => time(), "Deep" => record! { "Bytes" => Bytes::from(vec![1]) } },
        pair: (7, "seven".into()),
        letter: 'ß',
        nothing: (),
    }
}

#[test]
fn a_struct_is_written_as_the_wire_has_it() {
    let expected = record! {
        "Id" => 18, "FirstName" => "Ada", "Balance" => 23.5, "Member" => true,
        "Born" => Date::new(1815, 12, 10).expect("a day"), "LastUpdated" => time(),
        "Photo" => Value::Bytes(vec![0, 255]), "Tags" => vec![97, 98], "Check" => "EmailAndName",
        "Address" => record! { "city" => "London", "lines" => Value::Array(vec!["12 St".into(), Value::Nil]) },
        "Notes" => record! { "-1" => "a", "20" => "b" },
        "State" => record! { "Other" => record! { "why" => "x", "when" => time() } },
        "Anything" => time(),
        "Rest" => record! { "Nil" => Value::Nil, "When" => time(), "Deep" => record! { "Bytes" => Value::Bytes(vec![1]) } },
        "Pair" => Value::Array(vec![7.into(), "seven".into()]), "Letter" => "ß", "Nothing" => Value::Nil,
    };
    let written = Record::from_serialize(&ada(State::Other { why: "x".into(), when: Some(time()) })).expect("a struct");
    assert_eq!(written, expected);
    assert!(!written.contains("Company"), "what is none is left out");
}

#[test]
fn what_is_written_is_read_back() {
    let states = [
        State::New,
        State::Owned(3),
        State::Between(1, 2),
        State::Other { why: "x".into(), when: None },
        State::Other { why: String::new(), when: Some(time()) },
    ];
    for state in states {
        let ada = ada(state);
        let written = Record::from_serialize(&ada).expect("a struct");
        assert_eq!(written.to::<Person>().expect("it is one"), ada);
        let value = Value::from_serialize(&ada).expect("a value");
        assert_eq!((value.to::<Person>().expect("it is one"), value), (ada, Value::Struct(written)));
    }
}

#[test]
fn a_variant_that_holds_none_is_kept() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Owner {
        User(Option<i32>),
        Team(Option<i32>),
    }

    for (owner, name) in [(Owner::User(None), "User"), (Owner::Team(None), "Team")] {
        let written = Record::from_serialize(&owner).expect("a struct");
        assert_eq!(written, record! { name => Value::Nil });
        assert_eq!(written.to::<Owner>().expect("it is one"), owner);
        // Since the server has no null, it isn't sent.
        let canned = Canned::ok("");
        let error = canned.client().data().add("Contact", record! { "Owner" => written }).expect_err("it holds a nil");
        let text = format!("DataService.add: values.Owner.{name} is nil, which the server refuses: leave it out");
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidRequest, text));
    }
    assert_eq!(Value::from_serialize(&Owner::User(Some(3))).expect("a value"), record! { "User" => 3 }.into());
}

#[test]
fn records_and_values_are_themselves() {
    let record = record! {
        "Time" => time(), "Nil" => Value::Nil, "Bytes" => Value::Bytes(vec![1]), "Int" => 3_000_000_000_i64,
        "List" => Value::Array(vec![1.into(), "a".into(), Value::Nil, time().into()]), "Deep" => record! { "A" => 1.5 },
    };
    assert_eq!(record.to::<Record>().expect("a record"), record);
    assert_eq!(Record::from_serialize(&record).expect("a record"), record);
    let value = Value::Struct(record);
    assert_eq!(value.to::<Value>().expect("a value"), value);
    assert_eq!(Value::from_serialize(&value).expect("a value"), value);
    assert_eq!(Value::from_serialize(&None::<i32>).expect("a value"), Value::Nil);
}

#[test]
fn reading_is_as_lenient_as_the_wire() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Lenient<'a> {
        id: ContactId,
        count: u8,
        price: f64,
        flag: bool,
        text: String,
        at: DateTime,
        day: Date,
        file: Bytes,
        none: Option<i32>,
        #[serde(borrow)]
        borrowed: &'a str,
    }
    let texts = record! {
        "id" => " 18 ", "count" => "7", "price" => "23.5", "flag" => "TRUE", "text" => 74, "at" => "2026-06-01T12:30:15",
        "day" => time(), "file" => "AP8=", "none" => Value::Nil, "borrowed" => "b", "unknown" => Value::Array(vec![]),
    };
    let day = time().date();
    let read = texts.to::<Lenient<'_>>().expect("it is one");
    assert_eq!((read.id, read.count, read.flag, read.text.as_str()), (ContactId(18), 7, true, "74"));
    assert_eq!((read.at, read.day, &*read.file, read.none), (time(), day, [0, 255].as_slice(), None));
    assert_eq!((read.price.to_bits(), read.borrowed), (23.5_f64.to_bits(), "b"));
}

#[track_caller]
fn refused<T>(result: Result<T, Error>, kind: ErrorKind, text: &str) {
    let error = result.err().expect("it is refused");
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
}

#[test]
fn what_does_not_fit_is_named_by_its_place() {
    let of = |value: Value| record! { "rows" => Value::Array(vec![record! { "id" => value }.into()]) };
    type Rows = BTreeMap<String, Vec<BTreeMap<String, i32>>>;
    refused(of("x".into()).to::<Rows>(), ErrorKind::Decode, "rows[0].id: expected int, got string");
    refused(of(Value::Nil).to::<Rows>(), ErrorKind::Decode, "rows[0].id: expected int, got nil");
    let missing = "missing member \"lines\": the server leaves out what is empty, so make the field an Option";
    refused(record! {}.to::<Address>(), ErrorKind::Decode, missing);
    refused(Value::from(1).to::<Vec<i32>>(), ErrorKind::Decode, "expected array, got int");
    refused(Value::from(300).to::<u8>(), ErrorKind::Decode, "invalid value: integer `300`, expected u8");
    refused(
        Value::from("Gone").to::<State>().map(drop),
        ErrorKind::Decode,
        "unknown variant `Gone`, expected one of `New`, `Owned`, `Between`, `Other`",
    );
    refused(Record::from_serialize(&1), ErrorKind::InvalidRequest, "a record is made of a struct or a map, not of int");
    let large = BTreeMap::from([("a", vec![u64::MAX])]);
    refused(
        Record::from_serialize(&large),
        ErrorKind::InvalidRequest,
        "a[0]: 18446744073709551615 doesn't fit 64 bits",
    );
    refused(
        Record::from_serialize(&BTreeMap::from([(true, 1)])),
        ErrorKind::InvalidRequest,
        "a member's name must be a text or a whole number",
    );
}

#[test]
fn a_file_that_came_as_text_is_bytes() -> Result<(), Error> {
    let file = Value::from("AP\n8=");
    assert_eq!((&*file.get::<Bytes>()?, &*file.to::<Bytes>()?), ([0, 255].as_slice(), [0, 255].as_slice()));
    assert_eq!(&*Bytes::try_from(file.clone())?, [0, 255]);
    refused(file.get::<&[u8]>(), ErrorKind::Decode, "expected base64, got string");
    refused(Value::from("a.pdf").get::<Bytes>(), ErrorKind::Decode, "expected base64, got string");
    let empty = Value::from("");
    assert_eq!((empty.get::<Bytes>()?.len(), empty.to::<Bytes>()?.len()), (0, 0));
    assert_eq!((empty.get::<Option<Bytes>>()?, empty.to::<Option<Bytes>>()?), (None, None));
    Ok(())
}

#[test]
fn nothing_is_an_empty_list_or_struct_as_in_answers() {
    /// What answers say of a value, if `get` and `to` say it too.
    #[track_caller]
    fn read<T>(value: &str) -> Option<T>
    where
        T: for<'a> FromValue<'a> + DeserializeOwned + PartialEq + Debug,
    {
        let body = format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>");
        let (any, _) = decode::<Value>(body.as_bytes()).expect("a value");
        let read = decode(body.as_bytes()).ok().map(|(value, _)| value);
        assert_eq!((&any.get().ok(), &any.to().ok()), (&read, &read), "{value:?}");
        read
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        id: Option<i32>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<i32>),
        Text(String),
    }

    for nothing in ["", " ", "<nil/>"] {
        assert_eq!(read::<Vec<i32>>(nothing), Some(vec![]));
        assert_eq!(read::<BTreeMap<String, i32>>(nothing), Some(BTreeMap::new()));
        assert_eq!(read::<Record>(nothing), Some(record! {}));
        // A blank is more than nothing where a list may be missing.
        let list = (nothing == " ").then(Vec::new);
        assert_eq!(read::<Option<Vec<i32>>>(nothing), Some(list));
        let rows = format!("<array><data><value>{nothing}</value></data></array>");
        assert_eq!(read::<Vec<Record>>(&rows), Some(vec![record! {}]));
    }
    for something in ["x", "<i4>0</i4>", "<boolean>0</boolean>"] {
        assert_eq!((read::<Vec<i32>>(something), read::<Record>(something)), (None, None));
    }
    for nothing in [Value::Nil, Value::from("")] {
        assert_eq!(nothing.to::<Row>().expect("a row"), Row { id: None });
    }
    assert_eq!(Value::from("").to::<Either>().expect("a text"), Either::Text(String::new()));
    assert_eq!(Value::from(vec![1]).to::<Either>().expect("a list"), Either::List(vec![1]));
}

#[test]
fn getters_have_defaults_for_what_is_missing() -> Result<(), Error> {
    let row = record! { "City" => "London", "Nil" => Value::Nil, "Age" => "x" };
    assert_eq!(
        (row.get_or("City", "none")?, row.get_or("Company", "none")?, row.get_or("Nil", 3)?),
        ("London", "none", 3)
    );
    refused(row.get_or("Age", 3), ErrorKind::Decode, "Age: expected 32-bit int, got string");
    Ok(())
}

/// Each type becomes a value, and comes back from it.
#[test]
fn conversions_go_both_ways() {
    fn both<T: Into<Value> + TryFrom<Value, Error = Error> + Clone + PartialEq + Debug>(value: T, on_wire: Value) {
        assert_eq!(value.clone().into(), on_wire, "{value:?}");
        let other = if on_wire.type_name() == "base64" { Value::Nil } else { Value::Bytes(vec![]) };
        assert_eq!(T::try_from(on_wire).expect("it came from there"), value);
        let refused = T::try_from(other).expect_err("it is nothing of the kind");
        assert_eq!(refused.kind(), ErrorKind::Decode);
    }
    both(-3_i16, Value::Int(-3));
    both(3_u16, Value::Int(3));
    both(-3_i32, Value::Int(-3));
    both(u32::MAX, Value::Int(4_294_967_295));
    both(i64::MAX, Value::Int(i64::MAX));
    both(1.5_f32, Value::Double(1.5));
    both(1.5_f64, Value::Double(1.5));
    both(true, Value::Bool(true));
    both("a".to_owned(), Value::String("a".into()));
    both(time(), Value::DateTime(time()));
    both(time().date(), Value::DateTime(time().date().at_midnight()));
    both(ContactId(18), Value::Int(18));
    both(DuplicateCheck::Email, Value::String("Email".into()));
    both(Bytes::from([1, 2].as_slice()), Value::Bytes(vec![1, 2]));
    both(record! { "a" => 1 }, Value::Struct(record! { "a" => 1 }));
    both(vec![1, 2], Value::Array(vec![1.into(), 2.into()]));
    both(vec![Value::Nil, 2.into()], Value::Array(vec![Value::Nil, 2.into()]));
    both(BTreeMap::from([("a".to_owned(), 1)]), Value::Struct(record! { "a" => 1 }));
    let secret = Secret::try_from(Value::from("key")).expect("a text");
    assert_eq!(Value::from(secret), Value::Secret("key".into()));
    assert_eq!(Value::from("18").get::<ContactId>().expect("a number"), ContactId(18));
    refused(Value::from("x").get::<i32>(), ErrorKind::Decode, "expected 32-bit int, got string");
    refused(i16::try_from(Value::from(40_000)), ErrorKind::Decode, "expected 16-bit int, got int");
}
