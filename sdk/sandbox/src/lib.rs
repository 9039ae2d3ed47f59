//! A local server that answers the Infusionsoft XML-RPC API, to develop and test against without an account.
//!
//! ```
//! use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox, Server};
//!
//! let server = Server::with(Sandbox::new())?;
//! println!("send calls to {} with the token {ACCESS_TOKEN}", server.url());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! This is an empty account that remembers: what is added can be loaded. ([`Server::start`] is something else: it
//! remembers nothing, and answers what the documents show.)
//!
//! The core is synchronous and knows no HTTP library: [`Sandbox::respond`] takes a [`Request`] and gives a [`Response`].
//! [`Server`] and [`serve`] are its HTTP front.
//!
//! ```text
//! front ─▶ gateway ─▶ decode ─▶ dispatch ─────────────▶ service ─▶ answer
//! (HTTP)   (who may)  (XML-RPC)  (name, count, types)   (SQLite)
//! ```
//!
//! The requests are read by a decoder of the sandbox's own, [`decode`], which shares nothing with the client:
//! two independent readings of the wire check each other.
//!
//! In process, a [`Sandbox`] is a [`Transport`](infusionsoft::Transport) for the client: a test needs no port, no thread
//! and no sleep.
//!
//! # What is kept
//!
//! These methods work on the account's records: what one of them writes, the others find. All other methods check who
//! calls, and the number and the types of the arguments, and answer the sample that the documents show, whatever was asked
//! and without doing anything. [`Sandbox::keeps`] tells whether a method keeps state.
//!
//! | service | methods that keep state |
//! | --- | --- |
//! | `APIAffiliateService` | none |
//! | `APIEmailService` | `addEmailTemplate`, `getEmailTemplate`, `updateEmailTemplate` |
//! | `AffiliateProgramService` | none |
//! | `AffiliateService` | none |
//! | `ContactService` | all |
//! | `DataService` | all |
//! | `DiscountService` | none |
//! | `FileService` | all |
//! | `FunnelService` | none |
//! | `InvoiceService` | `addManualPayment`, `addOrderItem`, `addRecurringOrder`, `calculateAmountOwed`, `createBlankOrder`, `createInvoiceForRecurring`, `deleteInvoice`, `deleteSubscription`, `getPayments`, `locateExistingCard`, `updateJobRecurringNextBillDate` |
//! | `OrderService` | all |
//! | `ProductService` | none |
//! | `SearchService` | none |
//! | `ShippingService` | none |
//! | `WebFormService` | none |
//!
//! `DataService` reads and writes the rows of every table, those too that belong to a service without state: a category
//! that was added as a row of `ProductCategory` can be queried, and `DiscountService.getCategoryDiscount` answers the
//! documented discount all the same. The address that `FileService.getDownloadUrl` answers leads nowhere.
//! `OrderService.placeOrder` charges no card: with one it answers the documented refusal, as
//! `InvoiceService.chargeInvoice` does. A [`Rule`] with [`Effect::Answer`] answers that a charge was successful.
//!
//! # OAuth
//!
//! The ready-made application has the id `sandbox` and the secret `sandbox`; [`SandboxBuilder::app`] registers others.
//! The user grants every permission at once: `GET /app/oauth/authorize` sends the browser straight back with a code, and
//! `POST /token` takes the code, and later the refresh token, which is good for one use. The ready-made access token
//! [`ACCESS_TOKEN`] is always valid. What was issued is forgotten when the sandbox closes.
//!
//! ```text
//! base=http://127.0.0.1:8080
//! back=redirect_uri=http://localhost/back
//! curl -si "$base/app/oauth/authorize?client_id=sandbox&$back&response_type=code&state=x"
//! curl $base/token -d grant_type=authorization_code -d client_id=sandbox \
//!     -d client_secret=sandbox -d $back -d code=…
//! curl $base/token -u sandbox:sandbox -d grant_type=refresh_token -d refresh_token=…
//! ```
//!
//! # Faults on request
//!
//! A [`Rule`] makes calls go wrong, by [`Sandbox::inject`] or by the control interface, which every server has beside the
//! API and which asks for no token.
//!
//! | request | what it does | in process |
//! | --- | --- | --- |
//! | `POST /sandbox/rules` | adds a rule, or a list of them | [`Sandbox::inject`] |
//! | `GET /sandbox/rules` | lists the rules, and how often each one was applied | |
//! | `DELETE /sandbox/rules` | ends all rules | [`Sandbox::clear_rules`] |
//! | `GET /sandbox/executions` | tells how often each method, and `/token`, was executed | [`Sandbox::executions`] |
//! | `DELETE /sandbox/executions` | begins to count anew | |
//! | `POST /sandbox/revoke` | takes a permission back, by one of its tokens | [`Sandbox::revoke`] |
//! | `POST /sandbox/reset` | forgets rules, counts, codes and tokens; the records stay | [`Sandbox::reset`] |
//!
//! ```text
//! curl $base/sandbox/rules -d '{"on": "ContactService.load", "next": 2, "effect": "blank"}'
//! curl $base/sandbox/rules -d '{"on": "/token", "effect": {"html": {"status": 502}}}'
//! curl $base/sandbox/rules -d '{"probability": 0.1, "seed": 42,
//!     "effect": {"throttled": {"retry_after": 3}}}'
//! curl $base/sandbox/executions
//! curl $base/sandbox/rules -X DELETE
//! curl $base/sandbox/revoke -d '{"token": "…"}'
//! ```
//!
//! A rule concerns the calls of the method in `on`, the token endpoint if that is `/token`, or all calls without it: the
//! `next` ones, each with a `probability`, or every one. Its `effect` is one of these:
//!
//! | effect | what the client meets | executed |
//! | --- | --- | --- |
//! | `{"throttled": {"limit": "rate", "retry_after": 3, "headers": {}}}` | status 429; the limit is `rate` or `quota`, and all is optional | no |
//! | `"token_expired"` | status 401; an issued token stays refused, and can be refreshed (by a [`Session`](infusionsoft::Session) when it is a minute old) | no |
//! | `"token_revoked"` | status 401; an issued token stays refused, and cannot be refreshed | no |
//! | `{"html": {"status": 502}}` | a page of the gateway | no |
//! | `"brownout"` | status 503 and a page | no |
//! | `{"fault": {"code": 4, "message": "[DatabaseError]…"}}` | a fault | no |
//! | `{"answer": {"Successful": true, "Code": "APPROVED"}}` | this answer: a struct, a list, a text, a number or a boolean | no |
//! | `{"slow": {"milliseconds": 500}}` | the answer, late | yes |
//! | `"stalled"` | no answer, on an open connection | yes |
//! | `"reset"` | a connection that is reset before the answer | yes |
//! | `{"cut": {"bytes": 40}}` | a connection that breaks in the answer's body | yes |
//! | `{"truncated": {"bytes": 40}}` | an answer that is too short but whole for HTTP | yes |
//! | `"blank"` | status 200 and an empty body | yes |
//! | `"malformed"` | status 200 and XML that is not well-formed | yes |
//!
//! `"executed": true` or `false` in a rule says otherwise, except for the effects that need the answer: `slow`, `cut` and
//! `truncated`.

mod answer;
mod call;
mod clock;
mod control;
mod decode;
mod demo;
mod fault;
mod gateway;
mod http;
mod inject;
mod json;
mod method;
#[rustfmt::skip]
#[path = "generated/methods.rs"]
mod methods;
mod oauth;
mod sandbox;
mod server;
mod services;
mod socket;
mod store;
mod table;
#[rustfmt::skip]
#[path = "generated/tables.rs"]
mod tables;
mod transport;
mod xml;

pub use call::{Call, Value};
pub use clock::Clock;
pub use decode::decode;
pub use fault::Fault;
pub use gateway::ACCESS_TOKEN;
pub use http::{Delivery, Request, Response};
pub use inject::{Effect, Limit, Rule};
pub use sandbox::{Sandbox, SandboxBuilder};
pub use server::{MAX_BODY, Server, endpoint, serve};
pub use services::{Action, PASSWORD, USERNAME};
