//! What is deep, big or explosive costs an error or a time in proportion, never the process.

use std::time::{Duration, Instant};

use infusionsoft::{Error, Value};
use infusionsoft_tests::canned::Canned;

use super::calm::assert_calm;
use super::{documented, problem, read, response};

const LEVELS: usize = 100_000;

/// The deepest nesting that is read.
const DEPTH: usize = 128;

/// The opening and closing tags of a level of each kind of nesting.
const NESTS: [(&str, &str); 2] = [
    ("<value><array><data>", "</data></array></value>"),
    ("<value><struct><member><name>a</name>", "</member></struct></value>"),
];

fn nested(levels: usize, (open, close): (&str, &str)) -> String {
    response(&format!("{}<value>x</value>{}", open.repeat(levels), close.repeat(levels)))
}

/// Runs on a stack as small as threads have by default.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread");
    thread.join().expect("the thread survives");
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    on_a_small_stack(|| {
        for nest in NESTS {
            let whole = nested(LEVELS, nest);
            let cut_off = &whole[..whole.len() / 2];
            for body in [&whole, cut_off] {
                let outcome = read(body);
                assert_calm(&outcome, body.as_bytes());
                let text = outcome.expect_err("too deep").to_string();
                assert!(text.contains("values are nested deeper than 128 levels"), "{text}");
            }
        }
    });
}

#[test]
fn every_function_survives_deep_nesting() {
    on_a_small_stack(|| {
        for nest in NESTS {
            let body = nested(1000, nest);
            let transport = Canned::ok(body.clone());
            for (call, _) in documented() {
                let outcome = (call.call)(&transport.client());
                assert_calm(&outcome, body.as_bytes());
                assert!(outcome.is_err(), "{} accepts a thousand levels", call.entry);
            }
        }
    });
}

#[test]
fn the_deepest_allowed_nesting_is_read() {
    on_a_small_stack(|| {
        for nest in NESTS {
            let mut value = &read(nested(DEPTH - 1, nest)).expect("as deep as allowed");
            for _ in 1..DEPTH {
                value = match value {
                    Value::Array(elements) => &elements[0],
                    other => other.as_record().and_then(|record| record.value("a")).expect("a member"),
                };
            }
            assert_eq!(value, &Value::from("x"));
            assert!(read(nested(DEPTH, nest)).is_err(), "one level deeper");
        }
    });
}

#[test]
fn unclosed_tags_are_refused_at_any_depth() {
    on_a_small_stack(|| {
        for tag in [
            "<a>",
            "<value>",
            "<methodResponse>",
            "<array>",
            "<data>",
            "<struct>",
            "<member>",
            "<name>",
            "<a b='",
            "<!--",
            "<![CDATA[",
            "<?a",
            "&#",
            "</a>",
        ] {
            for lead in [
                "",
                "<methodResponse>",
                "<methodResponse><params><param><value>",
                "<methodResponse><params><param><value><string>",
            ] {
                let body = format!("{lead}{}", tag.repeat(LEVELS));
                let outcome = read(body.clone());
                assert_calm(&outcome, body.as_bytes());
                assert!(outcome.is_err(), "{lead}{tag}…");
            }
        }
    });
}

#[test]
fn long_paths_are_cut() {
    let name = "0123456789".repeat(4);
    let open = format!("<value><struct><member><name>{name}</name>").repeat(DEPTH - 1);
    let body = response(&format!("{open}<value><i4>x</i4></value>"));
    let outcome = read(body.clone());
    assert_calm(&outcome, body.as_bytes());
    let text = problem(&outcome.expect_err("not an int"));
    assert!(text.starts_with('…') && text.ends_with(&format!("{name}: expected int, got \"x\"")), "{text}");
}

#[test]
fn entities_are_not_expanded() {
    let bomb: String =
        (1..100).map(|level| format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10))).collect();
    let bomb = format!("<!DOCTYPE x [<!ENTITY e0 'ha'>{bomb}]>{}", response("<value>&e99;</value>"));
    let outside = format!("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>{}", response("<value/>"));
    let quadratic = format!("<!DOCTYPE x [<!ENTITY a '{}'>]>{}", "a".repeat(100_000), response(&"&a;".repeat(100_000)));
    for body in [bomb, outside, quadratic] {
        let outcome = read(body.clone());
        assert_calm(&outcome, body.as_bytes());
        let text = outcome.expect_err("a document type").to_string();
        assert!(text.contains("a document type declaration is not allowed"), "{text}");
    }
    assert!(read(response("<value>&e0;</value>")).is_err());
}

