//! Rows of every table: read from the wire and from JSON, written, compared, shown.

use std::cell::OnceCell;
use std::sync::mpsc;
use std::thread;

use infusionsoft::method::{Effect, Method};
use infusionsoft::runtime::{Params, Sealed, decode};
use infusionsoft::table::{ColumnInfo, Customizable, Kind, Table};
use infusionsoft::tables::*;
use infusionsoft::{ContactId, Date, DateTime, Error, ErrorKind, Record, Secret, TagId, UserId, Value, record};
use infusionsoft_tests::canned::Canned;
use proptest::prelude::*;

/// What every secret of these tests holds.
const CANARY: &str = "canary-4111";

/// Runs a function for every table.
macro_rules! every_table {
    ($run:ident) => {
        every_table!(@ $run:
        ActionSequence AffResource Affiliate CCharge CProgram Campaign CampaignStep Campaignee Company Contact
        ContactAction ContactGroup ContactGroupAssign ContactGroupCategory CreditCard DataFormField DataFormGroup
        DataFormTab EmailAddStatus Expense FileBox GroupAssign Invoice InvoiceItem InvoicePayment Job
        JobRecurringInstance Lead LeadSource LeadSourceCategory LeadSourceExpense LeadSourceRecurringExpense
        LinkedContactType MtgLead OrderItem PayPlan PayPlanItem Payment Product ProductCategory ProductCategoryAssign
        ProductInterest ProductInterestBundle ProductOptValue ProductOption ProductOptionValue RecurringOrder
        RecurringOrderWithContact Referral SavedFilter Stage StageMove Status SubscriptionPlan Template Ticket
        TicketStage TicketType User UserGroup
        )
    };
    (@ $run:ident: $($table:ident)*) => {
        [$((stringify!($table), $run::<$table>())),*]
    };
}

pub(crate) use every_table;

/// A call that answers one row.
struct Load<T>(std::marker::PhantomData<fn() -> T>);

impl<T> Sealed for Load<T> {}

impl<T: Table> Method for Load<T> {
    const NAME: &'static str = "DataService.load";
    const EFFECT: Effect = Effect::Read;
    type Output = T;

    fn params(self, _: &mut Params) -> Result<(), Error> {
        Ok(())
    }
}

fn read<T: Table>(members: &str) -> Result<T, Error> {
    let row = format!("<struct>{members}</struct>");
    let body = format!("<methodResponse><params><param><value>{row}</value></param></params></methodResponse>");
    Canned::ok(body).client().call(Load::<T>(std::marker::PhantomData))
}

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value>{value}</value></member>")
}

/// What a row holds in a column, on the wire with and without a type, and as a value.
fn sample(column: &ColumnInfo, index: usize) -> (String, String, Value) {
    let number = index + 1;
    let (tag, text, value) = match column.kind {
        Kind::Id | Kind::Int => ("i4", number.to_string(), Value::Int(number as i64)),
        Kind::Long => ("i8", format!("90000000{number:03}"), Value::Int(90_000_000_000 + number as i64)),
        Kind::Double => ("double", format!("{number}.5"), Value::Double(number as f64 + 0.5)),
        Kind::Boolean => ("boolean", "1".into(), Value::Bool(true)),
        Kind::String if column.sensitive => ("string", CANARY.into(), Secret::from(CANARY).into()),
        Kind::String | Kind::Unknown => ("string", column.name.to_lowercase(), Value::from(column.name.to_lowercase())),
        Kind::Date => {
            ("dateTime.iso8601", "20150719T00:00:00".into(), Value::from(Date::new(2015, 7, 19).expect("a day")))
        }
        Kind::DateTime => {
            let time = DateTime::new(2015, 7, 19, 19, 53, 56).expect("a time");
            ("dateTime.iso8601", "20150719T19:53:56".into(), Value::from(time))
        }
    };
    (format!("<{tag}>{text}</{tag}>"), text, value)
}

fn readable<T: Table>() -> impl Iterator<Item = (usize, &'static ColumnInfo)> {
    T::COLUMNS.iter().enumerate().filter(|(_, column)| column.can_read())
}

/// A row that has something in every column, and two members that have none.
fn full<T: Table>() -> (T, Record) {
    let (mut typed, mut untyped, mut expected) = (String::new(), String::new(), Record::new());
    for (index, column) in readable::<T>() {
        let (with_type, text, value) = sample(column, index);
        typed += &member(column.name, &with_type);
        untyped += &member(column.name, &text);
        expected.insert(column.name, value);
    }
    for (name, value) in [("_Color", "green"), ("NewInAutumn", "yes")] {
        typed += &member(name, value);
        untyped += &member(name, value);
        expected.insert(name, value);
    }
    let row = read::<T>(&typed).expect("a typed row");
    assert_eq!(read::<T>(&untyped).expect("an untyped row"), row, "{}", T::TABLE);
    (row, expected)
}

