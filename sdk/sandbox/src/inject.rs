//! Faults on request: what goes wrong, and when.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::answer;
use crate::call::Value;
use crate::fault::Fault;
use crate::gateway;
use crate::http::{Delivery, Response};
use crate::json;
use crate::oauth::{self, OAuth};

const RATE_LIMIT: &str = r#"{"fault":{"faultstring":"Rate limit quota violation. Quota limit exceeded.","detail":{"errorcode":"policies.ratelimit.QuotaViolation"}}}"#;
const QUOTA: &str = r#"{"code":"429","message":"Quota Exceeded","status":"Request Throttled","details":null}"#;
/// An answer whose tags are not balanced.
const MALFORMED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param><value><i4>1</value></param></params></methodResponse>";

/// Makes calls go wrong: [`Sandbox::inject`](crate::Sandbox::inject) takes it, and `POST /sandbox/rules` as JSON.
///
/// ```
/// use infusionsoft_sandbox::{Effect, Rule, Sandbox};
///
/// let sandbox = Sandbox::new();
/// sandbox.inject(Rule::next(2, Effect::Blank).on("ContactService.load"));
/// sandbox.inject(Rule::randomly(0.1, 42, Effect::Reset));
/// ```
///
/// Each call meets the first rule that applies to it, in the order in which they were injected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    executed: Option<bool>,
    effect: Effect,
}

impl Rule {
    /// Concerns every call.
    pub fn always(effect: Effect) -> Rule {
        Rule { on: None, next: None, probability: None, seed: None, executed: None, effect }
    }

    /// Concerns the next calls, and none after them.
    pub fn next(calls: u32, effect: Effect) -> Rule {
        Rule { next: Some(calls), ..Rule::always(effect) }
    }

    /// Concerns calls with a probability between 0 and 1; the same seed picks the same ones.
    pub fn randomly(probability: f64, seed: u64, effect: Effect) -> Rule {
        Rule { probability: Some(probability), seed: Some(seed), ..Rule::always(effect) }
    }

    /// Concerns only calls of one method, such as `ContactService.load`, or only requests to `/token`.
    #[must_use]
    pub fn on(mut self, target: impl Into<String>) -> Rule {
        self.on = Some(target.into());
        self
    }

    /// Says whether the call is executed although the client doesn't get its answer.
    ///
    /// Unless it is said, effects that lose an answer come after the call was executed, and effects that refuse a call
    /// come instead of it. The effects that need an answer to spoil always come after.
    #[must_use]
    pub fn executed(mut self, executed: bool) -> Rule {
        self.executed = Some(executed);
        self
    }

    /// What is wrong with a rule that came as text.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let header = |(name, value): (&String, &String)| {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            !name.is_empty() && name.bytes().all(is_name) && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        };
        match &self.effect {
            _ if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) => {
                Some("probability is not between 0 and 1")
            }
            _ if self.probability.is_some() && self.next.is_some() => Some("a rule has either next or probability"),
            _ if self.seed.is_some() && self.probability.is_none() => Some("seed goes with probability"),
            Effect::Slow { .. } | Effect::Cut { .. } | Effect::Truncated { .. } if self.executed == Some(false) => {
                Some("executed is false, but the effect needs an answer")
            }
            Effect::Html { status } if !(400..600).contains(status) => Some("status is not between 400 and 599"),
            Effect::Throttled { headers, .. } if !headers.iter().all(header) => Some("headers cannot be sent"),
            _ => None,
        }
    }
}

/// What goes wrong, or otherwise than the sandbox would have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// Status 429: the call is not executed.
    Throttled {
        /// Which of the two known bodies.
        #[serde(default)]
        limit: Limit,
        /// The header `Retry-After`, in seconds; the real server does not always send it.
        #[serde(default)]
        retry_after: Option<u64>,
        /// More headers, such as `x-keap-product-quota-available`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Status 401, and an issued access token is worth nothing from now on; its refresh token is still good.
    ///
    /// A [`Session`](infusionsoft::Session) doesn't refresh a token that is less than a minute old. To see it refresh one,
    /// have it [adopt](infusionsoft::Session::adopt) tokens, or give its application a
    /// [clock](infusionsoft::OAuthAppBuilder::clock) to advance.
    ///
    /// On `/token`, a refusal of the refresh token.
    TokenExpired,
    /// Status 401, and an issued access token is worth nothing from now on, nor is its refresh token.
    ///
    /// On `/token`, a refusal of the refresh token.
    TokenRevoked,
    /// The call is executed, and its answer comes late. In process it comes at once.
    Slow {
        /// How late.
        milliseconds: u64,
    },
    /// The call is executed, and no answer comes, while the connection stays open. In process this is a timeout.
    Stalled,
    /// The call is executed, and the connection is reset before the answer begins.
    Reset,
    /// The call is executed, and the connection breaks in the middle of the answer.
    Cut {
        /// How much of the body arrives.
        bytes: usize,
    },
    /// The call is executed, and its answer is too short, although as long as it says.
    Truncated {
        /// How much of the body there is.
        bytes: usize,
    },
    /// The call is executed, and its answer has status 200 and nothing in it.
    Blank,
    /// The call is executed, and its answer is not well-formed XML.
    Malformed,
    /// A page of the gateway: the call is not executed.
    Html {
        /// The status, such as 502.
        status: u16,
    },
    /// Status 503 and a page: how the announced brownouts may look. The call is not executed.
    Brownout,
    /// A fault of the API: the call is not executed.
    Fault {
        /// The code.
        code: i32,
        /// The text, such as `[RecordNotFound]Record was not found`.
        message: String,
    },
    /// This answer, for what the sandbox itself never says, such as that a card was charged. The call is not executed.
    ///
    /// ```
    /// use infusionsoft_sandbox::{Effect, Rule, Sandbox, Value};
    ///
    /// let charged = Value::Struct(vec![
    ///     ("Successful".into(), Value::Boolean(true)),
    ///     ("Code".into(), Value::String("APPROVED".into())),
    /// ]);
    /// let rule = Rule::next(1, Effect::Answer(charged)).on("InvoiceService.chargeInvoice");
    /// Sandbox::new().inject(rule);
    /// ```
    Answer(#[serde(with = "json")] Value),
}

/// Which limit was hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// That of the rate, with the body of the gateway's own rate limit.
    #[default]
    Rate,
    /// The quota, with the body of the newer limits.
    Quota,
}

