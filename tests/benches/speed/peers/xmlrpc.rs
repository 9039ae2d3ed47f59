//! Crate `xmlrpc`: its reader and its writer, without its HTTP client.

use std::collections::BTreeMap;
use std::error::Error;

use xmlrpc::{Request, Transport, Value};

struct Answer<'a>(&'a str);

impl<'a> Transport for Answer<'a> {
    type Stream = &'a [u8];

    fn transmit(self, _: &Request<'_>) -> Result<&'a [u8], Box<dyn Error + Send + Sync>> {
        Ok(self.0.as_bytes())
    }
}

/// Reads a response.
pub(crate) fn read(document: &str) -> Value {
    Request::new("X.y").call(Answer(document)).expect("xmlrpc reads the documents")
}

/// Builds and writes a request with a key, a struct of texts, and numbers among them.
pub(crate) fn write(method: &str, key: &str, texts: &[(&str, &str)], numbers: &[(&str, i32)]) -> Vec<u8> {
    let texts = texts.iter().map(|&(name, text)| (name.to_owned(), Value::from(text)));
    let numbers = numbers.iter().map(|&(name, number)| (name.to_owned(), Value::from(number)));
    let record: BTreeMap<String, Value> = texts.chain(numbers).collect();
    let mut body = Vec::new();
    let request = Request::new(method).arg(key).arg(Value::Struct(record));
    request.write_as_xml(&mut body).expect("memory takes all that is written");
    body
}
