//! The server's civil time, from and to instants.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infusionsoft::{Date, DateTime, Error, ErrorKind, Instants, Value};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ReadError, StrDeserializer};
use serde::{Deserialize, Serialize};

fn time(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> Error {
    text.parse::<DateTime>().expect_err(text)
}

/// An instant, in seconds since 1970.
fn instant(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn the_wires_form_is_read_and_written() {
    let paid = time("20150719T19:53:56");
    assert_eq!(
        (paid.year(), paid.month(), paid.day(), paid.hour(), paid.minute(), paid.second()),
        (2015, 7, 19, 19, 53, 56)
    );
    assert_eq!(paid.to_string(), "20150719T19:53:56");
    assert_eq!(DateTime::new(2015, 7, 19, 19, 53, 56).expect("a valid time"), paid);
    assert_eq!(time("00010203T04:05:06").to_string(), "00010203T04:05:06");
}

#[test]
fn other_forms_of_civil_time_are_read() {
    for text in [
        "2015-07-19T19:53:56",
        "2015-07-19 19:53:56",
        "2015-07-19T19:53:56.999",
        "20150719T195356",
        "20150719T19:53:56.5",
    ] {
        assert_eq!(time(text), time("20150719T19:53:56"), "{text}");
    }
    for text in ["20150719", "2015-07-19", "20150719T00:00", "20150719T00"] {
        assert_eq!(time(text), time("20150719T00:00:00"), "{text}");
    }
}

#[test]
fn a_text_with_an_offset_names_an_instant() {
    for text in ["2015-07-25T23:02:51-07:00", "20150726T06:02:51Z", "2015-07-26T08:02:51+02", "20150726T060251+0000"] {
        assert_eq!(time(text).to_string(), "20150726T02:02:51", "{text}");
    }
}

#[test]
fn an_instant_of_the_last_days_is_what_the_servers_clock_shows_then() {
    // The first stands for the last instant of jiff, the others for some after it.
    for (text, seconds) in [
        ("9999-12-30T22:00:00Z", 253_402_207_200),
        ("9999-12-30T22:00:01Z", 253_402_207_201),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799),
        ("9999-12-31T12:00:00+14:00", 253_402_207_200),
        ("9999-12-31T23:59:59-05:00", 253_402_318_799),
    ] {
        let shown = DateTime::from_system_time(instant(seconds)).expect("in range");
        assert_eq!(time(text), shown, "{text}");
        assert_eq!(text.parse::<Date>().expect("a day"), shown.date(), "{text}");
    }
    assert_eq!(time("9999-12-31T23:59:59Z").to_string(), "99991231T18:59:59");
    assert_eq!(refused("9999-12-31T23:59:59-05:01").kind(), ErrorKind::InvalidRequest, "the year 10000 in New York");
}

#[test]
fn a_leap_second_is_read_as_the_second_before_it() {
    for text in ["2015-06-30T23:59:60", "20150630T23:59:60", "2015-07-01T03:59:60Z", "2015-06-30T23:59:60.5-04:00"] {
        assert_eq!(time(text), time("20150630T23:59:59"), "{text}");
    }
    assert!("2015-06-30T23:59:61".parse::<DateTime>().is_err());
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        " ",
        "soon",
        "2015",
        "2015-13-01",
        "20150230",
        "20150719T24:00:00",
        "20150719T19:60:00",
        "-000001-01-01",
        "+010000-01-01",
        "20150719T19:53:56 ",
        "0",
        "2015-07-19T19:53:56[America/Chicago]",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
    ] {
        assert_eq!(refused(text).kind(), ErrorKind::InvalidRequest, "{text}");
        assert!(refused(text).to_string().starts_with("invalid date or time: "), "{text}");
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    assert_eq!(
        format!("{}", refused("2015-07-19T19:53:56[America/Chicago]")),
        "invalid date or time: a time zone is named, but no offset"
    );
    for (year, month, day) in [(0, 1, 1), (-1, 1, 1), (10_000, 1, 1), (2015, 0, 1), (2015, 2, 29), (2015, 4, 31)] {
        assert!(Date::new(year, month, day).is_err(), "{year}-{month}-{day}");
    }
    for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 60), (-1, 0, 0)] {
        assert!(DateTime::new(2015, 7, 19, hour, minute, second).is_err(), "{hour}:{minute}:{second}");
    }
}

