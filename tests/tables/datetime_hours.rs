//! Every hour from 2000 to 2030, compared with another database and another library: Python's.

use std::io::{self, Write as _};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infusionsoft::{DateTime, Instants};

/// The hours of 31 years, of which eight have a day more.
const HOURS: usize = (31 * 365 + 8) * 24;

/// What Python says of each hour; `None` where there is no Python with time zones, except in CI.
fn python() -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tables/hours.py");
    let output = Command::new("python3").args(["-I", "-X", "utf8", script]).output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).expect("Python writes UTF-8")),
        other => {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "hours.py needs python3: {other:?}");
            writeln!(io::stderr(), "left out: hours.py, since there is no python3 with time zones")
                .expect("it is open");
            None
        }
    }
}

fn at(seconds: &str) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.parse().expect("seconds"))
}

#[test]
fn every_hour_of_thirty_one_years_is_what_python_says() {
    const LAST_SECOND: Duration = Duration::from_secs(3599);
    let Some(lines) = python() else { return };
    let hours: Vec<Vec<&str>> = lines.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(hours.len(), HOURS);
    let (mut skipped, mut repeated) = (0, 0);
    for (index, hour) in hours.iter().enumerate() {
        let text = hour[0];
        let civil: DateTime = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(civil.to_string(), text);
        let (expected, short) = match hour[1..] {
            [one] => (Instants::One(at(one)), at(one)),
            [earlier, later] => {
                repeated += 1;
                (Instants::Two { earlier: at(earlier), later: at(later) }, at(earlier))
            }
            [] => {
                skipped += 1;
                let next = at(hours[index + 1][1]);
                (Instants::Skipped { next }, next)
            }
            _ => panic!("{hour:?}"),
        };
        assert_eq!(civil.instants(), expected, "{text}");
        assert_eq!(civil.to_system_time(), short, "{text}");
        // Each instant shows the hour it belongs to, from its first to its last second.
        let last = text.replace(":00:00", ":59:59");
        for instant in &hour[1..] {
            let shown = |instant| DateTime::from_system_time(instant).expect("in range").to_string();
            assert_eq!((shown(at(instant)), shown(at(instant) + LAST_SECOND)), (text.to_owned(), last.clone()));
        }
    }
    assert_eq!((skipped, repeated), (31, 31), "one hour of each kind a year");
}
