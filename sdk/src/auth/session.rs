//! An authorization at work: tokens that are refreshed in time, by one at a time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, SystemTime};

use super::app::OAuthApp;
use super::failure::Failure;
use super::problem::TokenProblem;
use super::store::TokenStore;
use super::tokens::{Health, Tokens, seconds};
use crate::error::Error;
use crate::secret::Secret;

/// How long a token that is still good is used after it could not be replaced, before that is tried again.
const HOLD: Duration = Duration::from_secs(30);
/// How long a refresh token rests that got lost twice, in seconds.
const REST: u64 = 300;

/// An authorization at work: [`Credentials::oauth`](crate::Credentials::oauth) takes it. Clones are the same session.
///
/// An access token is replaced five minutes before it expires, or a tenth of its life if that is less, and when the server
/// refuses a call with status 401, which is repeated once then; a token that is less than a minute old is not, and the call
/// fails with that status: the next token would be refused as well. However many threads and processes share a store, one
/// of them sends the refresh token, and all get the new tokens.
///
/// - The tokens are held in memory, so not every call reads the store. A token that another process has replaced is noticed
///   when the server refuses the old one, or shortly before it expires.
/// - Who can't replace a token that is still good uses it on, with a warning in the log, and tries again half a minute later.
/// - A refresh token that the server has refused is never sent again, by any process, until the user authorizes anew.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    app: OAuthApp,
    store: Box<dyn TokenStore>,
    /// Held for a moment.
    state: Mutex<State>,
    /// Held by the one who asks the store, and the server if need be.
    flight: Mutex<()>,
}

#[derive(Default)]
struct State {
    tokens: Option<Tokens>,
    /// How often the store was asked.
    flights: u64,
    /// Why that failed, the last time.
    failure: Option<Failure>,
    /// Until when ([`Clock::now`](crate::Clock::now)) it isn't tried again while the tokens are still good.
    hold: Duration,
    unsaved: Option<Unsaved>,
}

/// Tokens that the store could not take.
#[derive(Clone)]
struct Unsaved {
    /// The refresh token that is stored, which they replace.
    spent: Option<Secret>,
    tokens: Tokens,
}

/// What to do about tokens.
enum Step {
    Use,
    GiveUp(Failure),
    Exchange,
}

/// What came of asking the store: its tokens, and why they are not better than they are.
type Asked = (Option<Tokens>, Option<Failure>);

impl Session {
    /// Begins to work with what a store holds, or will hold.
    pub fn new(app: OAuthApp, store: impl TokenStore + 'static) -> Session {
        let (state, flight) = (Mutex::default(), Mutex::default());
        Session { inner: Arc::new(Inner { app, store: Box::new(store), state, flight }) }
    }

    /// The application, to [authorize](OAuthApp::authorize) it.
    pub fn app(&self) -> &OAuthApp {
        &self.inner.app
    }

    /// Ends an authorization: checks what the user's browser came back with, exchanges the code in it, and stores the tokens.
    ///
    /// `state` is that of the [`Authorization`](crate::Authorization); `redirect` is the URL that the browser came to, or its
    /// query alone.
    ///
    /// # Errors
    ///
    /// Those of [`OAuthApp::exchange_redirect`]; of kind [`Store`](crate::ErrorKind::Store) if the store can't be read or
    /// written. Tokens that it failed to take, for which the code is spent, are held in memory: calls use them, and the store is
    /// offered them again.
    pub fn authorized(&self, state: &Secret, redirect: &str) -> Result<Tokens, Error> {
        let code = self.app().code(state, redirect)?;
        // Within the update, so that no code is spent for a store that is out of order.
        self.put(&mut || self.app().exchange(&code), true)
    }

    /// Stores tokens that came from elsewhere, in place of those that are stored.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if a token is empty, or holds white space or another character that none has; of kind
    /// [`Store`](crate::ErrorKind::Store) if the store can't be read or written.
    pub fn adopt(&self, tokens: Tokens) -> Result<(), Error> {
        if let Some(problem) = tokens.problem() {
            return Err(Error::invalid(problem));
        }
        self.put(&mut || Ok(tokens.clone()), false).map(drop)
    }

    /// What is stored, if anything.
    ///
    /// # Errors
    ///
    /// Of kind [`Store`](crate::ErrorKind::Store) if the store can't be read.
    pub fn tokens(&self) -> Result<Option<Tokens>, Error> {
        self.inner.store.load()
    }

    /// A token to call with.
    pub(crate) fn access(&self) -> Result<Secret, Error> {
        match self.good(None) {
            Some(token) => Ok(token),
            None => self.replaced(None),
        }
    }

