//! Custom fields: listed, looked up, created, and typed in rows and conditions.

use infusionsoft::custom_fields::DataType;
use infusionsoft::table::Customizable;
use infusionsoft::tables::{
    Affiliate, Company, Contact, ContactAction, DataFormGroup, DataFormTab, Job, Lead, RecurringOrder,
};
use infusionsoft::{Changes, Client, ContactId, CustomFieldHeaderId, Date, DateTime, ErrorKind, NewRow, UserId, Value};
use infusionsoft_sandbox::{Effect, Rule, Sandbox};

use crate::crm::{Noting, assert_invalid, client};

/// The header under which custom fields of a table can stand.
fn header<T: Customizable>(crm: &Client) -> CustomFieldHeaderId {
    let tabs = crm.find::<DataFormTab>().filter(DataFormTab::FORM_ID.equals(T::FORM_ID));
    let tab = tabs.first().expect("an answer").expect("a tab").id.expect("an id");
    let groups = crm.find::<DataFormGroup>().filter(DataFormGroup::TAB_ID.equals(tab));
    groups.first().expect("an answer").expect("a header").id.expect("an id")
}

/// Each table has a form of its own, so a field of it is in no other.
fn created<T: Customizable>(crm: &Client) {
    let mut fields = crm.custom_fields::<T>().expect("the fields");
    assert!(fields.is_empty(), "{} has none yet", T::TABLE);
    let field = fields.create("Shoe size", DataType::Decimal, header::<T>(crm)).expect("it is created").clone();
    assert_eq!(
        (field.name.as_str(), field.label.as_str(), field.data_type),
        ("_Shoesize", "Shoe size", DataType::Decimal)
    );
    assert_eq!(field.header, Some(header::<T>(crm)));
    let listed = crm.custom_fields::<T>().expect("the fields");
    assert_eq!(listed.iter().collect::<Vec<_>>(), [&field], "{}", T::TABLE);
    assert_eq!((listed.by_label("Shoe size"), listed.by_name("_Shoesize")), (Some(&field), Some(&field)));
    assert_eq!(
        (listed.by_label("shoe size"), listed.by_name("_shoesize"), listed.by_name("Shoesize")),
        (None, None, None)
    );
}

#[test]
fn every_table_that_has_custom_fields_lists_its_own() {
    let crm = client(Sandbox::new());
    created::<Contact>(&crm);
    created::<Affiliate>(&crm);
    created::<Lead>(&crm);
    created::<ContactAction>(&crm);
    created::<Company>(&crm);
    created::<Job>(&crm);
    created::<RecurringOrder>(&crm);
}

#[test]
fn every_kind_of_field_can_be_created_and_is_read_as_what_it_is() {
    let crm = client(Sandbox::new());
    let mut fields = crm.custom_fields::<Contact>().expect("the fields");
    for (number, kind) in DataType::ALL.iter().enumerate() {
        let field = fields.create(&format!("Field {number}"), *kind, header::<Contact>(&crm)).expect("it is created");
        assert_eq!(field.data_type, *kind);
    }
    assert_eq!(fields.len(), DataType::ALL.len());
    let listed = crm.custom_fields::<Contact>().expect("the fields");
    assert!(fields.iter().eq(listed.iter()), "what was created is what is listed");
    let unknown = fields.create("Other", DataType::Unknown(99), header::<Contact>(&crm)).map(|field| field.id);
    assert_invalid(unknown, "DataService.addCustomField: dataType is Unknown(99), which has no name");
}

/// An account with fields of several kinds.
fn account() -> (Client, infusionsoft::CustomFields<Contact>) {
    let crm = client(Sandbox::new());
    let mut fields = crm.custom_fields::<Contact>().expect("the fields");
    for (label, kind) in [
        ("Size", DataType::Decimal),
        ("Children", DataType::Whole),
        ("Member", DataType::YesNo),
        ("Mentor", DataType::User),
        ("Joined", DataType::Date),
        ("Called", DataType::DateTime),
        ("Motto", DataType::Text),
    ] {
        fields.create(label, kind, header::<Contact>(&crm)).expect("it is created");
    }
    (crm, fields)
}

