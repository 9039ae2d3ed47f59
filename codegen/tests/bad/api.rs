//! Mistakes in `api.yaml` and `faults.yaml`.

use insta::assert_snapshot;

use crate::{API, FAULTS, found, replace};

#[test]
fn a_wire_type_that_does_not_exist() {
    let found = found(&[replace(API, "  integer: int\n", "  integer: integer\n")]);
    assert_snapshot!(found, @"catalog/api.yaml:15:12: unknown wire type `integer`; there are int, double, boolean, string, dateTime, base64, array, array<…>, struct, any");
}

#[test]
fn the_main_document_is_missing() {
    let found = found(&[replace(API, "  main:\n", "  mian:\n")]);
    assert_snapshot!(found, @"catalog/api.yaml:5:3: the document `main` is missing, which methods mean by default");
}

#[test]
fn the_key_has_an_unknown_type() {
    let found = found(&[replace(API, "documented: string (required)\n  doc: The number", "documented: strng (required)\n  doc: The number")]);
    assert_snapshot!(found, @r#"catalog/api.yaml:24:15: the key: unknown documented type "strng"; did you mean "string"?"#);
}

#[test]
fn an_operation_travels_in_an_unknown_place() {
    let found = found(&[replace(API, "in: query", "in: body")]);
    assert_snapshot!(found, @r#"catalog/api.yaml:36:77: sign_in: parameter "reader": it travels in `query`, `form` or `header`, not in "body""#);
}

#[test]
fn an_operations_parameter_is_here_twice() {
    let found = found(&[replace(API, "doc: The reader, in: query }", "doc: The reader, in: query }\n      - { name: reader, documented: string, doc: The reader, in: form }")]);
    assert_snapshot!(found, @r#"catalog/api.yaml:37:17: sign_in: parameter "reader" is here twice"#);
}

#[test]
fn another_url_needs_a_reason() {
    let found = found(&[replace(API, "    why: { url: the old address was given up }\n", "")]);
    assert_snapshot!(found, @r#"catalog/api.yaml:29:5: sign_in: the documented URL is "https://old.example.test/sign-in"; add `why: { url: … }`"#);
}

#[test]
fn the_documented_url_needs_none() {
    let found = found(&[replace(API, "url: https://example", "url: https://old.example")]);
    assert_snapshot!(found, @r#"catalog/api.yaml:37:12: sign_in: no difference of kind "url" here"#);
}

#[test]
fn a_fault_is_here_twice() {
    let found = found(&[replace(FAULTS, "code: 7, token: Lent", "code: 1, token: NoCard")]);
    assert_snapshot!(found, @r#"
    catalog/faults.yaml:3:13: NoCard: the code 1 is here twice
    catalog/faults.yaml:3:23: the token "NoCard" is here twice
    "#);
}
