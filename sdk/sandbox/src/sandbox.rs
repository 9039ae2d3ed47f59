//! The core: request in, response out.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::call::{Call, Value};
use crate::clock::Clock;
use crate::control::{self, Tally};
use crate::decode::decode;
use crate::fault::Fault;
use crate::gateway::{self, ACCESS_TOKEN, Credential};
use crate::http::{Request, Response};
use crate::inject::{Effect, Injector, Target};
use crate::method::{self, Method};
use crate::oauth::{self, App, OAuth};
use crate::services::{self, Action};
use crate::store::{Store, column, query, row};
use crate::{answer, demo};

/// An Infusionsoft account that lives in this process. Clones are the same account.
///
/// Records are kept; a method that has no state here ([the list](crate#what-is-kept)) answers its documented sample,
/// repaired where the documented one cannot be read.
#[derive(Clone, Debug)]
pub struct Sandbox {
    account: Arc<Account>,
}

#[derive(Debug)]
struct Account {
    /// The records; nothing if every method answers its sample.
    store: Option<Store>,
    clock: Clock,
    oauth: OAuth,
    injector: Injector,
    tally: Tally,
}

/// Sets up a [`Sandbox`].
///
/// ```
/// use std::time::SystemTime;
/// use infusionsoft_sandbox::{Clock, Sandbox};
///
/// let clock = Clock::at(SystemTime::UNIX_EPOCH);
/// let sandbox = Sandbox::builder().clock(clock).contacts(10).build()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub struct SandboxBuilder {
    db: Option<PathBuf>,
    documented: bool,
    clock: Clock,
    contacts: usize,
    seed: u64,
    apps: Vec<App>,
    access_lifetime: Duration,
}

impl SandboxBuilder {
    /// Keeps the records in a file, which is made if it is not there. Without it they live as long as the sandbox.
    pub fn db(mut self, path: impl Into<PathBuf>) -> SandboxBuilder {
        self.db = Some(path.into());
        self
    }

    /// Keeps nothing: every method answers its documented sample.
    pub fn documented(mut self) -> SandboxBuilder {
        self.documented = true;
        self
    }

    /// Takes the time from another clock than the system's.
    pub fn clock(mut self, clock: Clock) -> SandboxBuilder {
        self.clock = clock;
        self
    }

    /// Adds demo data with so many contacts, unless the account has contacts already.
    pub fn contacts(mut self, contacts: usize) -> SandboxBuilder {
        self.contacts = contacts;
        self
    }

    /// Makes other demo data: the same number makes the same data.
    pub fn seed(mut self, seed: u64) -> SandboxBuilder {
        self.seed = seed;
        self
    }

    /// Registers an application for OAuth, with the addresses to which its users may be sent back, or none for any.
    pub fn app(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = impl Into<String>>,
    ) -> SandboxBuilder {
        let redirect_uris = redirect_uris.into_iter().map(Into::into).collect();
        self.apps.push(App { id: id.into(), secret: secret.into(), redirect_uris });
        self
    }

    /// Says how long access tokens are valid: a day, unless it is said.
    pub fn access_lifetime(mut self, lifetime: Duration) -> SandboxBuilder {
        self.access_lifetime = lifetime;
        self
    }

    /// Opens the account.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or belongs to another program, or to a later version of this one.
    pub fn build(self) -> io::Result<Sandbox> {
        let store = match &self.db {
            _ if self.documented => None,
            Some(path) => Some(Store::open(path).map_err(io::Error::other)?),
            None => Some(Store::memory().map_err(io::Error::other)?),
        };
        if let (Some(store), 1..) = (&store, self.contacts) {
            fill(store, self.contacts, self.seed).map_err(io::Error::other)?;
        }
        Ok(Sandbox {
            account: Arc::new(Account {
                store,
                clock: self.clock,
                oauth: OAuth::new(self.apps, self.access_lifetime),
                injector: Injector::default(),
                tally: Tally::default(),
            }),
        })
    }
}

impl fmt::Debug for SandboxBuilder {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder").field("db", &self.db).field("contacts", &self.contacts).finish_non_exhaustive()
    }
}

impl Default for Sandbox {
    fn default() -> Sandbox {
        Sandbox::new()
    }
}

impl Sandbox {
    /// Creates an empty account in memory.
    ///
    /// # Panics
    ///
    /// If there is no memory left.
    pub fn new() -> Sandbox {
        Sandbox::builder().build().expect("an account in memory needs nothing but memory")
    }

