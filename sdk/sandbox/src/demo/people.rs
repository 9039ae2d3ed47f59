//! Companies, contacts, their tags, and what was said and agreed with them.

use super::chance::{Moment, slug};
use super::setup::{Setup, TAGS};
use super::{CLOSE, Demo, OPEN, Row, sales};
use crate::fault::Fault;

/// A city with what goes with it.
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) zip: &'static str,
    pub(super) area: &'static str,
}

pub(super) const PLACES: &[Place] = &[
    place("Chandler", "AZ", "852", "480"),
    place("Phoenix", "AZ", "850", "602"),
    place("San Diego", "CA", "921", "619"),
    place("San Francisco", "CA", "941", "415"),
    place("Denver", "CO", "802", "303"),
    place("Miami", "FL", "331", "305"),
    place("Atlanta", "GA", "303", "404"),
    place("Boise", "ID", "837", "208"),
    place("Chicago", "IL", "606", "312"),
    place("New Orleans", "LA", "701", "504"),
    place("Boston", "MA", "021", "617"),
    place("Minneapolis", "MN", "554", "612"),
    place("Raleigh", "NC", "276", "919"),
    place("Albuquerque", "NM", "871", "505"),
    place("New York", "NY", "100", "212"),
    place("Columbus", "OH", "432", "614"),
    place("Portland", "OR", "972", "503"),
    place("Philadelphia", "PA", "191", "215"),
    place("Austin", "TX", "787", "512"),
    place("Salt Lake City", "UT", "841", "801"),
    place("Seattle", "WA", "981", "206"),
    place("Milwaukee", "WI", "532", "414"),
];

const fn place(city: &'static str, state: &'static str, zip: &'static str, area: &'static str) -> Place {
    Place { city, state, zip, area }
}

/// A company that contacts work for.
pub(super) struct Company {
    id: i32,
    name: String,
    place: &'static Place,
    street: String,
    zip: String,
    website: String,
}

/// What is needed of a contact to sell to them.
pub(super) struct Contact {
    pub(super) id: i32,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) company: Option<String>,
    pub(super) place: &'static Place,
    pub(super) street: String,
    pub(super) zip: String,
    pub(super) phone: Option<String>,
    pub(super) created: Moment,
    pub(super) owner: i32,
    pub(super) lead_source: &'static str,
}

const NOTES: &[(&str, &str, &str)] = &[
    ("Call", "Left a voice mail", "Called to say hello, nobody picked up. Try again in the morning."),
    ("Call", "First call", "Knows us from the newsletter. Wants to see prices before the summer."),
    ("Call", "Asked about delivery", "Can take delivery on weekdays only. Please ring before."),
    ("Email", "Sent the brochure", "Sent the current brochure and the price list."),
    ("Email", "Thanked for the order", "Sent a note of thanks with the order."),
    ("Other", "Met at the trade fair", "Friendly talk at our stand. Interested in a yearly plan."),
    ("Other", "Moved house", "New address is on file, the old one is gone."),
];

const TASKS: &[(&str, &str)] = &[
    ("Call back", "Promised to call back this week."),
    ("Send the offer", "Offer as talked about, with ten percent off."),
    ("Check the open invoice", "Ask kindly whether the invoice was overlooked."),
    ("Send birthday card", "The short one will do."),
];

const APPOINTMENTS: &[(&str, &str)] = &[
    ("Demonstration", "Shows the product on the shared screen."),
    ("Consultation", "Half an hour about their plans."),
    ("Yearly review", "Looks back at the year and at what comes next."),
];

/// Adds the companies, one for every ten contacts.
pub(super) fn companies(demo: &mut Demo<'_>, contacts: usize) -> Result<Vec<Company>, Fault> {
    (0..contacts.div_ceil(10)).map(|_| company(demo)).collect()
}

fn company(demo: &mut Demo<'_>) -> Result<Company, Fault> {
    let (name, place) = (demo.chance.company(), demo.chance.pick(PLACES));
    let (street, zip) = (demo.chance.street(), zip(demo, place));
    let website = format!("http://www.example.com/{}", slug(&name, '-'));
    let (email, phone) = (demo.chance.address(&["office", &name]), demo.chance.phone(place.area));
    let created = demo.chance.later(OPEN, 30, CLOSE);
    let id = demo.insert(
        "Company",
        &[
            ("Company", &name),
            ("Email", &email),
            ("Phone1", &phone),
            ("Phone1Type", &"Work"),
            ("StreetAddress1", &street),
            ("City", &place.city),
            ("State", &place.state),
            ("PostalCode", &zip),
            ("Country", &"United States"),
            ("Website", &website),
            ("DateCreated", &created),
            ("LastUpdated", &created),
        ],
    )?;
    Ok(Company { id, name, place, street, zip, website })
}

fn zip(demo: &mut Demo<'_>, place: &Place) -> String {
    format!("{}{:02}", place.zip, demo.chance.between(1, 60))
}

/// Adds a contact with everything that hangs on it.
///
/// Contacts come in the order of their ids, and the more, the later.
pub(super) fn contact(demo: &mut Demo<'_>, setup: &Setup, companies: &[Company], age: f64) -> Result<(), Fault> {
    let days = (OPEN.days_until(CLOSE) as f64 * age.sqrt()) as i64;
    let created = demo.chance.later(OPEN.plus_days(days), 0, CLOSE);
    let customer = demo.chance.percent(35);
    let contact = person(demo, setup, companies, created, customer)?;
    tags(demo, setup, &contact, customer)?;
    if demo.chance.percent(20) {
        let sequence = *demo.chance.pick(&setup.sequences);
        let status = *demo.chance.pick(&["Active", "Active", "Finished", "Paused"]);
        demo.insert("Campaignee", &[("ContactId", &contact.id), ("CampaignId", &sequence), ("Status", &status)])?;
    }
    for _ in 0..demo.chance.between(0, 2) {
        action(demo, &contact)?;
    }
    if demo.chance.percent(15) {
        sales::opportunity(demo, setup, &contact, customer)?;
    }
    if customer {
        for _ in 0..demo.chance.between(1, 3) {
            sales::order(demo, setup, &contact)?;
        }
    }
    Ok(())
}

