//! Reading documented samples: the XML of requests and responses as small trees.

use roxmltree::Document;
use serde_json::{Number, Value};

use crate::types::Wire;

type Element<'a> = roxmltree::Node<'a, 'a>;

/// Deeper values are refused, so that no sample exhausts the stack.
const DEPTH: usize = 64;

/// A value in a sample.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A value without elements in it.
    Scalar {
        /// The type that its tag names; `None` for text without a tag.
        tag: Option<Wire>,
        /// The text, with its white space.
        text: String,
    },
    /// An `<array>`.
    Array(Vec<Node>),
    /// A `<struct>`, its members in the sample's order.
    Struct(Vec<(String, Node)>),
    /// A `<value/>` or `<nil/>`.
    Empty,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The text of `methodName`, with its white space.
    pub method: String,
    /// All parameters, the key among them.
    pub params: Vec<Node>,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// The answer's value.
    Value(Node),
    /// A refusal.
    Fault {
        /// Its number.
        code: i32,
        /// Its text.
        text: String,
    },
}

impl Node {
    /// The wire type that the sample shows; text without a tag is a string.
    pub fn wire(&self) -> Wire {
        match self {
            Node::Scalar { tag, .. } => tag.clone().unwrap_or(Wire::String),
            Node::Array(items) => {
                let mut wires = items.iter().map(Node::wire);
                let first = wires.next();
                Wire::Array(first.filter(|first| wires.all(|wire| wire == *first)).map(Box::new))
            }
            Node::Struct(_) => Wire::Struct,
            Node::Empty => Wire::String,
        }
    }

    /// The text of a scalar, trimmed.
    pub fn text(&self) -> Option<&str> {
        match self {
            Node::Scalar { text, .. } => Some(text.trim()),
            Node::Empty => Some(""),
            Node::Array(_) | Node::Struct(_) => None,
        }
    }

    /// The value as JSON: numbers and booleans where tag and text say so, everything else as text.
    pub fn json(&self) -> Value {
        match self {
            Node::Scalar { tag, text } => scalar_json(tag.as_ref(), text),
            Node::Array(items) => items.iter().map(Node::json).collect(),
            Node::Struct(members) => members.iter().map(|(name, node)| (name.clone(), node.json())).collect(),
            Node::Empty => Value::from(""),
        }
    }
}

/// Reads a sample request.
///
/// # Errors
///
/// A sentence that says why no reader can accept `xml`.
pub fn request(xml: &str) -> Result<Request, String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    let root = named(document.root_element(), "methodCall")?;
    let children = elements(root)?;
    let (name, params) = match children.as_slice() {
        [name] => (*name, None),
        [name, params] => (*name, Some(*params)),
        _ => return Err("<methodCall> needs <methodName> and <params>".to_owned()),
    };
    let method = text(named(name, "methodName")?)?;
    let params = params.map(read_params).transpose()?.unwrap_or_default();
    Ok(Request { method, params })
}

/// Reads a sample response.
///
/// # Errors
///
/// A sentence that says why no reader can accept `xml`.
pub fn response(xml: &str) -> Result<Response, String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    let root = named(document.root_element(), "methodResponse")?;
    let child = only(root)?;
    if child.has_tag_name("fault") {
        return fault(value(only(child)?, 0)?);
    }
    let mut params = read_params(child)?;
    match (params.pop(), params.is_empty()) {
        (Some(value), true) => Ok(Response::Value(value)),
        _ => Err("a response needs exactly one <param>".to_owned()),
    }
}

fn fault(node: Node) -> Result<Response, String> {
    let Node::Struct(members) = node else {
        return Err("a fault needs a <struct>".to_owned());
    };
    let member = |name| members.iter().find(|(member, _)| member == name).and_then(|(_, node)| node.text());
    let code = member("faultCode").ok_or("the fault has no faultCode")?;
    let code = code.parse().map_err(|_| format!("faultCode is not an int: {code:?}"))?;
    Ok(Response::Fault { code, text: member("faultString").unwrap_or_default().to_owned() })
}

