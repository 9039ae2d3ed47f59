//! What is written for a value, and what is refused because it can't be.

use std::collections::BTreeMap;

use infusionsoft::{ContactId, DateTime, ErrorKind, Record, Value, record};
use infusionsoft_tests::canned::Canned;
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::common::{answer, base64};

/// The XML of a call with this one value.
fn written(value: Value) -> String {
    let transport = Canned::ok(answer("1"));
    transport.client().call_raw_without_key("Some.method", [value]).expect("the value can travel");
    transport.only_sent().text()
}

/// Reads the only parameter, to the letter.
fn read_back(xml: &str) -> Value {
    let document = Document::parse(xml).expect("the request is well-formed");
    let value = document.descendants().find(|node| node.has_tag_name("value")).expect("a value");
    value_of(value)
}

fn value_of(value: Node<'_, '_>) -> Value {
    let node = value.first_element_child().expect("every value has a type");
    let text = node.text().unwrap_or_default();
    match node.tag_name().name() {
        "i4" | "int" => Value::Int(text.parse().expect("an int")),
        "boolean" => Value::Bool(text.parse::<u8>().expect("a boolean") == 1),
        "double" => Value::Double(text.parse().expect("a double")),
        "string" => Value::from(text),
        "dateTime.iso8601" => Value::DateTime(text.parse().expect("a date")),
        "base64" => Value::Bytes(base64(text)),
        "array" => {
            let data = node.first_element_child().expect("data");
            Value::Array(data.children().filter(Node::is_element).map(value_of).collect())
        }
        "struct" => {
            let members: Vec<_> = node.children().filter(Node::is_element).map(member_of).collect();
            assert!(members.is_sorted_by(|a, b| a.0 < b.0), "members are sorted by name, each once");
            Value::Struct(members.into_iter().collect())
        }
        other => panic!("unexpected <{other}>"),
    }
}

fn member_of(member: Node<'_, '_>) -> (String, Value) {
    let child = |name| member.children().find(|node| node.has_tag_name(name)).expect("a part of the member");
    (child("name").text().unwrap_or_default().to_owned(), value_of(child("value")))
}

/// Texts of all characters that XML carries, with those that are special to it.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(vec!['\t', '\n', '\r', '<', '>', '&', '"', '\'', ']', '\u{85}', '\u{A0}', '\u{2028}']),
        1 => proptest::char::range('\u{A1}', '\u{D7FF}'),
        1 => proptest::char::range('\u{E000}', '\u{FFFD}'),
        1 => proptest::char::range('\u{10000}', char::MAX),
    ];
    proptest::collection::vec(character, 0..12).prop_map(String::from_iter)
}

fn date_time() -> impl Strategy<Value = DateTime> {
    (1..=9999_i16, 1..=12_i8, 1..=28_i8, 0..24_i8, 0..60_i8, 0..60_i8)
        .prop_map(|(year, month, day, hour, minute, second)| DateTime::new(year, month, day, hour, minute, second))
        .prop_map(|time| time.expect("a valid time"))
}

fn value() -> impl Strategy<Value = Value> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    let scalar = prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO).prop_map(Value::from),
        text().prop_map(Value::from),
        date_time().prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(text(), inner, 0..6).prop_map(Value::from),
        ]
    })
}

/// A value that the wire can't carry, with what is said of it.
fn unfit() -> impl Strategy<Value = (Value, &'static str)> {
    prop_oneof![
        Just((Value::Nil, "is nil")),
        prop_oneof![(i64::from(i32::MAX) + 1)..=i64::MAX, i64::MIN..i64::from(i32::MIN)]
            .prop_map(|number| (Value::Int(number), "exceeds the 32 bits")),
        proptest::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])
            .prop_map(|number| (Value::Double(number), "is not finite")),
        ("[a-z]{0,5}", unfit_character(), "[a-z]{0,5}")
            .prop_map(|(before, unfit, after)| (format!("{before}{unfit}{after}").into(), "which XML cannot carry")),
    ]
}

