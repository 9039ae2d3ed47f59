//! `ContactService` on an account that remembers.

use infusionsoft::{Client, ContactId, DuplicateCheck, Error, Record, Value, record};
use infusionsoft_sandbox::{Action, Sandbox};

use crate::account::{assert_refused, empty, ids, raw};

/// Adds a contact with a first name and an address.
fn add(crm: &Client, name: &str, email: &str) -> ContactId {
    crm.contacts().add(record! { "FirstName" => name, "Email" => email }).expect("the contact is added")
}

/// Adds a record that the API cannot make.
fn insert(sandbox: &Sandbox, table: &str, values: &[(&str, infusionsoft_sandbox::Value)]) -> i32 {
    sandbox.insert(table, values.iter().cloned()).expect("the record is added")
}

fn text(text: &str) -> infusionsoft_sandbox::Value {
    infusionsoft_sandbox::Value::String(text.to_owned())
}

/// The tags of a contact, as the contact and as the assignments tell them.
fn tags(crm: &Client, contact: ContactId) -> (Option<String>, Vec<i32>) {
    let groups = crm.contacts().load(contact, &["Groups"]).expect("the contact").get("Groups").expect("a text");
    let conditions = Value::Struct(record! { "ContactId" => contact });
    let fields = Value::from(vec!["GroupId"]);
    let assigned =
        raw(crm, "DataService.query", ["ContactGroupAssign".into(), 10.into(), 0.into(), conditions, fields]);
    let assigned = assigned.expect("the query is answered");
    let id = |record: &Value| record.as_record().expect("a record").get("GroupId").expect("an id");
    (groups, assigned.as_array().expect("an array").iter().map(id).collect())
}

