//! A decoded call.

/// A call: what a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The method's name, such as `ContactService.load`.
    pub method: String,
    /// The arguments in wire order, the key included.
    pub arguments: Vec<Value>,
}

/// An XML-RPC value as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `<i4>` or `<int>`.
    Int(i32),
    /// `<double>`; always finite.
    Double(f64),
    /// `<boolean>`.
    Boolean(bool),
    /// `<string>`, or text without a type.
    String(String),
    /// `<dateTime.iso8601>`, in the one form that the server reads: `20150719T19:53:56`.
    DateTime(String),
    /// `<base64>`, decoded.
    Base64(Vec<u8>),
    /// `<array>`.
    Array(Vec<Value>),
    /// `<struct>`, with its members in the order in which they were sent; no name occurs twice.
    Struct(Vec<(String, Value)>),
}

impl Value {
    /// The type's name in the server's texts, which are those of a Java program.
    pub(crate) fn java_type(&self) -> &'static str {
        match self {
            Value::Int(_) => "java.lang.Integer",
            Value::Double(_) => "java.lang.Double",
            Value::Boolean(_) => "java.lang.Boolean",
            Value::String(_) => "java.lang.String",
            Value::DateTime(_) => "java.util.Date",
            Value::Base64(_) => "[B",
            Value::Array(_) => "[Ljava.lang.Object;",
            Value::Struct(_) => "java.util.Map",
        }
    }
}
