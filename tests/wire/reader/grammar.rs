//! Responses as the grammar of XML-RPC allows them, with every liberty in white space, comments, escapes and types.

use proptest::collection::vec;
use proptest::prelude::*;

/// What may stand between tags.
fn filler() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", "\n", "\n  ", " ", "\t", "<!-- a -->", "<?b c?>", "\n<!--\n-->\n"])
}

/// A character as it stands in a document.
fn character() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::char::range('a', 'z').prop_map(String::from),
        1 => prop::sample::select(vec![" ", " ", "\n", "\t", ">", "\"", "é", "😀", "\u{FFFD}", "]"]).prop_map(String::from),
        1 => prop::sample::select(vec!["&lt;", "&amp;", "&gt;", "&quot;", "&apos;", "&#10;", "&#x20;", "&#233;", "&#x1F600;"]).prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(character(), 0..8).prop_map(|characters| characters.concat()),
        1 => "[a-z<&> \n]{0,6}".prop_map(|content| format!("<![CDATA[{content}]]>")),
        1 => (vec(character(), 0..4), "[a-z<&>]{0,6}", vec(character(), 0..4))
            .prop_map(|(head, content, tail)| format!("{}<![CDATA[{content}]]>{}", head.concat(), tail.concat())),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i32>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        any::<f32>().prop_map(|number| format!("{number:e}")),
    ]
}

fn time() -> impl Strategy<Value = String> {
    let offset = prop::sample::select(vec!["", "", "", "", "Z", "+02:00", "-0530"]);
    let fraction = prop::sample::select(vec!["", "", "", ".4", ".123"]);
    (1000..=9999, 1..=12, 1..=28, 0..24, 0..60, 0..60, any::<bool>(), fraction, offset).prop_map(
        |(year, month, day, hour, minute, second, dashes, fraction, offset)| {
            let dash = if dashes { "-" } else { "" };
            format!("{year}{dash}{month:02}{dash}{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
        },
    )
}

/// The content of a scalar with its type, or without one.
fn scalar() -> impl Strategy<Value = String> {
    let typed = |tag: &'static str| move |text| format!("<{tag}>{text}</{tag}>");
    prop_oneof![
        3 => text(),
        3 => text().prop_map(typed("string")),
        1 => number().prop_map(typed("double")),
        1 => any::<i32>().prop_map(typed_by("int")),
        1 => any::<i32>().prop_map(typed_by("i4")),
        1 => any::<i64>().prop_map(typed_by("i8")),
        1 => prop::sample::select(vec!["0", "1"]).prop_map(typed_by("boolean")),
        1 => time().prop_map(typed("dateTime.iso8601")),
        1 => "([A-Za-z0-9+/]{4}\n?){0,4}".prop_map(typed("base64")),
        1 => prop::sample::select(vec!["<nil/>", "<string/>", "", "<array><data/></array>", "<struct/>"]).prop_map(String::from),
    ]
}

fn typed_by<T: std::fmt::Display>(tag: &'static str) -> impl Fn(T) -> String {
    move |text| format!("<{tag}>{text}</{tag}>")
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-D]",
        1 => ("[ \n]?", "[A-Za-z0-9_é]{1,8}", "[ \n]?").prop_map(|(head, name, tail)| head + &name + &tail),
        1 => Just("A&amp;B".to_owned()),
    ]
}

/// A value with its tags.
fn value() -> impl Strategy<Value = String> {
    scalar().prop_map(|content| format!("<value>{content}</value>")).prop_recursive(5, 30, 4, |value| {
        let item = (filler(), value.clone()).prop_map(|(filler, value)| format!("{filler}{value}"));
        let array = (filler(), vec(item, 0..4), filler()).prop_map(|(before, items, after)| {
            format!(
                "<value>{before}<array>{after}<data>{}{after}</data>{before}</array>{after}</value>",
                items.concat()
            )
        });
        let member = (filler(), name(), filler(), value).prop_map(|(before, name, after, value)| {
            format!("{before}<member>{after}<name>{name}</name>{before}{value}{after}</member>")
        });
        let members = (filler(), vec(member, 0..4), filler()).prop_map(|(before, members, after)| {
            format!("<value>{before}<struct>{}{after}</struct>{after}</value>", members.concat())
        });
        prop_oneof![array, members]
    })
}

/// A whole response.
pub(super) fn document() -> impl Strategy<Value = String> {
    let prolog = prop::sample::select(vec![
        "",
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<!-- a -->",
    ]);
    let answer = prop_oneof![
        6 => (filler(), value()).prop_map(|(filler, value)| format!("<params>{filler}<param>{value}{filler}</param></params>")),
        1 => (any::<i32>(), text()).prop_map(|(code, text)| format!(
            "<fault><value><struct><member><name>faultCode</name><value><i4>{code}</i4></value></member>\
             <member><name>faultString</name><value>{text}</value></member></struct></value></fault>"
        )),
    ];
    (prolog, filler(), answer, filler()).prop_map(|(prolog, before, answer, after)| {
        format!("{prolog}<methodResponse>{before}{answer}{after}</methodResponse>{after}")
    })
}