#[test]
fn a_contact_is_added_loaded_and_updated() {
    let (_, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    assert_eq!(crm.contacts().update(ada, record! { "City" => "London" }).expect("an update"), ada);
    let loaded = crm.contacts().load(ada, &["FirstName", "City", "LastName"]).expect("the contact");
    assert_eq!(loaded, record! { "FirstName" => "Ada", "City" => "London" });
    crm.contacts().update(ada, record! { "City" => "" }).expect("an update");
    assert_eq!(crm.contacts().load(ada, &["City"]).expect("the contact"), Record::new());
    assert_refused(crm.contacts().load(9.into(), &["Id"]), 5, "[RecordNotFound]Record not found: Contact 9");
    assert_refused(
        crm.contacts().add(record! { "given_name" => "x" }),
        10,
        "[NoFieldFound]No field found: Contact.given_name",
    );
    assert_refused(crm.contacts().add(Record::new()), 11, "[NoFields]No fields given for table: Contact");
}

#[test]
fn duplicates_are_found_in_three_ways() {
    let (_, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    let check = |values: Record, check: DuplicateCheck| {
        crm.contacts().add_with_dup_check(values, check).expect("the contact is added or updated")
    };
    let same = check(record! { "Email" => "ADA@example.com", "City" => "London" }, DuplicateCheck::Email);
    assert_eq!(same, ada);
    let city = crm.contacts().load(ada, &["City", "Email"]).expect("the contact");
    assert_eq!(city, record! { "City" => "London", "Email" => "ADA@example.com" }, "the match was updated");
    let named = record! { "Email" => "ada@example.com", "FirstName" => "ada" };
    assert_eq!(check(named.clone(), DuplicateCheck::EmailAndName), ada);
    let mut other = named.clone();
    other.insert("LastName", "Byron");
    let byron = check(other.clone(), DuplicateCheck::EmailAndName);
    assert_ne!(byron, ada);
    assert_eq!(check(other.clone(), DuplicateCheck::EmailAndNameAndCompany), byron);
    other.insert("Company", "Engines");
    let engines = check(other.clone(), DuplicateCheck::EmailAndNameAndCompany);
    assert!(engines != byron && engines != ada);
    assert_eq!(check(other, DuplicateCheck::EmailAndName), byron, "the oldest one is taken");
    assert_ne!(
        check(record! { "FirstName" => "x" }, DuplicateCheck::Email),
        check(record! { "FirstName" => "x" }, DuplicateCheck::Email)
    );
    assert_ne!(check(record! { "Email" => "%" }, DuplicateCheck::Email), ada, "an address is not a pattern");
    let wrong = crm.contacts().add_with_dup_check(named, DuplicateCheck::Unknown("Phone".to_owned()));
    assert_refused(wrong, 12, "[InvalidParameter]Invalid dupCheckType: Phone");
}

#[test]
fn three_addresses_are_searched() {
    let (_, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    let bob = add(&crm, "Bob", "bob@example.com");
    let cyd = crm.contacts().add(record! { "EmailAddress3" => "Ada@Example.com" }).expect("the contact is added");
    crm.contacts().update(bob, record! { "EmailAddress2" => "ada@example.com" }).expect("an update");
    let find = |email: &str| ids(&crm.contacts().find_by_email(email, &["Id"]).expect("an answer"));
    assert_eq!(find("ADA@example.com"), [ada.0, bob.0, cyd.0]);
    assert_eq!(find("bob@example.com"), [bob.0]);
    assert_eq!(find("%"), [] as [i32; 0]);
    assert_eq!(find(""), [] as [i32; 0]);
    assert_refused(crm.contacts().find_by_email("x", &["x"]), 10, "[NoFieldFound]No field found: Contact.x");
}

#[test]
fn tags_are_told_alike_everywhere() {
    let (_, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    let tag = |name: &str| crm.data().add("ContactGroup", record! { "GroupName" => name }).expect("the tag is added");
    let (first, second) = (tag("First"), tag("Second"));
    let contacts = crm.contacts();
    assert_eq!(tags(&crm, ada), (None, vec![]));
    assert!(contacts.add_to_group(ada, second.into()).expect("an answer"));
    assert!(contacts.add_to_group(ada, first.into()).expect("an answer"));
    assert!(!contacts.add_to_group(ada, first.into()).expect("an answer"), "a contact has a tag once");
    assert_eq!(tags(&crm, ada).0.as_deref(), Some("1,2"));
    assert_eq!(tags(&crm, ada).1.len(), 2);
    assert_eq!(crm.data().count("Contact", record! { "Groups" => "%2%" }).expect("a count"), 1);
    assert!(contacts.remove_from_group(ada, first.into()).expect("an answer"));
    assert!(!contacts.remove_from_group(ada, first.into()).expect("an answer"));
    assert_eq!(tags(&crm, ada), (Some("2".to_owned()), vec![second]));
    assert_refused(contacts.add_to_group(ada, 9.into()), 5, "[RecordNotFound]Record not found: ContactGroup 9");
    assert_refused(contacts.add_to_group(9.into(), first.into()), 5, "[RecordNotFound]Record not found: Contact 9");
    crm.data().delete("Contact", ada.0).expect("the contact is deleted");
    assert_eq!(crm.data().count("ContactGroupAssign", Record::new()).expect("a count"), 0);
}

#[test]
fn sequences_go_on_step_by_step() {
    let (sandbox, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    let bob = add(&crm, "Bob", "bob@example.com");
    let sequence = insert(&sandbox, "Campaign", &[("Name", text("Welcome"))]);
    let campaign = infusionsoft_sandbox::Value::Int(sequence);
    let step = || insert(&sandbox, "CampaignStep", &[("CampaignId", campaign.clone())]);
    let (first, second) = (step(), step());
    let contacts = crm.contacts();
    let next = || contacts.get_next_campaign_step(ada, sequence.into()).map(|step| step.0);
    let status = || {
        let found = raw(
            &crm,
            "DataService.query",
            [
                "Campaignee".into(),
                1.into(),
                0.into(),
                Value::Struct(record! { "ContactId" => ada }),
                Value::from(vec!["Campaign", "Status"]),
            ],
        );
        found.expect("an answer").as_array().expect("an array").first().cloned()
    };
    assert_refused(next(), 5, &format!("[RecordNotFound]Record not found: Campaignee {}", ada.0));
    assert!(contacts.add_to_campaign(ada, sequence.into()).expect("an answer"));
    assert!(!contacts.add_to_campaign(ada, sequence.into()).expect("an answer"));
    assert_eq!(status(), Some(Value::Struct(record! { "Campaign" => "Welcome", "Status" => "Active" })));
    assert_eq!(next().expect("a step"), first);
    let perform = |step: i32| contacts.reschedule_campaign_step(&[ada, bob, 99.into()], step.into());
    assert_eq!(perform(first).expect("a count"), 1, "only Ada is in the sequence");
    assert_eq!(next().expect("a step"), second);
    assert_eq!(perform(first).expect("a count"), 1, "a step can be performed again");
    assert_eq!(perform(second).expect("a count"), 1);
    assert_eq!(next().expect("no step"), 0);
    assert!(contacts.pause_campaign(ada, sequence.into()).expect("an answer"));
    assert!(!contacts.pause_campaign(ada, sequence.into()).expect("an answer"));
    assert_eq!(status(), Some(Value::Struct(record! { "Campaign" => "Welcome", "Status" => "Paused" })));
    assert!(contacts.resume_campaign_for_contact(ada, sequence.into()).expect("an answer"));
    assert!(contacts.remove_from_campaign(ada, sequence.into()).expect("an answer"));
    assert!(!contacts.remove_from_campaign(ada, sequence.into()).expect("an answer"));
    assert_eq!(status(), None);
    contacts.add_to_campaign(ada, sequence.into()).expect("an answer");
    assert_eq!(next().expect("a step"), first, "who comes back begins anew");
    assert_refused(contacts.add_to_campaign(ada, 9.into()), 5, "[RecordNotFound]Record not found: Campaign 9");
    assert_refused(perform(9), 5, "[RecordNotFound]Record not found: CampaignStep 9");
}

#[test]
fn links_are_seen_from_both_ends() {
    let (_, crm) = empty();
    let (ada, bob) = (add(&crm, "Ada", "ada@example.com"), add(&crm, "Bob", "bob@example.com"));
    let contacts = crm.contacts();
    assert!(contacts.link_contacts(ada, bob, 2.into()).expect("an answer"));
    assert!(!contacts.link_contacts(bob, ada, 2.into()).expect("an answer"));
    let linked = |id: ContactId| contacts.list_linked_contacts(id).expect("the links");
    assert_eq!(linked(ada), [record! { "ContactId" => bob, "LinkTypeId" => 2 }]);
    assert_eq!(linked(bob), [record! { "ContactId" => ada, "LinkTypeId" => 2 }]);
    assert!(!contacts.unlink_contacts(ada, bob, 3.into()).expect("an answer"));
    assert!(contacts.unlink_contacts(bob, ada, 2.into()).expect("an answer"));
    assert_eq!(linked(ada), [] as [Record; 0]);
    assert_refused(
        contacts.link_contacts(ada, ada, 1.into()),
        12,
        "[InvalidParameter]A contact cannot be linked to itself",
    );
    assert_refused(contacts.link_contacts(ada, 9.into(), 1.into()), 5, "[RecordNotFound]Record not found: Contact 9");
}

#[test]
fn two_contacts_become_one() {
    let (sandbox, crm) = empty();
    let (ada, twin) = (add(&crm, "Ada", "ada@example.com"), add(&crm, "Augusta", "twin@example.com"));
    let bob = add(&crm, "Bob", "bob@example.com");
    let contacts = crm.contacts();
    raw(&crm, "DataService.addCustomField", ["Contact".into(), "Shoe Size".into(), "Text".into(), 1.into()])
        .expect("a field");
    contacts.update(twin, record! { "City" => "London", "_ShoeSize" => "38" }).expect("an update");
    let tag = |name: &str| crm.data().add("ContactGroup", record! { "GroupName" => name }).expect("the tag is added");
    let (first, second) = (tag("First"), tag("Second"));
    for (contact, tag) in [(ada, first), (twin, first), (twin, second)] {
        contacts.add_to_group(contact, tag.into()).expect("an answer");
    }
    contacts.link_contacts(twin, bob, 1.into()).expect("an answer");
    contacts.link_contacts(twin, ada, 1.into()).expect("an answer");
    let sequence = insert(&sandbox, "Campaign", &[("Name", text("Welcome"))]);
    contacts.add_to_campaign(twin, sequence.into()).expect("an answer");
    let lead = crm.data().add("Lead", record! { "ContactID" => twin }).expect("the opportunity is added");

    assert!(contacts.merge(ada, twin).expect("an answer"));
    let merged = contacts.load(ada, &["FirstName", "City", "_ShoeSize", "Email"]).expect("the contact");
    let expected =
        record! { "FirstName" => "Ada", "City" => "London", "_ShoeSize" => "38", "Email" => "ada@example.com" };
    assert_eq!(merged, expected, "what the kept one has stays, and the other's fills the gaps");
    assert_eq!(tags(&crm, ada).0.as_deref(), Some("1,2"));
    assert_eq!(
        contacts.list_linked_contacts(ada).expect("the links"),
        [record! { "ContactId" => bob, "LinkTypeId" => 1 }]
    );
    assert_eq!(
        contacts.list_linked_contacts(bob).expect("the links"),
        [record! { "ContactId" => ada, "LinkTypeId" => 1 }]
    );
    assert!(contacts.remove_from_campaign(ada, sequence.into()).expect("an answer"));
    let lead = crm.data().load("Lead", lead, &["ContactID"]).expect("the opportunity");
    assert_eq!(lead, record! { "ContactID" => ada });
    assert_refused(contacts.load(twin, &["Id"]), 5, &format!("[RecordNotFound]Record not found: Contact {}", twin.0));
    assert_refused(contacts.merge(ada, ada), 12, "[InvalidParameter]A contact cannot be merged with itself");
    assert_refused(contacts.merge(ada, 99.into()), 5, "[RecordNotFound]Record not found: Contact 99");
}

#[test]
fn action_sets_act() -> Result<(), Error> {
    let (sandbox, crm) = empty();
    let ada = add(&crm, "Ada", "ada@example.com");
    let tag = crm.data().add("ContactGroup", record! { "GroupName" => "Nurture Subscriber" })?;
    let sequence = insert(&sandbox, "Campaign", &[("Name", text("Welcome"))]);
    let set = insert(&sandbox, "ActionSequence", &[("TemplateName", text("Subscribe"))]);
    for action in [Action::ApplyTag(tag), Action::StartSequence(sequence), Action::RemoveTag(99)] {
        sandbox.add_action(set, action).expect("the action is added");
    }
    let done = crm.contacts().run_action_sequence(ada, set.into())?;
    assert_eq!(done[0].action.as_deref(), Some("Apply/Remove Tag"));
    assert_eq!(done[0].message.as_deref(), Some("tags applied to Contact: Nurture Subscriber"));
    assert_eq!(done.iter().map(|result| result.is_error).collect::<Vec<_>>(), [Some(false), Some(false), Some(true)]);
    assert_eq!(tags(&crm, ada).1, [tag]);
    assert!(!crm.contacts().add_to_campaign(ada, sequence.into())?, "the sequence was started");
    let missing = crm.contacts().run_action_sequence(ada, 99.into());
    assert_refused(missing, 5, "[RecordNotFound]Record not found: ActionSequence 99");
    assert!(sandbox.add_action(99, Action::StopSequence(1)).is_err());
    Ok(())
}
