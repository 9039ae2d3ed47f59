//! `DataService.query` and its like: conditions, order, pages.

use infusionsoft::{DateTime, Record, Value, record};

use crate::account::{assert_refused, empty, found, names, query, raw, three};

#[test]
fn texts_are_found_whatever_their_case() {
    let (_, crm) = empty();
    three(&crm);
    assert_eq!(found(&crm, "FirstName", "ada"), [1]);
    assert_eq!(found(&crm, "FirstName", "ZOË"), [3]);
    assert_eq!(found(&crm, "FirstName", "%b"), [2]);
    assert_eq!(found(&crm, "FirstName", "%O%"), [2, 3]);
    assert_eq!(found(&crm, "FirstName", "%"), [1, 2, 3]);
    assert_eq!(found(&crm, "FirstName", "a%d%a"), [1]);
    assert_eq!(found(&crm, "FirstName", "a_a"), [] as [i32; 0], "only % stands for anything");
    assert_eq!(found(&crm, "LastName", "O'HARA"), [3]);
    assert_eq!(found(&crm, "LastName", "' OR '1'='1"), [] as [i32; 0]);
    assert_eq!(found(&crm, "City", "100%"), [3]);
}

#[test]
fn operators_compare() {
    let (_, crm) = empty();
    three(&crm);
    assert_eq!(found(&crm, "Id", "~>~1"), [2, 3]);
    assert_eq!(found(&crm, "Id", "~>=~ 2"), [2, 3]);
    assert_eq!(found(&crm, "Id", "~<~ 2"), [1]);
    assert_eq!(found(&crm, "Id", "~<=~2"), [1, 2]);
    assert_eq!(found(&crm, "Id", "~<>~2"), [1, 3]);
    assert_eq!(found(&crm, "FirstName", "~>~ ADA"), [2, 3]);
    assert_eq!(found(&crm, "LastName", "~<>~byron"), [3], "no value is neither equal nor different");
    assert_eq!(found(&crm, "LastName", "~<>~b%"), [3]);
    assert_eq!(found(&crm, "LastName", "~null~"), [2]);
    assert_eq!(found(&crm, "LastName", ""), [2]);
    assert_eq!(found(&crm, "OwnerID", 7), [2]);
    assert_eq!(found(&crm, "OwnerID", "7"), [2]);
    assert_eq!(found(&crm, "Id", vec![3, 1, 99]), [1, 3]);
    assert_eq!(found(&crm, "Id", vec!["3", "1"]), [1, 3]);
    assert_eq!(found(&crm, "OwnerID", vec![7]), [2]);
}

#[test]
fn dates_are_found_by_parts_and_by_order() {
    let (_, crm) = empty();
    three(&crm);
    let july = "20130715T00:00:00".parse::<DateTime>().expect("a date");
    assert_eq!(found(&crm, "Birthday", july), [2]);
    assert_eq!(found(&crm, "Birthday", "2013-06%"), [1]);
    assert_eq!(found(&crm, "Birthday", "2013-07-15"), [2]);
    assert_eq!(found(&crm, "Birthday", "2013-07-15 00:00:00"), [2]);
    assert_eq!(found(&crm, "Birthday", "~>~ 2013-06-01 00:00:00"), [2]);
    assert_eq!(found(&crm, "Birthday", "~>=~ 20130601T00:00:00"), [1, 2]);
    assert_eq!(found(&crm, "Birthday", "~null~"), [3]);
    let error = query(&crm, "Contact", record! { "Birthday" => "~>~ soon" }, &["Id"]);
    assert_refused(error, 12, "[InvalidParameter]Invalid value for field Contact.Birthday: java.lang.String");
}

