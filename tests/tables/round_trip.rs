//! Every table, added to and read back.

use infusionsoft::table::{ColumnInfo, Kind, Table};
use infusionsoft::tables::*;
use infusionsoft::{Client, Date, DateTime, Record, Secret, Value};
use infusionsoft_sandbox::{Sandbox, Value as Seed};

use crate::crm::client;
use crate::rows::every_table;

/// Columns whose values the sandbox reads from other tables.
const DERIVED: &[(&str, &str)] =
    &[("Contact", "Groups"), ("ContactGroupAssign", "ContactGroup"), ("Campaignee", "Campaign")];

/// Tables that show the rows of others, and those of whose columns nothing is known but the names.
const APART: &[&str] = &["EmailAddStatus", "LinkedContactType", "ProductOptionValue", "RecurringOrderWithContact"];

fn own<T: Table>() -> impl Iterator<Item = (usize, &'static ColumnInfo)> {
    let derived = |column: &ColumnInfo| DERIVED.contains(&(T::TABLE, column.name)) || column.name.contains('.');
    T::COLUMNS.iter().enumerate().filter(move |(_, column)| !derived(column) && column.kind != Kind::Unknown)
}

/// A value for a column, and the same for the sandbox.
fn sample(column: &ColumnInfo, index: usize) -> (Value, Seed) {
    let number = index as i32 + 100;
    let time = DateTime::new(2015, 7, 19, 19, 53, 56).expect("a time");
    let day = Date::new(2015, 7, 19).expect("a day");
    if column.sensitive {
        return (Secret::from(column.name).into(), Seed::String(column.name.to_owned()));
    }
    match column.kind {
        Kind::Id | Kind::Int | Kind::Long => (number.into(), Seed::Int(number)),
        Kind::Double => (Value::Double(f64::from(number) + 0.25), Seed::Double(f64::from(number) + 0.25)),
        Kind::Boolean => (true.into(), Seed::Boolean(true)),
        Kind::String | Kind::Unknown => (column.name.into(), Seed::String(column.name.to_owned())),
        Kind::Date => (day.into(), Seed::DateTime(day.at_midnight().to_string())),
        Kind::DateTime => (time.into(), Seed::DateTime(time.to_string())),
    }
}

/// Asserts that the last row has these values, as far as they can be read.
fn assert_last<T: Table>(crm: &Client, columns: impl Iterator<Item = (usize, &'static ColumnInfo)>) {
    let row = crm.find::<T>().fetch().unwrap_or_else(|error| panic!("{}: {error}", T::TABLE)).pop();
    let record: Record = row.unwrap_or_else(|| panic!("{} has a row", T::TABLE)).into();
    let mut compared = 0;
    for (index, column) in columns.filter(|(_, column)| column.selected) {
        assert_eq!(record.value(column.name), Some(&sample(column, index).0), "{}.{}", T::TABLE, column.name);
        compared += 1;
    }
    assert!(compared > 0, "{} has columns to compare", T::TABLE);
}

#[test]
fn every_table_that_takes_rows_gives_them_back() {
    fn check<T: Table>() -> bool {
        let addable = || own::<T>().filter(|(_, column)| column.can_add());
        let values: Record = addable().map(|(index, column)| (column.name, sample(column, index).0)).collect();
        if values.is_empty() || APART.contains(&T::TABLE) {
            return false;
        }
        let crm = client(Sandbox::new());
        crm.data().add(T::TABLE, values).unwrap_or_else(|error| panic!("{}: {error}", T::TABLE));
        assert_last::<T>(&crm, addable());
        assert_eq!(crm.find::<T>().count().expect("an answer"), crm.find::<T>().iter().count() as u64);
        true
    }
    let taken = every_table!(check).into_iter().filter(|(_, taken)| *taken).count();
    assert!(taken > 20, "{taken} tables take rows");
}

#[test]
fn every_table_gives_what_it_has() {
    fn check<T: Table>() {
        let sandbox = Sandbox::new();
        let crm = client(sandbox.clone());
        if APART.contains(&T::TABLE) {
            return;
        }
        let values = own::<T>().map(|(index, column)| (column.name, sample(column, index).1));
        sandbox.insert(T::TABLE, values).unwrap_or_else(|fault| panic!("{}: {fault:?}", T::TABLE));
        assert_last::<T>(&crm, own::<T>());
    }
    every_table!(check);
}

#[test]
fn the_tables_apart_give_what_is_asked_for() {
    let sandbox = Sandbox::new();
    let crm = client(sandbox.clone());
    let text = |text: &str| Seed::String(text.to_owned());
    let contact = sandbox.insert("Contact", [("FirstName", text("Ada"))]).expect("it is added");
    sandbox.insert("RecurringOrder", [("ContactId", Seed::Int(contact)), ("Frequency", Seed::Int(3))]).expect("it is");
    sandbox.insert("ProductOptValue", [("Label", text("Large"))]).expect("it is added");
    let order = crm.find::<RecurringOrderWithContact>().first().expect("an answer").expect("a row");
    assert_eq!((order.first_name.as_deref(), order.frequency), (Some("Ada"), Some(3)));
    let option = crm
        .find::<ProductOptionValue>()
        .also(&[&ProductOptionValue::LABEL])
        .first()
        .expect("an answer")
        .expect("a row");
    assert_eq!(option.label, Some(Value::from("Large")));
    sandbox.insert("EmailAddStatus", [("Email", text("ada@example.com"))]).expect("it is added");
    let status = crm.find::<EmailAddStatus>().select(&[&"Email"]).first().expect("an answer").expect("a row");
    assert_eq!(status.email, Some(Value::from("ada@example.com")));
}
