//! The server's civil time, and its conversion from and to instants. The one file that names `jiff`.

// All functions are `inline`: each program needs few of them, and is spared compiling the others.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// The name of the newtype struct as which times are written.
pub(crate) const NAME: &str = "$infusionsoft::DateTime";

/// What a text must look like to be read.
const FORMS: &str =
    "write 2015-07-19, 2015-07-19T19:53:56 or 20150719T19:53:56; a time can have an offset, such as -04:00";

static SERVER_ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("America/New_York").expect("the time zone database is compiled in"));

/// A date and time as the server keeps it: civil time in US Eastern, to the second.
///
/// The wire carries no offset, so a `DateTime` is what a clock on the wall in New York shows.
/// It is converted exactly from instants; the way back has two answers in the hour that autumn repeats, and none in
/// the hour that spring skips: see [`DateTime::instants`].
///
/// ```
/// use infusionsoft::DateTime;
///
/// let paid: DateTime = "20150719T19:53:56".parse()?;
/// assert_eq!((paid.year(), paid.hour()), (2015, 19));
/// assert_eq!(DateTime::from_system_time(paid.to_system_time())?, paid);
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(civil::DateTime);

/// A date of the server's calendar; it travels as midnight of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// The instants at which the server's clock shows a [`DateTime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instants {
    /// The usual case: exactly one.
    One(SystemTime),
    /// The time lies in the hour that is repeated when daylight saving time ends.
    Two {
        /// The first time round, in daylight saving time.
        earlier: SystemTime,
        /// The second time round, in standard time.
        later: SystemTime,
    },
    /// The time lies in the hour that is skipped when daylight saving time begins: no clock ever showed it.
    Skipped {
        /// The first instant after the gap.
        next: SystemTime,
    },
}

/// Reads a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
#[inline]
pub(crate) fn from_http(text: &str) -> Option<SystemTime> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(date.into())
}

impl DateTime {
    /// A date and time of day.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if there is no such day or time of day; years run from 1 to 9999, seconds to 59.
    #[inline]
    pub fn new(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8) -> Result<DateTime, Error> {
        civil::DateTime::new(year, month, day, hour, minute, second, 0)
            .map_err(|source| Error::invalid_date(&source.to_string()))
            .and_then(DateTime::checked)
    }

    /// What the server's clock shows at an instant; fractions of a second are dropped.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the instant lies outside the years 1 to 9999.
    #[inline]
    pub fn from_system_time(instant: SystemTime) -> Result<DateTime, Error> {
        let last = jiff::Timestamp::MAX;
        let shown = match (jiff::Timestamp::try_from(instant), instant.duration_since(last.into())) {
            (Ok(instant), _) => Ok(SERVER_ZONE.to_datetime(instant)),
            // The instants of jiff end with 30 December 9999, a day before its civil times do.
            (Err(_), Ok(beyond)) => SERVER_ZONE.to_datetime(last).checked_add(beyond),
            (Err(source), Err(_)) => Err(source),
        };
        DateTime::checked(shown.map_err(|source| Error::invalid_date(&source.to_string()))?)
    }

    /// Every instant at which the server's clock shows this time.
    #[inline]
    pub fn instants(self) -> Instants {
        let at = |offset| self.at(offset);
        match SERVER_ZONE.to_ambiguous_timestamp(self.0).offset() {
            AmbiguousOffset::Unambiguous { offset } => Instants::One(at(offset)),
            AmbiguousOffset::Fold { before, after } => Instants::Two { earlier: at(before), later: at(after) },
            AmbiguousOffset::Gap { before, .. } => {
                // Read with the offset from before the gap, the time lies in the hour after the change; `preceding` is exclusive.
                let beyond = jiff::Timestamp::try_from(at(before) + Duration::from_secs(1));
                let change = beyond.ok().and_then(|beyond| SERVER_ZONE.preceding(beyond).next());
                Instants::Skipped { next: change.map_or_else(|| at(before), |change| change.timestamp().into()) }
            }
        }
    }

    /// The instant at which clocks of that offset show this time. Those of the last day lie beyond the instants of jiff.
    #[inline]
    fn at(self, offset: Offset) -> SystemTime {
        let seconds =
            self.0.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs() - i64::from(offset.seconds());
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
    }

    /// The instant at which the server's clock shows this time: the earlier of two, or the first one after a gap.
    #[inline]
    pub fn to_system_time(self) -> SystemTime {
        match self.instants() {
            Instants::One(instant) | Instants::Two { earlier: instant, .. } | Instants::Skipped { next: instant } => {
                instant
            }
        }
    }

