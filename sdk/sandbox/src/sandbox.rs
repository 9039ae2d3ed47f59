//! The core: request in, response out.

use crate::call::Value;
use crate::decode::decode;
use crate::fault::Fault;
use crate::gateway::{self, ACCESS_TOKEN, Credential};
use crate::http::{Request, Response};
use crate::method::{self, Method};

/// An Infusionsoft account that lives in this process.
///
/// Every method of the catalog answers its documented sample, repaired where the documented one cannot be read.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Sandbox {}

impl Sandbox {
    /// Creates a sandbox.
    pub fn new() -> Sandbox {
        Sandbox::default()
    }

    /// Answers a request.
    ///
    /// ```
    /// use infusionsoft_sandbox::{ACCESS_TOKEN, Request, Sandbox};
    ///
    /// let response = Sandbox::new().respond(&Request {
    ///     method: "POST".into(),
    ///     path: "/crm/xmlrpc/v1".into(),
    ///     query: String::new(),
    ///     headers: vec![("Authorization".into(), format!("Bearer {ACCESS_TOKEN}"))],
    ///     body: b"<methodCall><methodName>DataService.getUserInfo</methodName></methodCall>".into(),
    /// });
    /// assert_eq!(response.status, 200);
    /// ```
    ///
    /// The header `x-sandbox-entry` of an answer names the method that was reached, with the name of the overload.
    pub fn respond(&self, request: &Request) -> Response {
        let reached = match gateway::admit(request) {
            Ok(credential) => reach(credential, &request.body),
            Err(refusal) => return refusal,
        };
        match reached {
            Ok(method) => Response::xml(method.answer).with_header("x-sandbox-entry", method.entry),
            Err(fault) => fault.response(),
        }
    }
}

fn reach(credential: Credential, body: &[u8]) -> Result<&'static Method, Fault> {
    let call = decode(body)?;
    let method = method::find(&call)?;
    let key_counts = credential == Credential::Key && method.keyed;
    match call.arguments.first() {
        Some(Value::String(key)) if key_counts && key != ACCESS_TOKEN => Err(Fault::invalid_key()),
        _ => Ok(method),
    }
}
