//! What makes a request: its name, what may be repeated, and its parameters.

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;

use crate::content::Content;
use crate::error::Error;
use crate::secret::Secret;
use crate::value::Value;
use crate::wire::encode;

/// What may be repeated if the client can't tell whether a call was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Never repeated if it may have been executed.
    Once,
    /// Changes nothing.
    Read,
    /// Changes something, and the same again if repeated.
    Repeatable,
}

/// Room for the parameters of most calls.
const ROOM: usize = 8;

/// Keeps [`Method`] to generated code, so that it can grow.
#[doc(hidden)]
pub trait Sealed {}

/// A request as a value: the generated `…Request` types.
///
/// [`Client::call`](crate::Client::call) sends any of them.
pub trait Method: Sealed {
    /// The name on the wire, such as `ContactService.load`.
    const NAME: &'static str;
    /// What may be repeated.
    const EFFECT: Effect;
    /// Whether the API key leads the parameters.
    const KEYED: bool = true;
    /// What the method answers.
    type Output: DeserializeOwned;

    /// Checks the arguments against their documented limits and writes them in the wire's order.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the method and the parameter.
    fn params(self, params: &mut Params) -> Result<(), Error>;
}

/// The parameters of a call, in the wire's order.
pub struct Params {
    method: Cow<'static, str>,
    arguments: Vec<Argument>,
}

/// A parameter: a value, or the content of a file, which is encoded while it is sent.
pub(crate) enum Argument {
    Value(Value),
    Content(Content),
}

impl Params {
    /// Begins a call, with the key that leads its parameters; it has been checked with the credentials.
    pub(crate) fn new(method: Cow<'static, str>, key: Option<&str>) -> Params {
        let mut arguments = Vec::with_capacity(ROOM);
        if let Some(key) = key {
            arguments.push(Argument::Value(Value::from(key)));
        }
        Params { method, arguments }
    }

    /// Adds a parameter.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the value holds what the wire can't carry: a character that XML forbids, a number that is not
    /// finite or exceeds 32 bits, a nil.
    pub fn push(&mut self, name: &'static str, value: impl Into<Value>) -> Result<(), Error> {
        self.push_value(name, value.into())
    }

    /// Adds a parameter, or what the documents want in its place.
    ///
    /// # Errors
    ///
    /// Those of [`Params::push`].
    pub fn push_or(
        &mut self,
        name: &'static str,
        value: Option<impl Into<Value>>,
        absent: impl Into<Value>,
    ) -> Result<(), Error> {
        self.push_value(name, value.map_or_else(|| absent.into(), Into::into))
    }

    /// Adds a trailing parameter, or leaves it out.
    ///
    /// # Errors
    ///
    /// Those of [`Params::push`].
    pub fn push_some(&mut self, name: &'static str, value: Option<impl Into<Value>>) -> Result<(), Error> {
        value.map_or(Ok(()), |value| self.push_value(name, value.into()))
    }

    /// Adds the content of a file.
    pub fn push_content(&mut self, content: Content) {
        self.arguments.push(Argument::Content(content));
    }

    /// Refuses numbers outside of a documented range.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the parameter.
    pub fn check_range(&self, name: &str, value: i32, min: Option<i32>, max: Option<i32>) -> Result<(), Error> {
        match (min, max) {
            (Some(min), _) if value < min => {
                Err(self.invalid(name, format_args!("is {value}, at least {min} is required")))
            }
            (_, Some(max)) if value > max => {
                Err(self.invalid(name, format_args!("is {value}, at most {max} is allowed")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a number that the documents call invalid.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the parameter.
    pub fn check_not(&self, name: &str, value: i32, refused: i32) -> Result<(), Error> {
        if value == refused {
            return Err(self.invalid(name, format_args!("is {refused}, which is not a valid value")));
        }
        Ok(())
    }

    /// Refuses a list (or a record's list) with more elements than documented.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the parameter.
    pub fn check_items<'a>(
        &self,
        name: &str,
        lists: impl IntoIterator<Item = (&'a str, usize)>,
        max: usize,
    ) -> Result<(), Error> {
        for (member, length) in lists {
            if length > max {
                let path = if member.is_empty() { name.to_owned() } else { format!("{name}.{member}") };
                return Err(self.invalid(&path, format_args!("has {length} elements, at most {max} are allowed")));
            }
        }
        Ok(())
    }

    /// Refuses an empty list or text.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the parameter.
    pub fn check_not_empty(&self, name: &str, empty: bool) -> Result<(), Error> {
        if empty {
            return Err(self.invalid(name, format_args!("is empty")));
        }
        Ok(())
    }

    /// Refuses lists that are all empty where the documents want an element in one of them.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, naming the parameters.
    pub fn check_not_all_empty(&self, names: &[&str], empty: &[bool]) -> Result<(), Error> {
        if empty.iter().all(|empty| *empty) {
            return Err(
                self.invalid(&names.join(" and "), format_args!("are all empty, at least one element is required"))
            );
        }
        Ok(())
    }

    /// Not generic: each method's code only converts.
    fn push_value(&mut self, name: &str, value: Value) -> Result<(), Error> {
        if let Err(problem) = encode::check(&value) {
            return Err(self.invalid(&format!("{name}{}", problem.path), format_args!("{}", problem.what)));
        }
        self.arguments.push(Argument::Value(value));
        Ok(())
    }

    /// Adds a parameter that has only a place among those of the caller, from 1 on.
    pub(crate) fn push_unnamed(&mut self, place: usize, value: Value) -> Result<(), Error> {
        self.push_value(&format!("parameter {place}"), value)
    }

    fn invalid(&self, name: &str, problem: fmt::Arguments<'_>) -> Error {
        Error::invalid_request(&self.method, format!("{name} {problem}"))
    }

    /// The arguments that must not show.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for argument in &self.arguments {
            if let Argument::Value(value) = argument {
                collect_secrets(value, &mut secrets);
            }
        }
        secrets
    }

    /// The method's name and the arguments.
    pub(crate) fn into_parts(self) -> (Cow<'static, str>, Vec<Argument>) {
        (self.method, self.arguments)
    }
}

fn collect_secrets(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Secret(secret) => secrets.push(secret.clone()),
        Value::Array(elements) => {
            for element in elements {
                collect_secrets(element, secrets);
            }
        }
        Value::Struct(record) => {
            for (_, value) in record {
                collect_secrets(value, secrets);
            }
        }
        Value::Nil
        | Value::Int(_)
        | Value::Bool(_)
        | Value::Double(_)
        | Value::String(_)
        | Value::DateTime(_)
        | Value::Bytes(_) => {}
    }
}

impl fmt::Debug for Params {
    /// Shows no argument: they can be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Params({}, {} arguments)", self.method, self.arguments.len())
    }
}