    /// The day.
    #[inline]
    pub fn date(self) -> Date {
        Date(self.0.date())
    }

    /// The year, from 1 to 9999.
    #[inline]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1 to 12.
    #[inline]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[inline]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The hour, from 0 to 23.
    #[inline]
    pub fn hour(self) -> i8 {
        self.0.hour()
    }

    /// The minute, from 0 to 59.
    #[inline]
    pub fn minute(self) -> i8 {
        self.0.minute()
    }

    /// The second, from 0 to 59.
    #[inline]
    pub fn second(self) -> i8 {
        self.0.second()
    }

    /// Drops fractions of seconds, and refuses the years that the wire's four digits can't show.
    #[inline]
    fn checked(time: civil::DateTime) -> Result<DateTime, Error> {
        if time.year() < 1 {
            return Err(Error::invalid_date(&format!("the year {} is before the year 1", time.year())));
        }
        Ok(DateTime(time.date().at(time.hour(), time.minute(), time.second(), 0)))
    }
}

impl Date {
    /// A day.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if there is no such day; years run from 1 to 9999.
    #[inline]
    pub fn new(year: i16, month: i8, day: i8) -> Result<Date, Error> {
        DateTime::new(year, month, day, 0, 0, 0).map(DateTime::date)
    }

    /// The day's first second.
    #[inline]
    pub fn at_midnight(self) -> DateTime {
        DateTime(self.0.at(0, 0, 0, 0))
    }

    /// The year, from 1 to 9999.
    #[inline]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1 to 12.
    #[inline]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[inline]
    pub fn day(self) -> i8 {
        self.0.day()
    }
}

impl fmt::Display for DateTime {
    /// Writes the wire's form, such as `20150719T19:53:56`.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}:{:02}", self.date(), self.hour(), self.minute(), self.second())
    }
}

impl fmt::Display for Date {
    /// Writes the wire's form, such as `20150719`.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.year(), self.month(), self.day())
    }
}

impl FromStr for DateTime {
    type Err = Error;

    /// Reads `20150719T19:53:56` and `2015-07-19T19:53:56`, with or without a fraction of a second; a day alone,
    /// `2015-07-19`, is its midnight.
    /// A text with an offset (`…Z`, `…-07:00`) names an instant: it becomes what the server's clock shows then.
    /// No `DateTime` has the second 60 of a leap second: in a text, it is read as 59.
    #[inline]
    fn from_str(text: &str) -> Result<DateTime, Error> {
        if let Some(time) = as_on_the_wire(text) {
            return Ok(DateTime(time));
        }
        let invalid = |source: jiff::Error| Error::invalid_date(&source.to_string());
        // `Pieces` reads both the basic and the extended form of ISO 8601.
        let pieces = jiff::fmt::temporal::Pieces::parse(text)
            .map_err(|source| Error::invalid_date(&format!("{source}; {FORMS}")))?;
        let time = pieces.date().to_datetime(pieces.time().unwrap_or(civil::Time::midnight()));
        match pieces.to_numeric_offset() {
            None if pieces.time_zone_annotation().is_some() => {
                Err(Error::invalid_date("a time zone is named, but no offset"))
            }
            None => DateTime::checked(time),
            Some(offset) => {
                let shown = match offset.to_timestamp(time) {
                    Ok(instant) => Ok(SERVER_ZONE.to_datetime(instant)),
                    // Past the last instant of jiff, the server's clock keeps the offset that it has then.
                    Err(_) => time.checked_add(offset.duration_until(SERVER_ZONE.to_offset(jiff::Timestamp::MAX))),
                };
                DateTime::checked(shown.map_err(invalid)?)
            }
        }
    }
}

/// Reads the form in which the server writes times, which is most of what is ever read: `20150719T19:53:56`.
#[inline]
fn as_on_the_wire(text: &str) -> Option<civil::DateTime> {
    let bytes: &[u8; 17] = text.as_bytes().try_into().ok()?;
    let digit = |byte: u8| byte.is_ascii_digit().then(|| (byte - b'0') as i8);
    let pair = |at: usize| Some(digit(bytes[at])? * 10 + digit(bytes[at + 1])?);
    if (bytes[8], bytes[11], bytes[14]) != (b'T', b':', b':') {
        return None;
    }
    let year = i16::from(pair(0)?) * 100 + i16::from(pair(2)?);
    // What is refused, is refused by those who say why.
    if year == 0 {
        return None;
    }
    civil::DateTime::new(year, pair(4)?, pair(6)?, pair(9)?, pair(12)?, pair(15)?, 0).ok()
}

impl FromStr for Date {
    type Err = Error;

