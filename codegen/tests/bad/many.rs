//! Many mistakes of all kinds are shown in one run, in the order of files and lines.

use insta::assert_snapshot;

use crate::{API, BOOKS, FAULTS, LOANS, TYPES, found, replace, write};

#[test]
fn all_mistakes_are_shown_at_once() {
    let found = found(&[
        replace(API, "in: query", "in: body"),
        replace(FAULTS, "code: 1,", "code: one,"),
        replace(FAULTS, "code: 7, token: Lent", "code: 1, token: Lent"),
        replace(BOOKS, "names: { php: books()->mail", "names: { phq: books()->mail"),
        replace(BOOKS, "limits: { min: 1, max: 100 }", "limits: { mni: 1, max: 100 }"),
        replace(BOOKS, "        absent: 0\n", ""),
        replace(BOOKS, "        why: { type: the kinds are numbers }\n", ""),
        replace(BOOKS, "Weight: 1.5", "Weight: 1.6"),
        replace(BOOKS, "        sample: maps\n        why: { order: the sample has them the wrong way round }\n", "        sample: maps\n        why: { sample: the sample has them the wrong way round }\n"),
        replace(LOANS, "      method: the sample's name has a blank\n", ""),
        replace(LOANS, "      outcome: the sample shows a refusal\n", ""),
        replace(TYPES, "value: de, name: German", "value: de, name: English"),
        replace(TYPES, "documented: integer, type: BookId", "documented: string, type: BookId"),
        replace(LOANS, r#"until: "20250131T00:00:00""#, r#"until: "2025-01-31""#),
        write("samples/BookService.isLent.response.supplied.xml", "<methodResponse><params><param><value><string>perhaps</string></value></param></params></methodResponse>"),
    ]);
    assert_snapshot!(found, @r#"
    catalog/api.yaml:36:77: sign_in: parameter "reader": it travels in `query`, `form` or `header`, not in "body"
    catalog/faults.yaml:2:13: NoCard: expected a whole number, found the text "one"
    catalog/samples/BookService.isLent.response.supplied.xml:1:1: loans.isLent: this must be a response that can be read: "perhaps" is not a bool
    catalog/services/books.yaml:19:15: books.addBook: parameter "ownerID": `absent` must say what travels when the argument isn't given
    catalog/services/books.yaml:22:9: books.addBook: parameter "type": the table's type is string, ours int; add `why: { type: … }`
    catalog/services/books.yaml:67:92: books.findBooks: parameter "limit": unknown key "mni"; did you mean "min"?
    catalog/services/books.yaml:96:26: books.sendParcel: parameter "parcel": the sample's value is {"Note":"fragile","Sender":12,"Weight":1.5}
    catalog/services/books.yaml:105:9: books.sendParcel: parameter "books": the sample's placeholder is "maps"; add `why: { order: … }`
    catalog/services/books.yaml:110:16: books.sendParcel: parameter "books": no difference of kind "sample" here
    catalog/services/books.yaml:120:14: books.sendParcel: unknown client "phq"; did you mean "php"?
    catalog/services/loans.yaml:6:5: loans.loanBook: the documented response is a fault; add `why: { outcome: … }`
    catalog/services/loans.yaml:18:47: loans.loanBook: parameter "until": example: "2025-01-31" is not a date such as "20250131T00:00:00"
    catalog/services/loans.yaml:22:5: loans.printLoans: the sample calls "LoanService. printLoans"; add `why: { method: … }`
    catalog/services/loans.yaml:53:14: loans.isLent: the answer: the sample's type is string, ours boolean; add `why: { sample_type: … }`
    catalog/types.yaml:20:9: Language: "de": another value has this name in Rust
    catalog/types.yaml:25:9: Book.Id: the documented type is string, ours int; add `why: { documented: … }`
    "#);
}
