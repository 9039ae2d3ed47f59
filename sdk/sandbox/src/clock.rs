//! What time it is: the system's clock, or one that a test moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use infusionsoft::DateTime;

/// A clock. Clones of one that stands still are moved together.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use infusionsoft_sandbox::Clock;
///
/// let clock = Clock::at(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// The time that a clock shows that stands still, nothing for the system's clock.
    still: Option<Arc<Mutex<SystemTime>>>,
}

impl Clock {
    /// Takes the system's clock.
    pub fn system() -> Clock {
        Clock::default()
    }

    /// Makes a clock that stands still at some time, until it is advanced.
    pub fn at(time: SystemTime) -> Clock {
        Clock { still: Some(Arc::new(Mutex::new(time))) }
    }

    /// Moves a clock that stands still; the system's clock moves by itself and no other way.
    pub fn advance(&self, by: Duration) {
        if let Some(still) = &self.still {
            let mut time = still.lock().unwrap_or_else(PoisonError::into_inner);
            *time = time.checked_add(by).unwrap_or(*time);
        }
    }

    /// Tells the time.
    pub fn now(&self) -> SystemTime {
        match &self.still {
            Some(still) => *still.lock().unwrap_or_else(PoisonError::into_inner),
            None => SystemTime::now(),
        }
    }

    /// Tells what the clock on the server's wall shows, in the database's form: `2015-07-19 19:53:56`.
    ///
    /// A clock that is off by millennia shows the database's first day.
    pub(crate) fn civil(&self) -> String {
        DateTime::from_system_time(self.now()).map_or_else(|_| "0001-01-01 00:00:00".to_owned(), |time| stored(&time))
    }
}

/// A time in the form of the database, which sorts as text and which `2015-07%` matches.
pub(crate) fn stored(time: &DateTime) -> String {
    let (year, month, day) = (time.year(), time.month(), time.day());
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// An instant in the form of calendars: `20150719T235356Z`.
pub(crate) fn utc(instant: SystemTime) -> String {
    // Civil times have four-digit years, and so have the instants that come of them.
    jiff::Timestamp::try_from(instant).unwrap_or(jiff::Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string()
}