fn unfit_character() -> impl Strategy<Value = char> {
    proptest::sample::select(
        ('\0'..'\t').chain("\u{B}\u{C}\u{FFFE}\u{FFFF}".chars()).chain('\u{E}'..' ').collect::<Vec<_>>(),
    )
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(value in value()) {
        let xml = written(value.clone());
        prop_assert!(!xml.contains("<nil"), "{xml}");
        prop_assert_eq!(read_back(&xml), value);
    }

    #[test]
    fn bytes_do_not_depend_on_the_order_of_insertion(
        (sorted, shuffled) in proptest::collection::btree_map(text(), value(), 0..8)
            .prop_flat_map(|members: BTreeMap<_, _>| {
                let members: Vec<_> = members.into_iter().collect();
                (Just(members.clone()), Just(members).prop_shuffle())
            })
    ) {
        let mut inserted = Record::new();
        for (name, value) in shuffled {
            inserted.insert(name, value);
        }
        let sorted: Record = sorted.into_iter().collect();
        prop_assert_eq!(written(Value::Struct(inserted)), written(Value::Struct(sorted)));
    }

    #[test]
    fn what_cannot_travel_is_refused_with_its_path(
        (unfit, problem) in unfit(),
        path in proptest::collection::vec(prop_oneof![(0..4_usize).prop_map(Ok), "[A-Za-z]{1,6}".prop_map(Err)], 0..5),
    ) {
        let value = path.iter().rev().fold(unfit, |inner, segment| match segment {
            Ok(index) => Value::Array((0..*index).map(|_| Value::from("fit")).chain([inner]).collect()),
            Err(name) => Value::Struct(record! { name.as_str() => inner }),
        });
        let path: String = path.iter().map(|segment| segment.as_ref().map_or_else(|name| format!(".{name}"), |at| format!("[{at}]"))).collect();
        let refused = refused_raw(value);
        prop_assert!(refused.starts_with(&format!("Some.method: parameter 1{path} ")), "{refused}");
        prop_assert!(refused.contains(problem), "{refused}");
    }
}

/// Why a call is refused; nothing of it is sent.
fn refused_raw(value: Value) -> String {
    let transport = Canned::ok(answer("1"));
    let error = transport.client().call_raw("Some.method", [value]).expect_err("the value cannot travel");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(transport.sent().len(), 0, "nothing is sent");
    error.to_string()
}

fn refused_data(data: Record) -> String {
    let transport = Canned::ok(answer("1"));
    let error = transport.client().contacts().update(ContactId(18), data).expect_err("the record cannot travel");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(transport.sent().len(), 0, "nothing is sent");
    error.to_string()
}

#[test]
fn refusals_name_the_parameter_and_the_way_to_the_value() {
    assert_eq!(
        format!("{}", refused_data(record! { "FirstName" => "A\u{B}da" })),
        "ContactService.update: data.FirstName holds U+000B at character 1, which XML cannot carry"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "FirstName" => "\u{FFFE}" })),
        "ContactService.update: data.FirstName holds U+FFFE at character 0, which XML cannot carry"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "First\u{0}Name" => "Ada" })),
        r"ContactService.update: data.First\0Name holds U+0000 at character 5, which XML cannot carry"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "_Price" => f64::NAN })),
        "ContactService.update: data._Price is NaN, which is not finite"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "_Price" => f64::NEG_INFINITY })),
        "ContactService.update: data._Price is -inf, which is not finite"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "Id" => i64::from(i32::MAX) + 1 })),
        "ContactService.update: data.Id exceeds the 32 bits of the wire's int"
    );
    assert_eq!(
        format!("{}", refused_data(record! { "Company" => Value::Nil })),
        "ContactService.update: data.Company is nil, which the server refuses: leave it out"
    );
    let nested = Value::Array(vec![1.into(), 2.into(), Value::Struct(record! { "x" => f64::INFINITY })]);
    assert_eq!(format!("{}", refused_raw(nested)), "Some.method: parameter 1[2].x is inf, which is not finite");
}

#[test]
fn the_greatest_and_least_numbers_travel() {
    for number in [i32::MIN, -1, 0, i32::MAX] {
        assert!(written(number.into()).contains(&format!(">{number}<")));
    }
    for number in [f64::MIN, f64::MIN_POSITIVE, f64::MAX, 23.07, 0.1 + 0.2] {
        assert_eq!(read_back(&written(number.into())), Value::Double(number));
    }
}

#[test]
fn carriage_returns_survive_as_references() {
    let xml = written("a\r\nb\rc".into());
    assert!(xml.contains("<string>a&#13;\nb&#13;c</string>"), "{xml}");
    assert!(!xml.contains('\r'));
    assert_eq!(read_back(&xml), Value::from("a\r\nb\rc"));
    let xml = written(Value::Struct(record! { "a\rb" => 1 }));
    assert!(xml.contains("<name>a&#13;b</name>"), "{xml}");
}

#[test]
fn white_space_and_markup_are_kept() {
    for text in ["", " ", "\n", "\t a \n", "<string>x</string>", "]]>", "&#13;", "&amp;", "\u{FEFF}a"] {
        assert_eq!(read_back(&written(text.into())), Value::from(text), "{text:?}");
    }
}
