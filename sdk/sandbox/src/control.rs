//! The control interface: faults on request, and what was executed, for tests in this process and beyond.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::http::{Request, Response};
use crate::inject::Rule;
use crate::sandbox::Sandbox;

/// Where the control interface lives.
pub(crate) const PREFIX: &str = "/sandbox/";

/// What tests do to a sandbox, or ask it, beside calling the API.
impl Sandbox {
    /// Makes calls go wrong.
    ///
    /// ```
    /// use infusionsoft_sandbox::{Effect, Limit, Rule, Sandbox};
    ///
    /// let sandbox = Sandbox::new();
    /// let limit = Effect::Throttled {
    ///     limit: Limit::Rate,
    ///     retry_after: Some(2),
    ///     headers: Default::default(),
    /// };
    /// sandbox.inject(Rule::next(1, limit).on("ContactService.add"));
    /// ```
    pub fn inject(&self, rule: Rule) {
        self.injector().add(rule);
    }

    /// Ends all rules: calls go well again.
    pub fn clear_rules(&self) {
        self.injector().clear();
    }

    /// How often a method was executed, whatever came of it: a call that was answered, lost, or refused by the method.
    /// `/token` stands for the token endpoint, as in a [`Rule`].
    ///
    /// Calls that did not reach their method don't count. So a test can prove that nothing was executed twice.
    pub fn executions(&self, method: &str) -> u64 {
        self.tally().of(method)
    }

    /// Takes a permission back: an issued token, and all that were issued with it or since, are worth nothing any more.
    pub fn revoke(&self, token: &str) {
        self.oauth().revoke(token);
    }

    /// Forgets the rules, the executions and all codes and tokens that were issued. The records stay.
    pub fn reset(&self) {
        self.injector().clear();
        self.tally().clear();
        self.oauth().forget();
    }
}

/// Answers a request to the control interface.
pub(crate) fn respond(sandbox: &Sandbox, request: &Request) -> Response {
    // A browser names the origin of a page that sends something: no page has any business here.
    if request.header("origin").is_some() {
        return Response::json(403, r#"{"message":"The control interface is not for pages"}"#);
    }
    match (request.path.strip_prefix(PREFIX).unwrap_or_default(), request.method.as_str()) {
        ("rules", "GET") => answer(200, &sandbox.injector().active()),
        ("rules", "POST") => match rules(&request.body) {
            Ok(rules) => {
                rules.into_iter().for_each(|rule| sandbox.inject(rule));
                answer(201, &sandbox.injector().active())
            }
            Err(message) => refuse(&message),
        },
        ("rules", "DELETE") => {
            sandbox.clear_rules();
            Response::empty(204)
        }
        ("executions", "GET") => answer(200, &sandbox.tally().counts()),
        ("executions", "DELETE") => {
            sandbox.tally().clear();
            Response::empty(204)
        }
        ("revoke", "POST") => match serde_json::from_slice(&request.body) {
            Ok(Revoke { token }) => {
                sandbox.revoke(&token);
                Response::empty(204)
            }
            Err(error) => refuse(&error.to_string()),
        },
        ("reset", "POST") => {
            sandbox.reset();
            Response::empty(204)
        }
        ("rules", _) => Response::not_allowed("GET, POST, DELETE"),
        ("executions", _) => Response::not_allowed("GET, DELETE"),
        ("revoke" | "reset", _) => Response::not_allowed("POST"),
        _ => Response::json(404, r#"{"message":"Not Found"}"#),
    }
}

/// A token to take back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    token: String,
}

/// One rule, or a list of them; none is taken if one is wrong.
fn rules(body: &[u8]) -> Result<Vec<Rule>, String> {
    let rules = match body.trim_ascii_start().first() {
        Some(b'[') => serde_json::from_slice(body),
        _ => serde_json::from_slice(body).map(|rule| vec![rule]),
    };
    let rules: Vec<Rule> = rules.map_err(|error| error.to_string())?;
    match rules.iter().find_map(Rule::problem) {
        Some(problem) => Err(problem.to_owned()),
        None => Ok(rules),
    }
}

fn refuse(message: &str) -> Response {
    answer(400, &json!({ "message": message }))
}

fn answer(status: u16, content: &impl Serialize) -> Response {
    // Texts, numbers, and maps with texts for keys always become JSON.
    Response::json(status, serde_json::to_vec(content).unwrap_or_default())
}

/// How often each method was executed, and the token endpoint.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<BTreeMap<&'static str, u64>>);

impl Tally {
    pub(crate) fn count(&self, method: &'static str) {
        *self.lock().entry(method).or_default() += 1;
    }

    fn of(&self, method: &str) -> u64 {
        self.lock().get(method).copied().unwrap_or_default()
    }

    fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.lock().clone()
    }

    fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
