//! Sessions: tokens are refreshed in time, once, and by one.

use std::sync::Arc;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use infusionsoft::{
    Client, Credentials, Error, ErrorKind, Limits, MemoryStore, OAuthApp, Secret, Session, TokenProblem, TokenStore,
    Tokens,
};
use infusionsoft_sandbox::{Effect, Rule, Sandbox, Server};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::manual_clock::ManualClock;

use crate::oauth_common::{BACK, HOUR, MINUTE, World, authorize, browse};

const THREADS: usize = 64;

fn stored(store: &MemoryStore) -> Tokens {
    store.load().expect("the store").expect("tokens")
}

#[test]
fn calls_travel_with_the_stored_token_and_a_placeholder_for_the_key() {
    let world = World::new();
    let client = world.client(world.session(world.authorized()));
    assert_eq!(format!("{:?}", Credentials::oauth(world.session(MemoryStore::new()))), "Credentials(oauth)");
    client.contacts().add(infusionsoft::record! { "FirstName" => "Ada" }).expect("a contact");
    assert!(world.forms().is_empty());
}

#[test]
fn a_token_is_refreshed_five_minutes_ahead_or_a_tenth_of_its_life() {
    for (life, margin) in [(HOUR, 5 * MINUTE), (24 * HOUR, 5 * MINUTE), (10 * MINUTE, MINUTE)] {
        let answer = r#"{"access_token":"first","refresh_token":"r1","expires_in":LIFE}"#;
        let canned = Canned::ok(answer.replace("LIFE", &life.as_secs().to_string()));
        let issued = app(&canned).exchange(&Secret::from("code")).expect("tokens");
        let second = Duration::from_secs(1);
        for (age, requests) in [(Duration::ZERO, 0), (life - margin - second, 0), (life - margin, 1)] {
            let canned = Canned::ok(r#"{"access_token":"second","refresh_token":"r2","expires_in":3600}"#);
            canned.clock().advance(age);
            let session = Session::new(app(&canned), MemoryStore::from(issued.clone()));
            let calls = Canned::ok("");
            calls.client_with(Credentials::oauth(session)).data().get_user_info().expect_err("a blank answer");
            assert_eq!(canned.sent().len(), requests, "{life:?} at {age:?}");
            let token = if requests == 0 { "Bearer first" } else { "Bearer second" };
            assert!(calls.sent()[0].headers.iter().any(|(_, value)| value == token), "{life:?} at {age:?}");
        }
    }
}

fn app(transport: &Canned) -> OAuthApp {
    let builder = OAuthApp::builder("id", "secret", BACK).transport(transport.clone()).clock(transport.clock());
    builder.build().expect("a valid application")
}

#[test]
fn a_401_refreshes_once_and_repeats_the_call() {
    let world = World::new();
    let store = world.authorized();
    let old = stored(&store);
    let client = world.client(world.session(store.clone()));
    world.sandbox.inject(Rule::next(1, Effect::TokenExpired).on("ContactService.add"));
    client.contacts().add(infusionsoft::record! { "FirstName" => "Ada" }).expect("a contact");
    assert_eq!(world.sandbox.executions("ContactService.add"), 1);
    assert_eq!(world.forms().len(), 1);
    assert_ne!(stored(&store), old);
}

#[test]
fn a_server_that_refuses_every_token_costs_a_refresh_token_a_minute_at_most() {
    let world = World::new();
    let store = world.authorized();
    world.sandbox.inject(Rule::always(Effect::TokenExpired));
    let refused = |forms| {
        // Neither the first process nor another one, which knows of the tokens only what is stored.
        for client in [world.client(world.session(store.clone())), world.client(world.session(store.clone()))] {
            for _ in 0..3 {
                let error = client.data().get_user_info().expect_err("refused");
                assert_eq!((error.kind(), error.http_status()), (ErrorKind::Unauthorized, Some(401)));
            }
        }
        assert_eq!(world.forms().len(), forms);
    };
    refused(1);
    world.clock.advance(MINUTE - Duration::from_secs(1));
    refused(1);
    world.clock.advance(Duration::from_secs(1));
    refused(2);
}

#[test]
fn a_new_token_that_another_process_has_replaced_by_authorizing_anew_is_given_up() {
    let world = World::new();
    let store = MemoryStore::new();
    let first = authorize(&world.session(store.clone()), &world.sandbox);
    let client = world.client(world.session(store.clone()));
    client.data().get_user_info().expect("an answer");
    authorize(&world.session(store), &world.sandbox);
    world.sandbox.revoke_access(&first);
    let forms = world.forms().len();
    client.data().get_user_info().expect("an answer");
    assert_eq!(world.forms().len(), forms);
}

#[test]
fn a_token_that_another_process_has_replaced_is_found_without_a_request() {
    let world = World::new();
    let store = world.authorized();
    let (one, two) = (world.client(world.session(store.clone())), world.client(world.session(store.clone())));
    one.data().get_user_info().expect("an answer");
    two.data().get_user_info().expect("an answer");
    // The first one meets a 401 and refreshes; the second one meets another for the token that it remembers.
    world.sandbox.inject(Rule::next(1, Effect::TokenExpired));
    one.data().get_user_info().expect("an answer");
    two.data().get_user_info().expect("an answer");
    assert_eq!(world.forms().len(), 1);
    // And when a token has expired.
    world.clock.advance(HOUR);
    one.data().get_user_info().expect("an answer");
    two.data().get_user_info().expect("an answer");
    assert_eq!(world.forms().len(), 2);
}

#[test]
fn sixty_four_threads_refresh_once() {
    let world = World::new();
    for expired in [true, false] {
        let store = world.authorized();
        let client = world.client(world.session(store.clone()));
        client.data().get_user_info().expect("an answer");
        match expired {
            true => world.clock.advance(HOUR),
            // All of them hold a token that the server refuses.
            false => world.sandbox.revoke_access(&stored(&store)),
        }
        in_threads(|| client.data().get_user_info().map(drop).expect("an answer"));
        assert_eq!(world.forms().len(), 1, "expired: {expired}");
    }
}

/// Ends an access token without its refresh token.
trait RevokeAccess {
    fn revoke_access(&self, tokens: &Tokens);
}

impl RevokeAccess for Sandbox {
    fn revoke_access(&self, tokens: &Tokens) {
        self.inject(Rule::next(1, Effect::TokenExpired));
        let token = Credentials::access_token(tokens.access_token().clone());
        let client = Client::builder().credentials(token).transport(self.clone()).build().expect("a client");
        assert_eq!(client.data().get_user_info().expect_err("refused").kind(), ErrorKind::Unauthorized);
    }
}

fn in_threads(call: impl Fn() + Sync) {
    let barrier = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                barrier.wait();
                call();
            });
        }
    });
}

