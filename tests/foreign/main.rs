//! The generator serves another API than ours: its catalog is generated, compiled and called.

use infusionsoft::table::{Customizable, Deletable, Insertable, Table};
use infusionsoft::{Date, ErrorKind, Secret, record};
use infusionsoft_tests::bookshelf::books::{AddBookRequest, Books, FindBooksRequest};
use infusionsoft_tests::bookshelf::loans::Loans;
use infusionsoft_tests::bookshelf::tables::{Book, Loan, TableName};
use infusionsoft_tests::bookshelf::{BookId, BookKind, Language, Order, ReaderId};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::tree::{self, Tree};

fn answer(value: &str) -> Canned {
    Canned::ok(format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>"))
}

fn scalar(kind: &str, text: &str) -> Tree {
    Tree::Scalar(kind.to_owned(), text.to_owned())
}

#[test]
fn a_request_of_another_api_travels_in_its_order() {
    let transport = answer("<i4>7</i4>");
    let client = transport.client();
    let added = Books::new(&client).add_book(AddBookRequest {
        title: "A Shelf of One's Own".into(),
        owner_id: None,
        kind: BookKind::Atlas,
        languages: Some(vec![Language::from("en")]),
    });
    assert_eq!(added.expect("an id"), BookId(7));
    let sent = tree::request(&transport.only_sent().text());
    assert_eq!(sent.method, "BookService.addBook");
    let expected = [
        scalar("string", "privateKey"),
        scalar("string", "A Shelf of One's Own"),
        scalar("int", "0"),
        scalar("int", "2"),
        Tree::Array(vec![scalar("string", "en")]),
    ];
    assert_eq!(sent.params, expected);
}

#[test]
fn a_group_travels_whole_or_not_at_all() {
    let request = |order| FindBooksRequest {
        match_: record! { "Title" => "Shelf%" },
        limit: 10,
        fields: vec!["Id".into()],
        order,
    };
    for (order, count) in [(None, 4), (Some(Order { order_by: "Title".into(), ascending: true }), 6)] {
        let transport = answer("<array><data/></array>");
        let client = transport.client();
        let books = Books::new(&client).find_books(request(order)).expect("a list");
        assert_eq!(books.len(), 0);
        assert_eq!(tree::request(&transport.only_sent().text()).params.len(), count);
    }
}

#[test]
fn a_documented_limit_of_another_api_is_checked() {
    let transport = answer("<array><data/></array>");
    let client = transport.client();
    let request = FindBooksRequest { match_: record! {}, limit: 101, fields: vec!["Id".into()], order: None };
    let error = Books::new(&client).find_books(request).expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.to_string(), "BookService.findBooks: limit is 101, at most 100 is allowed");
    assert!(transport.sent().is_empty());
}

#[test]
fn an_id_can_travel_as_text_and_a_key_be_left_out() {
    let transport = answer("<html>");
    let client = transport.client();
    _ = Loans::new(&client).print_loans(ReaderId(12));
    assert_eq!(tree::request(&transport.only_sent().text()).params[1], scalar("string", "12"));

    let transport = answer("<boolean>1</boolean>");
    let client = transport.client();
    assert!(Loans::new(&client).is_lent(BookId(1)).expect("an answer"));
    assert_eq!(tree::request(&transport.only_sent().text()).params, [scalar("int", "1")]);
}

#[test]
fn tables_of_another_api_have_their_columns_and_rights() {
    fn takes_rows<T: Insertable<Id = BookId> + Deletable + Customizable>() -> (&'static str, i32) {
        (T::TABLE, T::FORM_ID)
    }
    assert_eq!(takes_rows::<Book>(), ("Book", 7));
    assert_eq!(TableName::ALL, [TableName::Book, TableName::Loan]);
    assert_eq!((Book::ORDER_KEY, Loan::ORDER_KEY), (Some("Id"), None));
    assert_eq!((Loan::BOOK_TITLE.name(), Loan::PIN.name()), ("Book.Title", "Pin"));
    let pin = Loan::column("Pin").expect("the column");
    assert!(pin.can_add() && !pin.can_edit() && !pin.can_read() && pin.sensitive && !pin.selected);
}

#[test]
fn a_row_of_another_api_is_written_by_its_names() {
    let loan = Loan {
        book_id: Some(BookId(7)),
        reader_id: Some(ReaderId(12)),
        book_row_id: Some(BookId(7)),
        sequel_id: Some(BookId(8)),
        extra: record! { "Pin" => "1234" },
        ..Loan::default()
    };
    let shown = format!("Loan {{ Book.Id: 7, BookId: 7, ReaderId: 12, SequelId: 8, Pin: {:?} }}", Secret::from("1234"));
    assert_eq!(format!("{loan:?}"), shown);
    let book = Book { bought: Date::new(1929, 10, 24).ok(), ..Book::default() };
    assert_eq!(infusionsoft::Record::from(book), record! { "Bought" => Date::new(1929, 10, 24).expect("a day") });
}
