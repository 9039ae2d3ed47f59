//! Queries that go on from where they stood.

use infusionsoft::find::{Cursor, Find};
use infusionsoft::tables::{Contact, ContactGroup};

use crate::crm::{Noting, assert_invalid, client, tags};
use crate::paging::{id, ids, lean};

#[test]
fn a_query_goes_on_from_any_row() {
    let account = Noting::new(tags(2500));
    let crm = client(account.clone());
    for by_page in [false, true] {
        let find = || if by_page { lean(&crm).by_page() } else { lean(&crm) };
        for given in [0, 1, 999, 1000, 1001, 2499, 2500] {
            let mut rows = find().iter();
            let first: Vec<i32> = rows.by_ref().take(given).map(|row| id(&row.expect("it comes"))).collect();
            let saved = rows.position().to_string();
            let read: Cursor = saved.parse().expect("it is a cursor");
            assert_eq!(read, rows.position());
            let rest = ids(find().resume(read));
            assert_eq!(first.into_iter().chain(rest).collect::<Vec<_>>(), (1..=2500).collect::<Vec<_>>(), "{saved}");
        }
        let mut pages = find().page_size(400).pages();
        let first = pages.next().expect("a page").expect("it comes").len();
        assert_eq!(first + ids(find().resume(pages.position())).len(), 2500);
    }
    let mut rows = lean(&crm).limit(1500).iter();
    assert_eq!(rows.by_ref().take(1200).count(), 1200);
    assert_eq!(ids(lean(&crm).limit(1500).resume(rows.position())).len(), 300, "a limit counts what was given before");
}

#[test]
fn numbered_pages_can_have_another_size_after_a_cursor() {
    let account = Noting::new(tags(120));
    let crm = client(account.clone());
    let find = || lean(&crm).by_page();
    for given in [1, 7, 50, 60, 119, 120] {
        let mut rows = find().limit(given).iter();
        assert_eq!(rows.by_ref().count(), given);
        for size in [7, 50, 1000] {
            account.take();
            let rest = ids(find().page_size(size).resume(rows.position()));
            assert_eq!(rest, (given as i32 + 1..=120).collect::<Vec<_>>(), "{size} after {given}");
            // The server says only by a page that isn't full that nothing follows.
            assert_eq!(account.take().len(), 120 / size + 1 - given / size, "{size} after {given}");
        }
        for limit in [1, 5, 40] {
            let found = ids(find().limit(given + limit).resume(rows.position()));
            assert_eq!(found, (given as i32 + 1..=120).take(limit).collect::<Vec<_>>());
            assert_eq!(account.take().len(), 1, "{limit} rows after {given}");
        }
    }
}

#[test]
fn the_first_row_after_a_cursor_is_the_next_one() {
    let account = Noting::new(tags(30));
    let crm = client(account.clone());
    for by_page in [false, true] {
        let find = || if by_page { lean(&crm).page_size(10).by_page() } else { lean(&crm).page_size(10) };
        let first = |find: Find<ContactGroup>| find.first().expect("an answer").map(|tag| id(&tag));
        for given in [0, 1, 9, 10, 11, 29] {
            let mut rows = find().iter();
            assert_eq!(rows.by_ref().take(given).count(), given);
            let from = || find().resume(rows.position());
            assert_eq!(first(from()), Some(given as i32 + 1), "after {given}, by page: {by_page}");
            assert_eq!(first(from().limit(given + 1)), Some(given as i32 + 1));
            account.take();
            assert_eq!(first(from().limit(given)), None);
            assert_eq!(account.count(), 0, "the limit has been reached");
        }
        let mut rows = find().iter();
        assert_eq!(rows.by_ref().count(), 30);
        assert_eq!(first(find().resume(rows.position())), None);
    }
    let mut rows = lean(&crm).page_size(10).iter();
    rows.next();
    account.take();
    lean(&crm).resume(rows.position()).first().expect("an answer");
    lean(&crm).resume(rows.position()).limit(4).fetch().expect("the rows come");
    let sizes = ["[ContactGroup 1 0 {Id=~>~ 1} [Id] Id 1]", "[ContactGroup 3 0 {Id=~>~ 1} [Id] Id 1]"];
    assert_eq!(account.take(), sizes, "no page is larger than what is left");
}