#[test]
fn a_usual_time_is_one_instant() {
    // 19:53:56 in New York's summer is 23:53:56 UTC; in winter the difference is five hours.
    assert_eq!(time("20150719T19:53:56").instants(), Instants::One(instant(1_437_350_036)));
    assert_eq!(time("20150119T19:53:56").instants(), Instants::One(instant(1_421_715_236)));
    assert_eq!(time("20150719T19:53:56").to_system_time(), instant(1_437_350_036));
}

#[test]
fn a_time_of_the_repeated_hour_is_two_instants() {
    let earlier = instant(1_446_355_800);
    let later = instant(1_446_359_400);
    assert_eq!(time("20151101T01:30:00").instants(), Instants::Two { earlier, later });
    assert_eq!(time("20151101T01:30:00").to_system_time(), earlier);
    for edge in ["20151101T01:00:00", "20151101T01:59:59"] {
        assert!(matches!(time(edge).instants(), Instants::Two { .. }), "{edge}");
    }
    for beyond in ["20151101T00:59:59", "20151101T02:00:00"] {
        assert!(matches!(time(beyond).instants(), Instants::One(_)), "{beyond}");
    }
    for either in [earlier, later] {
        assert_eq!(DateTime::from_system_time(either).expect("in range"), time("20151101T01:30:00"));
    }
}

#[test]
fn a_time_of_the_skipped_hour_is_the_first_instant_after_it() {
    // 03:00 in daylight saving time, which follows on 01:59:59 in standard time.
    let next = instant(1_425_798_000);
    for skipped in ["20150308T02:00:00", "20150308T02:00:01", "20150308T02:30:00", "20150308T02:59:59"] {
        assert_eq!(time(skipped).instants(), Instants::Skipped { next }, "{skipped}");
        assert_eq!(time(skipped).to_system_time(), next, "{skipped}");
    }
    assert_eq!(time("20150308T01:59:59").instants(), Instants::One(next - Duration::from_secs(1)));
    assert_eq!(time("20150308T03:00:00").instants(), Instants::One(next));
}

#[test]
fn every_hour_of_thirty_years_converts_there_and_back() {
    let (mut repeated, mut previous) = (0, None);
    for hour in 0..31 * 366 * 24 {
        // From the first instant of 2000.
        let at = instant(946_684_800 + hour * 3600);
        let shown = DateTime::from_system_time(at).expect("in range");
        if shown.year() > 2030 {
            break;
        }
        match shown.instants() {
            Instants::One(instant) => assert_eq!(instant, at, "{shown}"),
            Instants::Two { earlier, later } => {
                repeated += 1;
                assert!(at == earlier || at == later, "{shown}");
                assert_eq!(later.duration_since(earlier).expect("later"), Duration::from_secs(3600));
            }
            Instants::Skipped { .. } => panic!("{shown} was shown"),
        }
        assert_eq!(shown.to_string().parse::<DateTime>().expect("a time"), shown);
        assert!(previous <= Some(shown) || matches!(shown.instants(), Instants::Two { .. }), "{shown} follows");
        previous = Some(shown);
    }
    assert_eq!(repeated, 2 * 31, "one hour a year is shown twice");
}

#[test]
fn the_ends_of_the_range_convert_without_panic() {
    // The last instants of jiff are those of 17:00:00 on the day before the last.
    for text in [
        "00010101T00:00:00",
        "99991230T17:00:00",
        "99991230T17:00:01",
        "99991230T23:59:59",
        "99991231T00:00:00",
        "99991231T23:59:59",
    ] {
        let end = time(text);
        assert_eq!(end.to_string(), text);
        assert_eq!(end.instants(), Instants::One(end.to_system_time()), "{text}");
        assert_eq!(DateTime::from_system_time(end.to_system_time()).expect("in range"), end);
    }
    let last = instant(253_402_318_799);
    assert_eq!(time("99991231T23:59:59").to_system_time(), last);
    let fraction = last + Duration::from_nanos(999_999_999);
    assert_eq!(DateTime::from_system_time(fraction).expect("in range"), time("99991231T23:59:59"));
    assert!(DateTime::from_system_time(last + Duration::from_secs(1)).is_err());
    let before = time("00010101T00:00:00").to_system_time() - Duration::from_secs(1);
    assert!(DateTime::from_system_time(before).is_err());
    assert!(DateTime::from_system_time(instant(400_000_000_000)).is_err());
    let fraction = instant(1_437_350_036) + Duration::from_nanos(999_999_999);
    assert_eq!(DateTime::from_system_time(fraction).expect("in range"), time("20150719T19:53:56"));
    let before_1970 = UNIX_EPOCH - Duration::from_nanos(1);
    assert_eq!(DateTime::from_system_time(before_1970).expect("in range").to_string(), "19691231T18:59:59");
}

