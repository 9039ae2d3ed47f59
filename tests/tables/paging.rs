//! From page to page: nothing is left out, nothing comes twice, and one page is in memory.

use std::sync::mpsc;
use std::time::Duration;

use infusionsoft::find::Find;
use infusionsoft::tables::{Campaignee, ContactGroup, ContactGroupAssign, RecurringOrder, RecurringOrderWithContact};
use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{
    Changes, Client, ContactId, Credentials, ErrorKind, Limits, Retry, SubscriptionId, TagId, Transport,
};
use infusionsoft_sandbox::{ACCESS_TOKEN, Effect, Rule, Sandbox};

use crate::crm::{Database, Noting, assert_invalid, client, tags};

/// The ids of the rows that a query finds.
pub(crate) fn ids(find: Find<ContactGroup>) -> Vec<i32> {
    find.iter().map(|tag| id(&tag.expect("the rows come"))).collect()
}

pub(crate) fn id(tag: &ContactGroup) -> i32 {
    tag.id.expect("an id").0
}

/// Asks for ids only, which suffice here.
pub(crate) fn lean(crm: &Client) -> Find<ContactGroup> {
    crm.find::<ContactGroup>().select(&[&ContactGroup::ID])
}

#[test]
fn every_row_comes_once_whatever_their_number() {
    for count in [0, 1, 999, 1000, 1001, 25_000] {
        let expected: Vec<i32> = (1..=count).collect();
        let account = Noting::new(tags(count as u32));
        let crm = client(account.clone());
        for ahead in [false, true] {
            for by_page in [false, true] {
                let find = if by_page { lean(&crm).by_page() } else { lean(&crm).by_key() };
                let found = ids(if ahead { find.read_ahead() } else { find });
                assert!(found == expected, "{count} rows, by page: {by_page}, ahead: {ahead}: {} came", found.len());
                assert_eq!(account.take().len(), count as usize / 1000 + 1, "a page that isn't full is the last one");
            }
        }
    }
}

#[test]
fn nothing_is_sent_before_a_row_is_asked_for_and_no_page_before_it_is_needed() {
    let account = Noting::new(tags(2500));
    let crm = client(account.clone());
    let mut rows = lean(&crm).iter();
    assert_eq!(account.count(), 0);
    assert_eq!(id(&rows.next().expect("a row").expect("it comes")), 1);
    assert_eq!(account.count(), 1);
    assert_eq!(rows.by_ref().take(999).map(|row| id(&row.expect("it comes"))).last(), Some(1000));
    assert_eq!(account.count(), 1);
    assert_eq!(rows.count(), 1500);
    assert_eq!(
        account.take(),
        [
            "[ContactGroup 1000 0 {} [Id] Id 1]",
            "[ContactGroup 1000 0 {Id=~>~ 1000} [Id] Id 1]",
            "[ContactGroup 1000 0 {Id=~>~ 2000} [Id] Id 1]"
        ]
    );
}

#[test]
fn pages_come_whole() {
    let crm = client(tags(2500));
    let lengths: Vec<usize> = lean(&crm).pages().map(|page| page.expect("it comes").len()).collect();
    assert_eq!(lengths, [1000, 1000, 500]);
    let lengths: Vec<usize> =
        lean(&crm).page_size(700).limit(1500).pages().map(|page| page.expect("it").len()).collect();
    assert_eq!(lengths, [700, 700, 100]);
    let lengths: Vec<usize> =
        lean(&crm).page_size(1250).pages().map(|page| page.map_or(0, |page| page.len())).collect();
    assert_eq!(lengths, [0], "a page has 1,000 rows at most");
    assert_eq!(lean(&client(tags(1000))).pages().count(), 1, "no page is empty");
}

#[test]
fn a_page_of_few_rows_keeps_no_room_for_many() {
    let crm = client(tags(600));
    let room = |find: Find<ContactGroup>| find.pages().next().expect("a page").expect("it comes").capacity();
    assert!(room(lean(&crm).filter(ContactGroup::ID.equals(TagId(5)))) < 10);
    assert!(room(lean(&crm)) >= 1000, "a page that is half full isn't copied");
    let mut rows = lean(&crm).by_page().iter();
    assert_eq!(rows.by_ref().take(590).count(), 590);
    assert!(room(lean(&crm).resume(rows.position())) < 20, "ten rows are left of the page");
}

