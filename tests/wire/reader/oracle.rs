//! What crate `xmlrpc` reads, the reader reads alike, but for the differences that are named here.
//!
//! That crate aborts the process on deep nesting and expands entities without a bound: neither comes near it here.

use std::collections::{BTreeMap, BTreeSet};

use infusionsoft::{DateTime, Error, Value};
use infusionsoft_tests::call::Call;
use proptest::prelude::*;
use xmlrpc::Value as Theirs;

use super::{documented, grammar, problem, read, response};

/// Where both read a document and don't agree, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// We trim padding with a line break in it from untyped text.
    Padding,
    /// They lose a text of nothing but white space.
    Blank,
    /// We trim names, and the last of two that become the same counts.
    Name,
    /// They leave carriage returns as they stand, which XML reads as line feeds.
    LineEnd,
    /// They keep fractions of seconds, and the civil time of an offset; we tell the server's civil time.
    Clock,
}

type Differences = BTreeSet<Difference>;

/// A transport that answers what it holds.
struct Answer<'a>(&'a str);

impl<'a> xmlrpc::Transport for Answer<'a> {
    type Stream = &'a [u8];

    fn transmit(self, _: &xmlrpc::Request<'_>) -> Result<&'a [u8], Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0.as_bytes())
    }
}

fn read_theirs(body: &str) -> Result<Theirs, xmlrpc::Error> {
    xmlrpc::Request::new("X.y").call(Answer(body))
}

/// Compares both readings of a document; `None` says that they reject it, and an error where we are at odds.
fn compare(body: &str) -> Result<Option<Differences>, String> {
    let mut found = Differences::new();
    match (read_theirs(body), read(body)) {
        (Ok(theirs), Ok(ours)) => same(&ours, &theirs, &mut found)?,
        (Err(theirs), ours) => match (theirs.fault(), ours.as_ref().err().and_then(Error::fault)) {
            (None, _) => return Ok(None),
            (Some(theirs), Some(ours)) if theirs.fault_code == ours.code().as_i32() => {
                same_text(ours.text(), &theirs.fault_string, &mut found)?;
            }
            (Some(_), _) => return Err(format!("theirs {theirs}, ours {ours:?}")),
        },
        (Ok(_), Err(ours)) => return Err(problem(&ours)),
    }
    Ok(Some(found))
}

/// Notes the differences between two values that are the same otherwise; an error has the path to one that isn't.
fn same(ours: &Value, theirs: &Theirs, found: &mut Differences) -> Result<(), String> {
    let equal = match (ours, theirs) {
        (Value::Nil, Theirs::Nil) => true,
        (Value::Int(ours), Theirs::Int(theirs)) => *ours == i64::from(*theirs),
        (Value::Int(ours), Theirs::Int64(theirs)) => ours == theirs,
        (Value::Bool(ours), Theirs::Bool(theirs)) => ours == theirs,
        (Value::Double(ours), Theirs::Double(theirs)) => ours.to_bits() == theirs.to_bits(),
        (Value::Bytes(ours), Theirs::Base64(theirs)) => ours == theirs,
        (Value::DateTime(ours), Theirs::DateTime(_)) => same_time(*ours, theirs, found),
        (Value::String(ours), Theirs::String(theirs)) => return same_text(ours, theirs, found),
        (Value::Array(ours), Theirs::Array(theirs)) if ours.len() == theirs.len() => {
            let mut pairs = ours.iter().zip(theirs).enumerate();
            return pairs.try_for_each(|(at, (ours, theirs))| {
                same(ours, theirs, found).map_err(|problem| format!("[{at}]{problem}"))
            });
        }
        (Value::Struct(ours), Theirs::Struct(theirs)) => {
            let theirs = by_trimmed_name(theirs, found);
            let names = ours.names().eq(theirs.keys().copied());
            return match names.then(|| ours.iter().zip(theirs.values())) {
                Some(mut pairs) => pairs.try_for_each(|((name, ours), theirs)| same_member(name, ours, theirs, found)),
                None => Err(format!(": members {:?} and {:?}", Vec::from_iter(ours.names()), theirs.keys())),
            };
        }
        _ => false,
    };
    if equal { Ok(()) } else { Err(format!(": {ours:?} and {theirs:?}")) }
}

