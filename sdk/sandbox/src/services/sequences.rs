//! `ContactService`: follow-up sequences, which were campaigns once.

use rusqlite::OptionalExtension;

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

const ACTIVE: &str = "Active";
const PAUSED: &str = "Paused";

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, sequence) = ids(context, arguments)?;
    start(context, contact, sequence).map(Value::Boolean)
}

/// Starts a sequence for a contact, unless the contact is in it.
pub(super) fn start(context: &Context<'_>, contact: i32, sequence: i32) -> Result<bool, Fault> {
    let sql = "INSERT OR IGNORE INTO Campaignee (ContactId, CampaignId, Status) VALUES (?1, ?2, ?3)";
    Ok(context.db.execute(sql, (contact, sequence, ACTIVE))? > 0)
}

pub(super) fn pause(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    set_status(context, arguments, ACTIVE, PAUSED)
}

pub(super) fn resume(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    set_status(context, arguments, PAUSED, ACTIVE)
}

fn set_status(context: &Context<'_>, arguments: &mut Arguments<'_>, from: &str, to: &str) -> Result<Value, Fault> {
    let (contact, sequence) = ids(context, arguments)?;
    let sql = "UPDATE Campaignee SET Status = ?4 WHERE ContactId = ?1 AND CampaignId = ?2 AND Status = ?3";
    let changed = context.db.execute(sql, (contact, sequence, from, to))?;
    Ok(Value::Boolean(changed > 0))
}

pub(super) fn remove(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, sequence) = ids(context, arguments)?;
    stop(context, contact, sequence).map(Value::Boolean)
}

/// Takes a contact out of a sequence; one who comes back begins anew.
pub(super) fn stop(context: &Context<'_>, contact: i32, sequence: i32) -> Result<bool, Fault> {
    let steps = "DELETE FROM sandbox_step \
                 WHERE ContactId = ?1 AND StepId IN (SELECT Id FROM CampaignStep WHERE CampaignId = ?2)";
    context.db.execute(steps, (contact, sequence))?;
    let sql = "DELETE FROM Campaignee WHERE ContactId = ?1 AND CampaignId = ?2";
    Ok(context.db.execute(sql, (contact, sequence))? > 0)
}

/// The first step that comes after all those that were performed, 0 if there is none.
pub(super) fn next_step(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, sequence) = ids(context, arguments)?;
    let enrolled = "SELECT 1 FROM Campaignee WHERE ContactId = ?1 AND CampaignId = ?2";
    let enrolled = context.db.query_row(enrolled, (contact, sequence), |_| Ok(())).optional()?;
    enrolled.ok_or_else(|| Fault::no_record("Campaignee", contact))?;
    let sql = "SELECT coalesce(min(Id), 0) FROM CampaignStep WHERE CampaignId = ?2 AND Id > (
                   SELECT coalesce(max(s.Id), 0) FROM CampaignStep s JOIN sandbox_step p ON p.StepId = s.Id
                   WHERE p.ContactId = ?1 AND s.CampaignId = ?2)";
    Ok(Value::Int(context.db.query_row(sql, (contact, sequence), |row| row.get(0))?))
}

/// Performs a step for those contacts who are in its sequence, and tells how many they are.
pub(super) fn reschedule(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contacts, step) = (arguments.ints()?, arguments.int()?);
    context.exists("CampaignStep", step)?;
    let sql = "INSERT INTO sandbox_step (ContactId, StepId)
                   SELECT c.ContactId, s.Id FROM Campaignee c JOIN CampaignStep s ON s.CampaignId = c.CampaignId
                   WHERE c.ContactId = ?1 AND s.Id = ?2
               ON CONFLICT DO UPDATE SET StepId = StepId";
    let mut statement = context.db.prepare_cached(sql)?;
    let mut performed = 0;
    for contact in contacts {
        performed += statement.execute((contact, step))?;
    }
    Ok(Value::Int(i32::try_from(performed).map_err(Fault::unexpected)?))
}

/// The contact and the sequence that a call names, both of which there must be.
fn ids(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<(i32, i32), Fault> {
    let (contact, sequence) = (arguments.int()?, arguments.int()?);
    context.exists("Contact", contact)?;
    context.exists("Campaign", sequence)?;
    Ok((contact, sequence))
}
