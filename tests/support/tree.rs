//! Requests as trees: what is compared when white space, the order of members and the spelling of a type don't count.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

/// A request as a tree.
#[derive(Debug)]
pub struct Request {
    /// The method's name, with its white space.
    pub method: String,
    /// The parameters.
    pub params: Vec<Tree>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A scalar: its type's name (`i4` is `int`, no tag is `string`) and its text, trimmed.
    Scalar(String, String),
    /// An array.
    Array(Vec<Tree>),
    /// A struct.
    Struct(BTreeMap<String, Tree>),
}

impl Tree {
    /// The shape of the type, down to the first element of arrays.
    pub fn shape(&self) -> String {
        match self {
            Tree::Scalar(name, _) => name.clone(),
            Tree::Array(elements) => match elements.first() {
                Some(first) => format!("array<{}>", first.shape()),
                None => "array".to_owned(),
            },
            Tree::Struct(_) => "struct".to_owned(),
        }
    }

    /// Whether a value of this shape could stand where the other one does: an empty array for any array.
    pub fn same_shape(&self, other: &Tree) -> bool {
        match (self, other) {
            (Tree::Array(ours), Tree::Array(theirs)) => match (ours.first(), theirs.first()) {
                (Some(ours), Some(theirs)) => ours.same_shape(theirs),
                _ => true,
            },
            _ => self.shape() == other.shape(),
        }
    }
}

/// Reads a request.
///
/// # Panics
///
/// If it isn't one.
pub fn request(xml: &str) -> Request {
    let document = Document::parse(xml).expect("the request is well-formed");
    let call = document.root_element();
    assert_eq!(call.tag_name().name(), "methodCall");
    let name = child(call, "methodName").expect("a method name");
    let params = child(call, "params").into_iter().flat_map(|params| params.children().filter(Node::is_element));
    Request {
        method: name.text().unwrap_or_default().to_owned(),
        params: params.map(|param| value(child(param, "value").expect("a value"))).collect(),
    }
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn value(node: Node<'_, '_>) -> Tree {
    let Some(element) = node.children().find(Node::is_element) else {
        return Tree::Scalar("string".to_owned(), trimmed(node));
    };
    match element.tag_name().name() {
        "array" => {
            let data = child(element, "data").expect("data");
            Tree::Array(data.children().filter(Node::is_element).map(value).collect())
        }
        "struct" => Tree::Struct(element.children().filter(Node::is_element).map(member).collect()),
        "i4" => Tree::Scalar("int".to_owned(), trimmed(element)),
        name => Tree::Scalar(name.to_owned(), trimmed(element)),
    }
}

fn member(node: Node<'_, '_>) -> (String, Tree) {
    (trimmed(child(node, "name").expect("a name")), value(child(node, "value").expect("a value")))
}

fn trimmed(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}
