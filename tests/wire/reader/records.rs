//! Records of a page share their names, whatever the rows have in common.

use std::collections::BTreeMap;

use infusionsoft::runtime::decode;
use infusionsoft::{Record, Value};

use super::hostile::Xorshift;
use super::response;

fn page(rows: impl IntoIterator<Item = Vec<(String, i64)>>) -> String {
    let member = |(name, number)| format!("<member><name>{name}</name><value><i4>{number}</i4></value></member>");
    let row = |members: Vec<_>| members.into_iter().map(member).collect::<String>();
    let rows = rows.into_iter().map(|members| format!("<value><struct>{}</struct></value>", row(members)));
    response(&format!("<value><array><data>{}</data></array></value>", rows.collect::<String>()))
}

/// Reads a page as records and as maps, which are the same.
fn assert_same(page: &str) {
    let (records, _) = decode::<Vec<Record>>(page.as_bytes()).expect("records");
    let (maps, _) = decode::<Vec<BTreeMap<String, i64>>>(page.as_bytes()).expect("maps");
    assert_eq!(records.len(), maps.len());
    for (record, map) in records.iter().zip(&maps) {
        let members: Vec<_> = record.iter().map(|(name, value)| (name, value.as_int())).collect();
        let expected: Vec<_> = map.iter().map(|(name, number)| (name.as_str(), Some(*number))).collect();
        assert_eq!(members, expected);
        let last = map.iter().next_back().map(|(name, number)| (name, Value::Int(*number)));
        assert!(last.is_none_or(|(name, value)| record.value(name) == Some(&value)));
        assert!(record.clone().into_iter().map(|(name, _)| name).eq(map.keys().cloned()));
    }
}

#[test]
fn rows_with_gaps_repeated_names_and_any_order_are_read() {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for names in [1, 5, 40, 300, 1000] {
        let mut row = |_| {
            let mut row = Vec::new();
            for _ in 0..random.below(2 * names) {
                row.push((format!("n{}", random.below(names)), random.below(1000) as i64));
            }
            row
        };
        assert_same(&page((0..20).map(&mut row)));
    }
}

#[test]
fn rows_of_one_shape_are_read() {
    let names = [
        "Id",
        "_Custom",
        "FirstName",
        "Email",
        "a name that is much too long to be worth remembering for the next row",
    ];
    let row = |number: i64| names.iter().map(|&name| (name.to_owned(), number)).collect();
    assert_same(&page((0..50).map(row)));
    assert_same(&page((0..50).map(|number| if number % 3 == 0 { Vec::new() } else { row(number) })));
}

#[test]
fn records_within_records_are_read() {
    let inner = "<value><struct><member><name>b</name><value>1</value></member></struct></value>";
    let member = |name: &str| format!("<member><name>{name}</name>{inner}</member>");
    let body = response(&format!("<value><struct>{}{}{}</struct></value>", member("c"), member("b"), member("a")));
    for _ in 0..2 {
        let (record, _) = decode::<Record>(body.as_bytes()).expect("a record");
        assert_eq!(
            format!("{record:?}"),
            r#"{"a": Struct({"b": String("1")}), "b": Struct({"b": String("1")}), "c": Struct({"b": String("1")})}"#
        );
    }
}

#[test]
fn what_a_row_that_failed_left_is_not_read_with_the_next() {
    let good = "<member><name>a</name><value>1</value></member>";
    let bad = response(&format!(
        "<value><struct>{good}<member><name>b</name><value><i4>x</i4></value></member></struct></value>"
    ));
    let other = response("<value><struct><member><name>c</name><value>2</value></member></struct></value>");
    for _ in 0..3 {
        assert!(decode::<Record>(bad.as_bytes()).is_err());
        let (record, _) = decode::<Record>(other.as_bytes()).expect("a record");
        assert_eq!(record.names().collect::<Vec<_>>(), ["c"]);
    }
}