    /// Sets up an account.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            db: None,
            documented: false,
            clock: Clock::system(),
            contacts: 0,
            seed: 0,
            apps: vec![App::ready_made()],
            access_lifetime: oauth::ACCESS_LIFETIME,
        }
    }

    /// Tells whether a method works on the account's records; one that does not answers its documented sample.
    ///
    /// ```
    /// use infusionsoft_sandbox::Sandbox;
    ///
    /// assert!(Sandbox::keeps("ContactService.add"));
    /// assert!(!Sandbox::keeps("InvoiceService.chargeInvoice"));
    /// ```
    pub fn keeps(method: &str) -> bool {
        services::keeps(method)
    }

    /// Answers a request.
    ///
    /// ```
    /// use infusionsoft_sandbox::{ACCESS_TOKEN, Request, Sandbox};
    ///
    /// let method = "<methodName>DataService.getUserInfo</methodName>";
    /// let response = Sandbox::new().respond(&Request {
    ///     method: "POST".into(),
    ///     path: "/crm/xmlrpc/v1".into(),
    ///     query: String::new(),
    ///     headers: vec![("Authorization".into(), format!("Bearer {ACCESS_TOKEN}"))],
    ///     body: format!("<methodCall>{method}</methodCall>").into(),
    /// });
    /// assert_eq!(response.status, 200);
    /// ```
    ///
    /// The header `x-sandbox-entry` of an answer names the method that was reached, with the name of the overload.
    pub fn respond(&self, request: &Request) -> Response {
        let now = self.clock().now();
        match request.path.as_str() {
            path if path.starts_with(control::PREFIX) => control::respond(self, request),
            oauth::AUTHORIZE => self.oauth().authorize(request, now),
            oauth::TOKEN => {
                let answer = || {
                    self.tally().count(oauth::TOKEN);
                    self.oauth().token(request, now)
                };
                match self.injector().choose(Target::Token) {
                    Some(hit) => hit.answer(Target::Token, answer),
                    None => answer(),
                }
            }
            _ => match gateway::admit(request, self.oauth(), now) {
                Ok(credential) => self.serve(request, credential),
                Err(refusal) => refusal,
            },
        }
    }

    /// Adds a record to any table, whatever the access of its fields: users, sequences and other things that an account
    /// has and the API cannot make. Answers its ID.
    ///
    /// ```
    /// use infusionsoft_sandbox::{Action, Sandbox, Value};
    ///
    /// let sandbox = Sandbox::new();
    /// let tag = sandbox.insert("ContactGroup", [("GroupName", Value::String("Customer".into()))])?;
    /// let name = Value::String("Tag as customer".into());
    /// let set = sandbox.insert("ActionSequence", [("TemplateName", name)])?;
    /// sandbox.add_action(set, Action::ApplyTag(tag))?;
    /// # Ok::<(), infusionsoft_sandbox::Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The fault that the API would answer: for a table, a field or a value that cannot be.
    pub fn insert<N: Into<String>>(
        &self,
        table: &str,
        values: impl IntoIterator<Item = (N, Value)>,
    ) -> Result<i32, Fault> {
        let values: Vec<_> = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
        let table = column::table(table)?;
        self.store()?.write(|db| row::seed(db, table, &values, &self.clock().civil()))
    }

    /// Adds an action to the end of an action set, for `ContactService.runActionSequence` to perform.
    ///
    /// # Errors
    ///
    /// The fault for a set that is not there.
    pub fn add_action(&self, action_set: i32, action: Action) -> Result<(), Fault> {
        self.store()?.write(|db| services::add_action(db, action_set, action))
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.account.clock
    }

    /// Who may call.
    pub(crate) fn oauth(&self) -> &OAuth {
        &self.account.oauth
    }

    /// What goes wrong on request.
    pub(crate) fn injector(&self) -> &Injector {
        &self.account.injector
    }

    /// How often each method was executed.
    pub(crate) fn tally(&self) -> &Tally {
        &self.account.tally
    }

    fn store(&self) -> Result<&Store, Fault> {
        self.account.store.as_ref().ok_or_else(|| Fault::unexpected("The sandbox keeps no records"))
    }

    /// Serves a request that the gateway let through.
    fn serve(&self, request: &Request, credential: Credential) -> Response {
        let call = decode(&request.body);
        let target = Target::Call(call.as_ref().ok().map(|call| call.method.as_str()));
        let Some(hit) = self.injector().choose(target) else {
            return self.execute(credential, &call);
        };
        let answer = hit.answer(target, || self.execute(credential, &call));
        for token in gateway::tokens(request) {
            match hit.effect {
                Effect::TokenExpired => self.oauth().expire(&token),
                Effect::TokenRevoked => self.oauth().revoke(&token),
                _ => {}
            }
        }
        answer
    }

    fn execute(&self, credential: Credential, call: &Result<Call, Fault>) -> Response {
        let reached = call.as_ref().map_err(Fault::clone).and_then(|call| Ok((reach(credential, call)?, call)));
        let (method, call) = match reached {
            Ok(reached) => reached,
            Err(fault) => return fault.response(),
        };
        self.tally().count(method.name);
        let store = self.account.store.as_ref();
        let response = match store.and_then(|store| services::call(store, self.clock(), method, &call.arguments)) {
            Some(Ok(value)) => answer::response(&value),
            Some(Err(fault)) => fault.response(),
            None if store.is_some() => answer::sample(method.answer),
            None => Response::xml(method.answer),
        };
        response.with_header("x-sandbox-entry", method.entry)
    }
}

/// Adds demo data to an account that has no contacts yet.
fn fill(store: &Store, contacts: usize, seed: u64) -> Result<(), Fault> {
    let table = column::table("Contact")?;
    match store.read(|db| query::count(db, table, &query::Filter::default()))? {
        0 => demo::fill(store, contacts, seed),
        _ => Ok(()),
    }
}

fn reach(credential: Credential, call: &Call) -> Result<&'static Method, Fault> {
    let method = method::find(call)?;
    let key_counts = credential == Credential::Key && method.keyed;
    match call.arguments.first() {
        Some(Value::String(key)) if key_counts && key != ACCESS_TOKEN => Err(Fault::invalid_key()),
        _ => Ok(method),
    }
}