fn same_member(name: &str, ours: &Value, theirs: &[&Theirs], found: &mut Differences) -> Result<(), String> {
    // Of names that are the same but for white space they keep all; which one came last, they don't tell.
    let mut problem = String::new();
    for theirs in theirs {
        match same(ours, theirs, found) {
            Ok(()) => return Ok(()),
            Err(other) => problem = other,
        }
    }
    Err(format!(".{name}{problem}"))
}

fn by_trimmed_name<'a>(
    members: &'a BTreeMap<String, Theirs>,
    found: &mut Differences,
) -> BTreeMap<&'a str, Vec<&'a Theirs>> {
    let mut trimmed: BTreeMap<&str, Vec<&Theirs>> = BTreeMap::new();
    for (name, value) in members {
        let kept = name.trim_matches(SPACE);
        if kept != name {
            found.insert(Difference::Name);
        }
        trimmed.entry(kept).or_default().push(value);
    }
    trimmed
}

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn same_text(ours: &str, theirs: &str, found: &mut Differences) -> Result<(), String> {
    if ours == theirs {
        return Ok(());
    }
    let difference = if theirs.is_empty() && ours.trim_matches(SPACE).is_empty() {
        Difference::Blank
    } else if theirs.replace("\r\n", "\n").replace('\r', "\n") == ours {
        Difference::LineEnd
    } else if is_padded(ours, theirs) {
        Difference::Padding
    } else {
        return Err(format!(": {ours:?} and {theirs:?}"));
    };
    found.insert(difference);
    Ok(())
}

/// Whether a text is another with padding around it, each side with a line break if there is any.
fn is_padded(text: &str, padded: &str) -> bool {
    let is_padding = |side: &str| side.is_empty() || side.contains('\n') && side.trim_matches(SPACE).is_empty();
    let mut places = padded.match_indices(text);
    places.any(|(at, _)| is_padding(&padded[..at]) && is_padding(&padded[at + text.len()..]))
}

/// Compares times by what that crate writes, since its own type belongs to another crate.
fn same_time(ours: DateTime, theirs: &Theirs, found: &mut Differences) -> bool {
    let mut xml = Vec::new();
    theirs.write_as_xml(&mut xml).expect("memory takes it");
    let xml = String::from_utf8(xml).expect("text");
    let text =
        xml.trim().trim_start_matches("<value><dateTime.iso8601>").trim_end_matches("</dateTime.iso8601></value>");
    if ours.to_string() == text {
        return true;
    }
    found.insert(Difference::Clock);
    // They forget that `Z` was an offset.
    [text.to_owned(), format!("{text}Z")].iter().any(|text| text.parse().is_ok_and(|theirs: DateTime| theirs == ours))
}

#[test]
fn each_difference_has_a_document_that_shows_it() {
    use Difference::{Blank, Clock, LineEnd, Name, Padding};
    let time = |text: &str| format!("<dateTime.iso8601>{text}</dateTime.iso8601>");
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    for (value, differences) in [
        ("\n Successful \n".to_owned(), vec![]),
        (format!("<struct>\n{}</struct>", member("a", "\n x\n").replace("<value>", "\n<value>")), vec![Padding]),
        (" x ".to_owned(), vec![]),
        ("<string>\n x \n</string>".to_owned(), vec![]),
        ("  ".to_owned(), vec![Blank]),
        ("<string>\n</string>".to_owned(), vec![Blank]),
        ("<string>&#32;</string>".to_owned(), vec![Blank]),
        ("<![CDATA[ ]]>".to_owned(), vec![Blank]),
        ("a\r\nb\rc".to_owned(), vec![LineEnd]),
        ("a&#13;b".to_owned(), vec![]),
        (format!("<struct>{}</struct>", member(" a ", "x")), vec![Name]),
        (format!("<struct>{}{}</struct>", member("a", "x"), member(" a", "y")), vec![Name]),
        (format!("<struct>{}{}</struct>", member("a", "x"), member("a", "y")), vec![]),
        (time("20150719T19:53:56"), vec![]),
        (time("2015-07-19T195356"), vec![]),
        (time("20150719T19:53"), vec![]),
        (time("20150719T19:53:56.4"), vec![Clock]),
        (time("20150719T19:53:56Z"), vec![Clock]),
        (time("2015-07-19T19:53:56+02:00"), vec![Clock]),
        (time("20150719T19:53:60"), vec![Clock]),
        ("<i8>9000000000</i8>".to_owned(), vec![]),
        ("<base64>aGk</base64>".to_owned(), vec![]),
        ("<double>NaN</double>".to_owned(), vec![]),
        ("<nil/>".to_owned(), vec![]),
        ("a<!-- b --><![CDATA[ c ]]>".to_owned(), vec![]),
    ] {
        let document = response(&format!("<value>{value}</value>"));
        assert_eq!(compare(&document), Ok(Some(Differences::from_iter(differences))), "{document}");
    }
}