#[test]
fn a_date_is_midnight_of_the_servers_day() {
    let day = Date::new(2015, 7, 19).expect("a day");
    assert_eq!((day.year(), day.month(), day.day(), day.to_string().as_str()), (2015, 7, 19, "20150719"));
    assert_eq!(day.at_midnight(), time("20150719T00:00:00"));
    assert_eq!(time("20150719T19:53:56").date(), day);
    assert_eq!("2015-07-19T23:59:59".parse::<Date>().expect("a day"), day);
    assert_eq!(Value::from(day), Value::DateTime(day.at_midnight()));
    assert!(day < Date::new(2015, 7, 20).expect("a day"));
}

#[test]
fn times_of_jiff_convert() {
    let civil = jiff::civil::date(2015, 7, 19).at(19, 53, 56, 123);
    let paid = DateTime::try_from(civil).expect("in range");
    assert_eq!(paid, time("20150719T19:53:56"));
    assert_eq!(jiff::civil::DateTime::from(paid), civil.with().subsec_nanosecond(0).build().expect("a time"));
    let at = jiff::Timestamp::from_second(1_437_350_036).expect("an instant");
    assert_eq!(DateTime::try_from(at).expect("in range"), paid);
    let day = jiff::civil::date(2015, 7, 19);
    assert_eq!(Date::try_from(day).expect("in range"), paid.date());
    assert_eq!(jiff::civil::Date::from(paid.date()), day);
    assert!(DateTime::try_from(jiff::civil::DateTime::MIN).is_err() && Date::try_from(jiff::civil::Date::MIN).is_err());
}

#[test]
fn times_of_chrono_convert() {
    let day = chrono::NaiveDate::from_ymd_opt(2015, 7, 19).expect("a day");
    let paid = time("20150719T19:53:56");
    assert_eq!(Date::try_from(day).expect("in range"), paid.date());
    assert_eq!(DateTime::try_from(day.and_hms_opt(19, 53, 56).expect("a time")).expect("in range"), paid);
    assert_eq!(chrono::NaiveDate::from(paid.date()), day);
    assert_eq!(Some(chrono::NaiveDateTime::from(paid)), day.and_hms_opt(19, 53, 56));
    // A leap second of chrono is second 59 with more than a second's nanoseconds.
    let leap = day.and_hms_milli_opt(23, 59, 59, 1500).expect("a leap second");
    assert_eq!(DateTime::try_from(leap).expect("in range"), time("20150719T23:59:59"));
    let at = chrono::DateTime::from_timestamp(1_437_350_036, 0).expect("an instant");
    assert_eq!(DateTime::try_from(at).expect("in range"), paid);
    assert!(Date::try_from(chrono::NaiveDate::MAX).is_err() && DateTime::try_from(chrono::NaiveDateTime::MIN).is_err());
    assert!(DateTime::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
}

#[test]
fn times_travel_through_serde_as_texts() {
    fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, ReadError> {
        let reader: StrDeserializer<'_, ReadError> = text.into_deserializer();
        T::deserialize(reader)
    }
    let paid = time("20150719T19:53:56");
    assert_eq!(written(&paid), "20150719T19:53:56");
    assert_eq!(written(&paid.date()), "20150719");
    assert_eq!(read::<DateTime>(" 20150719T19:53:56\n").expect("a time"), paid);
    assert_eq!(read::<Date>("2015-07-19").expect("a day"), paid.date());
    let long = "x".repeat(100);
    assert_eq!(
        read::<DateTime>(&long).expect_err("no time").to_string(),
        format!("expected dateTime, got {:?}", "x".repeat(40))
    );
    assert_eq!(read::<Date>("soon").expect_err("no day").to_string(), r#"expected date, got "soon""#);
}

/// What a value writes to a format of texts; `Formatter` is one.
fn written(value: &impl Serialize) -> String {
    struct Shown<'a, T>(&'a T);
    impl<T: Serialize> std::fmt::Display for Shown<'_, T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.serialize(f)
        }
    }
    Shown(value).to_string()
}