    /// Reads what [`DateTime`] reads, and drops the time of day.
    #[inline]
    fn from_str(text: &str) -> Result<Date, Error> {
        text.parse().map(DateTime::date)
    }
}

macro_rules! serde_as_text {
    ($type:ident, $expected:literal) => {
        impl Serialize for $type {
            #[inline]
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // A newtype is written as what it holds; its name tells our own writer that the text is a time.
                serializer.serialize_newtype_struct(NAME, &format_args!("{self}"))
            }
        }

        impl<'de> Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct TextVisitor;

                impl Visitor<'_> for TextVisitor {
                    type Value = $type;

                    #[inline]
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    #[inline]
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.trim().parse().map_err(|_| {
                            E::custom(format_args!(concat!("expected ", $expected, ", got {:?}"), shortened(text)))
                        })
                    }
                }

                deserializer.deserialize_str(TextVisitor)
            }
        }
    };
}

serde_as_text!(DateTime, "dateTime");
serde_as_text!(Date, "date");

#[inline]
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(feature = "jiff-02")]
mod jiff_02 {
    use super::{Date, DateTime, SERVER_ZONE, civil};
    use crate::error::Error;

    impl TryFrom<civil::DateTime> for DateTime {
        type Error = Error;

        /// Takes the civil time as the server's.
        #[inline]
        fn try_from(time: civil::DateTime) -> Result<DateTime, Error> {
            DateTime::checked(time)
        }
    }

    impl TryFrom<jiff::Timestamp> for DateTime {
        type Error = Error;

        /// Takes what the server's clock shows at that instant.
        #[inline]
        fn try_from(instant: jiff::Timestamp) -> Result<DateTime, Error> {
            DateTime::checked(SERVER_ZONE.to_datetime(instant))
        }
    }

    impl From<DateTime> for civil::DateTime {
        #[inline]
        fn from(time: DateTime) -> civil::DateTime {
            time.0
        }
    }

    impl From<Date> for civil::Date {
        #[inline]
        fn from(date: Date) -> civil::Date {
            date.0
        }
    }

    impl TryFrom<civil::Date> for Date {
        type Error = Error;

        #[inline]
        fn try_from(date: civil::Date) -> Result<Date, Error> {
            DateTime::checked(date.at(0, 0, 0, 0)).map(DateTime::date)
        }
    }
}

#[cfg(feature = "chrono-04")]
mod chrono_04 {
    use std::time::SystemTime;

    use chrono::{Datelike, Timelike};

    use super::{Date, DateTime};
    use crate::error::Error;

    impl TryFrom<chrono::NaiveDateTime> for DateTime {
        type Error = Error;

        /// Takes the civil time as the server's.
        #[inline]
        fn try_from(time: chrono::NaiveDateTime) -> Result<DateTime, Error> {
            let date = Date::try_from(time.date())?;
            // Hours, minutes and seconds of chrono are below 60 and fit.
            let small = |part: u32| part as i8;
            DateTime::new(
                date.year(),
                date.month(),
                date.day(),
                small(time.hour()),
                small(time.minute()),
                small(time.second()),
            )
        }
    }

    impl TryFrom<chrono::NaiveDate> for Date {
        type Error = Error;

        #[inline]
        fn try_from(date: chrono::NaiveDate) -> Result<Date, Error> {
            let year = i16::try_from(date.year()).map_err(|source| Error::invalid_date(&source.to_string()))?;
            Date::new(year, date.month() as i8, date.day() as i8)
        }
    }

    impl From<DateTime> for chrono::NaiveDateTime {
        #[inline]
        fn from(time: DateTime) -> chrono::NaiveDateTime {
            let (hour, minute, second) = (time.hour() as u32, time.minute() as u32, time.second() as u32);
            // Chrono has every time that is valid here, so the default never shows.
            chrono::NaiveDate::from(time.date()).and_hms_opt(hour, minute, second).unwrap_or_default()
        }
    }

    impl From<Date> for chrono::NaiveDate {
        #[inline]
        fn from(date: Date) -> chrono::NaiveDate {
            let (month, day) = (date.month() as u32, date.day() as u32);
            chrono::NaiveDate::from_ymd_opt(date.year().into(), month, day).unwrap_or_default()
        }
    }

    impl TryFrom<chrono::DateTime<chrono::Utc>> for DateTime {
        type Error = Error;

        /// Takes what the server's clock shows at that instant.
        #[inline]
        fn try_from(instant: chrono::DateTime<chrono::Utc>) -> Result<DateTime, Error> {
            DateTime::from_system_time(SystemTime::from(instant))
        }
    }
}