    /// Whether another token than the one that the server refused is worth asking for.
    ///
    /// It isn't while the server has just given that one out: it is not the token then that it minds.
    pub(crate) fn can_renew(&self, refused: &Secret) -> bool {
        let now = self.app().utc();
        let is_new = |tokens: &Option<Tokens>| match tokens {
            Some(tokens) => tokens.access_token() == refused && tokens.is_new(now) && tokens.is_fresh(now),
            None => false,
        };
        let state = self.state();
        let (held, unsaved) = (is_new(&state.tokens), state.unsaved.is_some());
        drop(state);
        // Somebody else may have authorized anew since then. A store that can't be read shows nothing better.
        !held || !unsaved && matches!(self.inner.store.load(), Ok(stored) if !is_new(&stored))
    }

    /// Another token than the one that the server refused.
    pub(crate) fn renew(&self, refused: &Secret) -> Result<Secret, Error> {
        self.replaced(Some(refused))
    }

    /// Stores tokens in place of those that are stored; some must outlive a store that fails, since nobody gets them again.
    fn put(&self, tokens: &mut dyn FnMut() -> Result<Tokens, Error>, outlive: bool) -> Result<Tokens, Error> {
        let _flight = self.inner.flight.lock().unwrap_or_else(PoisonError::into_inner);
        let mut got: Option<Unsaved> = None;
        let updated = self.inner.store.update(&mut |stored| {
            let tokens = match &got {
                Some(got) => got.tokens.clone(),
                None => tokens()?,
            };
            let spent = stored.map(|stored| stored.refresh_token().clone());
            got = Some(Unsaved { spent, tokens: tokens.clone() });
            Ok(Some(tokens))
        });
        let mut state = self.state();
        let flights = state.flights + 1;
        match (updated, got) {
            (Err(error), Some(got)) if outlive => {
                *state = State { tokens: Some(got.tokens.clone()), flights, unsaved: Some(got), ..State::default() };
                Err(error)
            }
            (updated, _) => {
                let stored = updated?;
                *state = State { tokens: stored.clone(), flights, ..State::default() };
                stored.ok_or_else(|| Failure::new(TokenProblem::NotAuthorized).into())
            }
        }
    }

    /// The token in memory, if it is good for a while.
    fn good(&self, refused: Option<&Secret>) -> Option<Secret> {
        let (now, app) = (self.app().utc(), self.app());
        let state = self.state();
        // What the store could not take is offered to it again.
        let settled = state.unsaved.is_none() || app.clock().now() < state.hold;
        match &state.tokens {
            Some(tokens) if settled && tokens.is_fresh(now) => accepted(tokens, refused),
            _ => None,
        }
    }

    /// The token in memory, if it is good at least now.
    fn valid(&self, refused: Option<&Secret>) -> Option<Secret> {
        let now = self.app().utc();
        match &self.state().tokens {
            Some(tokens) if tokens.is_valid(now) => accepted(tokens, refused),
            _ => None,
        }
    }

    /// Looks for a good token in the store, and at the server if there is none.
    fn replaced(&self, refused: Option<&Secret>) -> Result<Secret, Error> {
        let flights = self.state().flights;
        let _flight = match self.inner.flight.try_lock() {
            Ok(flight) => flight,
            Err(TryLockError::Poisoned(flight)) => flight.into_inner(),
            Err(TryLockError::WouldBlock) => match self.valid(refused) {
                // Somebody is at it, and there is no need to wait for them.
                Some(token) => return Ok(token),
                None => self.inner.flight.lock().unwrap_or_else(PoisonError::into_inner),
            },
        };
        if let Some(token) = self.good(refused) {
            return Ok(token);
        }
        let state = self.state();
        let held = self.app().clock().now() < state.hold;
        // What somebody met while this one waited is what it would meet itself.
        let failure = if state.flights == flights { None } else { state.failure.clone() };
        drop(state);
        if (held || failure.is_some())
            && let Some(token) = self.valid(refused)
        {
            return Ok(token);
        }
        match failure {
            Some(failure) => Err(failure.into()),
            None => self.fly(refused),
        }
    }

    /// Asks the store, and the server if need be, and remembers what came of it. One at a time.
    fn fly(&self, refused: Option<&Secret>) -> Result<Secret, Error> {
        let asked = self.ask(refused);
        let mut state = self.state();
        state.flights += 1;
        state.failure = None;
        let failed: Option<Error> = match asked {
            Ok((tokens, failure)) => {
                state.tokens = tokens;
                state.failure.clone_from(&failure);
                failure.map(Error::from)
            }
            Err(error) => Some(error),
        };
        drop(state);
        let Some(error) = failed else {
            return match &self.state().tokens {
                // Fresh from the server it is used at least once, even if it expires at once.
                Some(tokens) => Ok(tokens.access_token().clone()),
                None => Err(Failure::new(TokenProblem::NotAuthorized).into()),
            };
        };
        let Some(token) = self.valid(refused) else { return Err(error) };
        let why = match error.token_problem() {
            Some(problem) => format!("{problem:?}"),
            None => format!("{:?}", error.kind()),
        };
        log::warn!("the access token is used while it lasts, since another one can't be had or stored ({why})");
        self.state().hold = self.app().clock().now().saturating_add(HOLD);
        Ok(token)
    }

