//! XML documents, bounded before they are read: XML-RPC needs little of XML, and the reader trusts its input.

use std::borrow::Cow;

use roxmltree::{Document, Node};

use crate::fault::Fault;

/// The reader reserves memory by the number of `<` and `=`.
const MAX_MARKS: usize = 1_000_000;
/// The reader compares each attribute with every other one of its tag.
const MAX_ATTRIBUTES: usize = 1_000;
/// The reader hands each namespace on to every tag within.
const MAX_NAMESPACES: usize = 100;

/// The document's text, in the encodings that clients use: UTF-8, or what PHP declares.
pub(crate) fn text(body: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if declares_latin_1(body) {
        return Ok(body.iter().map(|byte| char::from(*byte)).collect());
    }
    str::from_utf8(body).map(Cow::Borrowed).map_err(Fault::unreadable)
}

fn declares_latin_1(body: &[u8]) -> bool {
    let end = body.iter().position(|byte| *byte == b'>').unwrap_or(0);
    let declaration = body[..end].to_ascii_lowercase();
    declaration.starts_with(b"<?xml") && declaration.windows(10).any(|name| name == b"iso-8859-1")
}

/// Reads a document that is bounded in size and has no DTD.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Fault> {
    let marks = text.bytes().filter(|byte| matches!(byte, b'<' | b'=')).count();
    // A tag ends before the next `<`, which no attribute can hold.
    let crowded = text.split('<').any(|tag| attributes(tag) > MAX_ATTRIBUTES);
    if marks > MAX_MARKS || crowded || text.matches("xmlns").count() > MAX_NAMESPACES {
        return Err(Fault::unreadable("The document is too large"));
    }
    Document::parse(text).map_err(Fault::unreadable)
}

/// How many attributes a tag and the text after it can hold; a line of `=` in a text is none.
fn attributes(tag: &str) -> usize {
    tag.split('=').skip(1).filter(|value| value.trim_start().starts_with(['"', '\''])).count()
}

/// The elements in a node that holds nothing else but white space and comments.
pub(crate) fn elements<'a>(node: Node<'a, 'a>) -> Result<Vec<Node<'a, 'a>>, Fault> {
    match node.children().find(|child| child.is_text() && !is_blank(content(*child))) {
        Some(_) => Err(Fault::unreadable(format!("Unexpected non-whitespace character data in {}", name(node)))),
        None => Ok(node.children().filter(Node::is_element).collect()),
    }
}

/// The text in a node that holds nothing else but comments.
pub(crate) fn characters(node: Node<'_, '_>) -> Result<String, Fault> {
    match node.children().find(Node::is_element) {
        Some(element) => Err(unexpected(element, node)),
        None => Ok(node.children().filter(Node::is_text).map(content).collect()),
    }
}

/// The fault for an element in the wrong place.
pub(crate) fn unexpected(element: Node<'_, '_>, parent: Node<'_, '_>) -> Fault {
    Fault::unreadable(format!("Unexpected element {} in {}", name(element), name(parent)))
}

/// A node's name, without the prefix.
pub(crate) fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

fn content<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}
