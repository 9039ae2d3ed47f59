//! `DataService` on an account that remembers.

use std::time::{Duration, SystemTime};

use infusionsoft::{DateTime, Record, Value, record};
use infusionsoft_sandbox::{Clock, PASSWORD, Sandbox, USERNAME};

use crate::account::{add, answered, assert_refused, body, client, empty, found, names, query, raw, three};
use crate::calls::KEY;

#[test]
fn a_record_comes_back_as_the_real_server_sends_it() {
    let time = "20150719T19:53:56".parse::<DateTime>().expect("a time").to_system_time();
    let sandbox = Sandbox::builder().clock(Clock::at(time)).build().expect("an account");
    let values = "<struct><member><name>FirstName</name><value>A &lt;&amp;&gt; B</value></member><member><name>Phone1</name><value>987-654-3211</value></member><member><name>LastName</name><value></value></member></struct>";
    assert_eq!(body(&sandbox, "DataService.add", &[KEY, "Contact", values]), answered("<i4>1</i4>"));
    let fields = "<array><data><value>Id</value><value>FirstName</value><value>LastName</value><value>Phone1</value><value>DateCreated</value><value>Id</value></data></array>";
    let loaded = body(&sandbox, "DataService.load", &[KEY, "Contact", "<int>1</int>", fields]);
    for member in [
        "<member><name>Id</name><value><i4>1</i4></value></member>",
        "<member><name>FirstName</name><value>A &lt;&amp;&gt; B</value></member>",
        "<member><name>Phone1</name><value>(987) 654-3211</value></member>",
        "<member><name>DateCreated</name><value><dateTime.iso8601>20150719T19:53:56</dateTime.iso8601></value></member>",
    ] {
        assert_eq!(loaded.matches(member).count(), 1, "{loaded}");
    }
    assert!(!loaded.contains("LastName"), "what is empty is absent: {loaded}");
    assert!(!loaded.contains("<string>") && !loaded.contains("> <") && !loaded.contains('\n'), "{loaded}");
    let none = body(
        &sandbox,
        "DataService.query",
        &[KEY, "Lead", "<int>1</int>", "<int>0</int>", "<struct/>", "<array><data><value>Id</value></data></array>"],
    );
    assert_eq!(none, answered("<array><data></data></array>"));
}

