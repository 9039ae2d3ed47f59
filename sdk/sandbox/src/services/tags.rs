//! `ContactService`: tags, which were groups once.

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, tag) = (arguments.int()?, arguments.int()?);
    assign(context, contact, tag).map(Value::Boolean)
}

pub(super) fn remove(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, tag) = (arguments.int()?, arguments.int()?);
    revoke(context, contact, tag).map(Value::Boolean)
}

/// Gives a contact a tag, unless the contact has it.
pub(super) fn assign(context: &Context<'_>, contact: i32, tag: i32) -> Result<bool, Fault> {
    check(context, contact, tag)?;
    let sql = "INSERT OR IGNORE INTO ContactGroupAssign (ContactId, GroupId, DateCreated) VALUES (?1, ?2, ?3)";
    Ok(context.db.prepare_cached(sql)?.execute((contact, tag, &context.civil))? > 0)
}

/// Takes a tag from a contact, if the contact has it.
pub(super) fn revoke(context: &Context<'_>, contact: i32, tag: i32) -> Result<bool, Fault> {
    check(context, contact, tag)?;
    let sql = "DELETE FROM ContactGroupAssign WHERE ContactId = ?1 AND GroupId = ?2";
    Ok(context.db.prepare_cached(sql)?.execute((contact, tag))? > 0)
}

fn check(context: &Context<'_>, contact: i32, tag: i32) -> Result<(), Fault> {
    context.exists("Contact", contact)?;
    context.exists("ContactGroup", tag)
}