#[test]
fn every_table_is_here() {
    fn name<T: Table>() -> &'static str {
        T::TABLE
    }
    let tables = every_table!(name);
    let named: Vec<&str> = TableName::ALL.iter().map(TableName::as_str).collect();
    assert_eq!(tables.map(|(_, name)| name).as_slice(), named);
    assert!(tables.iter().all(|(rust, name)| rust == name));
}

#[test]
fn every_column_of_every_table_is_read() {
    fn check<T: Table>() {
        let (row, expected) = full::<T>();
        assert_eq!(row.extra().names().collect::<Vec<_>>(), ["NewInAutumn", "_Color"], "{}", T::TABLE);
        assert_eq!(row.clone(), row, "{}", T::TABLE);
        assert_ne!(row, T::default(), "{}", T::TABLE);
        let record: Record = row.into();
        assert_eq!(record, expected, "{}", T::TABLE);
    }
    every_table!(check);
}

#[test]
fn columns_stand_in_the_order_in_which_they_are_searched() {
    fn check<T: Table>() {
        let names = |readable: bool| T::COLUMNS.iter().filter(move |column| column.can_read() == readable);
        assert!(names(true).is_sorted_by_key(|column| column.name), "{}", T::TABLE);
        let ordered: Vec<&ColumnInfo> = names(true).chain(names(false)).collect();
        assert_eq!(T::COLUMNS.iter().collect::<Vec<_>>(), ordered, "{}", T::TABLE);
        assert!(T::COLUMNS.iter().all(|column| column.can_read() || !column.selected), "{}", T::TABLE);
        assert!(T::ORDER_KEY.is_none_or(|key| T::column(key).is_some()), "{}", T::TABLE);
    }
    every_table!(check);
}

#[test]
fn every_row_goes_through_json_without_its_secrets() {
    fn check<T: Table>() {
        let (row, mut expected) = full::<T>();
        let json = serde_json::to_string(&row).expect("JSON");
        assert!(!json.contains(CANARY), "{json}");
        for column in T::COLUMNS.iter().filter(|column| column.sensitive) {
            expected.remove(column.name);
        }
        let back: T = serde_json::from_str(&json).expect("the same row");
        let record: Record = back.into();
        assert_eq!(record, expected, "{}", T::TABLE);
    }
    every_table!(check);
}

#[test]
fn empty_values_are_none_except_for_texts() {
    fn check<T: Table>() {
        let empty = |value: &str| readable::<T>().map(|(_, column)| member(column.name, value)).collect::<String>();
        assert_eq!(read::<T>(&empty("<nil/>")).expect("nils"), T::default(), "{}", T::TABLE);
        let record: Record = read::<T>(&empty("")).expect("empty texts").into();
        let texts = readable::<T>().filter(|(_, column)| matches!(column.kind, Kind::String | Kind::Unknown));
        let blank = |column: &ColumnInfo| if column.sensitive { Secret::from("").into() } else { Value::from("") };
        assert_eq!(record, texts.map(|(_, column)| (column.name, blank(column))).collect(), "{}", T::TABLE);
    }
    every_table!(check);
}

#[test]
fn a_row_is_shown_without_its_secrets() {
    let (contact, _) = full::<Contact>();
    assert_eq!(contact.password.as_ref().expect("a password").expose(), CANARY);
    let shown = format!("{contact:?} {contact:#?}");
    assert!(shown.contains("FirstName: \"firstname\"") && shown.contains("_Color: String(\"green\")"), "{shown}");
    assert!(shown.contains("Password: Secret(…)") && !shown.contains(CANARY), "{shown}");
    // A column that can't be read has no field; should a server send it all the same, it stays hidden.
    let card: CreditCard = read(&member("CardNumber", CANARY)).expect("a card");
    assert_eq!(card.extra.get::<&str>("CardNumber").expect("kept"), CANARY);
    assert_eq!(format!("{card:?}"), "CreditCard { CardNumber: Secret(…) }");
    assert_eq!(serde_json::to_string(&card).expect("JSON"), "{}");
}

