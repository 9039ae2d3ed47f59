//! The gateway before the API: it knows who asks and whether there is such an address, and nothing of XML-RPC.

use std::borrow::Cow;
use std::time::SystemTime;

use crate::http::{Request, Response};
use crate::oauth::OAuth;

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
pub(crate) fn admit(request: &Request, oauth: &OAuth, now: SystemTime) -> Result<Credential, Response> {
    let credential = match request.path.as_str() {
        "/api/xmlrpc" => Credential::Key,
        _ if !is_known(request, oauth, now) => return Err(unauthorized()),
        "/crm/xmlrpc/v1" | "/crm/xmlrpc" => Credential::Token,
        _ => return Err(Response::json(404, r#"{"message":"Not Found"}"#)),
    };
    if request.method != "POST" {
        return Err(Response::not_allowed("POST"));
    }
    Ok(credential)
}

/// Refuses a token that is unknown, expired or revoked: the gateway does not tell which.
pub(crate) fn unauthorized() -> Response {
    Response::json(401, INVALID_TOKEN)
}

/// The access tokens in a request: in the header, and in the query.
pub(crate) fn tokens(request: &Request) -> impl Iterator<Item = Cow<'_, str>> {
    let header = request.header("authorization").and_then(|value| value.split_once(' '));
    let header = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let query = form_urlencoded::parse(request.query.as_bytes()).filter(|(name, _)| name == "access_token");
    header.map(|(_, token)| token.trim().into()).into_iter().chain(query.map(|(_, token)| token))
}

/// Whether one of the three carriers holds what opens the API.
fn is_known(request: &Request, oauth: &OAuth, now: SystemTime) -> bool {
    request.header("x-keap-api-key") == Some(ACCESS_TOKEN)
        || tokens(request).any(|token| token == ACCESS_TOKEN || oauth.admits(&token, now))
}
