//! Tags: who has one, and one for many.

use std::collections::BTreeMap;

use infusionsoft::tables::Contact;
use infusionsoft::tags::Tagging;
use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Client, CompanyId, ContactId, ErrorKind, Record, TagId, Transport};
use infusionsoft_sandbox::{Effect, Limit, Rule, Sandbox};
use serde::Deserialize;

use crate::crm::{Database, Noting, assert_invalid, client};

const TAG: TagId = TagId(7);
const OTHER: TagId = TagId(8);

/// An account with so many contacts, of which those with an even id have the tag.
fn tagged(contacts: u32) -> Sandbox {
    let database = Database::new();
    database.run(&format!(
        "INSERT INTO ContactGroup (Id, GroupName) VALUES (7, 'Even'), (8, 'Other');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {contacts})
         INSERT INTO Contact (Id, FirstName, City) SELECT i, 'C' || i, iif(i % 3 = 0, 'London', 'Paris') FROM n;
         INSERT INTO ContactGroupAssign (ContactId, GroupId) SELECT Id, 7 FROM Contact WHERE Id % 2 = 0;
         INSERT INTO ContactGroupAssign (ContactId, GroupId) SELECT Id, 8 FROM Contact WHERE Id % 5 = 0"
    ));
    database.open()
}

fn ids(contacts: &[Contact]) -> Vec<i32> {
    contacts.iter().map(|contact| contact.id.expect("an id").0).collect()
}

fn even(last: i32) -> Vec<i32> {
    (1..=last).filter(|id| id % 2 == 0).collect()
}

#[test]
fn all_contacts_with_a_tag_come_in_two_calls_a_page() {
    let account = Noting::new(tagged(5000));
    let crm = client(account.clone());
    let contacts = crm.tags().contacts(TAG).select(&[&Contact::ID, &Contact::FIRST_NAME]).fetch().expect("they come");
    assert_eq!(ids(&contacts), even(5000));
    assert_eq!((contacts[0].first_name.as_deref(), contacts[0].city.as_deref()), (Some("C2"), None));
    let calls = account.take();
    assert_eq!(calls.len(), 6);
    assert_eq!(calls[0], "[ContactGroupAssign 1000 0 {GroupId=7} [ContactId] ContactId 1]");
    assert!(calls[1].starts_with("[Contact 1000 0 {Id=[2 4 6 "), "{}", &calls[1][..60]);
    assert_eq!(calls[2], "[ContactGroupAssign 1000 0 {ContactId=~>~ 2000 GroupId=7} [ContactId] ContactId 1]");

    let found: Vec<ContactId> = crm.tags().contact_ids(TAG).collect::<Result<_, _>>().expect("they come");
    assert_eq!(found.iter().map(|id| id.0).collect::<Vec<_>>(), even(5000));
    assert_eq!(account.take().len(), 3);
    assert_eq!(crm.tags().contact_ids(TagId(99)).count(), 0);
    assert_eq!(crm.tags().contacts(TagId(99)).fetch().expect("nobody"), []);
}