#[test]
fn limits_end_the_rows() {
    let account = Noting::new(tags(2500));
    let crm = client(account.clone());
    for (limit, calls) in [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (2500, 3), (3000, 3)] {
        let rows = limit.min(2500);
        assert_eq!(lean(&crm).limit(limit).fetch().expect("the rows come").len(), rows);
        assert_eq!(account.take().len(), calls, "limit {limit}");
        assert_eq!(lean(&crm).by_page().limit(limit).fetch().expect("the rows come").len(), rows);
        assert_eq!(account.take().len(), calls, "limit {limit} by page");
    }
    assert_eq!(lean(&crm).first().expect("it comes").map(|tag| id(&tag)), Some(1));
    assert_eq!(account.take(), ["[ContactGroup 1 0 {} [Id] Id 1]"]);
}

#[test]
fn a_failure_comes_once_and_names_its_page() {
    for ahead in [false, true] {
        for by_page in [false, true] {
            let sandbox = tags(2500);
            let failing = sandbox.clone();
            // The first page is answered before the rule is there; the client is told to repeat nothing.
            let account = Noting::new(sandbox).before(move |calls| {
                if calls == 1 {
                    failing.inject(Rule::always(Effect::Fault { code: 4, message: "[DatabaseError]Gone".into() }));
                }
            });
            let crm = client(account.clone());
            let find = |find: Find<ContactGroup>| if by_page { find.by_page() } else { find.by_key() };
            let find = || find(lean(&crm));
            let mut rows = if ahead { find().read_ahead().iter() } else { find().iter() };
            let given: Vec<_> = rows.by_ref().map_while(Result::ok).collect();
            assert_eq!(given.len(), 1000);
            assert!(rows.next().is_none(), "after the failure, which `map_while` took, there is nothing");
            let place = rows.position();
            let error = find().resume(place.clone()).fetch().expect_err("the rule still applies");
            assert_eq!(error.kind(), ErrorKind::Fault);
            assert_eq!(error.to_string(), "DataService.query: page 2: fault 4: [DatabaseError]Gone");
            account.sandbox().clear_rules();
            let rest = ids(find().resume(place));
            assert!(rest == (1001..=2500).collect::<Vec<i32>>(), "the rest: {} rows", rest.len());
        }
    }
}

#[test]
fn a_failure_in_the_midst_of_a_page_names_the_row_before() {
    let sandbox = tags(120);
    let crm = client(sandbox.clone());
    for (by_page, place) in [(false, "after row 7"), (true, "page 1")] {
        let find = || if by_page { lean(&crm).by_page() } else { lean(&crm).by_key() };
        let mut rows = find().limit(7).iter();
        assert_eq!(rows.by_ref().count(), 7);
        sandbox.inject(Rule::next(1, Effect::Html { status: 503 }));
        let error = find().page_size(50).resume(rows.position()).fetch().expect_err("no answer");
        assert!(error.to_string().starts_with(&format!("DataService.query: {place}: ")), "{error}");
    }
}

#[test]
fn a_failure_of_the_first_page_is_the_only_item() {
    let sandbox = tags(1);
    sandbox.inject(Rule::next(1, Effect::Fault { code: 4, message: "[DatabaseError]Gone".into() }));
    let crm = client(sandbox);
    let mut rows = lean(&crm).iter();
    let error = rows.next().expect("an item").expect_err("a fault");
    assert!(error.to_string().starts_with("DataService.query: page 1: "), "{error}");
    assert!(rows.next().is_none() && rows.next().is_none(), "the rule is used up, and the iterator has ended");
}

#[test]
fn a_page_fails_only_after_the_retries_of_the_client() {
    let sandbox = tags(1500);
    let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).transport(sandbox.clone());
    let retry = Retry::new().attempts(3).backoff(Duration::ZERO, Duration::ZERO);
    let crm = builder.limits(Limits::none()).retry(retry).build().expect("the client can be built");
    sandbox.inject(Rule::next(2, Effect::Html { status: 503 }));
    assert_eq!(ids(lean(&crm)).len(), 1500, "the third attempt is answered");
    sandbox.inject(Rule::next(3, Effect::Html { status: 503 }));
    let failures: Vec<_> = lean(&crm).iter().filter_map(Result::err).collect();
    let [error] = failures.as_slice() else { panic!("one failure, not {}", failures.len()) };
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Gateway, 3));
    assert!(error.to_string().starts_with("DataService.query: page 1: "), "{error}");
}

