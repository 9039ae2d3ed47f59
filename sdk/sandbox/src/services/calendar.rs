//! `DataService.getAppointmentICal`: appointments for other calendars.

use infusionsoft::DateTime;
use rusqlite::OptionalExtension;

use super::{Arguments, Context};
use crate::call::Value;
use crate::clock::utc;
use crate::fault::Fault;

pub(super) fn appointment(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = arguments.int()?;
    let sql = "SELECT ActionDate, coalesce(EndDate, ActionDate), ActionDescription, CreationNotes FROM ContactAction
               WHERE Id = ?1 AND IsAppointment = 1";
    let row = context
        .db
        .query_row(sql, [id], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?].map(Option::unwrap_or_default))
        })
        .optional()?;
    let [start, end, summary, description] = row.ok_or_else(|| Fault::no_record("ContactAction", id))?;
    let (start, end, stamp) = (instant(&start), instant(&end), utc(context.now));
    let (summary, description) = (escaped(&summary), escaped(&description));
    let lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Infusionsoft//Sandbox//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        &format!("DTSTAMP:{stamp}"),
        &format!("DTSTART:{start}"),
        &format!("DTEND:{end}"),
        &format!("SUMMARY:{summary}"),
        &format!("UID:appointment-{id}@sandbox.infusionsoft.com"),
        &format!("DESCRIPTION:{description}"),
        "ORGANIZER;ROLE=REQ-PARTICIPANT;CN=Test Tester:mailto:test@example.com",
        "END:VEVENT",
        "END:VCALENDAR",
    ];
    Ok(Value::String(lines.join("\r\n")))
}

/// A stored time in UTC; an appointment without one has none here.
fn instant(stored: &str) -> String {
    stored.parse().map_or_else(|_| String::new(), |time: DateTime| utc(time.to_system_time()))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace(['\r', '\n'], "\\n")
}
