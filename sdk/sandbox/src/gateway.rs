//! The gateway before the API: it knows who asks and whether there is such an address, and nothing of XML-RPC.

use crate::http::{Request, Response};

/// The ready-made access token, which is also the ready-made key.
pub const ACCESS_TOKEN: &str = "sandbox";

const INVALID_TOKEN: &str = r#"{"fault":{"faultstring":"Invalid Access Token","detail":{"errorcode":"keymanagement.service.invalid_access_token"}}}"#;

/// What vouches for a request that the gateway lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A token, so that the key argument does not matter.
    Token,
    /// Nothing yet: the key argument decides.
    Key,
}

/// Lets a request through to the API, or answers it.
///
/// Authentication comes before routing: without a token, an unknown address is as closed as a known one.
pub(crate) fn admit(request: &Request) -> Result<Credential, Response> {
    let credential = match request.path.as_str() {
        "/api/xmlrpc" => Credential::Key,
        _ if !has_token(request) => return Err(Response::json(401, INVALID_TOKEN)),
        "/crm/xmlrpc/v1" | "/crm/xmlrpc" => Credential::Token,
        _ => return Err(Response::json(404, r#"{"message":"Not Found"}"#)),
    };
    if request.method != "POST" {
        return Err(Response::json(405, r#"{"message":"Method Not Allowed"}"#).with_header("allow", "POST"));
    }
    Ok(credential)
}

/// Whether one of the three carriers holds the token.
fn has_token(request: &Request) -> bool {
    let bearer = request.header("authorization").and_then(|value| value.split_once(' '));
    bearer.is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && token.trim() == ACCESS_TOKEN)
        || request.header("x-keap-api-key") == Some(ACCESS_TOKEN)
        || form_urlencoded::parse(request.query.as_bytes())
            .any(|(name, value)| name == "access_token" && value == ACCESS_TOKEN)
}
