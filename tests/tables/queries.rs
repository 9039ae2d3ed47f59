//! What conditions become, and what is refused before it is sent.

use infusionsoft::find::{Condition, Find, conditions};
use infusionsoft::table::{Customizable, Table};
use infusionsoft::tables::{Contact, ContactGroup, Invoice, ProductOptionValue};
use infusionsoft::{
    ContactId, CustomFieldHeaderId, CustomFieldType, Date, DateTime, Record, TagId, UserId, Value, record,
};
use infusionsoft_sandbox::Sandbox;

use crate::crm::{Noting, assert_invalid, client, tags};

fn june() -> Date {
    Date::new(2013, 6, 1).expect("a day")
}

fn noon() -> DateTime {
    DateTime::new(2013, 6, 1, 12, 0, 0).expect("a time")
}

/// What a condition becomes.
#[track_caller]
fn sent<T: Table>(condition: Condition<T>) -> Value {
    let record = conditions([condition]).expect("the condition can be sent");
    let (_, value) = record.into_iter().next().expect("a member");
    value
}

#[test]
fn each_operator_is_written_as_documented() {
    for (condition, expected) in [
        (Contact::FIRST_NAME.equals("Ada"), Value::from("Ada")),
        (Contact::FIRST_NAME.not_equals("Ada"), Value::from("~<>~Ada")),
        (Contact::FIRST_NAME.above("Ada"), Value::from("~>~ Ada")),
        (Contact::FIRST_NAME.like("%a_d%"), Value::from("%a_d%")),
        (Contact::FIRST_NAME.starts_with("A"), Value::from("A%")),
        (Contact::FIRST_NAME.ends_with("a"), Value::from("%a")),
        (Contact::FIRST_NAME.contains("~Contact.Id~"), Value::from("%~Contact.Id~%")),
        (Contact::FIRST_NAME.is_null(), Value::from("~null~")),
        (Contact::FIRST_NAME.is_not_null(), Value::from("%")),
        (Contact::ID.equals(ContactId(5)), Value::from(5)),
        (Contact::ID.not_equals(5), Value::from("~<>~5")),
        (Contact::ID.above(5), Value::from("~>~ 5")),
        (Contact::ID.at_least(5), Value::from("~>=~ 5")),
        (Contact::ID.below(5), Value::from("~<~ 5")),
        (Contact::ID.at_most(5), Value::from("~<=~ 5")),
        (Contact::ID.is_in([7, 5, 7].map(ContactId)), Value::from([5, 7])),
        (Contact::OWNER_ID.is_in([UserId(1)]), Value::from([1])),
    ] {
        assert_eq!(sent(condition), expected);
    }
    assert_eq!(sent(Invoice::TOTAL_DUE.equals(1.5)), Value::from(1.5));
    assert_eq!(sent(Invoice::TOTAL_DUE.above(1.5)), Value::from("~>~ 1.5"));
}

#[test]
fn days_are_whole_and_times_are_points() {
    for (condition, expected) in [
        (Contact::BIRTHDAY.equals(june()), "2013-06-01%"),
        (Contact::BIRTHDAY.not_equals(june()), "~<>~2013-06-01 00:00:00"),
        (Contact::BIRTHDAY.above(june()), "~>~ 2013-06-01 23:59:59"),
        (Contact::BIRTHDAY.at_least(june()), "~>=~ 2013-06-01 00:00:00"),
        (Contact::BIRTHDAY.below(june()), "~<~ 2013-06-01 00:00:00"),
        (Contact::BIRTHDAY.at_most(june()), "~<=~ 2013-06-01 23:59:59"),
        (Contact::BIRTHDAY.in_month(2013, 6), "2013-06%"),
        (Contact::BIRTHDAY.is_null(), "~null~"),
        (Contact::LAST_UPDATED.equals(noon()), "2013-06-01 12:00:00"),
        (Contact::LAST_UPDATED.above(noon()), "~>~ 2013-06-01 12:00:00"),
        (Contact::LAST_UPDATED.at_most(noon()), "~<=~ 2013-06-01 12:00:00"),
        (Contact::LAST_UPDATED.at_least(june()), "~>=~ 2013-06-01 00:00:00"),
        (Contact::LAST_UPDATED.on(june()), "2013-06-01%"),
        (Contact::LAST_UPDATED.equals(june()), "2013-06-01%"),
        (Contact::LAST_UPDATED.not_equals(june()), "~<>~2013-06-01 00:00:00"),
        (Contact::LAST_UPDATED.above(june()), "~>~ 2013-06-01 23:59:59"),
        (Contact::LAST_UPDATED.below(june()), "~<~ 2013-06-01 00:00:00"),
        (Contact::LAST_UPDATED.at_most(june()), "~<=~ 2013-06-01 23:59:59"),
        (Contact::LAST_UPDATED.is_not_null(), "%"),
        (Contact::BIRTHDAY.is_not_null(), "%"),
        (Contact::LAST_UPDATED.in_month(2013, 6), "2013-06%"),
    ] {
        assert_eq!(sent(condition), Value::from(expected));
    }
}

