//! What comes by chance, the same for the same seed: choices, names, addresses, phones, times.

use std::collections::HashMap;

use fake::Fake as _;
use fake::faker::company::en::CompanyName;
use fake::faker::job::en::Title;
use fake::faker::name::en::{FirstName, LastName};
use fake::rand::rngs::Xoshiro256PlusPlus;
use fake::rand::{RngExt as _, SeedableRng as _};
use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;

/// A generator whose numbers no release of its library will change, and what must not occur twice.
pub(super) struct Chance {
    numbers: Xoshiro256PlusPlus,
    addresses: HashMap<String, u32>,
}

/// A time that the clock on the server's wall shows, in seconds from the first one of 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

/// A day of it, in seconds.
const DAY: i64 = 86_400;

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance { numbers: Xoshiro256PlusPlus::seed_from_u64(seed), addresses: HashMap::new() }
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.numbers.random_range(least..=most)
    }

    /// Whether something that happens so often, in percent, happens now.
    pub(super) fn percent(&mut self, often: i64) -> bool {
        self.between(1, 100) <= often
    }

    /// One of several; there must be one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.numbers.random_range(0..items.len())]
    }

    pub(super) fn first_name(&mut self) -> &'static str {
        FirstName().fake_with_rng(&mut self.numbers)
    }

    pub(super) fn last_name(&mut self) -> &'static str {
        LastName().fake_with_rng(&mut self.numbers)
    }

    pub(super) fn company(&mut self) -> String {
        CompanyName().fake_with_rng(&mut self.numbers)
    }

    pub(super) fn job_title(&mut self) -> String {
        Title().fake_with_rng(&mut self.numbers)
    }

    /// A street address with a number, such as `1204 Keebler Avenue`.
    pub(super) fn street(&mut self) -> String {
        let kinds = ["Street", "Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Boulevard"];
        format!("{} {} {}", self.between(1, 4_800), self.last_name(), self.pick(&kinds))
    }

    /// A phone number as the server writes it, of those that are kept for fiction.
    pub(super) fn phone(&mut self, area: &str) -> String {
        format!("({area}) 555-01{:02}", self.between(0, 99))
    }

    /// An e-mail address made of names, at the domain that is kept for examples; none occurs twice.
    pub(super) fn address(&mut self, names: &[&str]) -> String {
        let local = slug(&names.join("."), '.');
        let times = self.addresses.entry(local.clone()).and_modify(|times| *times += 1).or_insert(1);
        match times {
            1 => format!("{local}@example.com"),
            times => format!("{local}{times}@example.com"),
        }
    }

    /// A time of the working day, some days later at most; neither before the moment nor after the last one.
    pub(super) fn later(&mut self, moment: Moment, days: i64, last: Moment) -> Moment {
        let day = (moment.0 / DAY + self.between(0, days.max(0))) * DAY;
        let working = Moment(day + self.between(8 * 60, 20 * 60) * 60 + self.between(0, 59));
        working.clamp(moment, last.max(moment))
    }
}

impl Moment {
    /// Midnight of a day, counted from 1 January 1970.
    pub(super) const fn day(day: i64) -> Moment {
        Moment(day * DAY)
    }

    pub(super) fn plus_days(self, days: i64) -> Moment {
        Moment(self.0 + days * DAY)
    }

    pub(super) fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0 + minutes * 60)
    }

    /// Midnight of the same day, which is how days are stored.
    pub(super) fn date(self) -> Moment {
        Moment::day(self.0.div_euclid(DAY))
    }

    /// The whole days until another moment.
    pub(super) fn days_until(self, other: Moment) -> i64 {
        (other.0 - self.0) / DAY
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let (year, month, day) = calendar(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        Ok(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into())
    }
}

/// Year, month and day of a day counted from 1970.
///
/// The years of this reckoning begin in March, so that a leap day is the last one, and the months follow a rule:
/// every five of them have 153 days.
fn calendar(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let january = i64::from(month >= 10);
    (era * 400 + year + january, month + 3 - 12 * january, day)
}

/// Lower-case letters and digits, with one separator for each run of anything else.
pub(super) fn slug(text: &str, separator: char) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(|word| word.replace('\'', "").to_ascii_lowercase()).collect();
    words.join(&separator.to_string())
}