#[test]
fn conditions_that_cannot_be_are_refused() {
    let (_, crm) = empty();
    let ask = |field: &str, value: Value| {
        let conditions = Value::Struct([(field, value)].into_iter().collect());
        raw(&crm, "DataService.query", ["Contact".into(), 10.into(), 0.into(), conditions, names(&["Id"])])
    };
    assert_refused(
        ask("FirstName", names(&["a"])),
        12,
        "[InvalidParameter]IN works on Id fields only: Contact.FirstName",
    );
    let many: Vec<i32> = (0..1001).collect();
    assert_refused(ask("Id", many.into()), 12, "[InvalidParameter]IN takes 1 to 1000 ids, got 1001: Contact.Id");
    ask("Id", (0..1000).collect::<Vec<i32>>().into()).expect("a thousand ids are fine");
    assert_refused(
        ask("Id", Value::Array(Vec::new())),
        12,
        "[InvalidParameter]IN takes 1 to 1000 ids, got 0: Contact.Id",
    );
    assert_refused(ask("Id", "~>~".into()), 12, "[InvalidParameter]No value to compare with: Contact.Id");
    assert_refused(ask("given_name", "a".into()), 10, "[NoFieldFound]No field found: Contact.given_name");
    assert_refused(ask("Id\" OR 1=1 --", "a".into()), 10, "[NoFieldFound]No field found: Contact.Id\" OR 1=1 --");
    assert_refused(ask("id", 1.into()), 10, "[NoFieldFound]No field found: Contact.id");
}

#[test]
fn pages_are_ordered_and_bounded() {
    let (_, crm) = empty();
    three(&crm);
    let page = |limit: i32, page: i32, order: &[Value]| {
        let head = ["Contact".into(), limit.into(), page.into(), Value::Struct(Record::new()), names(&["Id"])];
        let answer = raw(&crm, "DataService.query", head.into_iter().chain(order.iter().cloned()))?;
        let records = answer.as_array().expect("an array").iter();
        Ok(records.map(|record| record.as_record().expect("a record").get("Id").expect("an id")).collect::<Vec<i32>>())
    };
    assert_eq!(page(2, 0, &[]).expect("a page"), [1, 2]);
    assert_eq!(page(2, 1, &[]).expect("a page"), [3]);
    assert_eq!(page(2, i32::MAX, &[]).expect("a page"), [] as [i32; 0]);
    assert_refused(
        page(10, 0, &["FirstName".into()]),
        0,
        "No method matching arguments: java.lang.String, java.lang.String, java.lang.Integer, java.lang.Integer, java.util.Map, [Ljava.lang.Object;, java.lang.String",
    );
    assert_eq!(page(10, 0, &["FirstName".into(), false.into()]).expect("a page"), [3, 2, 1]);
    assert_eq!(page(1, 1, &["LastName".into(), true.into()]).expect("a page"), [1], "null comes first");
    for limit in [0, -1, 1001, i32::MIN, i32::MAX] {
        let text = format!("[InvalidParameter]limit must be from 1 to 1000, got {limit}");
        assert_refused(page(limit, 0, &[]), 12, &text);
    }
    assert_refused(page(1, -1, &[]), 12, "[InvalidParameter]page must not be negative, got -1");
    assert_refused(page(1, 0, &["x".into(), true.into()]), 10, "[NoFieldFound]No field found: Contact.x");
}

#[test]
fn one_field_finds_and_conditions_count() {
    let (_, crm) = empty();
    three(&crm);
    let find = |field: &str, value: Value| {
        let values = ["Contact".into(), 10.into(), 0.into(), field.into(), value, names(&["Id"])];
        raw(&crm, "DataService.findByField", values).map(|found| found.as_array().map_or(0, <[Value]>::len))
    };
    assert_eq!(find("FirstName", "%o%".into()).expect("an answer"), 2);
    assert_eq!(find("Id", "2".into()).expect("an answer"), 1);
    assert_eq!(find("Id", 2.into()).expect("an answer"), 1);
    assert_eq!(find("City", "x".into()).expect("an answer"), 0);
    assert_refused(find("x", 2.into()), 10, "[NoFieldFound]No field found: Contact.x");
    assert_refused(find("Id", vec![1].into()), 12, "[InvalidParameter]Invalid value to find in Contact.Id");
    assert_eq!(crm.data().count("Contact", Record::new()).expect("a count"), 3);
    assert_eq!(
        crm.data().count("Contact", record! { "FirstName" => "%o%", "LastName" => "~null~" }).expect("a count"),
        1
    );
}