#[test]
fn a_refused_query_goes_on_from_its_start_once_it_is_mended() {
    let crm = client(tags(30));
    let by_name = || lean(&crm).order_by(ContactGroup::GROUP_NAME);
    let mut rows = by_name().also(&[&"Nmae"]).iter();
    rows.next().expect("an item").expect_err("there is no such column");
    let place = rows.position();
    assert_eq!(by_name().resume(place.clone()).fetch().expect("the rows come").len(), 30);
    let paged: Vec<usize> =
        by_name().resume(place).page_size(20).pages().map(|page| page.expect("it comes").len()).collect();
    assert_eq!(paged, [20, 10]);
    let start = lean(&crm).by_page().iter().position();
    assert_eq!(ids(lean(&crm).by_key().resume(start)), (1..=30).collect::<Vec<_>>());
}

#[test]
fn cursors_are_text_and_belong_to_their_query() {
    let crm = client(tags(3));
    let mut rows = lean(&crm).iter();
    assert_eq!(rows.position().to_string(), "ContactGroup,Id,up,0,0,0,1000,key");
    rows.next();
    let place = rows.position();
    assert_eq!(place.to_string(), "ContactGroup,Id,up,1,0,1,1000,key,1");
    let mut by_page = lean(&crm).by_page().iter();
    by_page.next();
    assert_eq!(by_page.position().to_string(), "ContactGroup,Id,up,1,0,1,1000,page");
    let text = serde::de::value::StrDeserializer::<serde::de::value::Error>::new("ContactGroup,Id,up,1,0,1,1000,key,1");
    assert_eq!(serde::Deserialize::deserialize(text), Ok(place.clone()));
    let wrong = [
        "",
        "ContactGroup",
        "ContactGroup,Id,up,1,0,1,0,page",
        "ContactGroup,Id,up,1,0,1,1001,page",
        "ContactGroup,Id,up,1,0,1,1000,key,",
        "ContactGroup,Id,on,1,0,1,1000,key,1",
    ];
    for wrong in wrong {
        assert_invalid(wrong.parse::<Cursor>(), "the text is not a cursor");
    }
    assert_invalid(
        crm.find::<Contact>().resume(place.clone()).fetch(),
        "DataService.query: the cursor belongs to a query of ContactGroup ordered by \"Id\", ascending",
    );
    assert_invalid(
        lean(&crm).descending().resume(place.clone()).fetch(),
        "DataService.query: the cursor belongs to a query of ContactGroup ordered by \"Id\", ascending",
    );
    assert_invalid(
        lean(&crm).by_page().resume(place).fetch(),
        "DataService.query: the cursor belongs to a query that goes from page to page by_key()",
    );
    assert_invalid(
        lean(&crm).by_key().resume(by_page.position()).fetch(),
        "DataService.query: the cursor belongs to a query that goes from page to page by_page()",
    );
}

#[test]
fn a_cursor_with_huge_numbers_is_only_far_away() {
    let crm = client(tags(3));
    let far = |cursor: &str| lean(&crm).resume(cursor.parse().expect("a cursor"));
    assert_eq!(ids(far(&format!("ContactGroup,Id,up,0,0,{},1000,key,1", u64::MAX))), [2, 3]);
    assert_eq!(ids(far(&format!("ContactGroup,Id,up,{0},0,{0},1000,page", u64::MAX - 1))), [] as [i32; 0]);
    assert_eq!(ids(far(&format!("ContactGroup,Id,up,0,{},0,1000,key", usize::MAX))), [] as [i32; 0]);
    let at_the_end = format!("ContactGroup,Id,up,0,0,{},1,page", u64::MAX);
    let down = client(infusionsoft_tests::canned::Canned::status(503, "text/html", "no"));
    let find = lean(&down).page_size(1).resume(at_the_end.parse().expect("a cursor"));
    find.fetch().expect_err("the page has a number, which the error names");
}
