//! Looking ahead changes nothing: what the reader recognizes at a glance, it reads as it would event by event.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use infusionsoft::runtime::{decode, decode_with};
use infusionsoft::{Bytes, DateTime, Value};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::hostile::{PIECES, Xorshift};
use super::{documented, response};

/// A row with members of all types, some of which a mutant lacks.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Row {
    #[serde(rename = "Id")]
    id: i32,
    #[serde(rename = "Name")]
    name: Option<String>,
    #[serde(rename = "Score")]
    score: Option<f64>,
    #[serde(rename = "Open")]
    open: Option<bool>,
    #[serde(rename = "Created")]
    created: Option<DateTime>,
    #[serde(rename = "Photo")]
    photo: Option<Bytes>,
}

/// Takes what comes, leaves values unread and errors unheard: nothing that a visitor should do.
#[derive(Debug)]
struct Careless(#[expect(dead_code, reason = "its debug form is what is compared")] Vec<String>);

impl<'de> Deserialize<'de> for Careless {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Careless, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Careless;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Careless, E> {
                Ok(Careless(vec![number.to_string()]))
            }

            fn visit_str<E>(self, text: &str) -> Result<Careless, E> {
                Ok(Careless(vec![text.to_owned()]))
            }

            fn visit_some<D: Deserializer<'de>>(self, _: D) -> Result<Careless, D::Error> {
                Ok(Careless(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Careless, A::Error> {
                let mut seen = Vec::new();
                for turn in 0..20 {
                    match turn % 3 {
                        0 => seen.push(format!("{:?}", items.next_element::<Unread>())),
                        1 => seen.push(format!("{:?}", items.next_element::<Careless>())),
                        _ => seen.push(format!("{:?}", items.next_element::<i32>())),
                    }
                }
                Ok(Careless(seen))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Careless, A::Error> {
                let mut seen = Vec::new();
                for turn in 0..20 {
                    let Ok(Some(name)) = members.next_key::<String>() else { break };
                    // Which of the ways comes first depends on the name, so that each is met in each place.
                    match (turn + name.len()) % 5 {
                        0 => {}
                        1 => seen.push(format!("{:?}", members.next_value::<Unread>())),
                        2 => seen.push(format!("{:?}", members.next_value::<Option<Careless>>())),
                        3 => seen.push(format!("{:?}", members.next_value::<i32>())),
                        _ => seen.push(format!("{:?}", members.next_value::<Careless>())),
                    }
                    seen.push(name);
                }
                Ok(Careless(seen))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// A value that is never asked for.
#[derive(Debug)]
struct Unread;

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Unread, D::Error> {
        Ok(Unread)
    }
}

fn assert_alike<T: DeserializeOwned + Debug>(body: &[u8]) {
    for strict in [false, true] {
        let (ahead, by_events) = (decode_with::<T>(body, false, strict), decode_with::<T>(body, true, strict));
        // Not by equality, since a NaN has none.
        let (ahead, by_events) = (format!("{ahead:?}"), format!("{by_events:?}"));
        assert_eq!(ahead, by_events, "{}", String::from_utf8_lossy(body));
    }
}

/// Compares both ways of reading a body, as any type that it may hold.
fn assert_read_alike(body: &[u8]) {
    assert_alike::<Value>(body);
    assert_alike::<Vec<Row>>(body);
    assert_alike::<Careless>(body);
    assert_alike::<BTreeMap<String, String>>(body);
    assert_alike::<(String, Option<i32>)>(body);
    assert_alike::<Option<Bytes>>(body);
    assert_alike::<IgnoredAny>(body);
    assert_alike::<Unread>(body);
}

/// Answers of all layouts: a page of rows, a list, a row, and single values.
fn layouts() -> Vec<String> {
    let mut bodies = Vec::new();
    for space in ["", "\n  ", "\r\n\t"] {
        for text in
            ["Ada", " Ada\n", "A &amp; B &#233;", "<string> A\r\nB&lt;</string>", "\u{FFFE}&#11;&#xD83D;&#xDE00;"]
        {
            let member = |name: &str, value: &str| {
                format!("{space}<member>{space}<name>{name}</name>{space}<value>{value}</value>{space}</member>")
            };
            let row = [
                member("Id", "<i4>7</i4>"),
                member("Name", text),
                member("Score", &format!("{space}<double>1.5</double>{space}")),
                member("Open", "<boolean>1</boolean>"),
                member("Created", "<dateTime.iso8601>20150719T19:53:56</dateTime.iso8601>"),
                member("Photo", &format!("<base64>{}{space}{}</base64>", "aGVsbG8h".repeat(50), "aGVsbG8=")),
                member("Other", "<int>-3</int>"),
            ];
            let row = format!("{space}<value>{space}<struct>{}{space}</struct>{space}</value>{space}", row.concat());
            bodies.push(response(&format!("{space}<value><array><data>{row}{row}</data></array></value>{space}")));
            bodies.push(response(&row));
            let list = format!("<value>{text}</value>{space}<value><i4>5</i4></value>{space}");
            bodies.push(response(&format!("<value><array><data>{list}</data></array></value>")));
            bodies.push(response(&format!("{space}<value>{text}</value>{space}")));
        }
    }
    let declared = |body: &String| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n");
    let declared: Vec<String> = bodies.iter().map(declared).collect();
    bodies.extend(declared);
    bodies
}

#[test]
fn answers_are_read_alike() {
    layouts().iter().for_each(|body| assert_read_alike(body.as_bytes()));
    documented().for_each(|(_, body)| assert_read_alike(body.as_bytes()));
}

#[test]
fn twenty_thousand_mutants_are_read_alike() {
    let mut bodies = layouts();
    bodies.extend(documented().map(|(_, body)| body.to_owned()));
    let mut random = Xorshift(0x2545_F491_4F6C_DD1D);
    for round in 0..20_000 {
        let mut body = bodies[round % bodies.len()].clone().into_bytes();
        let other = &bodies[random.below(bodies.len())];
        for _ in 0..=random.below(3) {
            random.mutate(&mut body, other.as_bytes());
        }
        assert_read_alike(&body);
    }
}

#[test]
fn each_piece_in_each_place_is_read_alike() {
    let member = "<member><name>a</name><value>b &amp; c</value></member>";
    let body = response(&format!(
        "<value><struct>{member}<member><name>d</name><value><i4>5</i4></value></member></struct></value>"
    ));
    for piece in PIECES {
        for at in 0..=body.len() {
            assert_read_alike(format!("{}{piece}{}", &body[..at], &body[at..]).as_bytes());
        }
    }
}

#[test]
fn nesting_is_counted_alike() {
    for (open, close) in [
        ("<value><array><data>", "</data></array></value>"),
        ("<value><struct><member><name>a</name>", "</member></struct></value>"),
    ] {
        let nested = |levels| response(&format!("{}<value>x</value>{}", open.repeat(levels), close.repeat(levels)));
        let read = |levels| decode::<IgnoredAny>(nested(levels).as_bytes()).is_ok();
        assert_eq!([126, 127, 128].map(read), [true, true, false]);
        [126, 127, 128].iter().for_each(|levels| assert_alike::<Value>(nested(*levels).as_bytes()));
    }
}

#[test]
fn a_long_text_is_read_alike_wherever_it_needs_a_change() {
    for change in ["", "\n", "\t", "\r\n", "\u{1}", "\u{FFFF}", "é", "\u{FE0F}", "&amp;", "&x;", "<b/>", "]]>"] {
        for at in (0..700).step_by(7) {
            let body = response(&format!("<value>{}{change}{}</value>", "a".repeat(at), "b".repeat(700 - at)));
            assert_alike::<String>(body.as_bytes());
            assert_eq!(decode::<String>(body.as_bytes()).is_err(), change == "&x;" || change == "<b/>");
        }
    }
}