#[test]
fn members_come_in_an_order_of_their_own() {
    let (sandbox, crm) = empty();
    let names = ["City", "Email", "FirstName", "Id", "LastName", "State"];
    let values: Record = names.iter().filter(|name| **name != "Id").map(|name| (*name, "x")).collect();
    add(&crm, "Contact", values);
    let order = |names: &[&str]| {
        let fields: String = names.iter().map(|name| format!("<value>{name}</value>")).collect();
        let fields = format!("<array><data>{fields}</data></array>");
        let answer = body(&sandbox, "DataService.load", &[KEY, "Contact", "<int>1</int>", &fields]);
        let ends = answer.split("<name>").skip(1).filter_map(|rest| rest.split_once('<'));
        ends.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let mut reversed = names;
    reversed.reverse();
    assert_ne!(order(&names), names, "it is not that of the names");
    assert_ne!(order(&reversed), reversed, "nor that of the request");
    assert_eq!(order(&names), order(&reversed), "and it is always the same");
}

#[test]
fn values_of_each_kind_travel() {
    let (sandbox, crm) = empty();
    let product = add(
        &crm,
        "Product",
        record! { "ProductName" => "Hat", "ProductPrice" => 12.5, "Shippable" => 1, "Weight" => 2 },
    );
    let hat = crm.data().load("Product", product, &["ProductPrice", "Shippable", "Weight"]).expect("the product");
    assert_eq!(hat, record! { "ProductPrice" => 12.5, "Shippable" => 1, "Weight" => 2.0 });
    let plan = add(&crm, "SubscriptionPlan", record! { "Active" => true, "PlanPrice" => "1e10" });
    let price = body(
        &sandbox,
        "DataService.load",
        &[
            KEY,
            "SubscriptionPlan",
            &format!("<int>{plan}</int>"),
            "<array><data><value>PlanPrice</value></data></array>",
        ],
    );
    assert!(price.contains("<double>10000000000.0</double>"), "{price}");
    let plan = crm.data().load("SubscriptionPlan", plan, &["Active"]).expect("the plan");
    assert!(plan.get::<bool>("Active").expect("a boolean"));
    for (field, value) in [
        ("OwnerID", Value::from("x")),
        ("OwnerID", Value::from("2147483648")),
        ("OwnerID", Value::from(1.5)),
        ("Birthday", Value::from("soon")),
        ("Birthday", Value::from("2015-02-31")),
        ("FirstName", names(&["a"])),
        ("FirstName", Value::Bytes(vec![1])),
        ("FirstName", Value::Struct(Record::new())),
    ] {
        let error = crm.data().add("Contact", [(field, value)].into_iter().collect::<Record>()).expect_err("a fault");
        let message = error.fault().expect("a fault").text().to_owned();
        assert!(
            message.starts_with(&format!("[InvalidParameter]Invalid value for field Contact.{field}: ")),
            "{message}"
        );
    }
}

#[test]
fn who_and_when_is_kept() {
    let clock = Clock::at("2026-01-02T03:04:05".parse::<DateTime>().expect("a time").to_system_time());
    let sandbox = Sandbox::builder().clock(clock.clone()).build().expect("an account");
    let crm = client(&sandbox);
    let id = add(&crm, "Contact", record! { "FirstName" => "Ada" });
    clock.advance(Duration::from_secs(60));
    assert_eq!(crm.data().update("Contact", id, record! { "FirstName" => "Augusta" }).expect("an update"), id);
    let fields = ["DateCreated", "LastUpdated", "CreatedBy", "LastUpdatedBy"];
    let kept = crm.data().load("Contact", id, &fields).expect("the contact");
    assert_eq!(kept.get::<DateTime>("DateCreated").expect("a time").to_string(), "20260102T03:04:05");
    assert_eq!(kept.get::<DateTime>("LastUpdated").expect("a time").to_string(), "20260102T03:05:05");
    assert_eq!(
        (kept.get::<i32>("CreatedBy").expect("an id"), kept.get::<i32>("LastUpdatedBy").expect("an id")),
        (1, 1)
    );
}

#[test]
fn what_is_not_there_is_refused() {
    let (_, crm) = empty();
    let data = crm.data();
    assert_refused(data.load("Contact", 1, &["Id"]), 5, "[RecordNotFound]Record not found: Contact 1");
    assert_refused(
        data.update("Contact", 1, record! { "City" => "x" }),
        5,
        "[RecordNotFound]Record not found: Contact 1",
    );
    assert_refused(data.delete("Contact", 1), 5, "[RecordNotFound]Record not found: Contact 1");
    assert_refused(data.load("Contacts", 1, &["Id"]), 9, "[NoTableFound]No table found: Contacts");
    assert_refused(data.count("sqlite_master", Record::new()), 9, "[NoTableFound]No table found: sqlite_master");
    assert_refused(data.count("sandbox_link", Record::new()), 9, "[NoTableFound]No table found: sandbox_link");
    assert_refused(data.load("Contact", 1, &["given_name"]), 10, "[NoFieldFound]No field found: Contact.given_name");
    assert_refused(data.load("Contact", 1, &["rowid"]), 10, "[NoFieldFound]No field found: Contact.rowid");
    let nothing = raw(&crm, "DataService.load", ["Contact".into(), 1.into(), Value::Array(Vec::new())]);
    assert_refused(nothing, 4, "[DatabaseError]No fields selected from table: Contact");
    assert_refused(data.add("Contact", Record::new()), 11, "[NoFields]No fields given for table: Contact");
    assert_refused(
        data.load("ContactGroupAssign", 1, &["GroupId"]),
        10,
        "[NoFieldFound]No field found: ContactGroupAssign.Id",
    );
}

#[test]
fn an_id_that_a_client_may_choose_is_positive() {
    let (_, crm) = empty();
    assert_eq!(add(&crm, "AffResource", record! { "Id" => 7, "Title" => "a" }), 7);
    assert_eq!(add(&crm, "AffResource", record! { "Id" => 0, "Title" => "b" }), 8, "0 is none");
    let invalid = "[InvalidParameter]Invalid value for field AffResource.Id: java.lang.Integer";
    assert_refused(crm.data().add("AffResource", record! { "Id" => -1 }), 12, invalid);
    assert_refused(crm.data().update("AffResource", 7, record! { "Id" => -1 }), 12, invalid);
}

#[test]
fn a_text_can_hold_rules_of_equals_signs() {
    let (_, crm) = empty();
    let rule = "=".repeat(3000);
    let note = add(&crm, "ContactAction", record! { "CreationNotes" => rule.as_str() });
    let loaded = crm.data().load("ContactAction", note, &["CreationNotes"]).expect("the note");
    assert_eq!(loaded, record! { "CreationNotes" => rule });
}

#[test]
fn access_is_held_to() {
    let (_, crm) = empty();
    let data = crm.data();
    let refused = |result, field: &str, way: &str| {
        assert_refused(result, 8, &format!("[NoFieldAccess]No {way} access to field: {field}"));
    };
    refused(data.add("Contact", record! { "Id" => 5 }), "Contact.Id", "add");
    refused(data.add("Contact", record! { "DateCreated" => "2013-01-01" }), "Contact.DateCreated", "add");
    let card = add(&crm, "CreditCard", record! { "CardNumber" => "4111 1111 1111 1234", "CVV2" => "123" });
    refused(data.load("CreditCard", card, &["CardNumber"]).map(|_| 0), "CreditCard.CardNumber", "read");
    refused(data.update("CreditCard", card, record! { "CardNumber" => "4" }), "CreditCard.CardNumber", "edit");
    refused(data.count("CreditCard", record! { "CVV2" => "1%" }), "CreditCard.CVV2", "read");
    let last = data.load("CreditCard", card, &["Last4"]).expect("the card");
    assert_eq!(last, record! { "Last4" => "1234" });
    assert_refused(data.delete("CreditCard", card), 7, "[NoTableAccess]No delete access to table: CreditCard");
    assert_refused(data.add("User", record! { "FirstName" => "x" }), 7, "[NoTableAccess]No add access to table: User");
    assert_refused(
        data.update("User", 1, record! { "FirstName" => "x" }),
        7,
        "[NoTableAccess]No edit access to table: User",
    );
}

#[test]
fn an_id_is_given_once() {
    let (_, crm) = empty();
    let first = add(&crm, "Contact", record! { "FirstName" => "Ada" });
    assert!(crm.data().delete("Contact", first).expect("the contact is deleted"));
    assert_eq!(add(&crm, "Contact", record! { "FirstName" => "Bob" }), first + 1);
}

#[test]
fn joined_columns_are_read_from_the_contact() {
    let (sandbox, crm) = empty();
    three(&crm);
    let tag = add(&crm, "ContactGroup", record! { "GroupName" => "Customer" });
    crm.contacts().add_to_group(1.into(), tag.into()).expect("the tag is added");
    let fields =
        ["ContactId", "ContactGroup", "Contact.FirstName", "Contact.Groups", "Contact.Birthday", "Contact.Signature"];
    let answer = raw(
        &crm,
        "DataService.query",
        [
            "ContactGroupAssign".into(),
            10.into(),
            0.into(),
            Value::Struct(record! { "Contact.FirstName" => "a%" }),
            names(&fields),
        ],
    );
    let answer = answer.expect("the query is answered");
    let birthday = "20130601T00:00:00".parse::<DateTime>().expect("a date");
    let expected = record! {
        "ContactId" => 1, "ContactGroup" => "Customer", "Contact.FirstName" => "Ada", "Contact.Groups" => tag.to_string(),
        "Contact.Birthday" => birthday,
    };
    assert_eq!(answer.as_array().expect("an array"), [Value::Struct(expected)]);
    let order =
        sandbox.insert("RecurringOrder", [("ContactId", infusionsoft_sandbox::Value::Int(3))]).expect("a subscription");
    let found = raw(
        &crm,
        "DataService.query",
        [
            "RecurringOrderWithContact".into(),
            1.into(),
            0.into(),
            Value::Struct(Record::new()),
            names(&["RecurringOrderId", "Id", "FirstName", "City"]),
        ],
    );
    let expected = record! { "RecurringOrderId" => order, "Id" => "3", "FirstName" => "Zoë", "City" => "100%" };
    assert_eq!(found.expect("the query is answered").as_array().expect("an array"), [Value::Struct(expected)]);
}

#[test]
fn custom_fields_are_fields() {
    let (_, crm) = empty();
    let field = |form: &str, label: &str, kind: &str, header: i32| {
        raw(&crm, "DataService.addCustomField", [form.into(), label.into(), kind.into(), header.into()])
    };
    let id = field("Contact", "Shoe Size", "WholeNumber", 1).expect("a field").as_int().expect("an id") as i32;
    field("Contact", "shoe-size", "Text", 1).expect("a field");
    field("Order", "Größe", "Dropdown", 6).expect("a field");
    let listed =
        query(&crm, "DataFormField", Record::new(), &["FormId", "Name", "Label", "DataType"]).expect("the fields");
    assert_eq!(listed[0], record! { "FormId" => -1, "Name" => "ShoeSize", "Label" => "Shoe Size", "DataType" => 12 });
    assert_eq!(listed[1].get::<&str>("Name").expect("a name"), "shoesize0", "columns differ by more than case");
    assert_eq!(listed[2], record! { "FormId" => -9, "Name" => "Gre", "Label" => "Größe", "DataType" => 21 });
    let ada = add(&crm, "Contact", record! { "FirstName" => "Ada", "_ShoeSize" => "38" });
    assert_eq!(crm.data().load("Contact", ada, &["_ShoeSize"]).expect("the contact"), record! { "_ShoeSize" => 38 });
    assert_eq!(found(&crm, "_ShoeSize", "~>~ 37"), [ada]);
    assert_refused(
        crm.data().load("Contact", ada, &["_shoesize"]),
        10,
        "[NoFieldFound]No field found: Contact._shoesize",
    );
    assert_refused(crm.data().load("Job", ada, &["_ShoeSize"]), 10, "[NoFieldFound]No field found: Job._ShoeSize");
    let wrong = crm.data().update("Contact", ada, record! { "_ShoeSize" => "big" });
    assert_refused(wrong, 12, "[InvalidParameter]Invalid value for field Contact._ShoeSize: java.lang.String");
    for (form, label, kind, header) in [
        ("contact", "a", "Text", 1),
        ("Contact", "a", "Blob", 1),
        ("Contact", " ", "Text", 1),
        ("Contact", "a", "Text", 99),
    ] {
        assert_refused(field(form, label, kind, header), 4, "[DatabaseError]Error creating custom field");
    }
    let update = |values: Record| crm.data().update_custom_field(id.into(), values);
    assert!(update(record! { "Label" => "Size", "Name" => "Size" }).expect("an update"));
    assert_eq!(crm.data().load("Contact", ada, &["_Size"]).expect("the contact"), record! { "_Size" => 38 });
    for name in ["shoesize0", "a b", "x\" INTEGER; --", ""] {
        assert_refused(update(record! { "Name" => name }), 12, "[InvalidParameter]Invalid name for field Size");
    }
    assert_refused(
        update(record! { "Values" => "a,b" }),
        12,
        "[InvalidParameter]Field Size has no values to choose from",
    );
    assert_refused(
        update(record! { "DataType" => 1 }),
        8,
        "[NoFieldAccess]No edit access to field: DataFormField.DataType",
    );
    let missing = crm.data().update_custom_field(99.into(), record! { "Label" => "x" });
    assert_refused(missing, 5, "[RecordNotFound]Record not found: DataFormField 99");
}

#[test]
fn the_account_answers_for_itself() {
    let (_, crm) = empty();
    let setting = |module: &str, name: &str| crm.data().get_app_setting(module, name).expect("a setting");
    assert_eq!(setting("Contact", "optiontypes"), "Prospect,Customer,Partner,Personal Contact,Vendor");
    assert_eq!(setting("Application", "enabled"), "yes");
    assert_eq!(setting("No", "such"), "");
    assert_eq!(crm.data().echo("a <&> b").expect("an echo"), "a <&> b");
    let me = crm.data().get_user_info().expect("the user");
    assert_eq!(me.cas_username.as_deref(), Some(USERNAME));
    assert_eq!(me.app_alias.as_deref(), Some("sandbox"), "the tenant of the scope");
    assert_eq!(PASSWORD, "sandbox");
    let log_in = |name: &str, hash: &str| crm.data().authenticate_user(name, hash);
    assert_eq!(log_in(USERNAME, "93bc63e0b4f48fbbff568d9fc0dc3def").expect("the user").0, 1);
    let refused = "[FailedLoginAttempt]Invalid username and/or password.";
    assert_refused(log_in(USERNAME, PASSWORD), 13, refused);
    assert_refused(log_in("other", "93bc63e0b4f48fbbff568d9fc0dc3def"), 13, refused);
}

#[test]
fn appointments_become_calendar_files() {
    let clock = Clock::at(SystemTime::UNIX_EPOCH);
    let sandbox = Sandbox::builder().clock(clock).build().expect("an account");
    let crm = client(&sandbox);
    let times = record! { "ActionDate" => "2012-04-30 14:15:00", "EndDate" => "2012-04-30 14:45:00" };
    let mut values =
        record! { "IsAppointment" => 1, "ActionDescription" => "Tea, and cake", "CreationNotes" => "a\nb" };
    times.iter().for_each(|(name, value)| drop(values.insert(name, value.clone())));
    let id = add(&crm, "ContactAction", values);
    let calendar = crm.data().get_appointment_ical(id.into()).expect("a calendar");
    let lines: Vec<&str> = calendar.split("\r\n").collect();
    for line in [
        "BEGIN:VCALENDAR",
        "DTSTAMP:19700101T000000Z",
        "DTSTART:20120430T181500Z",
        "DTEND:20120430T184500Z",
        "SUMMARY:Tea\\, and cake",
        "DESCRIPTION:a\\nb",
        "END:VCALENDAR",
    ] {
        assert!(lines.contains(&line), "{line}\n{calendar}");
    }
    let task = add(&crm, "ContactAction", record! { "ActionDescription" => "Call", "IsAppointment" => 0 });
    let refused = crm.data().get_appointment_ical(task.into());
    assert_refused(refused, 5, &format!("[RecordNotFound]Record not found: ContactAction {task}"));
}
