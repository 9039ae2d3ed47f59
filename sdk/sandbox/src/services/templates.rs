//! `APIEmailService`: email templates, which are rows of `Template`, and beside them what the emails hold.

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

/// What a template holds beside its name and its categories: the columns of `sandbox_template`, in the order of the
/// arguments.
const MEMBERS: [&str; 9] = [
    "fromAddress",
    "toAddress",
    "ccAddress",
    "bccAddress",
    "subject",
    "textBody",
    "htmlBody",
    "contentType",
    "mergeContext",
];

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let values = [("PieceTitle", arguments.text()?), ("Categories", arguments.text()?), ("PieceType", "Email")];
    let id = context.insert("Template", &values.map(|(name, text)| (name, Value::String(text.to_owned()))))?;
    keep(context, id, arguments)
}

/// Answers the template's id, as the documents do; some servers answer `true`.
pub(super) fn update(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = existing(context, arguments)?;
    let sql = "UPDATE Template SET PieceTitle = nullif(?2, ''), Categories = nullif(?3, '') WHERE Id = ?1";
    context.db.execute(sql, (id, arguments.text()?, arguments.text()?))?;
    keep(context, id, arguments)
}

fn keep(context: &Context<'_>, id: i32, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    context.db.execute("INSERT OR REPLACE INTO sandbox_template (TemplateId) VALUES (?1)", [id])?;
    for member in MEMBERS {
        let sql = format!("UPDATE sandbox_template SET {member} = ?2 WHERE TemplateId = ?1");
        context.db.prepare_cached(&sql)?.execute((id, arguments.text()?))?;
    }
    Ok(Value::Int(id))
}

pub(super) fn get(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = existing(context, arguments)?;
    let names = ["pieceTitle", "categories"].into_iter().chain(MEMBERS);
    let columns: Vec<String> = names.clone().map(|name| format!("coalesce({name}, '')")).collect();
    let sql = format!(
        "SELECT {} FROM Template LEFT JOIN sandbox_template ON TemplateId = Id WHERE Id = ?1",
        columns.join(", ")
    );
    let members = context.db.prepare_cached(&sql)?.query_row([id], |row| {
        let member = |(place, name): (usize, &str)| Ok((name.to_owned(), Value::String(row.get(place)?)));
        names.enumerate().map(member).collect()
    })?;
    Ok(Value::Struct(members))
}

/// The template that a call names, which there must be; several clients send its id as text.
fn existing(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<i32, Fault> {
    let id = arguments.id()?;
    context.exists("Template", id)?;
    Ok(id)
}
