//! The demo data: believable, harmless, and the same each time.

use std::collections::{BTreeMap, BTreeSet};

use infusionsoft::data::QueryRequest;
use infusionsoft::{Client, Credentials, FromValue, Limits, Order, Record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox};

/// What is looked at; `Id` comes first where there is one.
const FIELDS: &[(&str, &[&str])] = &[
    ("ActionSequence", &["Id", "TemplateName"]),
    ("Campaign", &["Id", "Name", "Status"]),
    ("CampaignStep", &["Id", "CampaignId", "StepTitle", "StepStatus"]),
    ("Campaignee", &["ContactId", "CampaignId", "Status"]),
    ("Company", &["Id", "Company", "Email", "Phone1", "Website", "City", "PostalCode", "DateCreated"]),
    (
        "Contact",
        &[
            "Id",
            "FirstName",
            "LastName",
            "Email",
            "EmailAddress2",
            "Phone1",
            "Phone2",
            "Fax1",
            "Company",
            "CompanyID",
            "JobTitle",
            "Website",
            "StreetAddress1",
            "City",
            "State",
            "PostalCode",
            "Birthday",
            "ContactType",
            "OwnerID",
            "LeadSourceId",
            "Leadsource",
            "Groups",
            "DateCreated",
            "LastUpdated",
        ],
    ),
    (
        "ContactAction",
        &[
            "Id",
            "ContactId",
            "ObjectType",
            "ActionDescription",
            "CreationNotes",
            "ActionDate",
            "CompletionDate",
            "UserID",
        ],
    ),
    ("ContactGroup", &["Id", "GroupName", "GroupCategoryId"]),
    ("ContactGroupAssign", &["ContactId", "GroupId", "DateCreated", "Contact.Email"]),
    ("ContactGroupCategory", &["Id", "CategoryName"]),
    (
        "Invoice",
        &[
            "Id",
            "ContactId",
            "JobId",
            "InvoiceTotal",
            "TotalPaid",
            "TotalDue",
            "PayStatus",
            "ProductSold",
            "DateCreated",
        ],
    ),
    ("InvoiceItem", &["Id", "InvoiceId", "OrderItemId", "InvoiceAmt", "Description"]),
    ("InvoicePayment", &["Id", "InvoiceId", "PaymentId", "Amt", "PayDate"]),
    ("Job", &["Id", "ContactId", "InvoiceId", "JobTitle", "OrderStatus", "ShipPhone", "DueDate", "DateCreated"]),
    ("Lead", &["Id", "ContactID", "StageID", "UserID", "OpportunityTitle", "ProjectedRevenueLow", "DateCreated"]),
    ("LeadSource", &["Id", "Name", "LeadSourceCategoryId"]),
    ("OrderItem", &["Id", "OrderId", "ProductId", "InvoiceItemId", "ItemName", "Qty", "PPU"]),
    ("Payment", &["Id", "ContactId", "InvoiceId", "UserId", "PayAmt", "PayDate", "PayType"]),
    ("Product", &["Id", "ProductName", "ProductPrice", "Sku"]),
    ("ProductCategory", &["Id", "CategoryDisplayName"]),
    ("ProductCategoryAssign", &["Id", "ProductCategoryId", "ProductId"]),
    ("Stage", &["Id", "StageName"]),
    ("User", &["Id", "FirstName", "LastName", "Email", "Phone1"]),
];

/// Every relation: which field of which table names a record of which other table.
const RELATIONS: &[(&str, &str, &str)] = &[
    ("CampaignStep", "CampaignId", "Campaign"),
    ("Campaignee", "ContactId", "Contact"),
    ("Campaignee", "CampaignId", "Campaign"),
    ("Contact", "CompanyID", "Company"),
    ("Contact", "OwnerID", "User"),
    ("Contact", "LeadSourceId", "LeadSource"),
    ("ContactAction", "ContactId", "Contact"),
    ("ContactAction", "UserID", "User"),
    ("ContactGroup", "GroupCategoryId", "ContactGroupCategory"),
    ("ContactGroupAssign", "ContactId", "Contact"),
    ("ContactGroupAssign", "GroupId", "ContactGroup"),
    ("Invoice", "ContactId", "Contact"),
    ("Invoice", "JobId", "Job"),
    ("InvoiceItem", "InvoiceId", "Invoice"),
    ("InvoiceItem", "OrderItemId", "OrderItem"),
    ("InvoicePayment", "InvoiceId", "Invoice"),
    ("InvoicePayment", "PaymentId", "Payment"),
    ("Job", "ContactId", "Contact"),
    ("Job", "InvoiceId", "Invoice"),
    ("Lead", "ContactID", "Contact"),
    ("Lead", "StageID", "Stage"),
    ("Lead", "UserID", "User"),
    ("OrderItem", "OrderId", "Job"),
    ("OrderItem", "ProductId", "Product"),
    ("OrderItem", "InvoiceItemId", "InvoiceItem"),
    ("Payment", "ContactId", "Contact"),
    ("Payment", "InvoiceId", "Invoice"),
    ("ProductCategoryAssign", "ProductId", "Product"),
    ("ProductCategoryAssign", "ProductCategoryId", "ProductCategory"),
];

/// The records of every table above.
type Data = BTreeMap<&'static str, Vec<Record>>;

