//! How a method is recognised: by its name, and by the number and the types of its arguments.

use crate::call::{Call, Value};
use crate::fault::Fault;
use crate::methods::METHODS;

/// A method, or one of its overloads.
#[derive(Debug)]
pub(crate) struct Method {
    /// The wire name, followed by the overload's own name if it has one.
    pub(crate) entry: &'static str,
    /// The wire name.
    pub(crate) name: &'static str,
    /// Whether the key leads the arguments.
    pub(crate) keyed: bool,
    /// The parameters after the key.
    pub(crate) params: &'static [Param],
    /// How many parameters a call can have, after the key: those at the end can be left out, some only together.
    pub(crate) counts: &'static [usize],
    /// The whole XML of the answer.
    pub(crate) answer: &'static str,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Param {
    /// The documented name.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) kind: Kind,
}

/// What a parameter takes.
#[derive(Debug)]
pub(crate) enum Kind {
    Int,
    Double,
    Boolean,
    String,
    DateTime,
    #[expect(dead_code, reason = "a catalog may declare it; in this one, files travel as base64 in a string")]
    Base64,
    Array(&'static Kind),
    Struct,
    Any,
}

/// Finds the method that a call reaches.
pub(crate) fn find(call: &Call) -> Result<&'static Method, Fault> {
    let mut overloads = METHODS.iter().filter(|method| method.name == call.method).peekable();
    if overloads.peek().is_none() {
        return Err(Fault::unreached(format!("No such handler: {}", call.method)));
    }
    overloads.find(|method| method.accepts(&call.arguments)).ok_or_else(|| {
        let types: Vec<_> = call.arguments.iter().map(Value::java_type).collect();
        Fault::unreached(format!("No method matching arguments: {}", types.join(", ")))
    })
}

impl Method {
    fn accepts(&self, arguments: &[Value]) -> bool {
        let arguments = match (self.keyed, arguments) {
            (true, [Value::String(_), rest @ ..]) => rest,
            (true, _) => return false,
            (false, all) => all,
        };
        self.counts.contains(&arguments.len())
            && self.params.iter().zip(arguments).all(|(param, argument)| param.accepts(argument))
    }
}

impl Param {
    /// The server takes the id of a template as text too: several clients send it so.
    fn accepts(&self, argument: &Value) -> bool {
        self.kind.accepts(argument)
            || self.name.eq_ignore_ascii_case("templateId")
                && matches!(argument, Value::String(text) if text.parse::<i32>().is_ok())
    }
}

impl Kind {
    fn accepts(&self, value: &Value) -> bool {
        match self {
            Kind::Int => matches!(value, Value::Int(_)),
            Kind::Double => matches!(value, Value::Double(_)),
            Kind::Boolean => matches!(value, Value::Boolean(_)),
            Kind::String => matches!(value, Value::String(_)),
            Kind::DateTime => matches!(value, Value::DateTime(_)),
            Kind::Base64 => matches!(value, Value::Base64(_)),
            Kind::Array(kind) => matches!(value, Value::Array(items) if items.iter().all(|item| kind.accepts(item))),
            // PHP has one type for both, so its clients send an empty struct as an empty array.
            Kind::Struct => {
                matches!(value, Value::Struct(_)) || matches!(value, Value::Array(items) if items.is_empty())
            }
            Kind::Any => true,
        }
    }
}
