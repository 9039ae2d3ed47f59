//! Quota headers correct the limits, and the count.

use super::super::quota::{self, Quota, Scope};
use super::*;
use crate::transport::HttpResponse;

fn answer(headers: &[(&str, &str)]) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status: 200, headers, body: Box::new(std::io::empty()) }
}

/// What the server says of the application's calls a minute.
fn throttle(fields: &[(&str, &str)]) -> HttpResponse {
    let names: Vec<_> = fields.iter().map(|(name, _)| format!("x-keap-product-throttle-{name}")).collect();
    let mut headers = vec![("x-keap-product-throttle-time-unit", "minute")];
    headers.extend(names.iter().zip(fields).map(|(name, (_, value))| (name.as_str(), *value)));
    answer(&headers)
}

/// How many calls can begin at once.
fn room(pacer: &Pacer, clock: &ManualClock) -> usize {
    std::iter::from_fn(|| at_once(pacer, clock).ok()).count()
}

#[test]
fn all_groups_and_lists_are_read() {
    let quotas = quota::read(&answer(&[
        ("x-keap-product-quota-limit", "150000"),
        ("x-keap-product-quota-time-unit", "day"),
        ("x-keap-product-quota-interval", "1"),
        ("x-keap-product-quota-available", "149000"),
        ("x-keap-product-quota-used", "1000"),
        ("x-keap-product-quota-expiry-time", "1728000000000"),
        ("x-keap-product-throttle-limit", "10"),
        ("x-keap-product-throttle-time-unit", "Seconds"),
        ("x-keap-product-throttle-interval", "2"),
        ("x-keap-product-throttle-used", "4"),
        ("x-keap-tenant-id", "ab123"),
        ("x-keap-tenant-throttle-limit", "10000|250000"),
        ("x-keap-tenant-throttle-time-unit", "minute| day"),
        ("x-keap-tenant-throttle-interval", "1|1"),
        ("x-keap-tenant-throttle-available", "9|-3"),
    ]));
    let (span, day) = (Duration::from_secs, 86_400);
    let quota = |scope, seconds, limit, available, expiry| Quota {
        scope,
        span: span(seconds),
        limit: Some(limit),
        available: Some(available),
        expiry,
    };
    let expected = [
        quota(Scope::Product, day, 150_000, 149_000, Some(span(1_728_000_000))),
        quota(Scope::Product, 2, 10, 6, None),
        quota(Scope::Tenant, 60, 10_000, 9, None),
        quota(Scope::Tenant, day, 250_000, 0, None),
    ];
    assert_eq!(quotas, expected);
}

#[test]
fn garbage_says_nothing() {
    for (unit, interval) in
        [("fortnight", "1"), ("", "1"), ("minute", "0"), ("day", "-1"), ("day", "9223372036854775807")]
    {
        let fields = [("time-unit", unit), ("interval", interval), ("available", "0")];
        let headers = fields.map(|(name, value)| (format!("x-keap-product-quota-{name}"), value));
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(quota::read(&answer(&headers)), [], "{unit} {interval}");
    }
    let (pacer, clock) = paced(Limits::none().per_minute(3));
    for value in ["", "0", "-5", "many", "99999999999999999999999", "|||", "1.5"] {
        pacer.correct(&throttle(&[("limit", value), ("used", value), ("expiry-time", value)]));
    }
    assert_eq!(room(&pacer, &clock), 3);
}

#[test]
fn an_announced_limit_replaces_the_one_we_know() {
    for (announced, room_then) in [("7", 7), ("400", 400)] {
        let (pacer, clock) = paced(Limits::personal().within(ms(1000), 1000));
        pacer.correct(&throttle(&[("limit", announced)]));
        assert_eq!(room(&pacer, &clock), room_then);
    }
}

#[test]
fn an_announced_limit_does_not_raise_the_users_own() {
    for (announced, room_then) in [("7", 7), ("400", 20)] {
        let (pacer, clock) = paced(Limits::none().per_minute(20));
        pacer.correct(&throttle(&[("limit", announced)]));
        assert_eq!(room(&pacer, &clock), room_then);
    }
}