#[test]
fn sixty_four_threads_refresh_once_over_http() {
    let none: [&str; 0] = [];
    let sandbox = Sandbox::builder().app("a+b%", "a+b%", none).build().expect("an account");
    let server = Server::with(sandbox.clone()).expect("a port");
    let base = format!("http://{}", server.address());
    let clock = ManualClock::default();
    let app = OAuthApp::builder("a+b%", "a+b%", "http://localhost/back")
        .authorize_url(format!("{base}/app/oauth/authorize"))
        .token_url(format!("{base}/token"))
        .clock(clock.clone())
        .build()
        .expect("a valid application");
    let store = MemoryStore::new();
    let session = Session::new(app, store.clone());
    let first = authorize(&session, &sandbox);
    // One that it has just got it would not replace.
    clock.advance(MINUTE);
    sandbox.inject(Rule::next(1, Effect::Slow { milliseconds: 100 }).on("/token"));
    sandbox.inject(Rule::always(Effect::TokenRevoked).on("/token"));
    sandbox.revoke_access(&first);
    // No pacing: it would spread the calls by real time.
    let builder =
        Client::builder().credentials(Credentials::oauth(session)).endpoint(server.url()).limits(Limits::none());
    let client = builder.build().expect("a valid client");
    in_threads(|| client.data().get_user_info().map(drop).expect("an answer"));
    assert_ne!(stored(&store), first);
}

#[test]
fn without_tokens_the_error_says_to_authorize_and_authorizing_is_enough() {
    let world = World::new();
    let session = world.session(MemoryStore::new());
    let client = world.client(session.clone());
    let error = client.data().get_user_info().expect_err("no tokens");
    assert_eq!((error.kind(), error.token_problem()), (ErrorKind::Token, Some(TokenProblem::NotAuthorized)));
    assert_eq!(error.to_string(), "DataService.getUserInfo: no tokens are stored yet: authorize first");
    assert!(!error.is_retryable() && !error.maybe_executed());
    assert!(session.tokens().expect("the store").is_none());
    let tokens = authorize(&session, &world.sandbox);
    assert_eq!(session.tokens().expect("the store"), Some(tokens));
    client.data().get_user_info().expect("an answer");
}

