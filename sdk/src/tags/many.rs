//! One call for each of many contacts.

// All functions are `inline`: few programs need them, and the others are spared compiling them.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind};
use crate::{ContactId, FaultCode};

/// How many calls may stay without an answer, one after the other, before no more are made.
const PATIENCE: u32 = 3;

/// What has become of many contacts and a tag, from [`Tags::add`](super::Tags::add) and
/// [`Tags::remove`](super::Tags::remove). Each contact is in one of the lists at most, in the order in which they came: one
/// that comes again is passed over.
#[must_use = "it says which contacts failed"]
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Tagging {
    /// Those who got the tag, or lost it.
    pub changed: Vec<ContactId>,
    /// Those who had the tag already, or had it not. So says the server when a call is repeated whose first answer was lost,
    /// too.
    pub unchanged: Vec<ContactId>,
    /// Those for whom the server refused it.
    pub failed: Vec<(ContactId, Error)>,
    /// Those for whom nobody knows, since no answer came, or a fault that leaves it open, such as
    /// [`Unexpected`](FaultCode::Unexpected): they may have got the tag, or lost it.
    pub uncertain: Vec<(ContactId, Error)>,
    /// The contact at which it ended early, and why; the error says whether it may have been executed for this one. Nothing
    /// was tried for those after it.
    pub stopped: Option<(ContactId, Error)>,
}

impl Tagging {
    /// Whether every contact now has the tag, or has it no more.
    #[inline]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.uncertain.is_empty() && self.stopped.is_none()
    }

    /// The contacts to try again, before those that it didn't come to: the uncertain ones, and that at which it stopped.
    #[inline]
    pub fn again(&self) -> impl Iterator<Item = ContactId> + '_ {
        self.uncertain.iter().chain(&self.stopped).map(|(contact, _)| *contact)
    }
}

/// What an error says of the calls to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// It concerns this contact.
    Failed,
    /// It concerns this contact, and may have been executed.
    Uncertain,
    /// No answer came that could be read; it may have been executed.
    Unanswered,
    /// It would meet every call.
    Hopeless,
}

/// Makes a call for each contact, as long as there is hope.
#[inline]
pub(super) fn each(
    contacts: &mut dyn Iterator<Item = ContactId>,
    call: &dyn Fn(ContactId) -> Result<bool, Error>,
) -> Tagging {
    let mut done = Tagging::default();
    let mut unanswered = 0;
    let mut seen = BTreeSet::new();
    for contact in contacts {
        if !seen.insert(contact) {
            continue;
        }
        let error = match call(contact) {
            Ok(changed) => {
                unanswered = 0;
                if changed { &mut done.changed } else { &mut done.unchanged }.push(contact);
                continue;
            }
            Err(error) => error,
        };
        let meaning = meaning(&error);
        unanswered = if meaning == Meaning::Unanswered { unanswered + 1 } else { 0 };
        match meaning {
            Meaning::Failed => done.failed.push((contact, error)),
            Meaning::Uncertain => done.uncertain.push((contact, error)),
            Meaning::Unanswered if unanswered < PATIENCE => done.uncertain.push((contact, error)),
            Meaning::Unanswered | Meaning::Hopeless => {
                done.stopped = Some((contact, error));
                break;
            }
        }
    }
    done
}

#[inline]
fn meaning(error: &Error) -> Meaning {
    let maybe_executed = error.maybe_executed();
    match error.kind() {
        ErrorKind::Fault => match error.fault().map(|fault| fault.code()) {
            Some(FaultCode::InvalidKey | FaultCode::NoTableAccess | FaultCode::NoAccess) => Meaning::Hopeless,
            _ if maybe_executed => Meaning::Uncertain,
            _ => Meaning::Failed,
        },
        ErrorKind::Timeout | ErrorKind::Connection | ErrorKind::Gateway | ErrorKind::Decode if maybe_executed => {
            Meaning::Unanswered
        }
        ErrorKind::InvalidRequest | ErrorKind::Decode => Meaning::Failed,
        ErrorKind::Unauthorized
        | ErrorKind::Throttled
        | ErrorKind::Gateway
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::Token
        | ErrorKind::Store => Meaning::Hopeless,
    }
}
