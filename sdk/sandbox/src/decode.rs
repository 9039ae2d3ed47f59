//! Reads calls as the server does: strict about structure and types, lenient about how they are written.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;

use crate::call::{Call, Value};
use crate::fault::Fault;
use crate::xml::{self, characters, elements, name, unexpected};

/// How deep arrays and structs can be nested.
const MAX_DEPTH: usize = 64;

/// Reads a call from the body of a request.
///
/// ```
/// use infusionsoft_sandbox::{Call, Value, decode};
///
/// let body = b"<methodCall><methodName>echo</methodName><params>\
///     <param><value>Ada</value></param></params></methodCall>";
/// let call = Call { method: "echo".into(), arguments: vec![Value::String("Ada".into())] };
/// assert_eq!(decode(body), Ok(call));
/// ```
///
/// # Errors
///
/// The fault that the server would answer.
pub fn decode(body: &[u8]) -> Result<Call, Fault> {
    let text = xml::text(body)?;
    let document = xml::parse(&text)?;
    let root = document.root_element();
    if name(root) != "methodCall" {
        return Err(Fault::unreadable(format!("Expected methodCall element, got {}", name(root))));
    }
    let (method, params) = match elements(root)?.as_slice() {
        [method] => (*method, Vec::new()),
        [method, params] => (*method, items(*params, "params", "param")?),
        _ => return Err(Fault::unreadable("Expected methodName and params in methodCall")),
    };
    let arguments = params.into_iter().map(|param| value(sole(param, "value")?, 0)).collect::<Result<_, _>>()?;
    Ok(Call { method: characters(named(method, "methodName")?)?.trim().to_owned(), arguments })
}

fn value(node: Node<'_, '_>, depth: usize) -> Result<Value, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::unreadable("Too many levels"));
    }
    // Text beside an element is only a mistake if it is more than white space, so the elements come first.
    if !node.children().any(|child| child.is_element()) {
        return characters(node).map(Value::String);
    }
    let [typed] = elements(node)?[..] else {
        return Err(Fault::unreadable("Expected one type in value"));
    };
    match name(typed) {
        "array" => array(typed, depth),
        "struct" => structure(typed, depth),
        kind => scalar(kind, typed),
    }
}

fn scalar(kind: &str, node: Node<'_, '_>) -> Result<Value, Fault> {
    let parse: fn(&str) -> Option<Value> = match kind {
        "string" => return characters(node).map(Value::String),
        "int" | "i4" => |text| text.parse().ok().map(Value::Int),
        "double" => double,
        "boolean" => boolean,
        "dateTime.iso8601" => date_time,
        "base64" => base64,
        _ => return Err(Fault::unreadable(format!("Unknown type: {kind}"))),
    };
    let text = characters(node)?;
    parse(text.trim()).ok_or_else(|| {
        let kind = match kind {
            "int" | "i4" => "integer",
            "dateTime.iso8601" => "date",
            other => other,
        };
        Fault::unreadable(format!("Failed to parse {kind} value: {text}"))
    })
}

/// Digits, sign, point and exponent: none of the words that Rust reads as numbers too.
fn double(text: &str) -> Option<Value> {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite()).map(Value::Double)
}

fn boolean(text: &str) -> Option<Value> {
    match text {
        "0" => Some(Value::Boolean(false)),
        "1" => Some(Value::Boolean(true)),
        _ => None,
    }
}

fn date_time(text: &str) -> Option<Value> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok();
    let valid = shape == "99999999T99:99:99"
        && (1..=12).contains(&part(4, 6)?)
        && (1..=31).contains(&part(6, 8)?)
        && part(9, 11)? < 24
        && part(12, 14)? < 60
        && part(15, 17)? < 60;
    valid.then(|| Value::DateTime(text.to_owned()))
}

/// Clients break long base64 into lines.
fn base64(text: &str) -> Option<Value> {
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(text).ok().map(Value::Base64)
}

fn array(node: Node<'_, '_>, depth: usize) -> Result<Value, Fault> {
    let values = items(sole(node, "data")?, "data", "value")?;
    values.into_iter().map(|item| value(item, depth + 1)).collect::<Result<_, _>>().map(Value::Array)
}

fn structure(node: Node<'_, '_>, depth: usize) -> Result<Value, Fault> {
    let mut seen = HashSet::new();
    let member = |member| {
        let [label, content] = elements(member)?[..] else {
            return Err(Fault::unreadable("Expected name and value in member"));
        };
        let label = characters(named(label, "name")?)?;
        if !seen.insert(label.clone()) {
            return Err(Fault::unreadable(format!("Duplicate name: {label}")));
        }
        Ok((label, value(named(content, "value")?, depth + 1)?))
    };
    items(node, "struct", "member")?.into_iter().map(member).collect::<Result<_, _>>().map(Value::Struct)
}

/// The elements of a list, all of one name.
fn items<'a>(list: Node<'a, 'a>, expected: &str, item: &str) -> Result<Vec<Node<'a, 'a>>, Fault> {
    let items = elements(named(list, expected)?)?;
    match items.iter().find(|element| name(**element) != item) {
        Some(other) => Err(unexpected(*other, list)),
        None => Ok(items),
    }
}

/// The only element in a node.
fn sole<'a>(node: Node<'a, 'a>, expected: &str) -> Result<Node<'a, 'a>, Fault> {
    match elements(node)?[..] {
        [only] => named(only, expected),
        _ => Err(Fault::unreadable(format!("Expected one {expected} element in {}", name(node)))),
    }
}

fn named<'a>(node: Node<'a, 'a>, expected: &str) -> Result<Node<'a, 'a>, Fault> {
    if name(node) == expected {
        return Ok(node);
    }
    Err(Fault::unreadable(format!("Expected {expected} element, got {}", name(node))))
}