#[test]
fn by_key_is_complete_while_rows_come_and_go_and_by_page_is_not() {
    let read = |by_page: bool| {
        let database = Database::with_tags(2500);
        let crm = client(Noting::new(database.open()).before(move |calls| {
            // Between two pages, ten rows of the first page go, and one comes.
            if (1..=2).contains(&calls) {
                database.run(&format!(
                    "DELETE FROM ContactGroup WHERE Id BETWEEN {0}00 AND {0}09;
                     INSERT INTO ContactGroup (GroupName) VALUES ('New')",
                    calls
                ));
            }
        }));
        ids(if by_page { lean(&crm).by_page() } else { lean(&crm) })
    };
    let stays: Vec<i32> = (1..=2500).collect();
    let by_key = read(false);
    assert!(stays.iter().all(|id| by_key.contains(id)), "every row that was there when it was its turn is given");
    assert!(by_key.windows(2).all(|pair| pair[0] < pair[1]), "none is given twice");
    assert_eq!(by_key.len(), 2502, "those that came were after all the others");
    let by_page = read(true);
    let missing: Vec<i32> = stays.into_iter().filter(|id| !by_page.contains(id)).collect();
    assert_eq!(missing, (1001..=1010).chain(2011..=2020).collect::<Vec<i32>>(), "they moved to a page that was read");
}

#[test]
fn a_query_can_be_kept_and_looped_over() {
    let crm = client(tags(3));
    let all = lean(&crm).filter(ContactGroup::GROUP_NAME.is_not_null());
    assert_eq!(all.clone().count().expect("an answer"), 3);
    let mut found = Vec::new();
    for row in all {
        found.extend(row.expect("a row").id);
    }
    assert_eq!(found, [1, 2, 3].map(TagId));
}

#[test]
fn descending_goes_by_key_too() {
    let account = Noting::new(tags(1500));
    let crm = client(account.clone());
    assert_eq!(ids(lean(&crm).descending()), (1..=1500).rev().collect::<Vec<_>>());
    assert_eq!(account.take()[1], "[ContactGroup 1000 0 {Id=~<~ 501} [Id] Id 0]");
}

#[test]
fn other_orders_and_conditions_on_the_key_go_by_page() {
    let account = Noting::new(tags(1500));
    let crm = client(account.clone());
    let by_name = lean(&crm).order_by(ContactGroup::GROUP_NAME);
    assert_eq!(by_name.fetch().expect("the rows come").len(), 1500);
    assert_eq!(account.take()[1], "[ContactGroup 1000 1 {} [Id] GroupName 1]");
    assert_eq!(ids(lean(&crm).filter(ContactGroup::ID.above(100))).len(), 1400);
    assert_eq!(account.take()[1], "[ContactGroup 1000 1 {Id=~>~ 100} [Id] Id 1]");
    assert_invalid(
        lean(&crm).order_by(ContactGroup::GROUP_NAME).by_key().fetch(),
        "DataService.query: a query by key is ordered by Id alone",
    );
    assert_invalid(
        lean(&crm).filter(ContactGroup::ID.above(100)).by_key().fetch(),
        "DataService.query: queryData.Id has a condition, so the query can't go by this key",
    );
    assert_invalid(
        crm.find::<Campaignee>().by_key().fetch(),
        "DataService.query: Campaignee can go by ContactId only if queryData.CampaignId equals one id",
    );
    assert_eq!(account.take(), [] as [&str; 0]);
}

#[test]
fn a_subscription_with_its_contact_is_not_left_out_while_others_end() {
    let database = Database::new();
    database.run(
        "INSERT INTO Contact (Id, FirstName) VALUES (1, 'Ada'); \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 34) \
         INSERT INTO RecurringOrder (Id, ContactId, Status) SELECT i, 1, 'Active' FROM n",
    );
    let crm = client(database.open());
    let active = RecurringOrderWithContact::STATUS.equals("Active");
    let mut ids = Vec::new();
    for row in crm.find::<RecurringOrderWithContact>().filter(active).page_size(10).iter() {
        ids.extend(row.expect("a row").recurring_order_id.map(|id| id.0));
        if ids.len() == 3 {
            let ended = Changes::new().set(RecurringOrder::STATUS, "Inactive");
            crm.update(SubscriptionId(1), ended).expect("it ends");
        }
    }
    assert_eq!(ids, Vec::from_iter(1..=34));
}

