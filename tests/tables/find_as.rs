//! Rows as structs of the user's own.

use std::collections::BTreeMap;

use infusionsoft::tables::{Contact, CreditCard};
use infusionsoft::{Client, ContactId, Date, Record, Value, record};
use infusionsoft_sandbox::Sandbox;
use serde::Deserialize;

use crate::crm::{Noting, assert_invalid, client};

fn account() -> (Noting, Client) {
    let account = Noting::new(Sandbox::new());
    let crm = client(account.clone());
    for (first, last) in [("Ada", "Byron"), ("Bob", "")] {
        let birthday = Date::new(1815, 12, 10).expect("a day");
        let values = record! { "FirstName" => first, "LastName" => last, "Birthday" => birthday };
        crm.data().add("Contact", values).expect("a contact is added");
    }
    account.take();
    (account, crm)
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Lead {
    id: ContactId,
    first_name: String,
    last_name: Option<String>,
    #[serde(rename = "Birthday")]
    born: Option<Date>,
    #[serde(skip)]
    seen: bool,
}

#[test]
fn fields_are_read_off_the_struct() {
    let (account, crm) = account();
    let leads: Vec<Lead> = crm.find_as::<Contact, Lead>().fetch().expect("the rows come");
    let born = Date::new(1815, 12, 10).ok();
    let lead = |id, first: &str, last: Option<&str>| Lead {
        id: ContactId(id),
        first_name: first.to_owned(),
        last_name: last.map(str::to_owned),
        born,
        seen: false,
    };
    assert_eq!(leads, [lead(1, "Ada", Some("Byron")), lead(2, "Bob", None)]);
    assert_eq!(account.take(), ["[Contact 1000 0 {} [Id FirstName LastName Birthday] Id 1]"]);
}

#[test]
fn a_newtype_tells_the_names_of_what_it_holds() {
    #[derive(Debug, Deserialize)]
    struct Wrapped(Lead);

    #[derive(Debug, Deserialize)]
    #[serde(transparent)]
    struct Transparent {
        lead: Lead,
    }

    let (_, crm) = account();
    let wrapped = crm.find_as::<Contact, Wrapped>().first().expect("an answer").expect("a row");
    let transparent = crm.find_as::<Contact, Transparent>().first().expect("an answer").expect("a row");
    assert_eq!(wrapped.0, transparent.lead);
}

#[test]
fn the_key_is_read_in_passing_whatever_the_row_makes_of_it() {
    macro_rules! with_id {
        ($crm:ident, $($id:ty => $expected:expr;)*) => {$({
            #[derive(Debug, PartialEq, Deserialize)]
            struct Row {
                #[serde(rename = "Id")]
                id: $id,
            }
            let rows = $crm.find_as::<Contact, Row>().page_size(1).fetch().expect("the rows come");
            assert_eq!(rows, [Row { id: $expected(1) }, Row { id: $expected(2) }], stringify!($id));
        })*};
    }

    let (_, crm) = account();
    with_id! { crm,
        i32 => |id: i32| id;
        u64 => |id: u64| id;
        f64 => f64::from;
        String => |id: i32| id.to_string();
        Option<i64> => |id: i64| Some(id);
        Option<ContactId> => |id| Some(ContactId(id));
        Value => |id: i32| Value::from(id);
    }
}

#[test]
fn the_key_is_selected_even_if_the_row_has_no_place_for_it() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Name {
        #[serde(rename = "FirstName")]
        name: String,
    }

    let (account, crm) = account();
    let names = crm.find_as::<Contact, Name>().page_size(1).fetch().expect("the rows come");
    assert_eq!(names.iter().map(|name| &*name.name).collect::<Vec<_>>(), ["Ada", "Bob"]);
    assert_eq!(account.take()[1], "[Contact 1 0 {Id=~>~ 1} [FirstName Id] Id 1]");
    crm.find_as::<Contact, Name>().by_page().fetch().expect("the rows come");
    assert_eq!(account.take(), ["[Contact 1000 0 {} [FirstName] Id 1]"]);
}

