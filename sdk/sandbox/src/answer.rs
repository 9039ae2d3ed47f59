//! Writes answers as the real server does: no white space between the tags, texts without a type, `<i4>` for integers,
//! and members in an order that is neither that of the names nor that of the request.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::call::Value;
use crate::http::Response;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param>";
const TAIL: &str = "</param></params></methodResponse>";

/// The answer that carries a value.
pub(crate) fn response(value: &Value) -> Response {
    let mut out = String::from(HEAD);
    write(&mut out, value);
    out.push_str(TAIL);
    Response::xml(out)
}

/// A documented sample as the real server would send it: the documents pad its tags and texts with white space, which
/// strict readers refuse in a number. What is not well-formed stays as it is.
pub(crate) fn sample(xml: &str) -> Response {
    let Ok(document) = roxmltree::Document::parse(xml) else { return Response::xml(xml) };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    compact(&mut out, document.root_element());
    Response::xml(out)
}

/// Samples are at most a dozen levels deep.
fn compact(out: &mut String, node: roxmltree::Node<'_, '_>) {
    let name = node.tag_name().name();
    write!(out, "<{name}>").ok();
    for child in node.children() {
        match child.text() {
            _ if child.is_element() => compact(out, child),
            Some(text) if child.is_text() => escape(out, text.trim()),
            Some(_) | None => {}
        }
    }
    write!(out, "</{name}>").ok();
}

fn write(out: &mut String, value: &Value) {
    out.push_str("<value>");
    match value {
        Value::Int(number) => element(out, "i4", &number.to_string()),
        Value::Double(number) => element(out, "double", &double(*number)),
        Value::Boolean(flag) => element(out, "boolean", if *flag { "1" } else { "0" }),
        Value::String(text) => escape(out, text),
        Value::DateTime(time) => element(out, "dateTime.iso8601", time),
        Value::Base64(bytes) => element(out, "base64", &STANDARD.encode(bytes)),
        Value::Array(items) => {
            out.push_str("<array><data>");
            items.iter().for_each(|item| write(out, item));
            out.push_str("</data></array>");
        }
        Value::Struct(members) => {
            out.push_str("<struct>");
            for (name, member) in scattered(members) {
                out.push_str("<member><name>");
                escape(out, name);
                out.push_str("</name>");
                write(out, member);
                out.push_str("</member>");
            }
            out.push_str("</struct>");
        }
    }
    out.push_str("</value>");
}

fn element(out: &mut String, name: &str, content: &str) {
    // Writing to a string cannot fail.
    write!(out, "<{name}>{content}</{name}>").ok();
}

/// XML-RPC knows no exponents, and Java always writes a point.
fn double(number: f64) -> String {
    let text = number.to_string();
    if text.contains('.') { text } else { text + ".0" }
}

/// The members in the order of their names' hashes, which is the same in each answer.
fn scattered(members: &[(String, Value)]) -> Vec<&(String, Value)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_cached_key(|(name, _)| hash(name));
    members
}

/// FNV-1a.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Escapes a text; the characters that XML cannot carry become U+FFFD, since a fault can quote anything that was sent.
pub(crate) fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
}
