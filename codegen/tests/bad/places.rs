//! Messages stand at the line and the column that they are about, however the YAML is written.

use insta::assert_snapshot;

use crate::{FAULTS, found, write};

#[test]
fn columns_count_characters() {
    let found = found(&[write(FAULTS, "faults:\n  - { code: 1, doc: äöü€, token: A, known_from: x, cod: 2 }\n")]);
    assert_snapshot!(found);
}

#[test]
fn keys_in_quotes_are_found() {
    let found =
        found(&[write(FAULTS, "\"faults\":\n  - 'code': one\n    \"token\": A\n    doc: x\n    known_from: x\n")]);
    assert_snapshot!(found);
}

#[test]
fn values_behind_an_alias_are_found_at_its_anchor() {
    let text = "faults:\n  - { code: 1, token: A, doc: &doc [x], known_from: x }\n  - { code: 2, token: B, doc: *doc, known_from: x }\n";
    let found = found(&[write(FAULTS, text)]);
    assert_snapshot!(found);
}

#[test]
fn comments_and_blank_lines_count() {
    let text = "# Codes.\n\nfaults:\n\n  # The first.\n  - code: 1\n    token:\n      A\n    doc: >\n      Some\n      text.\n    known_from: [x]\n";
    let found = found(&[write(FAULTS, text)]);
    assert_snapshot!(found);
}

#[test]
fn a_missing_value_is_reported_at_the_entry_around_it() {
    let text = "faults:\n  - code: 1\n    token: A\n    doc:\n    known_from: x\n  -\n    code: 2\n";
    let found = found(&[write(FAULTS, text)]);
    assert_snapshot!(found);
}