#[test]
fn contacts_come_as_structs_of_the_users_own_and_under_conditions() {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Person {
        id: ContactId,
        city: Option<String>,
    }
    let crm = client(tagged(30));
    let people: Vec<Person> = crm.tags().contacts_as(TAG).filter(Contact::CITY.equals("London")).fetch().expect("they");
    assert_eq!(people.iter().map(|person| person.id.0).collect::<Vec<_>>(), [6, 12, 18, 24, 30]);
    assert!(people.iter().all(|person| person.city.as_deref() == Some("London")));
    let records = crm.tags().contacts_as::<Record>(TAG).select(&[&Contact::ID]).fetch().expect("they come");
    assert_eq!((records.len(), records[0].get::<i32>("Id").expect("an id")), (15, 2));
    let error = crm.tags().contacts(TAG).filter(Contact::ID.above(3)).fetch().expect_err("two conditions");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn pages_go_on_where_they_failed() {
    let sandbox = tagged(5000);
    let failing = sandbox.clone();
    let account = Noting::new(sandbox).before(move |calls| {
        // The contacts of the second page.
        if calls == 3 {
            failing.inject(Rule::next(1, Effect::Fault { code: 4, message: "[DatabaseError]Gone".into() }));
        }
    });
    let crm = client(account.clone());
    let lean = || crm.tags().contacts(TAG).select(&[&Contact::ID]);
    let mut pages = lean().pages();
    let first = pages.next().expect("a page").expect("it comes");
    assert_eq!(ids(&first), even(2000));
    let error = pages.next().expect("an item").expect_err("a fault");
    assert_eq!(error.to_string(), "DataService.query: page 2: fault 4: [DatabaseError]Gone");
    assert!(pages.next().is_none());
    let rest = lean().resume(pages.position().to_string().parse().expect("a cursor")).fetch().expect("they come");
    assert_eq!(ids(&rest), even(5000).split_off(1000));
}

#[test]
fn what_cannot_be_asked_of_contacts_is_told_before_anything_is_sent() {
    let account = Noting::new(tagged(10));
    let crm = client(account.clone());
    let many = Contact::COMPANY_ID.is_in((1..=1001).map(CompanyId));
    for tag in [TAG, TagId(99)] {
        let contacts = || crm.tags().contacts(tag);
        assert_invalid(
            contacts().select(&[&"Emial"]).fetch(),
            "DataService.query: selectedFields: Contact has no column \"Emial\"; did you mean Email?",
        );
        assert_invalid(
            contacts().filter(Contact::EMAIL.equals("")).fetch(),
            "DataService.query: queryData.Email has an empty text, which stands for no value; use is_null()",
        );
        assert_invalid(
            contacts().filter(many.clone()).fetch(),
            "DataService.query: queryData.CompanyID names more than 1000 ids, which are sent in parts, so the rows can't \
             be ordered",
        );
        let mut pages = contacts().select(&[]).pages();
        assert!(pages.next().is_some_and(|page| page.is_err()) && pages.next().is_none());
    }
    assert_eq!(account.count(), 0);
}

#[test]
fn nobody_is_left_out_when_the_tag_goes_while_they_are_read() {
    let crm = client(tagged(100));
    let mut seen = Vec::new();
    for contact in crm.tags().contacts(TAG).page_size(10) {
        let id = contact.expect("it comes").id.expect("an id");
        seen.push(id.0);
        assert!(crm.contacts().remove_from_group(id, TAG).expect("an answer"));
    }
    assert_eq!(seen, even(100));
}

fn count(crm: &Client, tag: TagId) -> usize {
    crm.tags().contact_ids(tag).count()
}

/// The lists of what became of the contacts, as numbers.
fn lists(done: &Tagging) -> [Vec<i32>; 4] {
    let numbers = |ids: &[ContactId]| ids.iter().map(|id| id.0).collect();
    let pairs = |pairs: &[(ContactId, infusionsoft::Error)]| pairs.iter().map(|(id, _)| id.0).collect();
    [numbers(&done.changed), numbers(&done.unchanged), pairs(&done.failed), pairs(&done.uncertain)]
}

#[test]
fn a_tag_is_given_to_many_and_taken_from_many() {
    let crm = client(tagged(10));
    let done = crm.tags().add(TAG, (1..=12).map(ContactId));
    assert_eq!(lists(&done), [vec![1, 3, 5, 7, 9], vec![2, 4, 6, 8, 10], vec![11, 12], vec![]]);
    assert!(done.stopped.is_none() && !done.is_complete());
    assert_eq!(done.failed[0].1.kind(), ErrorKind::Fault);
    assert_eq!(count(&crm, TAG), 10);
    let done = crm.tags().remove(TAG, (1..=10).map(ContactId));
    assert!(done.is_complete());
    assert_eq!((done.changed.len(), count(&crm, TAG)), (10, 0));
    let done = crm.tags().remove(TAG, [ContactId(1)]);
    assert_eq!((lists(&done)[1].as_slice(), done.is_complete()), ([1].as_slice(), true));
    assert!(crm.tags().add(TAG, []).is_complete());
    let done = crm.tags().add(TAG, [1, 99, 2, 1, 99, 2, 3].map(ContactId));
    assert_eq!(lists(&done), [vec![1, 2, 3], vec![], vec![99], vec![]], "nobody is in two lists");
}

#[test]
fn what_would_meet_every_call_ends_it_and_the_rest_goes_on_later() {
    let effects = [
        (Effect::TokenExpired, ErrorKind::Unauthorized),
        (Effect::Throttled { limit: Limit::Rate, retry_after: None, headers: BTreeMap::new() }, ErrorKind::Throttled),
        (Effect::Fault { code: 2, message: "[InvalidKey]Invalid Key".into() }, ErrorKind::Fault),
    ];
    for (effect, kind) in effects {
        let sandbox = tagged(10);
        let failing = sandbox.clone();
        let account = Noting::new(sandbox).before(move |calls| {
            if calls == 3 {
                failing.inject(Rule::always(effect.clone()));
            }
        });
        let crm = client(account.clone());
        let mut contacts = (1..=10).map(ContactId);
        let done = crm.tags().add(OTHER, &mut contacts);
        assert_eq!(lists(&done), [vec![1, 2, 3], vec![], vec![], vec![]]);
        let (at, error) = done.stopped.as_ref().expect("it stopped");
        assert_eq!((at.0, error.kind()), (4, kind));
        account.sandbox().clear_rules();
        let rest: Vec<ContactId> = done.again().chain(contacts).collect();
        let done = crm.tags().add(OTHER, rest);
        assert_eq!(lists(&done), [vec![4, 6, 7, 8, 9], vec![5, 10], vec![], vec![]]);
        assert_eq!(count(&crm, OTHER), 10);
    }
}

#[test]
fn calls_without_an_answer_are_uncertain_and_the_third_in_a_row_is_the_last() {
    let sandbox = tagged(10);
    let failing = sandbox.clone();
    let account = Noting::new(sandbox).before(move |calls| {
        let resets = [(1, 2), (4, 3)];
        for (at, next) in resets {
            if calls == at {
                failing.inject(Rule::next(next, Effect::Reset));
            }
        }
    });
    let crm = client(account.clone());
    let mut contacts = [1, 2, 3, 4, 6, 7, 8, 9].map(ContactId).into_iter();
    let done = crm.tags().add(OTHER, &mut contacts);
    // The calls for 2 and 3 are lost, 4 is answered, then 6, 7 and 8 are lost.
    assert_eq!(lists(&done), [vec![1, 4], vec![], vec![], vec![2, 3, 6, 7]]);
    let (at, error) = done.stopped.as_ref().expect("it stopped");
    assert!(at.0 == 8 && error.maybe_executed());
    let done = crm.tags().add(OTHER, done.again().chain(contacts).collect::<Vec<_>>());
    assert_eq!(lists(&done), [vec![9], vec![2, 3, 6, 7, 8], vec![], vec![]], "they had been executed");
    assert_eq!(count(&crm, OTHER), 10);
}

#[test]
fn a_fault_is_an_answer_even_one_that_leaves_it_open() {
    let sandbox = tagged(10);
    let failing = sandbox.clone();
    let account = Noting::new(sandbox).before(move |calls| {
        let effect = match calls {
            0..=3 | 6 => Effect::Fault { code: 3, message: "[UnexpectedError]Gone".into() },
            4 | 5 | 7 => Effect::Reset,
            _ => return,
        };
        failing.inject(Rule::next(1, effect));
    });
    let done = client(account).tags().add(OTHER, [1, 2, 3, 4, 6, 7, 8, 9, 10].map(ContactId));
    assert_eq!(lists(&done), [vec![], vec![10], vec![], vec![1, 2, 3, 4, 6, 7, 8, 9]]);
    assert!(done.stopped.is_none() && done.uncertain.iter().all(|(_, error)| error.maybe_executed()));
}

#[test]
fn a_contact_that_has_the_tag_twice_comes_once() {
    let database = Database::new();
    let crm = client(database.open());
    let assigned = [1, 2, 2, 2, 3, 4, 4, 5].map(|contact| format!("({contact}, 7)")).join(", ");
    database.run(&format!(
        "INSERT INTO Contact (Id) VALUES (1), (2), (3), (4), (5);
         DROP INDEX sandbox_tagged;
         INSERT INTO ContactGroupAssign (ContactId, GroupId) VALUES {assigned}"
    ));
    let found = crm.tags().contact_ids(TAG).collect::<Result<Vec<_>, _>>().expect("they come");
    assert_eq!(found, [1, 2, 3, 4, 5].map(ContactId));
    // Pages of 1 to 3 end between two rows of contact 2.
    for size in [1, 2, 3, 4, 1000] {
        let contacts = crm.tags().contacts(TAG).page_size(size).fetch().expect("they come");
        assert_eq!(ids(&contacts), [1, 2, 3, 4, 5], "pages of {size}");
    }
}

#[test]
fn contacts_out_of_order_are_an_error_that_advises_nothing() {
    /// A server that answers everything with the same contacts.
    struct Deaf;

    impl Transport for Deaf {
        fn send(&self, _: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
            let row = |id| {
                format!("<value><struct><member><name>ContactId</name><value>{id}</value></member></struct></value>")
            };
            let rows = [5, 4].map(row).concat();
            let xml = format!(
                "<methodResponse><params><param><value><array><data>{rows}</data></array></value></param></params>\
                 </methodResponse>"
            );
            Ok(HttpResponse { status: 200, headers: Vec::new(), body: Box::new(std::io::Cursor::new(xml)) })
        }
    }

    let mut ids = client(Deaf).tags().contact_ids(TAG);
    let error = ids.next().expect("an item").expect_err("the order is wrong");
    assert_eq!(error.to_string(), "DataService.query: page 1: the rows don't come in the order of ContactId");
    assert!(ids.next().is_none());
}
