//! The tables of the catalog are those of the lists that they were transcribed from: 843 fields of 60 tables.

use std::collections::BTreeMap;

use codegen::catalog::{Table, TableField};

use crate::root;

/// How many fields each table has, the columns of joined tables among them.
const FIELDS: [(&str, usize); 60] = [
    ("ActionSequence", 3),
    ("AffResource", 8),
    ("Affiliate", 16),
    ("CCharge", 9),
    ("CProgram", 17),
    ("Campaign", 3),
    ("CampaignStep", 5),
    ("Campaignee", 4),
    ("Company", 76),
    ("Contact", 80),
    ("ContactAction", 19),
    ("ContactGroup", 4),
    ("ContactGroupAssign", 99),
    ("ContactGroupCategory", 3),
    ("CreditCard", 36),
    ("DataFormField", 10),
    ("DataFormGroup", 3),
    ("DataFormTab", 3),
    ("EmailAddStatus", 7),
    ("Expense", 6),
    ("FileBox", 6),
    ("GroupAssign", 4),
    ("Invoice", 19),
    ("InvoiceItem", 8),
    ("InvoicePayment", 7),
    ("Job", 25),
    ("JobRecurringInstance", 9),
    ("Lead", 19),
    ("LeadSource", 11),
    ("LeadSourceCategory", 3),
    ("LeadSourceExpense", 7),
    ("LeadSourceRecurringExpense", 8),
    ("LinkedContactType", 3),
    ("MtgLead", 15),
    ("OrderItem", 12),
    ("PayPlan", 8),
    ("PayPlanItem", 6),
    ("Payment", 12),
    ("Product", 23),
    ("ProductCategory", 5),
    ("ProductCategoryAssign", 3),
    ("ProductInterest", 7),
    ("ProductInterestBundle", 3),
    ("ProductOptValue", 8),
    ("ProductOption", 14),
    ("ProductOptionValue", 8),
    ("RecurringOrder", 27),
    ("RecurringOrderWithContact", 52),
    ("Referral", 9),
    ("SavedFilter", 4),
    ("Stage", 4),
    ("StageMove", 9),
    ("Status", 4),
    ("SubscriptionPlan", 9),
    ("Template", 4),
    ("Ticket", 23),
    ("TicketStage", 2),
    ("TicketType", 3),
    ("User", 26),
    ("UserGroup", 3),
];

const TYPES: [(&str, usize); 11] = [
    ("Boolean", 3),
    ("Date", 33),
    ("DateTime", 47),
    ("Double", 38),
    ("Enum", 4),
    ("Id", 179),
    ("Int", 78),
    ("Long", 1),
    ("String", 433),
    ("Text", 3),
    ("unknown", 24),
];

const ACCESS: [(&str, usize); 9] =
    [("A", 1), ("AR", 10), ("EA", 1), ("EAR", 165), ("EDAR", 261), ("EDR", 2), ("ER", 7), ("R", 372), ("unknown", 24)];

/// How many fields are listed by one source, by two, … by all five.
const SOURCES: [(u32, usize); 5] = [(1, 31), (2, 23), (3, 136), (4, 140), (5, 513)];

fn tables() -> Vec<Table> {
    let catalog = codegen::load(&root().join("catalog")).expect("the catalog is free of mistakes");
    catalog.tables.into_iter().map(|file| file.table).collect()
}

/// The fields of a table, and the columns of the tables that are joined to it.
fn fields(table: &Table) -> impl Iterator<Item = &TableField> {
    table.fields.iter().chain(table.joined.iter().flat_map(|joined| &joined.fields))
}

fn tally<K: Ord>(key: impl Fn(&TableField) -> K) -> Vec<(K, usize)> {
    let mut counts = BTreeMap::new();
    tables().iter().flat_map(fields).for_each(|field| *counts.entry(key(field)).or_insert(0) += 1);
    counts.into_iter().collect()
}

fn unknown() -> String {
    "unknown".to_owned()
}

fn owned(counts: &[(&str, usize)]) -> Vec<(String, usize)> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn each_table_has_all_its_fields() {
    let counts: Vec<_> = tables().iter().map(|table| (table.table.clone(), fields(table).count())).collect();
    assert_eq!(counts, owned(&FIELDS));
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), 843);
}

#[test]
fn types_access_and_sources_are_those_of_the_lists() {
    let word = |field: &TableField| field.type_.map_or_else(unknown, |type_| format!("{type_:?}"));
    assert_eq!(tally(word), owned(&TYPES));
    assert_eq!(tally(|field| field.access.clone().unwrap_or_else(unknown)), owned(&ACCESS));
    assert_eq!(tally(|field| field.sources), SOURCES);
    assert_eq!(tally(|field| field.relation.is_some()), [(false, 795), (true, 48)]);
}

#[test]
fn what_is_not_selected_by_default_is_listed() {
    let tables = tables();
    let unselected = tables.iter().flat_map(|table| {
        let own = fields(table).filter(|field| field.selected == Some(false));
        own.map(move |field| format!("{}.{}: {}", table.table, field.name, field.why["selected"]))
    });
    insta::assert_snapshot!(unselected.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_table_but_two_has_an_order() {
    let tables = tables();
    let unordered = tables.iter().filter(|table| table.order_key.is_none()).map(|table| table.table.as_str());
    assert_eq!(unordered.collect::<Vec<_>>(), ["Campaignee", "ContactGroupAssign"]);
}