fn time(body: &str, check: fn(&Result<Value, Error>)) -> Duration {
    let client = Canned::ok(body).client();
    let start = Instant::now();
    let outcome = client.call_raw("X.y", []);
    let time = start.elapsed();
    check(&outcome);
    time
}

/// Reads `n` of something and a quarter of that, which in proportion takes a quarter of the time; squared, a sixteenth.
fn assert_linear(what: &str, n: usize, body: impl Fn(usize) -> String, check: fn(&Result<Value, Error>)) {
    // What takes next to no time can't be compared.
    let quarter = time(&body(n / 4), check).max(Duration::from_millis(2));
    let body = body(n);
    let mut whole = time(&body, check);
    if whole >= quarter * 16 {
        // The machine may have been busy with something else.
        whole = whole.min(time(&body, check));
    }
    assert!(whole < quarter * 16, "{what}: {n} take {whole:?}, a quarter of them {quarter:?}");
}

fn is_value(outcome: &Result<Value, Error>) {
    assert!(outcome.is_ok(), "{outcome:?}");
}

fn is_error(outcome: &Result<Value, Error>) {
    assert!(outcome.is_err());
}

#[test]
fn a_million_members_are_read_in_proportion() {
    let body = |n: usize, name: fn(usize) -> usize| {
        let member = |at| format!("<member><name>{:07}</name><value/></member>", name(at));
        response(&format!("<value><struct>{}</struct></value>", (0..n).map(member).collect::<String>()))
    };
    assert_linear("members", 1_000_000, |n| body(n, |at| at), is_value);
    assert_linear("members in no order", 20_000, |n| body(n, |at| at * 7919 % 99_991), is_value);
    assert_linear("members of one name", 20_000, |n| body(n, |_| 0), is_value);
}

#[test]
fn ten_megabytes_of_text_are_read_in_proportion() {
    let text = |content: String| response(&format!("<value><string>{content}</string></value>"));
    assert_linear("letters", 10 << 20, |n| text("a".repeat(n)), is_value);
    assert_linear("carriage returns", 100_000, |n| text("\r".repeat(n)), is_value);
    assert_linear("references", 20_000, |n| text("&amp;".repeat(n)), is_value);
    assert_linear("surrogates", 20_000, |n| text("&#xD83D;&#xDE00;".repeat(n)), is_value);
    assert_linear("sections", 20_000, |n| text("<![CDATA[]]>".repeat(n)), is_value);
    assert_linear("comments", 20_000, |n| text("<!---->a".repeat(n)), is_value);
    assert_linear(
        "base64",
        100_000,
        |n| response(&format!("<value><base64>{}</base64></value>", "AAAA\n".repeat(n))),
        is_value,
    );
}

#[test]
fn other_repetitions_are_read_in_proportion() {
    assert_linear(
        "elements",
        20_000,
        |n| response(&format!("<value><array><data>{}</data></array></value>", "<value/>".repeat(n))),
        is_value,
    );
    assert_linear("attributes", 20_000, |n| response(&format!("<value{}/>", " a='b'".repeat(n))), is_value);
    assert_linear(
        "leading comments",
        20_000,
        |n| format!("{}{}", "<!-- -->".repeat(n), response("<value/>")),
        is_value,
    );
    assert_linear("declarations", 20_000, |n| "<?xml version='1.0'?>".repeat(n), is_error);
    assert_linear("instructions", 20_000, |n| "<?a?>".repeat(n), is_error);
    assert_linear("ampersands", 20_000, |n| response(&format!("<value>{}</value>", "&".repeat(n))), is_error);
    assert_linear("brackets", 20_000, |n| "<".repeat(n), is_error);
    assert_linear("a name", 200_000, |n| format!("<{}>", "a".repeat(n)), is_error);
    assert_linear("digits", 200_000, |n| response(&format!("<value><i4>{}</i4></value>", "9".repeat(n))), is_error);
    assert_linear(
        "zeros",
        1_000_000,
        |n| response(&format!("<value><double>1.{}</double></value>", "0".repeat(n))),
        is_value,
    );
}