#[test]
fn what_the_server_would_not_take_literally_is_refused() {
    let wildcard = "has a text with \"%\", which the server takes for any run of characters; \
                    use like(), and compare the rows that it finds";
    let empty = "has an empty text, which stands for no value; use is_null()";
    let operator = "has a text that begins with an operator of the server's query language";
    for (condition, problem) in [
        (Contact::CITY.equals("100%"), wildcard),
        (Contact::CITY.not_equals("100%"), wildcard),
        (Contact::CITY.above("100%"), wildcard),
        (Contact::CITY.starts_with("100%"), wildcard),
        (Contact::CITY.ends_with("%"), wildcard),
        (Contact::CITY.contains("a%b"), wildcard),
        (Contact::CITY.equals(""), empty),
        (Contact::CITY.equals(" "), empty),
        (Contact::CITY.like(""), empty),
        (Contact::CITY.contains(""), empty),
        (Contact::CITY.equals("~null~"), operator),
        (Contact::CITY.equals(" ~null~ "), operator),
        (Contact::CITY.like("~>~5%"), operator),
        (Contact::CITY.starts_with("~<>~"), operator),
        (Contact::CITY.equals("~<=~x"), operator),
        (Contact::DATE_CREATED.in_month(2013, 13), "can't lie in month 13 of year 2013"),
    ] {
        let field = if problem.starts_with("can't") { "DateCreated" } else { "City" };
        assert_invalid(conditions([condition]), &format!("DataService.query: queryData.{field} {problem}"));
    }
    assert_invalid(
        conditions([Invoice::TOTAL_DUE.above(f64::INFINITY)]),
        "DataService.query: queryData.TotalDue can't be compared with inf",
    );
    assert_invalid(
        conditions([Invoice::TOTAL_DUE.equals(f64::NAN)]),
        "DataService.query: queryData.TotalDue can't be compared with NaN",
    );
    let size = Contact::custom::<Value>("_ShoeSize").expect("a column");
    assert_invalid(
        conditions([size.equals(Value::Nil)]),
        "DataService.query: queryData._ShoeSize can't be compared with a value of type nil; use is_null()",
    );
    assert_eq!(sent(Contact::CITY.equals("~ about")), Value::from("~ about"), "a tilde alone is no operator");
}

#[test]
fn a_field_takes_one_condition() {
    let account = Noting::new(Sandbox::new());
    let crm = client(account.clone());
    let range = [Contact::LAST_UPDATED.at_least(noon()), Contact::LAST_UPDATED.below(noon())];
    let message =
        "DataService.query: queryData.LastUpdated has two conditions, and the server takes one for each field";
    assert_invalid(conditions(range.clone()), message);
    assert_invalid(crm.find::<Contact>().filters(range.clone()).fetch(), message);
    assert_invalid(crm.find::<Contact>().filters(range.clone()).first(), message);
    assert_invalid(crm.find::<Contact>().filters(range.clone()).count(), message);
    let mut rows = crm.find::<Contact>().filters(range).read_ahead().iter();
    assert_invalid(rows.next().expect("an item"), message);
    assert!(rows.next().is_none());
    assert_eq!(account.count(), 0, "nothing was sent");
}