#[test]
fn the_accounts_limit_lowers_but_does_not_raise() {
    for (announced, room_then) in [("7|9", 7), ("10000|9", 9), ("10000|250000", 20)] {
        let (pacer, clock) = paced(Limits::none().per_minute(20).per_day(200));
        pacer.correct(&answer(&[
            ("x-keap-tenant-throttle-limit", announced),
            ("x-keap-tenant-throttle-time-unit", "minute|day"),
        ]));
        assert_eq!(room(&pacer, &clock), room_then);
    }
}

#[test]
fn what_others_use_is_left_to_them() {
    let (pacer, clock) = paced(Limits::none().per_minute(20));
    (0..4).for_each(|_| drop(at_once(&pacer, &clock).expect("a turn")));
    let on_its_way = at_once(&pacer, &clock).expect("a turn");
    pacer.correct(&throttle(&[("limit", "20"), ("available", "6")]));
    assert_eq!(room(&pacer, &clock), 5, "the server may not have counted the call that is on its way");
    drop(on_its_way);
    // A later answer knows better; and what it says is over after a window.
    pacer.correct(&throttle(&[("limit", "20"), ("available", "8")]));
    assert_eq!(room(&pacer, &clock), 8);
    clock.sleep(ms(60_000));
    assert_eq!(room(&pacer, &clock), 20);
}

#[test]
fn an_available_count_that_is_our_own_changes_nothing() {
    let (pacer, clock) = paced(Limits::none().per_minute(20));
    for call in 1..200_u32 {
        drop(pacer.turn(None).expect("a turn"));
        clock.sleep(ms(4000));
        let available = 20_u32.saturating_sub(call.min(15)).to_string();
        pacer.correct(&throttle(&[("limit", "20"), ("available", &available)]));
    }
    assert_eq!(clock.now(), 199 * ms(4000), "15 calls a minute never wait");
}

#[test]
fn nothing_left_means_waiting_for_the_end_of_the_window() {
    let (pacer, clock) = paced(Limits::none().per_minute(20));
    pacer.correct(&throttle(&[("available", "0")]));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(60_000)), "nobody knows when it ends");
    let noon: i64 = 20_000 * 86_400_000 + 12 * 60 * 60_000;
    for (end, date, wait) in [
        (9000, None, 9000),
        (9000, Some("Fri, 04 Oct 2024 11:59:55 GMT"), 14_000),
        (9000, Some("yesterday"), 9000),
        (61_000, None, 60_000),
        (-1, None, 0),
    ] {
        let (pacer, clock) = paced(Limits::none());
        let mut answer = throttle(&[("available", "0"), ("expiry-time", &(noon + end).to_string())]);
        answer.headers.extend(date.map(|date| ("date".to_owned(), date.to_owned())));
        pacer.correct(&answer);
        assert_eq!(at_once(&pacer, &clock).err().unwrap_or_default(), ms(wait), "{end} {date:?}");
    }
}

#[test]
fn no_window_makes_calls_wait_for_longer_than_a_day() {
    let (pacer, clock) = paced(Limits::none());
    let never = i64::MAX.to_string();
    pacer.correct(&throttle(&[("interval", "100000000000"), ("available", "0"), ("expiry-time", &never)]));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(24 * 60 * 60_000)));
}

#[test]
fn the_quota_of_the_day_counts_until_midnight() {
    let (pacer, clock) = paced(Limits::none().per_day(20));
    pacer.correct(&answer(&[
        ("x-keap-product-quota-limit", "20"),
        ("x-keap-product-quota-time-unit", "day"),
        ("x-keap-product-quota-available", "2"),
    ]));
    assert_eq!(room(&pacer, &clock), 2);
    clock.sleep(ms(12 * 60 * 60_000));
    assert_eq!(room(&pacer, &clock), 20);
}