fn read_params(params: Element<'_>) -> Result<Vec<Node>, String> {
    elements(named(params, "params")?)?
        .into_iter()
        .map(|param| match elements(named(param, "param")?)?.as_slice() {
            [] => Ok(Node::Empty),
            [child] => value(*child, 0),
            _ => Err("a <param> holds more than one value".to_owned()),
        })
        .collect()
}

fn value(element: Element<'_>, depth: usize) -> Result<Node, String> {
    if depth > DEPTH {
        return Err("values are nested too deeply".to_owned());
    }
    named(element, "value")?;
    if !element.children().any(|child| child.is_element()) {
        return Ok(match text(element)? {
            text if text.is_empty() => Node::Empty,
            text => Node::Scalar { tag: None, text },
        });
    }
    let typed = only(element)?;
    let tag = match typed.tag_name().name() {
        "array" => return array(typed, depth),
        "struct" => return members(typed, depth).map(Node::Struct),
        "nil" => return Ok(Node::Empty),
        "int" | "i4" | "i8" => Wire::Int,
        "double" => Wire::Double,
        "boolean" => Wire::Boolean,
        "string" => Wire::String,
        "dateTime.iso8601" => Wire::DateTime,
        "base64" => Wire::Base64,
        other => return Err(format!("<{other}> is not a type")),
    };
    Ok(Node::Scalar { tag: Some(tag), text: text(typed)? })
}

fn array(element: Element<'_>, depth: usize) -> Result<Node, String> {
    let items = match elements(element)?.as_slice() {
        [] => Vec::new(),
        [data] => elements(named(*data, "data")?)?,
        _ => return Err("an <array> holds more than one <data>".to_owned()),
    };
    items.into_iter().map(|item| value(item, depth + 1)).collect::<Result<_, _>>().map(Node::Array)
}

fn members(element: Element<'_>, depth: usize) -> Result<Vec<(String, Node)>, String> {
    elements(element)?
        .into_iter()
        .map(|member| match elements(named(member, "member")?)?.as_slice() {
            [name, node] => Ok((text(named(*name, "name")?)?.trim().to_owned(), value(*node, depth + 1)?)),
            _ => Err("a <member> needs <name> and <value>".to_owned()),
        })
        .collect()
}

fn named<'a>(element: Element<'a>, name: &str) -> Result<Element<'a>, String> {
    match element.tag_name().name() {
        found if found == name => Ok(element),
        found => Err(format!("<{found}> stands where <{name}> is expected")),
    }
}

/// The elements in an element, between which only white space and comments may stand.
fn elements<'a>(parent: Element<'a>) -> Result<Vec<Element<'a>>, String> {
    let stray = parent.children().filter(|child| child.is_text()).find_map(|child| {
        let text = child.text().unwrap_or_default().trim();
        (!text.is_empty()).then_some(text)
    });
    match stray {
        Some(text) => Err(format!("stray text in <{}>: {text:?}", parent.tag_name().name())),
        None => Ok(parent.children().filter(|child| child.is_element()).collect()),
    }
}

fn only<'a>(parent: Element<'a>) -> Result<Element<'a>, String> {
    match elements(parent)?.as_slice() {
        [child] => Ok(*child),
        children => Err(format!("<{}> holds {} elements instead of one", parent.tag_name().name(), children.len())),
    }
}

fn text(element: Element<'_>) -> Result<String, String> {
    match element.children().find(|child| child.is_element()) {
        Some(child) => Err(format!("<{}> stands in <{}>", child.tag_name().name(), element.tag_name().name())),
        None => Ok(element.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect()),
    }
}

fn scalar_json(tag: Option<&Wire>, text: &str) -> Value {
    let text = text.trim();
    let typed = match tag {
        Some(Wire::Int) => text.parse::<i64>().ok().map(Value::from),
        Some(Wire::Double) => text.parse().ok().and_then(Number::from_f64).map(Value::from),
        Some(Wire::Boolean) => boolean(text).map(Value::from),
        _ => None,
    };
    typed.unwrap_or_else(|| Value::from(text))
}

/// A boolean as the wire writes it, leniently.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}