#[test]
fn many_ids_are_sent_in_parts() {
    let account = Noting::new(tags(3000));
    let crm = client(account.clone());
    let wanted = (1..=2500).rev().chain(1..=10).map(TagId);
    let find = || crm.find::<ContactGroup>().select(&[&ContactGroup::ID]);
    let many = || find().filter(ContactGroup::ID.is_in(wanted.clone()));
    for ahead in [false, true] {
        let tags = if ahead { many().read_ahead().fetch() } else { many().fetch() };
        let ids: Vec<i32> = tags.expect("the rows come").iter().map(|tag| tag.id.expect("an id").0).collect();
        assert!(ids == (1..=2500).collect::<Vec<i32>>(), "each once, in order: {}", ids.len());
        assert_eq!(account.take().len(), 3, "no part needs a second page");
    }
    let mut rows = many().iter();
    assert_eq!(rows.by_ref().take(1500).count(), 1500);
    let place = rows.position();
    assert_eq!(place.to_string(), "ContactGroup,Id,up,1500,1,500,1000,page");
    assert_eq!(many().resume(place).fetch().expect("the rows come").len(), 1000);
    assert_eq!(many().count().expect("an answer"), 2500);
    account.take();
    let nothing = || find().filter(ContactGroup::ID.is_in([]));
    assert_eq!(nothing().fetch().expect("an answer"), []);
    assert_eq!(nothing().count().expect("an answer"), 0);
    assert_eq!(account.take(), [] as [&str; 0]);
    let in_parts = "DataService.query: queryData.Id names more than 1000 ids, which are sent in parts, \
                    so the rows can't be ordered";
    assert_invalid(many().order_by(ContactGroup::GROUP_NAME).fetch(), in_parts);
    assert_invalid(many().descending().fetch(), in_parts);
    let few = || find().filter(ContactGroup::ID.is_in((1..=1000).map(TagId)));
    assert_eq!(few().limit(5).descending().fetch().expect("the rows come").len(), 5);
    assert_invalid(
        conditions([ContactGroup::ID.is_in((1..=1001).map(TagId))]),
        "DataService.query: queryData.Id names 1001 ids, 1 to 1000 are allowed",
    );
}

#[test]
fn a_limit_counts_the_rows_of_all_parts() {
    let account = Noting::new(tags(2100));
    let crm = client(account.clone());
    // Nobody has the ids above; the first part finds 100 rows, the others 1,000 each.
    let wanted = (-899..=2100).map(TagId);
    let many =
        || crm.find::<ContactGroup>().select(&[&ContactGroup::ID]).filter(ContactGroup::ID.is_in(wanted.clone()));
    let ids = |find: Find<ContactGroup>| -> Vec<i32> {
        find.iter().map(|tag| tag.expect("it comes").id.expect("an id").0).collect()
    };
    for (limit, calls) in [(0, 0), (50, 1), (100, 1), (101, 2), (500, 2), (1100, 2), (1101, 3), (9000, 3)] {
        for ahead in [false, true] {
            let find = if ahead { many().limit(limit).read_ahead() } else { many().limit(limit) };
            assert_eq!(ids(find), (1..=limit.min(2100) as i32).collect::<Vec<_>>());
            assert_eq!(account.take().len(), calls, "limit {limit}, ahead: {ahead}");
        }
    }
    let mut rows = many().limit(150).iter();
    assert_eq!(rows.by_ref().count(), 150);
    assert_eq!(ids(many().limit(400).resume(rows.position())), (151..=400).collect::<Vec<_>>());
    let first = |find: Find<ContactGroup>| find.first().expect("an answer").expect("a row").id;
    assert_eq!(first(many()), Some(TagId(1)));
    assert_eq!(first(many().resume(rows.position())), Some(TagId(151)));
    account.take();
    let late = ContactGroup::ID.is_in((-1500..=1).map(TagId));
    assert_eq!(first(crm.find::<ContactGroup>().select(&[&ContactGroup::ID]).filter(late)), Some(TagId(1)));
    assert_eq!(account.take().len(), 2, "the first part finds nothing");
}

#[test]
fn parts_of_ids_that_are_no_key_go_by_key_too() {
    let sandbox = tags(1200);
    let account = Noting::new(sandbox);
    let crm = client(account.clone());
    let category = ContactGroup::GROUP_CATEGORY_ID.is_in((1..=1001).map(Into::into));
    let ids = crm.find::<ContactGroup>().select(&[&ContactGroup::ID]).filter(category);
    assert_eq!(ids.fetch().expect("the rows come").len(), 1200, "all are of category 1");
    let calls = account.take();
    assert_eq!(calls.len(), 3, "two pages of the first part, one of the second");
    assert!(calls[1].contains("Id=~>~ 1000"), "{}", calls[1]);
}

#[test]
fn only_ids_can_be_one_of_several() {
    assert_invalid(
        conditions([Invoice::PAY_STATUS.is_in([0, 1])]),
        "DataService.query: queryData.PayStatus is not an id, and the server looks for one of several ids only",
    );
}