#[test]
fn a_table_without_a_key_goes_by_contact_once_the_tag_is_given() {
    let sandbox = tags(2);
    let assignments = (1..=30).flat_map(|contact| [(contact, 1), (contact, 2)]);
    for (contact, tag) in assignments {
        let values =
            [("ContactId", contact), ("GroupId", tag)].map(|(name, id)| (name, infusionsoft_sandbox::Value::Int(id)));
        sandbox.insert("ContactGroupAssign", values).expect("it is added");
    }
    let account = Noting::new(sandbox);
    let crm = client(account.clone());
    let columns: [&dyn infusionsoft::find::Selectable<ContactGroupAssign>; 1] = [&ContactGroupAssign::CONTACT_ID];
    let assigned = || crm.find::<ContactGroupAssign>().select(&columns).page_size(20);
    assert_eq!(assigned().fetch().expect("the rows come").len(), 60);
    assert_eq!(account.take()[1], "[ContactGroupAssign 20 1 {} [ContactId] ContactId 1]");
    let tagged = || assigned().filter(ContactGroupAssign::GROUP_ID.equals(TagId(2)));
    let contacts: Vec<_> = tagged().by_key().iter().map(|row| row.expect("it comes").contact_id).collect();
    assert_eq!(contacts, (1..=30).map(|id| Some(ContactId(id))).collect::<Vec<_>>());
    assert_eq!(account.take()[1], "[ContactGroupAssign 20 0 {ContactId=~>~ 20 GroupId=2} [ContactId] ContactId 1]");
    let of_one = assigned().filter(ContactGroupAssign::CONTACT_ID.equals(3)).fetch().expect("the rows come");
    assert_eq!(of_one.len(), 2);
    assert_eq!(account.take(), ["[ContactGroupAssign 20 0 {ContactId=3} [ContactId] GroupId 1]"]);
    assert_invalid(
        assigned().by_key().fetch(),
        "DataService.query: ContactGroupAssign can go by ContactId only if queryData.GroupId equals one id",
    );
}

#[test]
fn keys_out_of_order_are_an_error_and_never_a_loop() {
    /// A server that ignores conditions.
    struct Deaf(Sandbox);

    impl Transport for Deaf {
        fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
            let mut body = String::new();
            std::io::Read::read_to_string(&mut request.body.reader(), &mut body).expect("the body can be read");
            let method = if body.contains("~&gt;~") { "[1]" } else { "[0]" };
            assert!(method == "[0]" || body.contains("Id"));
            self.0.send(request).map(|response| match method {
                "[0]" => response,
                _ => page(),
            })
        }
    }

    /// A page with the row that was first.
    fn page() -> HttpResponse {
        let xml = "<methodResponse><params><param><value><array><data><value><struct><member><name>Id</name><value>\
                   <i4>1</i4></value></member></struct></value></data></array></value></param></params></methodResponse>";
        HttpResponse { status: 200, headers: Vec::new(), body: Box::new(xml.as_bytes()) }
    }

    let crm = client(Deaf(tags(20)));
    let outcomes: Vec<_> = lean(&crm).page_size(10).iter().collect();
    assert_eq!(outcomes.len(), 11);
    let error = outcomes.into_iter().last().expect("an item").expect_err("the order is wrong");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "DataService.query: page 2: the rows don't come in the order of Id; read them by_page()"
    );
}

#[test]
fn one_page_at_most_is_read_ahead_and_a_dropped_iterator_ends_its_thread() {
    /// Tells when it goes, which it does with the last client.
    struct Telling(Noting, mpsc::Sender<()>, std::sync::Mutex<mpsc::Sender<usize>>);

    impl Transport for Telling {
        fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
            self.2.lock().expect("no panic").send(self.0.count()).expect("the test listens");
            self.0.send(request)
        }
    }

    impl Drop for Telling {
        fn drop(&mut self) {
            self.1.send(()).expect("the test listens");
        }
    }

    let patience = Duration::from_secs(60);
    let (gone, goes) = mpsc::channel();
    let (called, calls) = mpsc::channel();
    let account = Noting::new(tags(5000));
    let crm = client(Telling(account.clone(), gone, std::sync::Mutex::new(called)));
    let mut rows = lean(&crm).read_ahead().iter();
    assert_eq!(account.count(), 0, "the thread has not begun");
    rows.next().expect("a row").expect("it comes");
    assert_eq!([calls.recv_timeout(patience), calls.recv_timeout(patience)], [Ok(0), Ok(1)], "the second page is read");
    assert_eq!(rows.by_ref().take(999).count(), 999);
    assert!(calls.try_recv().is_err(), "the third page waits until the second is taken");
    rows.next().expect("a row").expect("it comes");
    assert_eq!(calls.recv_timeout(patience), Ok(2));
    drop((crm, rows));
    goes.recv_timeout(patience).expect("the thread has let go of its client");
    assert!(account.count() <= 4, "at most the call that it was in");
}
