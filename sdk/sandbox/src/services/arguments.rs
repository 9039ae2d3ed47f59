//! A call's arguments, taken one by one. Their number and types were checked before they came here.

use crate::call::Value;
use crate::fault::Fault;
use crate::store::column;
use crate::table::Table;

/// The arguments after the key.
pub(super) struct Arguments<'a> {
    rest: &'a [Value],
}

impl<'a> Arguments<'a> {
    /// Takes what was sent.
    pub(super) fn new(values: &'a [Value]) -> Arguments<'a> {
        Arguments { rest: values }
    }

    /// The next argument, whatever it is, if there is one.
    pub(super) fn next(&mut self) -> Option<&'a Value> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The next argument, an integer.
    pub(super) fn int(&mut self) -> Result<i32, Fault> {
        match self.next() {
            Some(Value::Int(number)) => Ok(*number),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, an id that may come as text.
    pub(super) fn id(&mut self) -> Result<i32, Fault> {
        match self.next() {
            Some(Value::Int(id)) => Ok(*id),
            Some(text @ Value::String(id)) => id.parse().map_err(|_| wrong(Some(text))),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a double.
    pub(super) fn double(&mut self) -> Result<f64, Fault> {
        match self.next() {
            Some(Value::Double(number)) => Ok(*number),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a boolean.
    pub(super) fn boolean(&mut self) -> Result<bool, Fault> {
        match self.next() {
            Some(Value::Boolean(flag)) => Ok(*flag),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a text.
    pub(super) fn text(&mut self) -> Result<&'a str, Fault> {
        match self.next() {
            Some(Value::String(text)) => Ok(text),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a time as it travels.
    pub(super) fn time(&mut self) -> Result<&'a str, Fault> {
        match self.next() {
            Some(Value::DateTime(time)) => Ok(time),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a struct; PHP sends an empty one as an empty array.
    pub(super) fn record(&mut self) -> Result<&'a [(String, Value)], Fault> {
        match self.next() {
            Some(Value::Struct(members)) => Ok(members),
            Some(Value::Array(items)) if items.is_empty() => Ok(&[]),
            other => Err(wrong(other)),
        }
    }

    /// The next argument, a list of texts.
    pub(super) fn texts(&mut self) -> Result<Vec<&'a str>, Fault> {
        self.list(|item| if let Value::String(text) = item { Some(text.as_str()) } else { None })
    }

    /// The next argument, a list of integers.
    pub(super) fn ints(&mut self) -> Result<Vec<i32>, Fault> {
        self.list(|item| if let Value::Int(number) = item { Some(*number) } else { None })
    }

    /// The next argument, the name of a table.
    pub(super) fn table(&mut self) -> Result<&'static Table, Fault> {
        column::table(self.text()?)
    }

    fn list<T>(&mut self, item: fn(&'a Value) -> Option<T>) -> Result<Vec<T>, Fault> {
        match self.next() {
            Some(value @ Value::Array(items)) => {
                items.iter().map(item).collect::<Option<_>>().ok_or_else(|| wrong(Some(value)))
            }
            other => Err(wrong(other)),
        }
    }
}

/// The dispatch lets nothing of a wrong type through.
fn wrong(value: Option<&Value>) -> Fault {
    Fault::unexpected(format_args!("Unexpected argument: {}", value.map_or("none", Value::java_type)))
}