#[test]
fn all_columns_are_selected_that_no_server_refuses() {
    let account = Noting::new(Sandbox::new());
    let crm = client(account.clone());
    crm.find::<Contact>().fetch().expect("an answer");
    let names: Vec<&str> = Contact::COLUMNS.iter().filter(|c| c.selected).map(|c| c.name).collect();
    assert!(!names.contains(&"AccountId"));
    assert_eq!(account.take(), [format!("[Contact 1000 0 {{}} [{}] Id 1]", names.join(" "))]);
    crm.find::<Contact>().select(&[&Contact::EMAIL, &Contact::EMAIL, &"City"]).fetch().expect("an answer");
    assert_eq!(account.take(), ["[Contact 1000 0 {} [Email City Id] Id 1]"]);
    assert_invalid(
        crm.find::<Contact>().select(&[&"Citty"]).fetch(),
        "DataService.query: selectedFields: Contact has no column \"Citty\"; did you mean City?",
    );
    assert_invalid(
        crm.find::<Contact>().select(&[]).fetch(),
        "DataService.query: selectedFields is empty; name the columns with select()",
    );
}

#[test]
fn a_table_of_which_too_little_is_known_needs_a_selection() {
    let crm = client(Sandbox::new());
    assert_invalid(
        crm.find::<ProductOptionValue>().fetch(),
        "DataService.query: selectedFields is empty; name the columns with select()",
    );
    assert_eq!(crm.find::<ProductOptionValue>().select(&[&ProductOptionValue::LABEL]).fetch().expect("an answer"), []);
}

#[test]
fn custom_fields_are_columns_too() {
    let account = Noting::new(Sandbox::new());
    let crm = client(account.clone());
    crm.data()
        .add_custom_field(CustomFieldType::Contact, "Shoe Size", "DecimalNumber", CustomFieldHeaderId(1))
        .expect("the field is added");
    let field = crm.data().query(infusionsoft::data::QueryRequest {
        table: "DataFormField".into(),
        limit: 1,
        page: 0,
        query_data: Record::new(),
        selected_fields: vec!["Name".into()],
        order: None,
    });
    let name = format!("_{}", field.expect("an answer")[0].get::<&str>("Name").expect("a name"));
    let size = Contact::custom::<f64>(&name).expect("a custom field");
    for size in [36.5, 42.0] {
        crm.data().add("Contact", record! { &*name => size }).expect("a contact is added");
    }
    let large = crm.find::<Contact>().also(&[&size]).filter(size.above(40)).fetch().expect("the rows come");
    assert_eq!(large.len(), 1);
    assert_eq!(large[0].extra.get::<f64>(&name).expect("it is kept"), 42.0);
}

#[test]
fn rows_are_ordered_counted_and_found_first() {
    let crm = client(Sandbox::new());
    for (first, city) in [("Cleo", "Rome"), ("Ada", "London"), ("Bob", "London")] {
        crm.data().add("Contact", record! { "FirstName" => first, "City" => city }).expect("a contact is added");
    }
    let names =
        |contacts: Vec<Contact>| contacts.into_iter().filter_map(|contact| contact.first_name).collect::<Vec<_>>();
    let by_name = || crm.find::<Contact>().order_by(Contact::FIRST_NAME);
    assert_eq!(names(by_name().fetch().expect("the rows come")), ["Ada", "Bob", "Cleo"]);
    assert_eq!(names(by_name().descending().fetch().expect("the rows come")), ["Cleo", "Bob", "Ada"]);
    assert_eq!(names(by_name().descending().descending().fetch().expect("the rows come")), ["Cleo", "Bob", "Ada"]);
    let first = by_name().first().expect("an answer").expect("a row");
    assert_eq!((first.first_name.as_deref(), first.id), (Some("Ada"), Some(ContactId(2))));
    let londoners = || crm.find::<Contact>().filter(Contact::CITY.equals("LONDON"));
    assert_eq!(londoners().count().expect("an answer"), 2);
    assert_eq!(londoners().limit(1).count().expect("an answer"), 2, "a limit doesn't matter");
    assert!(londoners().filter(Contact::FIRST_NAME.equals("Cleo")).first().expect("an answer").is_none());
    let in_query = conditions([Contact::CITY.equals("london"), Contact::FIRST_NAME.like("a%")]).expect("a record");
    assert_eq!(crm.data().count("Contact", in_query).expect("an answer"), 1);
}