#[test]
fn columns_are_typed_in_rows_conditions_and_changes() {
    let (crm, fields) = account();
    let size = fields.column::<f64>("Size").expect("a column");
    let children = fields.column::<i32>("_Children").expect("a column");
    let member = fields.column::<bool>("Member").expect("a column");
    let mentor = fields.column::<UserId>("Mentor").expect("a column");
    let joined = fields.column::<Date>("Joined").expect("a column");
    let called = fields.column::<DateTime>("Called").expect("a column");
    let motto = fields.column::<String>("Motto").expect("a column");
    let day = Date::new(2026, 6, 1).expect("a day");
    let time = DateTime::new(2026, 6, 1, 12, 0, 0).expect("a time");
    let row = NewRow::new().set(size.clone(), 38.5).set(children.clone(), 2).set(member.clone(), true);
    let row = row.set(mentor.clone(), UserId(1)).set(joined.clone(), day).set(called.clone(), time);
    let ada: ContactId = crm.insert(row.set(motto.clone(), "Onward")).expect("it is added");
    crm.insert(NewRow::new().set(Contact::FIRST_NAME, "Grace")).expect("it is added");
    crm.update(ada, Changes::new().set(children.clone(), 3)).expect("it is changed");
    for condition in [
        size.at_least(38.5),
        children.equals(3),
        mentor.equals(UserId(1)),
        joined.equals(day),
        called.above(DateTime::new(2026, 6, 1, 11, 59, 59).expect("a time")),
        motto.like("On%"),
    ] {
        let shown = format!("{condition:?}");
        let found =
            crm.find::<Contact>().filter(condition).also(&[&size, &children, &member, &joined, &called]).fetch();
        let found = found.expect(&shown);
        assert_eq!(found.iter().map(|contact| contact.id).collect::<Vec<_>>(), [Some(ada)], "{shown}");
        let extra = &found[0].extra;
        assert_eq!(extra.get::<f64>(size.name()).expect("a size").to_bits(), 38.5_f64.to_bits());
        assert_eq!(extra.get::<i32>(children.name()).expect("a number"), 3);
        assert!(extra.get::<bool>(member.name()).expect("a flag"));
        assert_eq!(extra.get::<Date>(joined.name()).expect("a day"), day);
        assert_eq!(extra.get::<DateTime>(called.name()).expect("a time"), time);
    }
}

#[test]
fn a_column_of_another_type_is_refused() {
    let (_, fields) = account();
    assert_invalid(
        fields.column::<Date>("Called"),
        "the custom field _Called is of type DateTime, whose values are not infusionsoft::datetime::Date",
    );
    assert_invalid(
        fields.column::<f64>("Shoe size"),
        "Contact has no custom field with the name or label \"Shoe size\"",
    );
    assert!(fields.column::<String>("Size").is_err() && fields.column::<i32>("Size").is_err());
    assert!(fields.column::<bool>("Children").is_err() && fields.column::<UserId>("Children").is_err());
    for field in &fields {
        assert_eq!(fields.column::<Value>(&field.label).expect("any field").name(), field.name);
    }
}

#[test]
fn a_label_of_several_fields_is_refused_and_their_names_are_told() {
    let (crm, mut fields) = account();
    let second = fields.create("Size", DataType::Whole, header::<Contact>(&crm)).expect("it is created").name.clone();
    assert_ne!(second, "_Size");
    assert_eq!(fields.by_label("Size").expect("the first").name, "_Size");
    assert_invalid(
        fields.column::<f64>("Size"),
        &format!("Contact has several custom fields labelled \"Size\": _Size, {second}"),
    );
    assert_eq!(fields.column::<i32>(&second).expect("by its name").name(), second);
}

#[test]
fn a_field_that_was_created_and_cannot_be_read_says_so() {
    let sandbox = Sandbox::new();
    let account = Noting::new(sandbox.clone());
    let crm = client(account.clone());
    let header = header::<Contact>(&crm);
    let mut fields = crm.custom_fields::<Contact>().expect("the fields");
    let fault = Effect::Fault { code: 7, message: "[NoTableAccess]No".into() };
    sandbox.inject(Rule::always(fault).on("DataService.query"));
    let error = fields.create("Size", DataType::Decimal, header).expect_err("it can't be read");
    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Fault, true));
    assert!(error.to_string().contains("the custom field 1 was created, but can't be read: "), "{error}");
    sandbox.clear_rules();
    assert_eq!(crm.custom_fields::<Contact>().expect("the fields").len(), 1);
}
