//! Why there is no access token.

use std::fmt;

/// Why no access token could be had: [`Error::token_problem`](crate::Error::token_problem) of errors of kind
/// [`Token`](crate::ErrorKind::Token). Its text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenProblem {
    /// The store holds no tokens yet. Send the user to the authorize URL.
    NotAuthorized,
    /// The user denied the permission. Ask again, or do without.
    Denied,
    /// The redirect doesn't belong to the authorization that was begun, since its state is missing or another one. Someone may
    /// try to slip the user a foreign account: ignore it, or begin anew.
    StateMismatch,
    /// The authorization code was refused: they are good for one use and a few minutes. Send the user to the authorize URL.
    CodeRefused,
    /// The refresh token was refused: it is expired, revoked or spent. Send the user to the authorize URL.
    ///
    /// It is never sent again. An exchange whose process died before it could store the answer has spent it, too.
    RefreshTokenDead,
    /// The client's id or secret is wrong. Mend the configuration; the tokens are still good.
    ClientRefused,
    /// The server can't be reached, or can't answer at the moment. Try later: no token was spent.
    EndpointDown,
    /// The request was sent, and no answer came or none that can be read: the code or refresh token may be spent.
    ///
    /// A refresh token is tried once more: by the same call, if [`Retry`](crate::Retry) lets it, or by the next one. From then
    /// on it is tried every five minutes at most. If it is spent indeed, the server refuses it, and this problem remains: send
    /// the user to the authorize URL.
    LostInExchange,
    /// What answered is not a token endpoint. Check its URL, and proxies on the way; no token was spent.
    NotAnEndpoint,
    /// The server refused the request for another reason, which the error's text tells.
    Refused,
}

impl fmt::Display for TokenProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TokenProblem::NotAuthorized => "no tokens are stored yet: authorize first",
            TokenProblem::Denied => "the user denied the permission: ask again, or do without",
            TokenProblem::StateMismatch => {
                "the redirect does not belong to this authorization: its state is missing or another one; ignore it, or begin anew"
            }
            TokenProblem::CodeRefused => "the authorization code was refused: it is expired or spent; authorize again",
            TokenProblem::RefreshTokenDead => {
                "the refresh token was refused: it is expired, revoked or spent; authorize again"
            }
            TokenProblem::ClientRefused => "the client's id or secret was refused: check the configuration",
            TokenProblem::EndpointDown => "the token endpoint is out of order: try later, nothing was spent",
            TokenProblem::LostInExchange => {
                "the answer of the token endpoint was lost, and what was sent may be spent: try once more, then authorize again"
            }
            TokenProblem::NotAnEndpoint => "what answered is no token endpoint: check its URL; nothing was spent",
            TokenProblem::Refused => "the token endpoint refused the request",
        })
    }
}