    fn ask(&self, refused: Option<&Secret>) -> Result<Asked, Error> {
        let unsaved = self.state().unsaved.clone();
        if unsaved.is_none() {
            // Without the store's lock: most of the time this ends it.
            let stored = self.inner.store.load()?;
            match step(stored.as_ref(), refused, self.app().utc()) {
                Step::Use => return Ok((stored, None)),
                Step::GiveUp(failure) => return Ok((stored, Some(failure))),
                Step::Exchange => {}
            }
        }
        let (mut failure, mut fresh) = (None, None);
        let updated = self.inner.store.update(&mut |stored| {
            (failure, fresh) = (None, None);
            let (stored, tokens) = match (stored, &unsaved) {
                (stored, Some(unsaved)) if stored.as_ref().map(Tokens::refresh_token) == unsaved.spent.as_ref() => {
                    (stored, Some(unsaved.tokens.clone()))
                }
                (stored, _) => (stored.clone(), stored),
            };
            let changed = match (step(tokens.as_ref(), refused, self.app().utc()), &tokens) {
                (Step::Exchange, Some(tokens)) => {
                    let changed = self.exchanged(tokens, &mut failure);
                    if let (None, Some(stored), Some(got)) = (&failure, &stored, &changed) {
                        fresh = Some(Unsaved { spent: Some(stored.refresh_token().clone()), tokens: got.clone() });
                    }
                    changed
                }
                (Step::GiveUp(problem), _) => {
                    failure = Some(problem);
                    None
                }
                (Step::Use | Step::Exchange, _) => None,
            };
            Ok(if changed.is_none() && tokens != stored { tokens } else { changed })
        });
        let mut state = self.state();
        if updated.is_ok() {
            state.unsaved = None;
        } else if let Some(fresh) = fresh {
            state.tokens = Some(fresh.tokens.clone());
            state.unsaved = Some(fresh);
        }
        Ok((updated?, failure))
    }

    /// Gets the next tokens, or marks these with what came of it.
    fn exchanged(&self, tokens: &Tokens, failure: &mut Option<Failure>) -> Option<Tokens> {
        let problem = match self.app().next(tokens) {
            Ok(next) => {
                log::debug!("the access token was refreshed");
                return Some(next);
            }
            Err(problem) => problem,
        };
        let mut health = tokens.health();
        let first_loss = health.lost_times == 0;
        *failure = Some(match problem.problem {
            TokenProblem::RefreshTokenDead => {
                health.dead = true;
                if first_loss { problem } else { spent() }
            }
            TokenProblem::LostInExchange => {
                health.lost_times = health.lost_times.saturating_add(1);
                health.lost_at = seconds(self.app().utc());
                if first_loss { problem.retryable() } else { problem }
            }
            _ => problem,
        });
        if health == tokens.health() { None } else { Some(tokens.clone().with_health(health)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accepted(tokens: &Tokens, refused: Option<&Secret>) -> Option<Secret> {
    let token = tokens.access_token();
    if Some(token) == refused { None } else { Some(token.clone()) }
}

fn step(tokens: Option<&Tokens>, refused: Option<&Secret>, now: SystemTime) -> Step {
    let Some(tokens) = tokens else { return Step::GiveUp(Failure::new(TokenProblem::NotAuthorized)) };
    if tokens.is_fresh(now) && accepted(tokens, refused).is_some() {
        return Step::Use;
    }
    match tokens.health() {
        Health { dead: true, lost_times: 0, .. } => Step::GiveUp(Failure::new(TokenProblem::RefreshTokenDead)),
        Health { dead: true, .. } => Step::GiveUp(spent()),
        Health { lost_times: 2.., lost_at, .. } if seconds(now).abs_diff(lost_at) < REST => {
            let failure = Failure::new(TokenProblem::LostInExchange);
            Step::GiveUp(failure.because("more than once; it is tried again in a few minutes"))
        }
        Health { .. } => Step::Exchange,
    }
}

/// What is to be said of a refresh token that is refused after an answer was lost.
fn spent() -> Failure {
    Failure::new(TokenProblem::LostInExchange).because("since then the refresh token is refused: authorize again")
}

impl fmt::Debug for Session {
    /// Shows no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