impl Effect {
    fn loses_the_answer(&self) -> bool {
        match self {
            Effect::Slow { .. } | Effect::Stalled | Effect::Reset | Effect::Cut { .. } => true,
            Effect::Truncated { .. } | Effect::Blank | Effect::Malformed => true,
            Effect::Throttled { .. } | Effect::TokenExpired | Effect::TokenRevoked => false,
            Effect::Html { .. } | Effect::Brownout | Effect::Fault { .. } | Effect::Answer(_) => false,
        }
    }
}

/// What asks for an answer.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// A call, with the method's name if it could be read.
    Call(Option<&'a str>),
    /// A request for tokens.
    Token,
}

/// A rule's decision on one request.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) effect: Effect,
    executed: bool,
}

impl Hit {
    /// Lets it go wrong.
    pub(crate) fn answer(&self, target: Target<'_>, execute: impl FnOnce() -> Response) -> Response {
        match self.effect {
            Effect::Slow { milliseconds } => Response { delay: Duration::from_millis(milliseconds), ..execute() },
            Effect::Cut { bytes } => Response { delivery: Delivery::Cut(bytes), ..execute() },
            Effect::Truncated { bytes } => {
                let mut answer = execute();
                answer.body.truncate(bytes);
                answer
            }
            _ => {
                if self.executed {
                    execute();
                }
                self.replacement(target)
            }
        }
    }

    /// What the client gets instead of the answer.
    fn replacement(&self, target: Target<'_>) -> Response {
        match &self.effect {
            Effect::Throttled { limit, retry_after, headers } => throttled(*limit, *retry_after, headers),
            Effect::TokenExpired | Effect::TokenRevoked => match target {
                Target::Call(_) => gateway::unauthorized(),
                Target::Token => OAuth::refuse(),
            },
            Effect::Stalled => Response { delivery: Delivery::Never, ..Response::empty(200) },
            Effect::Reset => Response { delivery: Delivery::Reset, ..Response::empty(200) },
            Effect::Malformed => Response::xml(MALFORMED),
            Effect::Html { status } => page(*status, &format!("Error {status}")),
            Effect::Brownout => page(503, "Service Unavailable"),
            Effect::Fault { code, message } => Fault { code: *code, message: message.clone() }.response(),
            Effect::Answer(value) => answer::response(value),
            // The effects that need an answer are dealt with where there is one.
            Effect::Blank | Effect::Slow { .. } | Effect::Cut { .. } | Effect::Truncated { .. } => Response::xml(""),
        }
    }
}

fn page(status: u16, title: &str) -> Response {
    Response::html(status, format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"))
}

fn throttled(limit: Limit, retry_after: Option<u64>, headers: &BTreeMap<String, String>) -> Response {
    let body = match limit {
        Limit::Rate => RATE_LIMIT,
        Limit::Quota => QUOTA,
    };
    let mut response = Response::json(429, body);
    response.headers.extend(retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string())));
    response.headers.extend(headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())));
    response
}

/// The rules, and how far each one is.
#[derive(Debug, Default)]
pub(crate) struct Injector {
    rules: Mutex<Vec<Active>>,
}

/// A rule at work.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Active {
    #[serde(flatten)]
    rule: Rule,
    /// How many requests it made go wrong.
    applied: u64,
    #[serde(skip)]
    random: u64,
}

impl Injector {
    pub(crate) fn add(&self, rule: Rule) {
        let random = rule.seed.unwrap_or_default();
        self.rules().push(Active { rule, applied: 0, random });
    }

    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    pub(crate) fn active(&self) -> Vec<Active> {
        self.rules().clone()
    }

    /// The first rule that applies.
    pub(crate) fn choose(&self, target: Target<'_>) -> Option<Hit> {
        let mut rules = self.rules();
        let active = rules.iter_mut().find_map(|active| active.applies(target).then_some(active))?;
        active.applied += 1;
        let effect = active.rule.effect.clone();
        Some(Hit { executed: active.rule.executed.unwrap_or(effect.loses_the_answer()), effect })
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Active>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    fn applies(&mut self, target: Target<'_>) -> bool {
        let concerned = match (self.rule.on.as_deref(), target) {
            (None, Target::Call(_)) => true,
            (None, Target::Token) => false,
            (Some(on), Target::Call(method)) => Some(on) == method,
            (Some(on), Target::Token) => on == oauth::TOKEN,
        };
        concerned
            && match (self.rule.next, self.rule.probability) {
                (Some(calls), _) => self.applied < u64::from(calls),
                (None, Some(probability)) => self.draw() < probability,
                (None, None) => true,
            }
    }

    /// A number from 0 to 1, by SplitMix64: the same on every machine, and in every version of this crate.
    fn draw(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