#[test]
fn a_struct_that_refuses_unknown_fields_does_not_see_the_key() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Name {
        #[serde(rename = "FirstName")]
        name: String,
    }

    let (_, crm) = account();
    let names = crm.find_as::<Contact, Name>().page_size(1).fetch().expect("the rows come");
    assert_eq!(names.iter().map(|name| &*name.name).collect::<Vec<_>>(), ["Ada", "Bob"]);
}

#[test]
fn types_that_do_not_tell_their_names_need_a_selection() {
    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(rename = "Id")]
        id: ContactId,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }

    let (account, crm) = account();
    let refused = |name: &str| {
        format!(
            "DataService.query: selectedFields is empty: {name} doesn't tell the names of its fields; name the columns with select()"
        )
    };
    assert_invalid(
        crm.find_as::<Contact, Flat>().fetch(),
        &refused("tables::find_as::types_that_do_not_tell_their_names_need_a_selection::Flat"),
    );
    assert_invalid(crm.find_as::<Contact, Record>().fetch(), &refused("infusionsoft::record::Record"));
    assert_eq!(account.take(), [] as [&str; 0], "nothing was sent");
    let flat = crm.find_as::<Contact, Flat>().select(&[&Contact::ID, &"FirstName"]).fetch().expect("the rows come");
    assert_eq!((flat[0].id, &flat[0].rest["FirstName"]), (ContactId(1), &Value::from("Ada")));
    let records = crm.find_as::<Contact, Record>().select(&[&Contact::FIRST_NAME]).by_page().fetch();
    assert_eq!(records.expect("the rows come"), [record! { "FirstName" => "Ada" }, record! { "FirstName" => "Bob" }]);
    assert_eq!(crm.find_as::<Contact, Record>().count().expect("an answer"), 2, "counting selects nothing");
}

#[test]
fn names_that_the_table_does_not_have_are_refused_with_those_that_look_alike() {
    macro_rules! refused {
        ($crm:ident, $table:ty, $name:literal, $message:literal) => {{
            #[derive(Debug, Deserialize)]
            struct Row {
                #[expect(dead_code, reason = "only its name matters")]
                #[serde(rename = $name)]
                field: Option<String>,
            }
            assert_invalid(
                $crm.find_as::<$table, Row>().fetch(),
                concat!("DataService.query: selectedFields: ", $message),
            );
        }};
    }

    let (account, crm) = account();
    refused!(crm, Contact, "first_name", "Contact has no column \"first_name\"; did you mean FirstName?");
    refused!(crm, Contact, "Emial", "Contact has no column \"Emial\"; did you mean Email?");
    refused!(crm, Contact, "Shoes", "Contact has no column \"Shoes\"");
    refused!(crm, CreditCard, "CardNumber", "CreditCard.CardNumber can't be read");
    assert_eq!(account.take(), [] as [&str; 0]);
}

#[test]
fn an_alias_is_a_name_too() {
    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(rename = "Phone1", alias = "Phone2")]
        #[expect(dead_code, reason = "only its names matter")]
        phone: Option<String>,
    }

    let (account, crm) = account();
    crm.find_as::<Contact, Row>().fetch().expect("an answer");
    assert_eq!(account.take(), ["[Contact 1000 0 {} [Phone1 Phone2 Id] Id 1]"]);
}

#[test]
fn an_error_says_in_which_row_and_member() {
    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(rename = "LastName")]
        #[expect(dead_code, reason = "it can't be read")]
        name: i32,
    }

    let (_, crm) = account();
    let error = crm.find_as::<Contact, Row>().fetch().expect_err("a name is no number");
    assert_eq!(error.to_string(), "DataService.query: page 1: [0].LastName: expected int, got \"Byron\"");
}
