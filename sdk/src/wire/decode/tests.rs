//! The rules of reading, each pinned by the shortest document that shows it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::DecodeErrorKind::{Blank, Malformed, Truncated};
use super::{Answer, DecodeError, Decoded, Options, response};

type Map<K, V> = BTreeMap<K, V>;

const RULES: &str = include_str!("rules.txt");

#[test]
fn reads_by_the_rules() {
    for rule in RULES.lines().skip(3) {
        let [kind, text, outcome] = rule.splitn(3, " | ").collect::<Vec<_>>()[..] else {
            panic!("not a rule: {rule}");
        };
        let text = text.trim_end().replace('¶', "\n").replace('§', "\r");
        let document = match text.strip_prefix('=') {
            Some(whole) => whole.to_string(),
            None => match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
                Some(param) => body(param),
                None => body(&format!("<value>{text}</value>")),
            },
        };
        let shown = match kind.trim_end() {
            "bool" => show::<bool>(&document),
            "u8" => show::<u8>(&document),
            "i32" => show::<i32>(&document),
            "i64" => show::<i64>(&document),
            "f64" => show::<f64>(&document),
            "string" => show::<String>(&document),
            "maybe" => show::<Option<String>>(&document),
            "ints" => show::<Vec<i32>>(&document),
            "pair" => show::<(i32, i32)>(&document),
            "map" => show::<Map<String, i32>>(&document),
            "keys" => show::<Map<i32, String>>(&document),
            _ => show::<IgnoredAny>(&document),
        };
        assert_eq!(shown, outcome, "{document}");
    }
}

fn body(param: &str) -> String {
    format!("<methodResponse><params><param>{param}</param></params></methodResponse>")
}

fn read<T: DeserializeOwned>(body: &[u8], options: &Options) -> Result<(Option<T>, Decoded), DecodeError> {
    let mut value = None;
    let decoded = response(body, options, &mut |decoder| {
        value = Some(T::deserialize(decoder)?);
        Ok(())
    })?;
    Ok((value, decoded))
}

fn fail<T: DeserializeOwned + Debug>(body: impl AsRef<[u8]>) -> DecodeError {
    read::<T>(body.as_ref(), &Options::default()).unwrap_err()
}

fn show<T: DeserializeOwned + Debug>(body: &str) -> String {
    match read::<T>(body.as_bytes(), &Options::default()) {
        Ok((value, decoded)) => match (decoded.answer, value, decoded.replaced_characters) {
            (Answer::Fault { code, message }, ..) => format!("fault {code} {message}"),
            (Answer::Value, None, _) => "no value".to_owned(),
            (Answer::Value, Some(value), 0) => format!("{value:?}"),
            (Answer::Value, Some(value), replaced) => {
                let strict = Options { strict_characters: true, ..Options::default() };
                let refused = read::<T>(body.as_bytes(), &strict).unwrap_err();
                assert_eq!(refused.kind(), Malformed);
                format!("{value:?} {replaced}")
            }
        },
        Err(error) => format!("{:?}: {error}", error.kind()),
    }
}

#[test]
fn errors_tell_the_path_and_the_place() {
    let record = "<struct><member><name>Email</name><value>abc</value></member></struct>";
    let text = body(&format!("<value><array><data><value>{record}</value></data></array></value>"));
    let error = fail::<Vec<Map<String, i32>>>(format!("\u{FEFF}{text}"));
    assert_eq!(error.to_string(), "[0].Email: expected int, got \"abc\"");
    assert_eq!(error.offset(), text.find("abc").unwrap() + 3);
    let around = "…mber><name>Email</name><value>abc</value></member></struct></value></data></ar…";
    assert_eq!((error.excerpt(), around.chars().count()), (around, 80));
}

#[test]
fn bodies_of_other_encodings_are_malformed() {
    for (body, text) in [
        (&b"\xFF\xFE<\0"[..], "the body is UTF-16 instead of UTF-8"),
        (b"<methodResponse>\xE9</", "the body is not UTF-8"),
    ] {
        let error = fail::<i32>(body);
        assert_eq!((error.kind(), error.to_string().as_str()), (Malformed, text));
    }
}

#[test]
fn no_prefix_of_a_response_is_one() {
    let member = "<member><name>é&amp;&#233;</name><value><![CDATA[a]]><!-- b -->c</value></member>";
    let document = body(&format!("<value><struct>{member}</struct></value>"));
    let whole = format!("\u{FEFF}<?xml version='1.0'?>\n{document}");
    assert_eq!(show::<Map<String, String>>(&whole), r#"{"é&é": "ac"}"#);
    for end in 0..whole.len() {
        let error = fail::<Map<String, String>>(&whole.as_bytes()[..end]);
        assert!(matches!(error.kind(), Truncated | Blank), "{end}: {error}");
    }
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    let nest = || {
        for open in ["<value><array><data>", "<value><struct><member><name/>"] {
            let deep = format!("<methodResponse><params><param>{}", open.repeat(100_000));
            let error = fail::<IgnoredAny>(deep);
            assert_eq!(error.kind(), Malformed);
            assert!(error.to_string().ends_with("values are nested deeper than 128 levels"));
        }
    };
    let small = std::thread::Builder::new().stack_size(2 << 20);
    small.spawn(nest).unwrap().join().unwrap();
}
