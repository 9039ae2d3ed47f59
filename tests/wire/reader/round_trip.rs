//! What a request can carry, an answer gives back as it was.

use infusionsoft::{DateTime, Record, Value};
use infusionsoft_tests::canned::Canned;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{read, response};

/// Any character that XML can carry, the awkward ones more often.
fn character() -> impl Strategy<Value = char> {
    let xml = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    prop_oneof![
        prop::sample::select("\t\n\r  <>&]'\"\u{85}\u{A0}\u{FEFF}\u{FFFD}\u{2028}😀é".chars().collect::<Vec<_>>()),
        prop::char::range('\u{20}', '\u{7E}'),
        any::<char>().prop_filter("a character of XML", xml),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        vec(character(), 0..12).prop_map(String::from_iter),
        prop::sample::select(vec!["]]>", "<![CDATA[x]]>", "&amp;", "&#13;", "\r\n", " \n x \n ", "<nil/>", "👩🏽‍🚀"])
            .prop_map(str::to_owned),
    ]
}

/// The reader trims names, so white space at their ends doesn't come back.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|name| name.trim_matches([' ', '\t', '\n', '\r']).to_owned())
}

fn date_time() -> impl Strategy<Value = Value> {
    (1i16..=9999, 1i8..=12, 1i8..=28, 0i8..24, 0i8..60, 0i8..60).prop_map(|(year, month, day, hour, minute, second)| {
        Value::DateTime(DateTime::new(year, month, day, hour, minute, second).expect("a valid time"))
    })
}

/// Any value that a request can carry: no nil, ints of 32 bits, finite doubles, characters of XML.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
        date_time(),
        vec(any::<u8>(), 0..12).prop_map(Value::Bytes),
    ];
    scalar.prop_recursive(4, 24, 5, |element| {
        let members = vec((name(), element.clone()), 0..5);
        prop_oneof![
            vec(element, 0..5).prop_map(Value::Array),
            members.prop_map(|members| Value::Struct(Record::from_iter(members)))
        ]
    })
}

/// Sends a value, and gives back what a server would that repeats it.
fn echo(value: Value) -> Value {
    let transport = Canned::ok(response(""));
    transport.client().call_raw_without_key("X.y", [value]).expect("the value can be sent");
    let sent = transport.only_sent().text();
    let (_, param) = sent.split_once("<param>").expect("a param");
    let (param, _) = param.rsplit_once("</param>").expect("its end");
    read(response(param)).unwrap_or_else(|error| panic!("{error}\n{sent}"))
}

/// Tells 0 from -0, which are equal, by their text.
fn exactly(value: &Value) -> String {
    format!("{value:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_come_back_as_they_were_sent(value in value()) {
        let echoed = echo(value.clone());
        prop_assert_eq!(exactly(&echoed), exactly(&value));
        prop_assert_eq!(echoed, value);
    }

    #[test]
    fn doubles_come_back_to_the_bit(bits: u64) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let Value::Double(echoed) = echo(Value::from(number)) else { panic!("a double") };
        prop_assert_eq!(echoed.to_bits(), bits);
    }
}

#[test]
fn every_character_comes_back() {
    let all: Vec<char> = ('\0'..=char::MAX)
        .filter(|c| !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    let text = String::from_iter(&all);
    assert!(echo(Value::from(text.as_str())).as_str() == Some(&text), "a text of all characters differs");
    for &c in all.iter().filter(|&&c| c < '\u{800}') {
        let text = format!("{c}a{c}");
        assert_eq!(echo(Value::from(text.as_str())), Value::from(text), "{c:?}");
    }
}

#[test]
fn awkward_values_come_back() {
    let texts = [
        "",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        " \n x \r ",
        "]]>",
        "<![CDATA[",
        "&#13;",
        "\u{FEFF}",
        "\u{FFFD}",
        "👩🏽‍🚀",
        "\u{10FFFF}",
    ];
    let doubles = [0.0, -0.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2, 1e21, 1e-7, 23.07];
    for value in
        texts.map(Value::from).into_iter().chain(doubles.map(Value::from)).chain([i32::MIN, i32::MAX].map(Value::from))
    {
        assert_eq!(exactly(&echo(value.clone())), exactly(&value));
    }
}
