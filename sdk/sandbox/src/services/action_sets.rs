//! `ContactService.runActionSequence`: what the actions of a set do.

use rusqlite::{Connection, OptionalExtension};

use super::{Arguments, Context, sequences, tags};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::{column, row};

/// An action of an action set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Gives the contact the tag with this id.
    ApplyTag(i32),
    /// Takes the tag with this id from the contact.
    RemoveTag(i32),
    /// Starts the follow-up sequence with this id for the contact.
    StartSequence(i32),
    /// Takes the contact out of the follow-up sequence with this id.
    StopSequence(i32),
}

impl Action {
    fn from_parts(kind: &str, target: i32) -> Option<Action> {
        let make = match kind {
            "ApplyTag" => Action::ApplyTag,
            "RemoveTag" => Action::RemoveTag,
            "StartSequence" => Action::StartSequence,
            "StopSequence" => Action::StopSequence,
            _ => return None,
        };
        Some(make(target))
    }

    fn parts(self) -> (&'static str, i32) {
        match self {
            Action::ApplyTag(id) => ("ApplyTag", id),
            Action::RemoveTag(id) => ("RemoveTag", id),
            Action::StartSequence(id) => ("StartSequence", id),
            Action::StopSequence(id) => ("StopSequence", id),
        }
    }

    /// The name under which the server reports the action, the table of its target, and what it says when it is done.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Action::ApplyTag(_) => ("Apply/Remove Tag", "ContactGroup", "GroupName", "tags applied to Contact"),
            Action::RemoveTag(_) => ("Apply/Remove Tag", "ContactGroup", "GroupName", "tags removed from Contact"),
            Action::StartSequence(_) => {
                ("Start/Stop a Follow-Up Sequence", "Campaign", "Name", "follow-up sequence started")
            }
            Action::StopSequence(_) => {
                ("Start/Stop a Follow-Up Sequence", "Campaign", "Name", "follow-up sequence stopped")
            }
        }
    }
}

/// Adds an action to the end of a set.
pub(crate) fn add_action(db: &Connection, set: i32, action: Action) -> Result<(), Fault> {
    row::exists(db, column::table("ActionSequence")?, set)?;
    let (kind, target) = action.parts();
    let sql = "INSERT INTO sandbox_action (ActionSequenceId, Kind, TargetId) VALUES (?1, ?2, ?3)";
    db.execute(sql, (set, kind, target))?;
    Ok(())
}

pub(super) fn run(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, set) = (arguments.int()?, arguments.int()?);
    context.exists("Contact", contact)?;
    context.exists("ActionSequence", set)?;
    let sql = "SELECT Kind, TargetId FROM sandbox_action WHERE ActionSequenceId = ?1 ORDER BY Position";
    let mut statement = context.db.prepare_cached(sql)?;
    let actions = statement.query_map([set], |row| Ok(Action::from_parts(row.get_ref(0)?.as_str()?, row.get(1)?)))?;
    let actions: Vec<_> = actions.collect::<Result<_, _>>()?;
    actions
        .into_iter()
        .flatten()
        .map(|action| perform(context, contact, action))
        .collect::<Result<_, _>>()
        .map(Value::Array)
}

/// Performs an action. One whose target is gone says so, and is no fault.
fn perform(context: &Context<'_>, contact: i32, action: Action) -> Result<Value, Fault> {
    let (name, table, label, done) = action.words();
    let (_, target) = action.parts();
    let sql = format!("SELECT coalesce({label}, '') FROM {table} WHERE Id = ?1");
    let found: Option<String> = context.db.query_row(&sql, [target], |row| row.get(0)).optional()?;
    let message = match &found {
        Some(label) => {
            match action {
                Action::ApplyTag(tag) => tags::assign(context, contact, tag)?,
                Action::RemoveTag(tag) => tags::revoke(context, contact, tag)?,
                Action::StartSequence(sequence) => sequences::start(context, contact, sequence)?,
                Action::StopSequence(sequence) => sequences::stop(context, contact, sequence)?,
            };
            format!("{done}: {label}")
        }
        None => format!("{table} {target} was not found"),
    };
    Ok(Value::Struct(vec![
        ("Action".to_owned(), Value::String(name.to_owned())),
        ("Message".to_owned(), Value::String(message)),
        ("IsError".to_owned(), Value::Boolean(found.is_none())),
    ]))
}
