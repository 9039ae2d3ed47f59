//! `ContactService`: contacts themselves, and the links between them.

use super::{Arguments, Context, data};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::column::{self, Column, Way};
use crate::store::query::{self, Filter, Page};
use crate::store::row;
use crate::table::Table;

/// The table of contacts.
pub(super) fn table() -> Result<&'static Table, Fault> {
    column::table("Contact")
}

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    row::add(context.db, table()?, arguments.record()?, &context.civil).map(Value::Int)
}

pub(super) fn add_with_dup_check(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (values, check) = (arguments.record()?, arguments.text()?);
    let fields: &[&str] = match check {
        "Email" => &["Email"],
        "EmailAndName" => &["Email", "FirstName", "LastName"],
        "EmailAndNameAndCompany" => &["Email", "FirstName", "LastName", "Company"],
        _ => return Err(Fault::invalid_parameter(format_args!("Invalid dupCheckType: {check}"))),
    };
    match duplicate(context, values, fields)? {
        Some(id) => {
            row::update(context.db, table()?, id, values, &context.civil)?;
            Ok(Value::Int(id))
        }
        None => row::add(context.db, table()?, values, &context.civil).map(Value::Int),
    }
}

/// The oldest contact with the same values in some fields, the first of which must be given.
fn duplicate(context: &Context<'_>, values: &[(String, Value)], fields: &[&str]) -> Result<Option<i32>, Fault> {
    let (db, table) = (context.db, table()?);
    let given = |field: &str| match values.iter().find(|(name, _)| name == field) {
        Some((_, Value::String(text))) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    if given(fields[0]).is_none() {
        return Ok(None);
    }
    let mut filter = Filter::default();
    for field in fields {
        filter = filter.and(Filter::text(&[Column::find(db, table, field, Way::Read)?], given(field)));
    }
    let id = Column::find(db, table, "Id", Way::Read)?;
    let found = query::select(db, table, &[id], &filter, &Page::FIRST)?;
    Ok(found.iter().find_map(|record| match record {
        Value::Struct(members) => {
            members.iter().find_map(|(_, id)| if let Value::Int(id) = id { Some(*id) } else { None })
        }
        _ => None,
    }))
}

pub(super) fn load(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, fields) = (arguments.int()?, arguments.texts()?);
    data::record(context, table()?, id, &fields)
}

pub(super) fn update(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, values) = (arguments.int()?, arguments.record()?);
    row::update(context.db, table()?, id, values, &context.civil)?;
    Ok(Value::Int(id))
}

pub(super) fn find_by_email(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (email, fields) = (arguments.text()?, arguments.texts()?);
    let (db, table) = (context.db, table()?);
    let columns = query::columns(db, table, &fields)?;
    if email.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    let emails = query::columns(db, table, &["Email", "EmailAddress2", "EmailAddress3"])?;
    let filter = Filter::text(&emails, Some(email));
    query::select(db, table, &columns, &filter, &Page::ALL).map(Value::Array)
}

pub(super) fn link(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (first, second, kind) = (arguments.int()?, arguments.int()?, arguments.int()?);
    context.exists("Contact", first)?;
    context.exists("Contact", second)?;
    if first == second {
        return Err(Fault::invalid_parameter("A contact cannot be linked to itself"));
    }
    // A link is seen from both its ends.
    let sql = "INSERT OR IGNORE INTO sandbox_link (ContactId, OtherId, LinkTypeId) VALUES (?1, ?2, ?3), (?2, ?1, ?3)";
    let added = context.db.execute(sql, (first, second, kind))?;
    Ok(Value::Boolean(added > 0))
}

pub(super) fn unlink(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (first, second, kind) = (arguments.int()?, arguments.int()?, arguments.int()?);
    context.exists("Contact", first)?;
    context.exists("Contact", second)?;
    let sql = "DELETE FROM sandbox_link \
               WHERE (ContactId, OtherId) IN (VALUES (?1, ?2), (?2, ?1)) AND LinkTypeId = ?3";
    let removed = context.db.execute(sql, (first, second, kind))?;
    Ok(Value::Boolean(removed > 0))
}

pub(super) fn list_linked(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = arguments.int()?;
    context.exists("Contact", id)?;
    let sql = "SELECT OtherId, LinkTypeId FROM sandbox_link WHERE ContactId = ?1 ORDER BY 1, 2";
    let mut statement = context.db.prepare_cached(sql)?;
    let links = statement.query_map([id], |row| {
        let members = [("ContactId", row.get(0)?), ("LinkTypeId", row.get(1)?)];
        Ok(Value::Struct(members.map(|(name, id)| (name.to_owned(), Value::Int(id))).into()))
    })?;
    Ok(Value::Array(links.collect::<Result<_, _>>()?))
}

/// Removes what only has a meaning beside a contact, once the contact is gone.
pub(super) fn forget(context: &Context<'_>, id: i32) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM ContactGroupAssign WHERE ContactId = ?1",
        "DELETE FROM Campaignee WHERE ContactId = ?1",
        "DELETE FROM sandbox_step WHERE ContactId = ?1",
        "DELETE FROM sandbox_link WHERE ContactId = ?1 OR OtherId = ?1",
    ] {
        context.db.execute(sql, [id])?;
    }
    Ok(())
}
