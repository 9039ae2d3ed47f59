//! Rows added, changed and deleted by typed columns.

use infusionsoft::table::{Customizable, Table};
use infusionsoft::tables::{Contact, ContactGroup, CreditCard};
use infusionsoft::{Changes, ContactId, Date, ErrorKind, FaultCode, NewRow, Secret, TagId};
use infusionsoft_sandbox::Sandbox;

use crate::crm::{Noting, assert_invalid, client};

#[test]
fn a_row_is_added_changed_and_deleted() {
    let crm = client(Sandbox::new());
    let birthday = Date::new(1815, 12, 10).expect("a day");
    let ada =
        NewRow::new().set(Contact::FIRST_NAME, "Eda").set(Contact::FIRST_NAME, "Ada").set(Contact::BIRTHDAY, birthday);
    let id: ContactId = crm.insert(ada).expect("it is added");
    crm.update(id, Changes::new().set(Contact::CITY, "London").set(Contact::OWNER_ID, 1)).expect("it is changed");
    let found = || crm.find::<Contact>().filter(Contact::ID.equals(id)).first().expect("an answer");
    let contact = found().expect("it is there");
    assert_eq!((contact.first_name.as_deref(), contact.city.as_deref()), (Some("Ada"), Some("London")));
    assert_eq!(contact.birthday, Some(birthday));
    assert!(crm.delete::<Contact>(id).expect("it is deleted"));
    assert_eq!(found(), None);
    let error = crm.delete::<Contact>(id).expect_err("it is gone");
    assert_eq!(error.fault().map(|fault| fault.code()), Some(FaultCode::RecordNotFound));
}

#[test]
fn ids_are_those_of_the_table() {
    let crm = client(Sandbox::new());
    let tag: TagId = crm.insert(NewRow::new().set(ContactGroup::GROUP_NAME, "Customer")).expect("it is added");
    let contact = crm.insert(NewRow::new().set(Contact::FIRST_NAME, "Ada")).expect("it is added");
    assert!(crm.contacts().add_to_group(contact, tag).expect("it is applied"));
}

#[test]
fn nothing_is_sent_without_values() {
    let account = Noting::new(Sandbox::new());
    let crm = client(account.clone());
    assert_invalid(crm.insert(NewRow::<Contact>::new()), "DataService.add: values is empty");
    assert_invalid(crm.update(ContactId(1), Changes::<Contact>::new()), "DataService.update: values is empty");
    let nan = Contact::custom::<f64>("_Size").expect("a custom field");
    let error = crm.insert(NewRow::new().set(nan, f64::NAN)).expect_err("it can't travel");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(account.count(), 0);
}

#[test]
fn secrets_do_not_show() {
    let number = Secret::from("4111111111111111");
    let card = NewRow::new().set(CreditCard::CARD_NUMBER, number).set(CreditCard::CONTACT_ID, 1);
    assert_eq!(format!("{card:?}"), "NewRow{\"CardNumber\", \"ContactId\"}");
    let crm = client(Sandbox::new());
    let id = crm.insert(card).expect("it is added");
    let card = crm.find::<CreditCard>().filter(CreditCard::ID.equals(id)).first().expect("an answer").expect("a card");
    assert_eq!(card.last4.as_deref(), Some("1111"));
    assert!(CreditCard::column("CardNumber").is_some_and(|column| !column.can_read()));
}
