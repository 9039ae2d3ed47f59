//! Mistakes in groups and in lists of which one must hold something.

use insta::assert_snapshot;

use crate::{BOOKS, TYPES, found, replace};

#[test]
fn an_unknown_group() {
    let found = found(&[replace(BOOKS, "type: bool, group: order }", "type: bool, group: odrer }")]);
    assert_snapshot!(found);
}

#[test]
fn a_group_without_parameters() {
    let found = found(&[replace(
        BOOKS,
        "      - { name: order, type: Order, doc: The order of the books. }",
        "      - { name: order, type: Order, doc: The order of the books. }\n      - { name: page, type: Order, doc: A page. }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_groups_type_is_a_struct() {
    let found = found(&[replace(BOOKS, "{ name: order, type: Order,", "{ name: order, type: BookId,")]);
    assert_snapshot!(found);
}

#[test]
fn a_groups_members_are_its_parameters() {
    let found = found(&[replace(
        TYPES,
        "      - { name: ascending, doc: Whether the smallest comes first., type: bool }\n",
        "",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_groups_members_have_its_parameters_types() {
    let found = found(&[replace(TYPES, "smallest comes first., type: bool", "smallest comes first., type: int")]);
    assert_snapshot!(found);
}

#[test]
fn groups_stand_last() {
    let found = found(&[
        replace(
            BOOKS,
            "doc: The direction, type: bool, group: order }",
            "doc: The direction, type: bool, group: order }\n      - { name: last, documented: string (required), doc: It, type: string }",
        ),
        replace(BOOKS, "fields: [Id, Title] }", "fields: [Id, Title], last: x }"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn not_all_empty_names_lists() {
    let found = found(&[replace(BOOKS, "[[books, maps]]", "[[books, parcel, mops]]")]);
    assert_snapshot!(found);
}

#[test]
fn not_all_empty_names_several() {
    let found = found(&[replace(BOOKS, "[[books, maps]]", "[[books]]")]);
    assert_snapshot!(found);
}