#[test]
fn rows_and_records_are_read_while_a_thread_ends() {
    fn both() -> (Contact, Record) {
        let row = format!("<struct>{}</struct>", member("FirstName", "Ada"));
        let body = format!("<methodResponse><params><param><value>{row}</value></param></params></methodResponse>");
        let (contact, _) = decode(body.as_bytes()).expect("a contact");
        (contact, decode(body.as_bytes()).expect("a record").0)
    }

    struct Last(mpsc::Sender<(Contact, Record)>);

    impl Drop for Last {
        fn drop(&mut self) {
            self.0.send(both()).expect("somebody listens");
        }
    }

    thread_local! {
        static LAST: OnceCell<Last> = const { OnceCell::new() };
    }

    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        // What a thread has first, it drops last.
        _ = LAST.with(|last| last.set(Last(sender)));
        both()
    });
    let before = thread.join().expect("the thread ends");
    assert_eq!(receiver.recv().expect("both were read"), before);
    assert_eq!(before.0.first_name.as_deref(), Some("Ada"));
}

#[test]
fn zero_is_no_id_and_a_negative_number_is_one() {
    let ids = member("OwnerID", "<i4>0</i4>") + &member("CreatedBy", "<i4>-1</i4>") + &member("AccountId", " 0 ");
    let contact: Contact = read(&ids).expect("a contact");
    assert_eq!((contact.owner_id, contact.created_by, contact.account_id), (None, Some(UserId(-1)), None));
    let product: Product = read(&member("InventoryLimit", "<i4>0</i4>")).expect("a product");
    assert_eq!(product.inventory_limit, Some(0));
}

#[test]
fn a_joined_column_has_a_field_of_its_own() {
    let members = member("ContactId", "7") + &member("GroupId", "97") + &member("Contact.FirstName", "Ada");
    let assigned: ContactGroupAssign = read(&members).expect("a tag of a contact");
    let expected = ContactGroupAssign {
        contact_id: Some(ContactId(7)),
        group_id: Some(TagId(97)),
        contact_first_name: Some("Ada".into()),
        ..ContactGroupAssign::default()
    };
    assert_eq!(assigned, expected);
    assert_eq!(ContactGroupAssign::CONTACT_FIRST_NAME.name(), "Contact.FirstName");
}

#[test]
fn a_value_of_another_type_is_an_error_at_its_column() {
    let error = read::<Contact>(&member("OwnerID", "someone")).expect_err("no number");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("OwnerID: expected 32-bit int, got \"someone\""), "{error}");
    let error = read::<Contact>(&member("OwnerID", "<i8>4294967296</i8>")).expect_err("too large");
    assert!(error.to_string().contains("OwnerID: expected 32-bit int, got int"), "{error}");
    let error = read::<Contact>(&member("Birthday", "<array><data/></array>")).expect_err("no day");
    assert!(error.to_string().contains("Birthday: expected date, got array"), "{error}");
    let nested = format!("<array><data><value>{CANARY}</value></data></array>");
    let error = read::<Contact>(&member("Password", &nested)).expect_err("no text");
    assert!(error.to_string().contains("Password: expected string, got array"), "{error}");
}

#[test]
fn custom_fields_have_columns_where_a_table_has_them() {
    let size = Contact::custom::<f64>("_ShoeSize").expect("a custom field");
    assert_eq!((size.name(), Contact::FORM_ID, Job::FORM_ID), ("_ShoeSize", -1, -9));
    for name in ["ShoeSize", "_", ""] {
        let error = Contact::custom::<f64>(name).expect_err("no custom field");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let expected = format!("the custom field {name:?} of Contact has no name that begins with \"_\"");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_row_is_a_value_with_what_it_holds() {
    let contact = Contact {
        first_name: Some("Ada".into()),
        password: Some(CANARY.into()),
        extra: record! { "_Color" => "green" },
        ..Contact::default()
    };
    let expected = record! { "FirstName" => "Ada", "Password" => Secret::from(CANARY), "_Color" => "green" };
    assert_eq!(Value::from(contact), Value::Struct(expected));
}

proptest! {
    /// The order of one row's members is remembered for the next one's, and changes nothing.
    #[test]
    fn members_come_in_any_order(rows in proptest::collection::vec(
        proptest::sample::subsequence((0..Lead::COLUMNS.len()).collect::<Vec<_>>(), 0..=Lead::COLUMNS.len()).prop_shuffle(),
        1..4,
    )) {
        for order in rows {
            let column = |index: &usize| (&Lead::COLUMNS[*index], sample(&Lead::COLUMNS[*index], *index));
            let members: String = order.iter().map(column).map(|(column, value)| member(column.name, &value.0)).collect();
            let row: Record = read::<Lead>(&(members + &member("Strange", "1"))).expect("a row").into();
            let mut expected: Record = order.iter().map(column).map(|(column, value)| (column.name, value.2)).collect();
            expected.insert("Strange", "1");
            prop_assert_eq!(row, expected);
        }
    }
}
