//! Names that must be unique or known.

use std::path::Path;

use insta::assert_snapshot;

use crate::{API, BOOK, BOOKS, FAULTS, LOANS, TYPES, changed, found, remove, replace, write};

#[test]
fn names_that_cannot_be_names_in_rust() {
    let found = found(&[
        replace(LOANS, "accessor: loans", "accessor: my loans"),
        replace(BOOKS, "    as: addBookTo\n", "    as: 2nd\n"),
        remove("samples/BookService.addBook.addBookTo.response.supplied.xml"),
        write(
            "samples/BookService.addBook.2nd.response.supplied.xml",
            "<methodResponse><params><param><value><i4>1</i4></value></param></params></methodResponse>",
        ),
        replace(BOOKS, "rust: kind", "rust: the kind"),
        replace(TYPES, "name: Novel", r#"name: "1""#),
        replace(FAULTS, "token: Lent", "token: Lent out"),
        replace(BOOKS, "{ name: order, type: Order", "{ name: my order, type: Order"),
        replace(
            BOOKS,
            "doc: The direction, type: bool, group: order",
            "doc: The direction, type: bool, group: my order",
        ),
        replace(BOOKS, "to sort by, type: string, group: order", "to sort by, type: string, group: my order"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn names_of_the_wire_that_need_one_in_rust() {
    let found = found(&[
        replace(TYPES, "name: Note, doc", "name: 2nd, doc"),
        replace(BOOKS, "in: parcel.Note", "in: parcel.2nd"),
        replace(BOOKS, "name: note, documented", "name: 2nd, documented"),
        replace(BOOKS, "Weight: 1.5, Note: fragile", "Weight: 1.5, 2nd: fragile"),
        replace("samples/BookService.sendParcel.request.xml", "<name>Note</name>", "<name>2nd</name>"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_types_name_is_like_a_type() {
    let found = found(&[replace(TYPES, "enums:\n", "  shelfId: { doc: A shelf. }\nenums:\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_service_is_here_twice() {
    let found = found(&[write(
        "services/more.yaml",
        "service: LoanService\naccessor: more\ntitle: More\nsummary: More.\nmethods: []\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn an_accessor_is_here_twice() {
    let found = found(&[replace(LOANS, "accessor: loans", "accessor: books")]);
    assert_snapshot!(found);
}

#[test]
fn a_function_is_here_twice() {
    let found = found(&[
        replace(LOANS, "  - wire: BookService.isLent\n", "  - wire: BookService.isLent\n    as: loan_book\n"),
        remove("samples/BookService.isLent.response.supplied.xml"),
        write(
            "samples/BookService.isLent.loan_book.response.supplied.xml",
            "<methodResponse><params><param><value>1</value></param></params></methodResponse>",
        ),
        replace(LOANS, "type: bool }\n    outcome: none", "type: bool, why: { sample_type: no } }\n    outcome: none"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn an_overload_without_a_name_of_its_own() {
    let found = found(&[
        replace(BOOKS, "    as: addBookTo\n", ""),
        remove("samples/BookService.addBook.addBookTo.response.supplied.xml"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_service_without_a_text() {
    let found = found(&[replace(LOANS, "summary: Loans of books.\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_services_summary_needs_a_reason_beside_a_doc() {
    let found = found(&[replace(LOANS, "summary: Loans of books.\n", "doc: Loans.\nsummary: Loans of books.\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_client_is_unknown() {
    let found = found(&[replace(BOOKS, "names: { php: books()->mail", "names: { phq: books()->mail")]);
    assert_snapshot!(found);
}

#[test]
fn aliases_need_a_reason() {
    let found = found(&[replace(BOOKS, "    why: { aliases: people say post }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn aliases_that_hold_anyway() {
    let found = found(&[replace(BOOKS, "aliases: [mail, post]", "aliases: [mail]")]);
    assert_snapshot!(found);
}

#[test]
fn a_reason_without_aliases() {
    let found = found(&[replace(BOOKS, "    aliases: [mail, post]\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn keywords_that_a_name_cannot_be() {
    let found = found(&[
        replace(LOANS, "accessor: loans", "accessor: type"),
        replace(BOOKS, "rust: kind", "rust: self"),
        replace(TYPES, "name: Novel", "name: Self"),
        replace(FAULTS, "token: Lent", "token: Self"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn names_that_are_not_in_snake_case() {
    let found = found(&[
        replace(LOANS, "accessor: loans", "accessor: MyLoans"),
        replace(BOOKS, "rust: kind", "rust: theKind"),
        replace(TYPES, "name: Weight, doc", "name: Weight, rust: theWeight, doc"),
        replace(BOOK, "name: Shelf, type", "name: Shelf, rust: theShelf, type"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn an_accessor_that_another_module_has() {
    let found = found(&[replace(LOANS, "accessor: loans", "accessor: tables")]);
    assert_snapshot!(found);
}

#[test]
fn names_that_generated_code_has_already() {
    let found = found(&[
        replace(TYPES, "name: Novel", "name: Unknown"),
        replace(TYPES, "{ value: de, name: German,", "{ value: self,"),
        replace(FAULTS, "token: Lent", "token: Unknown"),
        replace(TYPES, "name: Shelf, doc", "name: Extra, doc"),
        replace(
            TYPES,
            "enums:\n",
            "  Record: { doc: A. }\n  Books: { doc: A. }\n  LoanBookRequest: { doc: A. }\nenums:\n",
        ),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_function_that_every_accessor_has() {
    let found = found(&[
        replace(BOOKS, "    as: addBookTo\n", "    as: new\n"),
        remove("samples/BookService.addBook.addBookTo.response.supplied.xml"),
        write(
            "samples/BookService.addBook.new.response.supplied.xml",
            "<methodResponse><params><param><value><i4>1</i4></value></param></params></methodResponse>",
        ),
    ]);
    assert_snapshot!(found);
}

#[test]
fn gen_is_a_keyword_too() {
    let found = found(&[replace(LOANS, "accessor: loans", "accessor: gen"), replace(BOOKS, "rust: kind", "rust: gen")]);
    assert_snapshot!(found);
}

#[test]
fn names_that_the_client_has_by_hand() {
    let found = found(&[replace(API, "outputs:\n", "reserved: [loans, BookId]\noutputs:\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_accessor_whose_type_has_a_name_of_rusts_own() {
    let found = found(&[replace(LOANS, "accessor: loans", "accessor: option")]);
    assert_snapshot!(found);
}

#[test]
fn names_of_rusts_prelude() {
    let found = found(&[replace(
        TYPES,
        "enums:\n",
        "  Ok: { doc: A. }\n  None: { doc: A. }\n  Debug: { doc: A. }\n  Hash: { doc: A. }\n  Iterator: { doc: A. }\nenums:\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn names_that_the_docs_cannot_show() {
    let found = found(&[
        replace(BOOKS, "php: books()->findBooks", r#"php: 'books()->"findBooks"'"#),
        replace(BOOKS, "python: BookService(findBooks", r#"python: "find\nBooks""#),
        replace(BOOKS, "aliases: [mail, post]", r#"aliases: [mail, " post"]"#),
        replace(API, "  python: Python client\n", "  python: Python|client\n"),
    ]);
    assert_snapshot!(found);
}

/// PHP's namespaces are written with it.
#[test]
fn a_backslash_in_a_name_is_shown_as_it_is() {
    let catalog = changed(&[replace(BOOKS, "php: books()->add,", r"php: '\Shelf\add',")]);
    let files = codegen::generate(&catalog.folder).unwrap();
    assert!(files[Path::new("generated/books.rs")].contains(r#"#[doc(alias = "\\Shelf\\add")]"#));
}
