//! Two contacts become one.

use rusqlite::Transaction;

use super::{Arguments, Context, contacts};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::column::{form_of, quoted};
use crate::store::row;
use crate::store::schema::{is_own, own, points_to_contact};
use crate::tables::TABLES;

pub(super) fn merge(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (kept, duplicate) = (arguments.int()?, arguments.int()?);
    context.exists("Contact", kept)?;
    context.exists("Contact", duplicate)?;
    if kept == duplicate {
        return Err(Fault::invalid_parameter("A contact cannot be merged with itself"));
    }
    fill(context.db, kept, duplicate)?;
    hand_over(context.db, kept, duplicate)?;
    row::delete(context.db, contacts::table()?, duplicate)?;
    contacts::forget(context, duplicate)?;
    let stamp = "UPDATE Contact SET LastUpdated = ?2, LastUpdatedBy = ?3 WHERE Id = ?1";
    context.db.execute(stamp, (kept, &context.civil, row::USER))?;
    Ok(Value::Boolean(true))
}

/// The fields that the kept contact has no value for get the duplicate's.
fn fill(db: &Transaction<'_>, kept: i32, duplicate: i32) -> Result<(), Fault> {
    let fields = own(contacts::table()?).filter(|field| field.access.edit).map(|field| field.name.to_owned());
    let mut custom = db.prepare("SELECT '_' || Name FROM DataFormField WHERE FormId = ?1")?;
    let custom = custom.query_map([form_of("Contact")], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let sets: Vec<String> = fields
        .chain(custom)
        .map(|field| format!("{0} = coalesce(Contact.{0}, duplicate.{0})", quoted(&field)))
        .collect();
    let sql = format!(
        "UPDATE Contact SET {} FROM (SELECT * FROM Contact WHERE Id = ?2) AS duplicate WHERE Contact.Id = ?1",
        sets.join(", ")
    );
    db.execute(&sql, [kept, duplicate])?;
    Ok(())
}

/// What belonged to the duplicate belongs to the kept contact, unless it has the same already.
fn hand_over(db: &Transaction<'_>, kept: i32, duplicate: i32) -> Result<(), Fault> {
    let owned = TABLES
        .iter()
        .filter(|table| is_own(table))
        .flat_map(|table| own(table).filter(|field| points_to_contact(field)).map(|field| (table.name, field.name)));
    let hidden = [("sandbox_step", "ContactId"), ("sandbox_link", "ContactId"), ("sandbox_link", "OtherId")];
    for (table, field) in owned.chain(hidden) {
        let (table, field) = (quoted(table), quoted(field));
        db.execute(&format!("UPDATE OR IGNORE {table} SET {field} = ?1 WHERE {field} = ?2"), [kept, duplicate])?;
    }
    db.execute("DELETE FROM sandbox_link WHERE ContactId = OtherId", [])?;
    Ok(())
}
