//! What has changed since the last time, over and over, against the sandbox: no account, no arguments.
//!
//! `LastUpdated` is the server's civil time: US Eastern, whole seconds, no offset. Three things follow for whoever asks for
//! what changed since then:
//!
//! - **Begin earlier than where you stopped.** A contact can change in the second in which the last round was read, after it
//!   was read; and your clock differs from the server's. So rounds overlap ([`OVERLAP`]), and a change can come twice: what is
//!   done with it must be the same the second time, such as writing the row to where it was.
//! - **In autumn the clock goes back from 2:00 to 1:00.** What changes in the second one of these hours looks older than what
//!   changed in the first one, so a round that begins in it goes back to its start.
//! - **Take the time before you ask**, not after the answer: what changes meanwhile belongs to the next round.
//!
//! In spring nothing is to be done: the hour that is skipped is never shown. Contacts that were deleted don't come at all.

use std::time::{Duration, SystemTime};

use infusionsoft::tables::Contact;
use infusionsoft::{Changes, Client, ContactId, Credentials, DateTime, Error, Instants};
use infusionsoft_sandbox::{ACCESS_TOKEN, Clock, Sandbox};

/// How much of the round before is read again: longer than the clocks differ, and than a second.
const OVERLAP: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The sandbox's clock stands still until it is told otherwise. With the real server, take `SystemTime::now()`.
    let clock = Clock::at(SystemTime::now());
    let sandbox = Sandbox::builder().clock(clock.clone()).contacts(20).build()?;
    let credentials = Credentials::access_token(ACCESS_TOKEN);
    let client = Client::builder().credentials(credentials).transport(sandbox).build()?;

    let mut since = None;
    for round in 1..=2 {
        let now = clock.now();
        let changed = changed_since(&client, since)?;
        since = Some(now);
        println!("round {round}, {} on the server's clock:", DateTime::from_system_time(now)?);
        for contact in &changed {
            let changed = contact.last_updated.map(|at| at.to_string()).unwrap_or_default();
            let (id, name) = (contact.id.unwrap_or_default(), contact.first_name.as_deref().unwrap_or_default());
            println!("  {changed}  contact {id}, {name}");
        }
        if let Some(id) = changed.first().and_then(|contact| contact.id) {
            clock.advance(Duration::from_secs(3600));
            rename(&client, id, "Ada")?;
        }
    }
    Ok(())
}

/// The contacts that have changed since an instant, and some that had before; all of them the first time.
fn changed_since(client: &Client, since: Option<SystemTime>) -> Result<Vec<Contact>, Error> {
    let mut find = client.find::<Contact>().select(&[&Contact::ID, &Contact::FIRST_NAME, &Contact::LAST_UPDATED]);
    if let Some(since) = since {
        find = find.filter(Contact::LAST_UPDATED.at_least(earliest(since - OVERLAP)?));
    }
    find.fetch()
}

/// The earliest time that the server's clock shows from an instant on.
fn earliest(instant: SystemTime) -> Result<DateTime, Error> {
    let shown = DateTime::from_system_time(instant)?;
    match shown.instants() {
        Instants::Two { .. } => DateTime::new(shown.year(), shown.month(), shown.day(), shown.hour(), 0, 0),
        Instants::One(_) | Instants::Skipped { .. } => Ok(shown),
    }
}

fn rename(client: &Client, id: ContactId, name: &str) -> Result<(), Error> {
    client.update(id, Changes::new().set(Contact::FIRST_NAME, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    /// An account whose clock shows a time of the server's, the first one if there are two.
    fn account(time: &str) -> Result<(Client, Clock), Box<dyn std::error::Error>> {
        let clock = Clock::at(time.parse::<DateTime>()?.to_system_time());
        let sandbox = Sandbox::builder().clock(clock.clone()).build()?;
        let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).transport(sandbox);
        Ok((builder.build()?, clock))
    }

    fn add(client: &Client, name: &str) -> Result<ContactId, Error> {
        client.insert(infusionsoft::NewRow::new().set(Contact::FIRST_NAME, name))
    }

    fn ids(contacts: &[Contact]) -> Vec<ContactId> {
        contacts.iter().filter_map(|contact| contact.id).collect()
    }

    #[test]
    fn a_round_reads_what_has_changed() -> Outcome {
        let (client, clock) = account("20260601T12:00:00")?;
        let (ada, grace) = (add(&client, "Ada")?, add(&client, "Grace")?);
        assert_eq!(ids(&changed_since(&client, None)?), [ada, grace]);
        let since = clock.now();
        // In the second in which the round was read, and an hour later.
        rename(&client, ada, "Augusta")?;
        assert_eq!(ids(&changed_since(&client, Some(since))?), [ada, grace], "the rounds overlap");
        clock.advance(Duration::from_secs(3600));
        let since = clock.now();
        rename(&client, grace, "Hopper")?;
        assert_eq!(ids(&changed_since(&client, Some(since))?), [grace]);
        Ok(())
    }

    #[test]
    fn nothing_is_missed_in_the_repeated_hour() -> Outcome {
        // 1:50 in daylight saving time; twenty minutes later it is 1:10 in standard time.
        let (client, clock) = account("20261101T01:50:00")?;
        let ada = add(&client, "Ada")?;
        let since = clock.now();
        clock.advance(Duration::from_secs(20 * 60));
        rename(&client, ada, "Augusta")?;
        let naive = Contact::LAST_UPDATED.at_least(DateTime::from_system_time(since - OVERLAP)?);
        assert_eq!(client.find::<Contact>().filter(naive).count()?, 0, "this is what would be missed");
        assert_eq!(ids(&changed_since(&client, Some(since))?), [ada]);
        Ok(())
    }

    #[test]
    fn the_example_runs() -> Outcome {
        main()
    }
}
