//! The database's tables, made from the list of the CRM's tables, and brought up to date when that list has grown.

use std::collections::HashSet;

use rusqlite::{Connection, Result, Transaction};

use super::StoreError;
use super::column::quoted;
use crate::table::{Field, FieldKind, Table};
use crate::tables::TABLES;

/// Marks a file as a sandbox's: `Infu`.
const APPLICATION: i32 = 0x496e_6675;
/// The version of everything here that is not derived from the list.
const VERSION: i32 = 1;

/// The tables that show the records of others, and whose these are.
const VIEWS: &[(&str, &str)] = &[
    ("ProductOptionValue", "ProductOptValue o"),
    ("RecurringOrderWithContact", "RecurringOrder o JOIN Contact c ON c.Id = o.ContactId"),
];

/// What the sandbox must remember and the CRM shows in no table.
const HIDDEN: &str = "
    CREATE TABLE IF NOT EXISTS sandbox_link (
        ContactId INTEGER NOT NULL, OtherId INTEGER NOT NULL, LinkTypeId INTEGER NOT NULL,
        PRIMARY KEY (ContactId, OtherId, LinkTypeId)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sandbox_step (
        ContactId INTEGER NOT NULL, StepId INTEGER NOT NULL, PRIMARY KEY (ContactId, StepId)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sandbox_action (
        Position INTEGER PRIMARY KEY, ActionSequenceId INTEGER NOT NULL, Kind TEXT NOT NULL, TargetId INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS sandbox_file (FileId INTEGER PRIMARY KEY, Content BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS sandbox_template (
        TemplateId INTEGER PRIMARY KEY, fromAddress TEXT, toAddress TEXT, ccAddress TEXT, bccAddress TEXT,
        subject TEXT, textBody TEXT, htmlBody TEXT, contentType TEXT, mergeContext TEXT
    );
    CREATE INDEX IF NOT EXISTS sandbox_action_set ON sandbox_action (ActionSequenceId);
    CREATE UNIQUE INDEX IF NOT EXISTS sandbox_tagged ON ContactGroupAssign (ContactId, GroupId);
    CREATE UNIQUE INDEX IF NOT EXISTS sandbox_enrolled ON Campaignee (ContactId, CampaignId);
    CREATE UNIQUE INDEX IF NOT EXISTS sandbox_custom ON DataFormField (FormId, Name COLLATE NOCASE);
";

/// What every account has: its first user, and one place for custom fields in each form.
const FIRST: &str = "
    INSERT INTO User (Id, FirstName, LastName, Email) VALUES (1, 'Test', 'Tester', 'test@example.com');
    INSERT INTO DataFormTab (Id, FormId, TabName) VALUES
        (1, -1, 'Custom Fields'), (2, -3, 'Custom Fields'), (3, -4, 'Custom Fields'), (4, -5, 'Custom Fields'),
        (5, -6, 'Custom Fields'), (6, -9, 'Custom Fields'), (7, -10, 'Custom Fields');
    INSERT INTO DataFormGroup (Id, TabId, Name) SELECT Id, Id, 'General' FROM DataFormTab;
";

/// Makes sure that the database is a sandbox's, or nobody's yet, before anything is written.
pub(super) fn check(connection: &Connection) -> std::result::Result<(), StoreError> {
    let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if objects > 0 && pragma(connection, "application_id")? != APPLICATION {
        return Err(StoreError::Foreign);
    }
    if objects > 0 && pragma(connection, "user_version")? > VERSION {
        return Err(StoreError::Newer);
    }
    Ok(())
}

/// Makes the tables and the columns that are not there yet.
pub(super) fn migrate(transaction: &Transaction<'_>) -> Result<()> {
    let fresh = pragma(transaction, "user_version")? == 0;
    for table in TABLES.iter().filter(|table| is_own(table)) {
        make(transaction, table)?;
    }
    transaction.execute_batch(HIDDEN)?;
    for (name, from) in VIEWS {
        if let Some(table) = TABLES.iter().find(|table| table.name == *name) {
            transaction.execute_batch(&view(table, from))?;
        }
    }
    if fresh {
        transaction.execute_batch(FIRST)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)
}

fn pragma(connection: &Connection, name: &str) -> Result<i32> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn make(transaction: &Transaction<'_>, table: &Table) -> Result<()> {
    let name = quoted(table.name);
    let columns: Vec<String> = own(table).map(definition).collect();
    transaction.execute_batch(&format!("CREATE TABLE IF NOT EXISTS {name} ({})", columns.join(", ")))?;
    let mut statement = transaction.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let present: HashSet<String> =
        statement.query_map([table.name], |row| row.get(0))?.collect::<Result<HashSet<_>>>()?;
    for field in own(table).filter(|field| !present.contains(field.name)) {
        transaction.execute_batch(&format!("ALTER TABLE {name} ADD COLUMN {}", definition(field)))?;
    }
    for field in own(table).filter(|field| points_to_contact(field)) {
        let index = quoted(&format!("sandbox_{}_{}", table.name, field.name));
        let column = quoted(field.name);
        transaction.execute_batch(&format!("CREATE INDEX IF NOT EXISTS {index} ON {name} ({column})"))?;
    }
    Ok(())
}

/// The fields that a table holds itself.
pub(crate) fn own(table: &Table) -> impl Iterator<Item = &'static Field> {
    table.fields.iter().filter(|field| !field.name.contains('.'))
}

/// Whether a field names the contact to whom the record belongs.
pub(crate) fn points_to_contact(field: &Field) -> bool {
    field.kind == FieldKind::Id && field.name.eq_ignore_ascii_case("ContactId")
}

/// Whether a table holds records itself.
pub(crate) fn is_own(table: &Table) -> bool {
    VIEWS.iter().all(|(name, _)| *name != table.name)
}

fn definition(field: &Field) -> String {
    let name = quoted(field.name);
    if field.name == "Id" {
        // An id is never given twice, even if its record is gone.
        return format!("{name} INTEGER PRIMARY KEY AUTOINCREMENT");
    }
    format!("{name} {}", affinity(field.kind))
}

/// The type of a column.
pub(crate) fn affinity(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Id | FieldKind::Int | FieldKind::Long | FieldKind::Boolean => "INTEGER",
        FieldKind::Double => "REAL",
        FieldKind::String | FieldKind::Text | FieldKind::Enum | FieldKind::Date | FieldKind::DateTime => "TEXT",
        FieldKind::Unknown => "",
    }
}

/// A view with the fields of a table. `o` has most of them and `c` the others, `Id` too if there is a `c`.
fn view(table: &Table, from: &str) -> String {
    let source = from.split(' ').next().unwrap_or_default();
    let contact = from.contains(" c ");
    let has = |name: &str, field: &Field| {
        TABLES.iter().any(|table| table.name == name && own(table).any(|other| other.name == field.name))
    };
    let column = |field: &Field| {
        let name = quoted(field.name);
        match field.name {
            "RecurringOrderId" => format!("o.Id AS {name}"),
            "Id" if contact => format!("c.Id AS {name}"),
            _ if has(source, field) => format!("o.{name} AS {name}"),
            _ if contact && has("Contact", field) => format!("c.{name} AS {name}"),
            _ => format!("NULL AS {name}"),
        }
    };
    let columns: Vec<String> = own(table).map(column).collect();
    let name = quoted(table.name);
    format!("DROP VIEW IF EXISTS {name}; CREATE VIEW {name} AS SELECT {} FROM {from}", columns.join(", "))
}