fn person(
    demo: &mut Demo<'_>,
    setup: &Setup,
    companies: &[Company],
    created: Moment,
    customer: bool,
) -> Result<Contact, Fault> {
    let chance = &mut demo.chance;
    let (first_name, last_name) = (chance.first_name(), chance.last_name());
    let company = chance.percent(60).then(|| chance.pick(companies));
    let place = company.map_or_else(|| chance.pick(PLACES), |company| company.place);
    let street = company.map_or_else(|| chance.street(), |company| company.street.clone());
    let email = chance.percent(96).then(|| chance.address(&[first_name, last_name]));
    let phone = chance.percent(85).then(|| chance.phone(place.area));
    let mobile = chance.percent(25).then(|| chance.phone(place.area));
    let job_title = company.map(|_| chance.job_title());
    let birthday = chance.percent(30).then(|| Moment::day(chance.between(-9_000, 12_000)).date());
    let updated = chance.later(created, created.days_until(CLOSE), CLOSE);
    let kind = if customer { "Customer" } else { *chance.pick(&["Prospect", "Prospect", "Lead", "Other"]) };
    let (owner, (source, lead_source)) = (*chance.pick(&setup.users), *chance.pick(&setup.lead_sources));
    let zip = company.map(|company| company.zip.clone()).unwrap_or_else(|| zip(demo, place));
    let id = demo.insert(
        "Contact",
        &[
            ("FirstName", &first_name),
            ("LastName", &last_name),
            ("Email", &email),
            ("Phone1", &phone),
            ("Phone1Type", &phone.as_ref().map(|_| "Work")),
            ("Phone2", &mobile),
            ("Phone2Type", &mobile.as_ref().map(|_| "Mobile")),
            ("Company", &company.map(|company| &company.name)),
            ("CompanyID", &company.map(|company| company.id)),
            ("JobTitle", &job_title),
            ("Website", &company.map(|company| &company.website)),
            ("StreetAddress1", &street),
            ("City", &place.city),
            ("State", &place.state),
            ("PostalCode", &zip),
            ("Country", &"United States"),
            ("Birthday", &birthday),
            ("ContactType", &kind),
            ("OwnerID", &owner),
            ("LeadSourceId", &source),
            ("Leadsource", &lead_source),
            ("DateCreated", &created),
            ("CreatedBy", &owner),
            ("LastUpdated", &updated),
            ("LastUpdatedBy", &owner),
        ],
    )?;
    let company = company.map(|company| company.name.clone());
    Ok(Contact { id, first_name, last_name, company, place, street, zip, phone, created, owner, lead_source })
}

/// Tags a contact: every customer as one, and some contacts with some of the others.
fn tags(demo: &mut Demo<'_>, setup: &Setup, contact: &Contact, customer: bool) -> Result<(), Fault> {
    for ((_, name, often), id) in TAGS.iter().zip(&setup.tags) {
        let often = if *name == "Customer" { i64::from(customer) * 100 } else { *often };
        if demo.chance.percent(often) {
            let assigned = demo.chance.later(contact.created, contact.created.days_until(CLOSE), CLOSE);
            let row: Row<'_> = &[("ContactId", &contact.id), ("GroupId", id), ("DateCreated", &assigned)];
            demo.insert("ContactGroupAssign", row)?;
        }
    }
    Ok(())
}

/// Adds a note, a task or an appointment.
fn action(demo: &mut Demo<'_>, contact: &Contact) -> Result<(), Fault> {
    let chance = &mut demo.chance;
    let created = chance.later(contact.created, contact.created.days_until(CLOSE), CLOSE);
    let due = chance.later(created, 21, CLOSE.plus_days(21));
    let done = (due < CLOSE || chance.percent(30)).then_some(due.min(CLOSE).max(created));
    let (object, (kind, title, text), due, end) = match chance.between(1, 10) {
        1..=6 => ("Note", *chance.pick(NOTES), created, None),
        7..=8 => {
            let (title, text) = *chance.pick(TASKS);
            ("Task", ("Call", title, text), due, None)
        }
        _ => {
            let (title, text) = *chance.pick(APPOINTMENTS);
            ("Appointment", ("Appointment", title, text), due, Some(due.plus_minutes(30)))
        }
    };
    let done = if object == "Note" { Some(created) } else { done };
    demo.insert(
        "ContactAction",
        &[
            ("ContactId", &contact.id),
            ("ObjectType", &object),
            ("ActionType", &kind),
            ("ActionDescription", &title),
            ("CreationNotes", &text),
            ("CreationDate", &created),
            ("ActionDate", &due),
            ("EndDate", &end),
            ("CompletionDate", &done),
            ("IsAppointment", &i64::from(end.is_some())),
            ("Accepted", &0),
            ("Priority", &2),
            ("UserID", &contact.owner),
            ("CreatedBy", &contact.owner),
            ("LastUpdated", &done.unwrap_or(created)),
            ("LastUpdatedBy", &contact.owner),
        ],
    )
    .map(drop)
}