#[test]
fn what_they_accept_and_we_refuse_is_named() {
    let value = response("<value>x</value>");
    let time = |text: &str| response(&format!("<value><dateTime.iso8601>{text}</dateTime.iso8601></value>"));
    let two = response("<value>x</value></param><param><value>y</value>");
    for (document, problem) in [
        (format!("{value}y"), "unexpected text \"y\" in the document after the response"),
        (two, "unexpected <param> in params"),
        (value.replace("</params>", "</params><x/>"), "unexpected <x> in methodResponse"),
        (format!("<!DOCTYPE a>{value}"), "a document type declaration is not allowed"),
        (
            format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", response("<value>&b;</value>")),
            "a document type declaration is not allowed",
        ),
        (format!("<?xml version='1.0' encoding='ISO-8859-1'?>{value}"), "encoding \"ISO-8859-1\" is not supported"),
        (time("20150230T00:00:00"), "expected dateTime, got \"20150230T00:00:00\""),
        (time("20150719T24:00:00"), "expected dateTime, got \"20150719T24:00:00\""),
        (time("00000101T00:00:00"), "expected dateTime, got \"00000101T00:00:00\""),
        (time("2015-W29-7T00:00:00"), "expected dateTime, got \"2015-W29-7T00:00:00\""),
        (time("2015-200T00:00:00"), "expected dateTime, got \"2015-200T00:00:00\""),
    ] {
        assert_eq!(compare(&document), Err(problem.to_owned()), "{document}");
    }
}

#[test]
fn what_they_refuse_and_we_accept_is_named() {
    for value in [
        "<i4> 5 </i4>",
        "<boolean>true</boolean>",
        "<double>\n1.5</double>",
        "<base64>aGl=</base64>",
        "<dateTime.iso8601> 20150719</dateTime.iso8601>",
        "<array/>",
        "<ex:nil/>",
        "<i1>1</i1>",
        "<struct><member><name/><value/></member></struct>",
        "<string xml:space='preserve'>x</string>",
        "&#11;",
        "&#xD83D;&#xDE00;",
        "\u{1}",
        "\u{FFFF}",
        "a]]>b",
    ] {
        let document = response(&format!("<value>{value}</value>"));
        assert!(read(document.clone()).is_ok(), "{document}");
        assert_eq!(compare(&document), Ok(None), "{document}");
    }
    for document in [response(""), "<methodResponse><params/></methodResponse>".to_owned()] {
        assert_eq!((read(document.clone()).ok(), compare(&document)), (Some(Value::Nil), Ok(None)), "{document}");
    }
}

#[test]
fn documented_responses_are_read_alike() {
    let mut rejected = BTreeSet::new();
    let mut differences = BTreeMap::new();
    for (Call { entry, .. }, body) in documented() {
        match compare(body).unwrap_or_else(|problem| panic!("{entry}: {problem}")) {
            Some(found) if found.is_empty() => {}
            Some(found) => drop(differences.insert(*entry, found)),
            None => drop(rejected.insert(*entry)),
        }
    }
    assert_eq!((rejected.len(), documented().count()), (22, 102), "{rejected:?}");
    let kinds: BTreeSet<_> = differences.values().flatten().collect();
    assert_eq!(Vec::from_iter(kinds), [&Difference::Padding, &Difference::Name], "{differences:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_response_is_read_alike(body in grammar::document()) {
        prop_assert!(compare(&body).is_ok(), "{:?}", compare(&body));
    }
}

#[test]
fn most_responses_of_the_grammar_are_compared() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let documents = (0..300).map(|_| grammar::document().new_tree(&mut runner).expect("a document").current());
    let compared = documents.filter(|document| compare(document).is_ok_and(|found| found.is_some())).count();
    assert!(compared > 200, "they accept {compared} of 300");
}
