//! `FileService`: the rows of `FileBox`, and beside them what the files hold.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::OptionalExtension;

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

pub(super) fn upload(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    insert(context, None, arguments)
}

pub(super) fn upload_for_contact(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let contact = arguments.int()?;
    context.exists("Contact", contact)?;
    insert(context, Some(contact), arguments)
}

fn insert(context: &Context<'_>, contact: Option<i32>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (name, content) = (arguments.text()?, content(arguments)?);
    let values = [
        ("FileName", Value::String(name.to_owned())),
        ("Extension", Value::String(extension(name).to_owned())),
        ("FileSize", Value::Int(size(&content)?)),
        ("Public", Value::Int(0)),
    ];
    let contact = contact.map(|id| ("ContactId", Value::Int(id)));
    let values: Vec<_> = values.into_iter().chain(contact).collect();
    let id = context.insert("FileBox", &values)?;
    keep(context, id, &content)?;
    Ok(Value::Int(id))
}

pub(super) fn get(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = existing(context, arguments)?;
    let sql = "SELECT Content FROM sandbox_file WHERE FileId = ?1";
    let content: Option<Vec<u8>> = context.db.query_row(sql, [id], |row| row.get(0)).optional()?;
    // A row that a test has put there itself has no content.
    Ok(Value::String(STANDARD.encode(content.unwrap_or_default())))
}

/// An address of the form that the documents show, which leads nowhere.
pub(super) fn download_url(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = existing(context, arguments)?;
    Ok(Value::String(format!("https://example.com/{id}")))
}

pub(super) fn replace(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, content) = (existing(context, arguments)?, content(arguments)?);
    context.db.execute("UPDATE FileBox SET FileSize = ?2 WHERE Id = ?1", (id, size(&content)?))?;
    keep(context, id, &content)?;
    Ok(Value::Int(id))
}

pub(super) fn rename(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, name) = (existing(context, arguments)?, arguments.text()?);
    // An empty text is no value, here as in every field.
    let sql = "UPDATE FileBox SET FileName = nullif(?2, ''), Extension = nullif(?3, '') WHERE Id = ?1";
    context.db.execute(sql, (id, name, extension(name)))?;
    Ok(Value::Boolean(true))
}

/// The file that a call names, which there must be.
fn existing(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<i32, Fault> {
    let id = arguments.int()?;
    context.exists("FileBox", id)?;
    Ok(id)
}

/// The next argument, base64, which some clients break into lines.
fn content(arguments: &mut Arguments<'_>) -> Result<Vec<u8>, Fault> {
    let encoded: Vec<u8> = arguments.text()?.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(encoded).map_err(|_| Fault::invalid_parameter("The file's content is not base64"))
}

fn size(content: &[u8]) -> Result<i32, Fault> {
    i32::try_from(content.len()).map_err(Fault::unexpected)
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn keep(context: &Context<'_>, id: i32, content: &[u8]) -> Result<(), Fault> {
    let sql = "INSERT OR REPLACE INTO sandbox_file (FileId, Content) VALUES (?1, ?2)";
    context.db.execute(sql, (id, content))?;
    Ok(())
}
