//! Records: how they are written down, read, and compared.

use std::collections::BTreeMap;

use infusionsoft::runtime::decode;
use infusionsoft::{
    ContactId, Date, DateTime, DuplicateCheck, Error, ErrorKind, InvoiceItemType, Record, Secret, Value, record,
};
use infusionsoft_tests::canned::Canned;
use serde::Deserialize;

use crate::common::answer;

fn ada() -> Record {
    record! {
        "Id" => ContactId(18),
        "FirstName" => "Ada",
        "Age" => 36,
        "Groups" => vec![97, 98],
        "Balance" => 23.5,
        "OptedIn" => true,
        "Born" => Date::new(1815, 12, 10).expect("a day"),
        "Nothing" => Value::Nil,
        "Address" => record! { "City" => "London" },
    }
}

fn refused<'a, T: infusionsoft::FromValue<'a> + std::fmt::Debug>(record: &'a Record, name: &str) -> String {
    let error: Error = record.get::<T>(name).expect_err("the member is not of that type");
    assert_eq!((error.kind(), error.method(), error.maybe_executed()), (ErrorKind::Decode, None, false));
    error.to_string()
}

#[test]
fn members_are_kept_in_the_order_of_their_names() {
    let names = ["Address", "Age", "Balance", "Born", "FirstName", "Groups", "Id", "Nothing", "OptedIn"];
    assert_eq!(ada().names().collect::<Vec<_>>(), names);
    assert_eq!(ada().iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert_eq!(ada().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    let mut seen = Vec::new();
    for (name, value) in &ada() {
        assert_eq!(ada().value(name), Some(value));
        seen.push(name.to_owned());
    }
    assert_eq!(seen, names);
    assert_eq!((ada().len(), ada().iter().len(), ada().is_empty()), (9, 9, false));
    assert_eq!(record! { "b" => 1, "a" => 2 }, record! { "a" => 2, "b" => 1 });
    assert_eq!(format!("{:?}", record! { "b" => 1, "a" => "x" }), r#"{"a": String("x"), "b": Int(1)}"#);
}

#[test]
fn an_empty_record_has_no_members() {
    let empty = record! {};
    assert_eq!((empty.len(), empty.is_empty()), (0, true));
    assert_eq!((&empty, &Record::default()), (&Record::new(), &Record::new()));
}

#[test]
fn the_last_of_several_values_counts() {
    assert_eq!(record! { "a" => 1, "b" => 2, "a" => 3 }, record! { "a" => 3, "b" => 2 });
    let collected: Record = [("a", 1), ("b", 2), ("a", 3), ("a", 4), ("b", 5)].into_iter().collect();
    assert_eq!(collected, record! { "a" => 4, "b" => 5 });
    let mut extended = record! { "a" => 1, "c" => 1 };
    extended.extend([("b", 2), ("a", 3), ("a", 4)]);
    assert_eq!(extended, record! { "a" => 4, "b" => 2, "c" => 1 });
    let member = |value| format!("<member><name>a</name><value><i4>{value}</i4></value></member>");
    let twice = answer(&format!("<struct>{}{}</struct>", member(1), member(2)));
    let loaded = Canned::ok(twice).client().contacts().load(ContactId(18), &["a"]);
    assert_eq!(loaded.expect("an answer"), record! { "a" => 2 });
}

#[test]
fn members_are_set_and_taken_out() {
    let mut record = Record::new();
    assert_eq!(record.insert("b", 1), None);
    assert_eq!(record.insert("a", 2), None);
    assert_eq!(record.insert("b", "x"), Some(Value::Int(1)));
    assert_eq!((record.contains("b"), record.contains("B")), (true, false));
    assert_eq!((record.value("b"), record.value("c")), (Some(&Value::from("x")), None));
    assert_eq!((record.remove("b"), record.remove("b")), (Some(Value::from("x")), None));
    assert_eq!(record, record! { "a" => 2 });
}

#[test]
fn members_are_read_as_their_types() -> Result<(), Error> {
    let ada = ada();
    assert_eq!(ada.get::<ContactId>("Id")?, ContactId(18));
    assert_eq!((ada.get::<i32>("Id")?, ada.get::<i64>("Id")?), (18, 18));
    assert_eq!((ada.get::<&str>("FirstName")?, ada.get::<String>("FirstName")?), ("Ada", "Ada".to_owned()));
    assert_eq!(ada.get::<f64>("Balance")?.to_bits(), 23.5_f64.to_bits());
    assert!(ada.get::<bool>("OptedIn")?);
    assert_eq!(ada.get::<Date>("Born")?, Date::new(1815, 12, 10)?);
    assert_eq!(ada.get::<DateTime>("Born")?, Date::new(1815, 12, 10)?.at_midnight());
    assert_eq!(ada.get::<Vec<i32>>("Groups")?, [97, 98]);
    assert_eq!(ada.get::<&Record>("Address")?.get::<&str>("City")?, "London");
    assert_eq!(ada.get::<&Value>("Age")?, &Value::Int(36));
    assert_eq!(ada.get::<Value>("Age")?, Value::Int(36));
    Ok(())
}

#[test]
fn texts_and_numbers_are_read_as_each_other() -> Result<(), Error> {
    let texts = record! {
        "Id" => " 18 ", "Price" => "23.07", "Yes" => "TRUE", "No" => "0", "Paid" => "20150719T19:53:56",
    };
    assert_eq!((texts.get::<ContactId>("Id")?, texts.get::<i64>("Id")?), (ContactId(18), 18));
    assert_eq!(texts.get::<f64>("Price")?.to_string(), "23.07");
    assert_eq!((texts.get::<bool>("Yes")?, texts.get::<bool>("No")?), (true, false));
    assert_eq!(texts.get::<DateTime>("Paid")?.to_string(), "20150719T19:53:56");
    assert_eq!(texts.get::<Date>("Paid")?.to_string(), "20150719");
    let numbers = record! { "One" => 1, "Zero" => 0, "Half" => 0.5, "Yes" => true, "Day" => Date::new(2015, 7, 19)? };
    assert_eq!((numbers.get::<bool>("One")?, numbers.get::<bool>("Zero")?), (true, false));
    assert_eq!(numbers.get::<f64>("One")?.to_string(), "1");
    // A type on the wire is wrong now and then, so these are read like their texts.
    assert_eq!((numbers.get::<i32>("Yes")?, numbers.get::<f64>("Yes")?.to_string()), (1, "1".to_owned()));
    assert_eq!(record! { "Two" => 2.0 }.get::<ContactId>("Two")?, ContactId(2));
    refused::<i64>(&numbers, "Half");
    refused::<i64>(&record! { "Great" => 1e300 }, "Great");
    for (name, text) in [("One", "1"), ("Half", "0.5"), ("Yes", "true"), ("Day", "20150719T00:00:00")] {
        assert_eq!(numbers.get::<String>(name)?, text);
    }
    Ok(())
}

#[test]
fn a_text_that_is_no_finite_number_is_no_number() -> Result<(), Error> {
    for text in ["inf", "-Infinity", "NaN", "1e999"] {
        let row = record! { "Text" => text };
        refused::<f64>(&row, "Text");
        refused::<f32>(&row, "Text");
        assert!(row.to::<BTreeMap<String, f64>>().is_err() && row.to::<BTreeMap<String, f32>>().is_err(), "{text}");
    }
    let great = record! { "Text" => "1e300", "Double" => 1e300 };
    assert_eq!((great.get::<f64>("Text")?, great.get::<f64>("Double")?), (1e300, 1e300));
    for name in ["Text", "Double"] {
        refused::<f32>(&great, name);
    }
    assert!(record! { "Double" => 1e300 }.to::<BTreeMap<String, f32>>().is_err());
    // What a server calls a double is one.
    assert!(Value::from(f64::INFINITY).get::<f64>()?.is_infinite() && Value::from(f64::NAN).get::<f32>()?.is_nan());
    Ok(())
}

#[test]
fn a_member_of_another_type_is_an_error_with_its_name() {
    let ada = ada();
    assert_eq!(format!("{}", refused::<i32>(&ada, "FirstName")), "FirstName: expected 32-bit int, got string");
    assert_eq!(format!("{}", refused::<&str>(&ada, "Age")), "Age: expected string, got int");
    assert_eq!(format!("{}", refused::<String>(&ada, "Groups")), "Groups: expected string, got array");
    assert_eq!(format!("{}", refused::<bool>(&ada, "Age")), "Age: expected boolean, got int");
    assert_eq!(format!("{}", refused::<f64>(&ada, "FirstName")), "FirstName: expected double, got string");
    assert_eq!(format!("{}", refused::<ContactId>(&ada, "Balance")), "Balance: expected 32-bit int, got double");
    assert_eq!(format!("{}", refused::<DateTime>(&ada, "Id")), "Id: expected dateTime, got int");
    assert_eq!(format!("{}", refused::<Date>(&ada, "FirstName")), "FirstName: expected date, got string");
    assert_eq!(format!("{}", refused::<&Record>(&ada, "Groups")), "Groups: expected struct, got array");
    assert_eq!(format!("{}", refused::<Vec<i32>>(&ada, "Address")), "Address: expected array, got struct");
    assert_eq!(
        format!("{}", refused::<Vec<ContactId>>(&record! { "Ids" => vec!["18", "x"] }, "Ids")),
        "Ids: expected array, got array with elements of another type"
    );
    assert_eq!(format!("{}", refused::<Option<i32>>(&ada, "FirstName")), "FirstName: expected 32-bit int, got string");
    assert_eq!(format!("{}", refused::<&str>(&ada, "Nothing")), "Nothing: expected string, got nil");
    assert_eq!(
        format!("{}", refused::<i32>(&record! { "Id" => 3_000_000_000_i64 }, "Id")),
        "Id: expected 32-bit int, got int"
    );
    let login = record! { "Password" => Secret::from("x") };
    let secret = "got a secret, which is read as Secret";
    assert_eq!(format!("{}", refused::<String>(&login, "Password")), format!("Password: expected string, {secret}"));
    assert_eq!(format!("{}", refused::<i32>(&login, "Password")), format!("Password: expected 32-bit int, {secret}"));
}

#[test]
fn a_missing_member_is_an_error_that_shows_the_others() {
    assert_eq!(
        format!("{}", refused::<&str>(&ada(), "LastName")),
        r#"no member "LastName" in the record, which has Address, Age, Balance, Born, FirstName, Groups, Id, Nothing, …; ask for an Option if it may be missing"#
    );
    assert_eq!(
        format!("{}", refused::<&Value>(&record! { "Id" => 18 }, "id")),
        r#"no member "id" in the record, which has Id; ask for an Option if it may be missing"#
    );
    assert_eq!(
        format!("{}", refused::<i32>(&record! {}, "Id")),
        r#"no member "Id": the record is empty; ask for an Option if it may be missing"#
    );
}

#[test]
fn what_is_missing_or_nil_is_none() -> Result<(), Error> {
    let ada = ada();
    assert_eq!((ada.get::<Option<&str>>("Company")?, ada.get::<Option<&str>>("Nothing")?), (None, None));
    assert_eq!(ada.get::<Option<ContactId>>("Id")?, Some(ContactId(18)));
    assert_eq!(ada.get::<&Value>("Nothing")?, &Value::Nil);
    Ok(())
}

#[test]
fn ids_are_numbers_of_their_own_kind() -> Result<(), Error> {
    let id = ContactId::from(18);
    assert_eq!((i32::from(id), id.0, id.to_string().as_str()), (18, 18, "18"));
    assert_eq!((Value::from(id), format!("{id:?}").as_str()), (Value::Int(18), "ContactId(18)"));
    assert!(ContactId(9) < id);
    assert_eq!("18".parse(), Ok(id));
    assert_eq!("x18".parse::<ContactId>(), Err("x18".parse::<i32>().expect_err("no number")));
    assert_eq!(record! { "Ids" => vec![id] }.get::<Vec<ContactId>>("Ids")?, [id]);
    Ok(())
}

#[test]
fn enums_keep_values_that_nobody_lists() -> Result<(), Error> {
    let record = record! {
        "Check" => DuplicateCheck::EmailAndName, "NewCheck" => "Phone",
        "Type" => InvoiceItemType::Unknown(97), "Text" => " 97 ",
    };
    assert_eq!(record.get::<&str>("Check")?, "EmailAndName");
    assert_eq!(record.get::<DuplicateCheck>("Check")?, DuplicateCheck::EmailAndName);
    assert_eq!(record.get::<DuplicateCheck>("NewCheck")?, DuplicateCheck::Unknown("Phone".into()));
    assert_eq!(record.get::<InvoiceItemType>("Type")?, InvoiceItemType::Unknown(97));
    assert_eq!(record.get::<InvoiceItemType>("Text")?.as_i32(), 97);
    for known in DuplicateCheck::ALL {
        assert_eq!(&DuplicateCheck::from(known.as_str()), known);
        assert_eq!(known.to_string(), known.as_str());
        assert_eq!(String::from(known.clone()), known.as_str());
    }
    // A text is taken over, not copied.
    let text = "Phone".to_owned();
    let place = text.as_ptr();
    let unknown = DuplicateCheck::from(text);
    assert_eq!((&unknown, unknown.as_str().as_ptr()), (&DuplicateCheck::Unknown("Phone".into()), place));
    assert_eq!(Value::from(unknown).as_str().map(str::as_ptr), Some(place));
    assert_eq!(DuplicateCheck::from("Email".to_owned()), DuplicateCheck::Email);
    for known in InvoiceItemType::ALL {
        assert_eq!(InvoiceItemType::from(known.as_i32()), *known);
    }
    Ok(())
}

#[test]
fn anything_that_travels_becomes_a_value() {
    assert_eq!(Value::from(u16::MAX), Value::Int(65_535));
    assert_eq!(Value::from(u32::MAX), Value::Int(4_294_967_295));
    assert_eq!(Value::from("a".to_owned()), Value::from("a"));
    assert_eq!(Value::from(Secret::from("a")), Value::Secret(Secret::from("a")));
    assert_eq!(Value::from([1, 2]), Value::from(vec![1, 2]));
    assert_eq!(Value::from([1, 2].as_slice()), Value::from(vec![1, 2]));
    assert_eq!(Value::from(BTreeMap::from([("a", 1)])), Value::Struct(record! { "a" => 1 }));
    assert_eq!(Value::from(record! { "a" => 1 }), Value::Struct(record! { "a" => 1 }));
}

#[test]
fn a_value_tells_its_type() {
    let values = [
        (Value::Nil, "nil"),
        (1.into(), "int"),
        (true.into(), "boolean"),
        (1.5.into(), "double"),
        ("a".into(), "string"),
        (Value::DateTime("20150719".parse().expect("a day")), "dateTime"),
        (Value::Bytes(vec![]), "base64"),
        (Value::Array(vec![]), "array"),
        (Value::Struct(record! {}), "struct"),
    ];
    for (value, name) in values {
        assert_eq!(value.type_name(), name);
        assert_eq!(value.as_int().is_some(), name == "int");
        assert_eq!(value.as_str().is_some(), name == "string");
        assert_eq!(value.as_array().is_some(), name == "array");
        assert_eq!(value.as_record().is_some(), name == "struct");
    }
}

#[test]
fn an_empty_text_is_none_unless_a_text_is_asked_for() {
    let row = record! { "Empty" => "", "File" => Value::Bytes(vec![1, 2]) };
    assert_eq!(row.get::<Option<i32>>("Empty").expect("none"), None);
    assert_eq!(row.get::<Option<&str>>("Empty").expect("a text"), Some(""));
    assert!(row.get::<i32>("Empty").is_err());
    assert_eq!(row.get::<&[u8]>("File").expect("bytes"), [1, 2]);
}

#[test]
fn an_empty_text_is_none_in_structs_as_it_is_in_answers() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Row {
        text: Option<String>,
        id: Option<ContactId>,
        price: Option<f64>,
        open: Option<bool>,
        paid: Option<DateTime>,
        list: Option<Vec<i32>>,
        any: Option<Value>,
        kept: String,
    }

    let names = ["text", "id", "price", "open", "paid", "list", "any", "kept"];
    let empty: Record = names.into_iter().map(|name| (name, "")).collect();
    assert_eq!(empty.to::<Row>().expect("a row"), Row::default());
    assert_eq!(record! { "text" => " " }.to::<Row>().expect("a row").text.as_deref(), Some(" "));
    assert!(record! { "id" => " " }.to::<Row>().is_err());
    for value in ["<value/>", "<value></value>", "<value><string></string></value>", "<value><string/></value>"] {
        let members: String = names.iter().map(|name| format!("<member><name>{name}</name>{value}</member>")).collect();
        let body = answer(&format!("<struct>{members}</struct>"));
        assert_eq!(decode::<Row>(body.as_bytes()).expect("a row").0, Row::default(), "{value}");
    }
}

/// Whoever has a date in another form is told which ones are read, and each of these is.
#[test]
fn a_text_that_is_no_time_is_refused_with_the_forms_that_are_read() {
    let text = "22.11.2026".parse::<DateTime>().expect_err("it has another form").to_string();
    let forms = "write 2015-07-19, 2015-07-19T19:53:56 or 20150719T19:53:56; a time can have an offset, such as -04:00";
    assert!(text.starts_with("invalid date or time: ") && text.ends_with(forms), "{text}");
    let time = DateTime::new(2015, 7, 19, 19, 53, 56).expect("a time");
    for form in ["2015-07-19T19:53:56", "20150719T19:53:56", "2015-07-19T19:53:56-04:00", "20150719T19:53:56-04:00"] {
        assert_eq!(form.parse::<DateTime>().expect(form), time);
    }
    assert_eq!("2015-07-19".parse::<DateTime>().expect("a day"), time.date().at_midnight());
}