fn filled(contacts: usize) -> Data {
    let sandbox = Sandbox::builder().contacts(contacts).build().expect("a database in memory");
    let crm = Client::builder()
        .credentials(Credentials::access_token(ACCESS_TOKEN))
        .endpoint("https://sandbox.example.com/crm/xmlrpc/v1")
        .transport(sandbox)
        .limits(Limits::none())
        .build()
        .expect("the client can be built");
    FIELDS.iter().map(|(table, fields)| (*table, records(&crm, table, fields))).collect()
}

fn records(crm: &Client, table: &str, fields: &[&str]) -> Vec<Record> {
    let mut records = Vec::new();
    for page in 0.. {
        let found = crm.data().query(QueryRequest {
            table: table.to_owned(),
            limit: 1000,
            page,
            query_data: Record::new(),
            selected_fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            order: Some(Order { field: fields[0].to_owned(), ascending: true }),
        });
        let found = found.unwrap_or_else(|error| panic!("{table}: {error}"));
        records.extend_from_slice(&found);
        if found.len() < 1000 {
            break;
        }
    }
    records
}

/// The values of a field, where it is there.
fn values<'a, T: FromValue<'a>>(data: &'a Data, table: &str, field: &str) -> Vec<T> {
    let held = data[table].iter().filter(|record| record.contains(field));
    held.map(|record| record.get(field).unwrap_or_else(|error| panic!("{table}.{field}: {error}"))).collect()
}

#[track_caller]
fn assert_sound(data: &Data) {
    for (table, field, other) in RELATIONS {
        let ids: BTreeSet<i32> = values(data, other, "Id").into_iter().collect();
        for id in values::<i32>(data, table, field) {
            assert!(ids.contains(&id), "{table}.{field}: there is no {other} {id}");
        }
    }
    for (table, fields) in FIELDS {
        for field in fields.iter().filter(|field| field.contains("Email")) {
            for address in values::<&str>(data, table, field) {
                assert!(address.ends_with("@example.com") && address.len() > 13, "{table}.{field}: {address}");
            }
        }
        for field in fields.iter().filter(|field| field.contains("Phone") || field.contains("Fax")) {
            for phone in values::<&str>(data, table, field) {
                let shape: String = phone.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
                assert!(shape == "(999) 999-9999" && phone[6..].starts_with("555-01"), "{table}.{field}: {phone}");
            }
        }
    }
}

#[test]
fn two_fills_are_equal() {
    assert_eq!(filled(60), filled(60));
}

#[test]
fn an_account_without_contacts_is_empty() {
    for (table, records) in filled(0) {
        let first = if table == "User" { 1 } else { 0 };
        assert_eq!(records.len(), first, "{table}");
    }
}

#[test]
fn one_contact_is_enough() {
    let data = filled(1);
    assert_eq!((data["Contact"].len(), data["Company"].len()), (1, 1));
    assert_sound(&data);
}

#[test]
fn a_thousand_contacts_are_believable() {
    let data = filled(1000);
    assert_sound(&data);
    assert_eq!(data["Contact"].len(), 1000);
    for (table, least) in [
        ("Company", 100),
        ("ContactGroupAssign", 1500),
        ("Campaignee", 100),
        ("ContactAction", 500),
        ("Lead", 80),
        ("Job", 400),
        ("OrderItem", 800),
        ("Payment", 300),
    ] {
        assert!(data[table].len() >= least, "{table}: {}", data[table].len());
    }
    assert_eq!(data["Job"].len(), data["Invoice"].len());
    let addresses = values::<&str>(&data, "Contact", "Email");
    assert!(addresses.len() > 900);
    assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len(), "no address occurs twice");
    let names: BTreeSet<&str> = values(&data, "Contact", "LastName").into_iter().collect();
    assert!(names.len() > 200, "{}", names.len());
    let created = values::<infusionsoft::DateTime>(&data, "Contact", "DateCreated");
    let day = |time: &infusionsoft::DateTime| time.date();
    assert!(created.is_sorted_by_key(day), "ids grow with time");
    for invoice in &data["Invoice"] {
        assert_billed(&data, invoice);
    }
}

/// The total of an invoice is that of its items, and it is paid or it is not.
fn assert_billed(data: &Data, invoice: &Record) {
    let id: i32 = invoice.get("Id").expect("an id");
    let sum = |table: &str, field: &str| -> f64 {
        let own = data[table].iter().filter(|record| record.get::<i32>("InvoiceId").is_ok_and(|other| other == id));
        own.map(|record| record.get::<f64>(field).expect("an amount")).sum()
    };
    let cents = |amount: f64| (amount * 100.0).round() as i64;
    let total: f64 = invoice.get("InvoiceTotal").expect("a total");
    assert_eq!(cents(sum("InvoiceItem", "InvoiceAmt")), cents(total), "{invoice:?}");
    let paid: f64 = invoice.get("TotalPaid").expect("an amount");
    assert_eq!(cents(sum("Payment", "PayAmt")), cents(paid), "{invoice:?}");
    assert_eq!(cents(sum("InvoicePayment", "Amt")), cents(paid), "{invoice:?}");
    let expected = if invoice.get::<i32>("PayStatus").expect("a status") == 1 { total } else { 0.0 };
    assert_eq!(cents(paid), cents(expected), "{invoice:?}");
}