/// A store whose disk can be full.
#[derive(Clone, Default)]
struct Disk {
    store: MemoryStore,
    full: Arc<AtomicBool>,
}

impl TokenStore for Disk {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        self.store.load()
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        self.store.update(&mut |tokens| match change(tokens)? {
            Some(_) if self.full.load(Ordering::SeqCst) => Err(Error::store("the disk is full")),
            changed => Ok(changed),
        })
    }
}

#[test]
fn tokens_that_the_store_cannot_take_are_used_and_offered_again() {
    let world = World::new();
    let disk = Disk { store: world.authorized(), ..Disk::default() };
    let old = stored(&disk.store);
    let client = world.client(world.session(disk.clone()));
    disk.full.store(true, Ordering::SeqCst);
    world.clock.advance(HOUR);
    for _ in 0..3 {
        client.data().get_user_info().expect("an answer");
        world.clock.advance(MINUTE);
    }
    assert_eq!((world.forms().len(), stored(&disk.store)), (1, old.clone()));
    disk.full.store(false, Ordering::SeqCst);
    client.data().get_user_info().expect("an answer");
    assert_eq!(world.forms().len(), 1);
    assert_ne!(stored(&disk.store), old);
    // What is stored is what the server takes.
    world.clock.advance(HOUR);
    world.client(world.session(disk)).data().get_user_info().expect("an answer");
    assert_eq!(world.forms().len(), 2);
}

#[test]
fn tokens_of_a_code_that_the_store_cannot_take_are_used_and_offered_again() {
    // For the first time, and in place of others.
    for store in [|_: &World| MemoryStore::new(), World::authorized] {
        let world = World::new();
        let disk = Disk { store: store(&world), ..Disk::default() };
        let old = disk.load().expect("the store");
        let session = world.session(disk.clone());
        disk.full.store(true, Ordering::SeqCst);
        let authorization = session.app().authorize();
        let redirect = browse(&world.sandbox, &authorization.url);
        let error = session.authorized(&authorization.state, &redirect).expect_err("the disk is full");
        assert_eq!(error.kind(), ErrorKind::Store);
        let client = world.client(session.clone());
        client.data().get_user_info().expect("an answer");
        assert_eq!(disk.load().expect("the store"), old);
        disk.full.store(false, Ordering::SeqCst);
        world.clock.advance(MINUTE);
        client.data().get_user_info().expect("an answer");
        assert_eq!(world.forms().len(), 1, "nothing was refreshed");
        let stored = stored(&disk.store);
        assert_ne!(Some(&stored), old.as_ref());
        // What is stored is what the server takes.
        world.clock.advance(HOUR);
        world.client(world.session(disk)).data().get_user_info().expect("an answer");
        // Tokens that the caller has are not taken over by halves.
        let disk = Disk { store: MemoryStore::from(stored.clone()), full: Arc::new(true.into()) };
        let session = world.session(disk);
        session.adopt(Tokens::new("other", "other", world.clock.now() + HOUR)).expect_err("the disk is full");
        assert_eq!(session.tokens().expect("the store"), Some(stored));
    }
}

#[test]
fn a_new_token_that_the_store_cannot_take_is_not_replaced_for_a_401() {
    let world = World::new();
    let disk = Disk { store: world.authorized(), ..Disk::default() };
    let client = world.client(world.session(disk.clone()));
    disk.full.store(true, Ordering::SeqCst);
    world.clock.advance(HOUR);
    world.sandbox.inject(Rule::always(Effect::TokenExpired));
    for _ in 0..3 {
        assert_eq!(client.data().get_user_info().expect_err("refused").kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(world.forms().len(), 1);
}

#[test]
fn a_store_that_is_out_of_order_spends_no_code() {
    let world = World::new();
    let session = world.session(Damaged);
    let authorization = session.app().authorize();
    let redirect = browse(&world.sandbox, &authorization.url);
    let error = session.authorized(&authorization.state, &redirect).expect_err("no store");
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(world.forms().is_empty());
    let error = world.client(session).data().get_user_info().expect_err("no store");
    assert_eq!(error.kind(), ErrorKind::Store);
}

struct Damaged;

impl TokenStore for Damaged {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        Err(Error::store("no store"))
    }

    fn update(
        &self,
        _: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        Err(Error::store("no store"))
    }
}
