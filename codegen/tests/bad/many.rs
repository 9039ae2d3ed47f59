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
        replace(
            BOOKS,
            "        sample: maps\n        why: { order: the sample has them the wrong way round }\n",
            "        sample: maps\n        why: { sample: the sample has them the wrong way round }\n",
        ),
        replace(LOANS, "      method: the sample's name has a blank\n", ""),
        replace(LOANS, "      outcome: the sample shows a refusal\n", ""),
        replace(TYPES, "value: de, name: German", "value: de, name: English"),
        replace(TYPES, "documented: integer, type: BookId", "documented: string, type: BookId"),
        replace(LOANS, r#"until: "20250131T00:00:00""#, r#"until: "2025-01-31""#),
        write(
            "samples/BookService.isLent.response.supplied.xml",
            "<methodResponse><params><param><value><string>perhaps</string></value></param></params></methodResponse>",
        ),
    ]);
    assert_snapshot!(found);
}
