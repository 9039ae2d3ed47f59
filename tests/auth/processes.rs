//! Many processes with one authorization, against a server whose refresh tokens are good for one use.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use infusionsoft::{Client, Credentials, Error, FileStore, OAuthApp, Session, TokenStore, Tokens};
use infusionsoft_sandbox::{Clock, Effect, Request, Response, Rule, Sandbox, Server};

use crate::folder::Folder;
use crate::process::{self, Process};

const CALLER: &str = "processes::the_process_that_calls";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// No step takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a process pauses, or that it tells of the store's door.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Point {
    Nowhere,
    /// Tells when it is about to wait for the others.
    Door,
    /// Alone in the store, with nothing sent yet.
    BeforeSending,
    /// Alone in the store, with new tokens that are not stored yet.
    BeforeTheRename,
    /// With everything done.
    AfterTheRename,
}

/// The file store, with points.
struct Watched {
    store: FileStore,
    point: String,
}

impl Watched {
    fn reach(&self, point: Point) {
        if format!("{point:?}") != self.point {
            return;
        }
        match point {
            Point::Door => process::tell(&self.point),
            _ => process::pause(&self.point),
        }
    }
}

impl TokenStore for Watched {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        self.store.load()
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        self.reach(Point::Door);
        let updated = self.store.update(&mut |stored| {
            self.reach(Point::BeforeSending);
            let changed = change(stored);
            self.reach(Point::BeforeTheRename);
            changed
        });
        self.reach(Point::AfterTheRename);
        updated
    }
}

fn app(base: &str) -> OAuthApp {
    let app = OAuthApp::builder("sandbox", "sandbox", "http://localhost/back");
    let app = app.authorize_url(format!("{base}/app/oauth/authorize")).token_url(format!("{base}/token"));
    app.build().expect("the application can be built")
}

/// Calls from eight threads at once, as often as it is let.
#[test]
#[ignore = "not a test: the process that other tests start and kill"]
fn the_process_that_calls() {
    let Some([path, base, sessions, point]) = process::arguments() else { return };
    let session = || {
        let store = Watched { store: FileStore::new(&path), point: point.clone() };
        Session::new(app(&base), store)
    };
    loop {
        process::pause("ready");
        let shared = session();
        let call = || {
            let session = if sessions == "one" { shared.clone() } else { session() };
            process::tell(&outcome(&base, session));
        };
        thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(call))));
    }
}

/// Calls, and tells what came of it in a line.
fn outcome(base: &str, session: Session) -> String {
    let endpoint = format!("{base}/crm/xmlrpc/v1");
    let client = Client::builder().credentials(Credentials::oauth(session.clone())).endpoint(endpoint).build();
    let called = client.and_then(|client| client.data().get_user_info()).and_then(|_| session.tokens());
    match called {
        Ok(tokens) => format!("called with {}", tokens.expect("there are tokens").access_token().expose()),
        Err(error) => format!("{:?} {:?}: {error}", error.kind(), error.token_problem()),
    }
}

/// A server, and the tokens that it has issued in a file.
struct Stage {
    folder: Folder,
    clock: Clock,
    sandbox: Sandbox,
    server: Server,
}

impl Stage {
    fn new() -> Stage {
        let clock = Clock::at(SystemTime::now());
        let sandbox = Sandbox::builder().clock(clock.clone()).build().expect("an account in memory");
        let server = Server::with(sandbox.clone()).expect("a free port on loopback");
        Stage { folder: Folder::new(), clock, sandbox, server }
    }

    fn base(&self) -> String {
        format!("http://{}", self.server.address())
    }

    fn store(&self) -> FileStore {
        FileStore::new(self.folder.path("tokens.json"))
    }

    /// Authorizes anew, lets the access token expire, and makes the next refreshes take some time.
    fn expire(&self, refresh_takes: Duration) {
        self.sandbox.clear_rules();
        let session = Session::new(app(&self.base()), self.store());
        let authorization = session.app().authorize();
        let (_, query) = authorization.url.split_once('?').expect("a query");
        let answer = self.ask("/app/oauth/authorize", query);
        let (_, redirect) = answer.headers.iter().find(|(name, _)| name == "location").expect("a redirect");
        let tokens = session.authorized(&authorization.state, redirect).expect("the code is exchanged");
        // The server's clock goes, and the processes' is the machine's.
        self.clock.advance(2 * DAY);
        let expired =
            Tokens::new(tokens.access_token().clone(), tokens.refresh_token().clone(), SystemTime::UNIX_EPOCH);
        session.adopt(expired).expect("the tokens are stored");
        self.count_requests(refresh_takes);
    }

    /// Begins to count the requests for tokens.
    fn count_requests(&self, take: Duration) {
        self.sandbox.clear_rules();
        let milliseconds = take.as_millis().try_into().expect("a short time");
        self.sandbox.inject(Rule::always(Effect::Slow { milliseconds }).on("/token"));
    }

    /// How often tokens were asked for since it was begun to count.
    fn requests(&self) -> u64 {
        let answer = String::from_utf8(self.ask("/sandbox/rules", "").body).expect("UTF-8");
        let (_, applied) = answer.split_once("\"applied\":").expect("a rule");
        applied.split(|c: char| !c.is_ascii_digit()).next().expect("a number").parse().expect("a number")
    }

    fn ask(&self, path: &str, query: &str) -> Response {
        let (method, path, query) = ("GET".to_owned(), path.to_owned(), query.to_owned());
        self.sandbox.respond(&Request { method, path, query, headers: Vec::new(), body: Vec::new() })
    }

    /// Starts a process, with one session for its eight threads or one for each.
    fn process(&self, sessions: &str, point: Point) -> Process {
        let path = self.folder.path("tokens.json");
        let path = path.to_str().expect("a path of ASCII");
        let process = Process::start(CALLER, &[path, &self.base(), sessions, &format!("{point:?}")]);
        process.is_at("ready");
        process
    }

    /// Starts a process and waits until it is at a point.
    fn process_at(&self, point: Point) -> Process {
        let mut process = self.process("one", point);
        process.go_on();
        process.is_at(&format!("{point:?}"));
        process
    }

    /// Starts processes that wait for one that is alone in the store.
    fn waiters(&self, number: usize) -> Vec<Process> {
        (0..number).map(|_| self.process_at(Point::Door)).collect()
    }

    /// Expects every call to have gone well, with the same live token, which cost one request.
    #[track_caller]
    fn assert_all_called(&self, processes: &[Process]) {
        let outcomes: Vec<_> = processes.iter().flat_map(outcomes).collect();
        let tokens = self.store().load().expect("the file is whole").expect("there are tokens");
        let expected = format!("called with {}", tokens.access_token().expose());
        assert_eq!(outcomes.iter().find(|outcome| **outcome != expected), None);
        assert_eq!(self.requests(), 1);
    }
}

/// What came of the eight calls of a process, which is ready again afterwards.
fn outcomes(process: &Process) -> Vec<String> {
    let door = format!("{:?}", Point::Door);
    let told = std::iter::repeat_with(|| process.next()).filter(|line| *line != door);
    let outcomes: Vec<_> = told.take_while(|line| line != "ready").collect();
    assert_eq!(outcomes.len(), 8, "{outcomes:?}");
    outcomes
}

/// Lets eight processes with eight threads each meet an expired token, again and again.
fn rotate(rounds: &[Duration]) {
    let stage = Stage::new();
    let sessions = |number| if number % 2 == 0 { "one" } else { "each" };
    let mut processes: Vec<_> = (0..8).map(|number| stage.process(sessions(number), Point::Nowhere)).collect();
    for refresh_takes in rounds {
        stage.expire(*refresh_takes);
        let began = Instant::now();
        processes.iter_mut().for_each(Process::go_on);
        stage.assert_all_called(&processes);
        assert!(began.elapsed() >= *refresh_takes);
    }
}

#[test]
fn of_sixty_four_threads_in_eight_processes_one_refreshes() {
    let quick = Duration::from_millis(100);
    rotate(&[Duration::from_secs(2), quick, quick, quick]);
}

#[test]
#[ignore = "takes a minute: the same as the test above, twenty times at full length"]
fn of_sixty_four_threads_in_eight_processes_one_refreshes_twenty_times() {
    rotate(&[Duration::from_secs(2); 20]);
}

#[test]
fn waiters_that_are_killed_change_nothing() {
    let stage = Stage::new();
    stage.expire(Duration::ZERO);
    let mut refresher = stage.process_at(Point::BeforeSending);
    let (killed, mut others) = (stage.waiters(2), stage.waiters(2));
    killed.into_iter().for_each(|process| drop(process.kill()));
    assert_eq!(stage.requests(), 0);
    refresher.go_on();
    others.push(refresher);
    stage.assert_all_called(&others);
}

#[test]
fn a_refresher_that_is_killed_before_it_sends_is_followed_by_another() {
    let stage = Stage::new();
    stage.expire(Duration::ZERO);
    let refresher = stage.process_at(Point::BeforeSending);
    let waiters = stage.waiters(3);
    refresher.kill();
    stage.assert_all_called(&waiters);
}

#[test]
fn a_refresher_that_is_killed_after_the_rename_has_done_its_work() {
    let stage = Stage::new();
    stage.expire(Duration::ZERO);
    let refresher = stage.process_at(Point::AfterTheRename);
    let mut others: Vec<_> = (0..3).map(|_| stage.process("each", Point::Nowhere)).collect();
    others.iter_mut().for_each(Process::go_on);
    refresher.kill();
    stage.assert_all_called(&others);
}

#[test]
fn a_refresher_that_is_killed_while_it_waits_for_the_answer_has_lost_the_tokens() {
    let stage = Stage::new();
    stage.expire(Duration::from_secs(600));
    let mut refresher = stage.process("one", Point::Nowhere);
    refresher.go_on();
    let deadline = Instant::now() + PATIENCE;
    while stage.requests() == 0 {
        assert!(Instant::now() < deadline, "no request came");
        thread::sleep(Duration::from_millis(1));
    }
    assert_lost(&stage, refresher);
}

#[test]
fn a_refresher_that_is_killed_before_the_rename_has_lost_the_tokens() {
    let stage = Stage::new();
    stage.expire(Duration::ZERO);
    let refresher = stage.process_at(Point::BeforeTheRename);
    assert_lost(&stage, refresher);
}

/// Kills a process that has spent the refresh token, while others wait for it.
fn assert_lost(stage: &Stage, refresher: Process) {
    assert_eq!(stage.requests(), 1);
    let mut waiters = stage.waiters(3);
    let before = stage.store().load().expect("the file is whole").expect("there are tokens");
    stage.count_requests(Duration::ZERO);
    refresher.kill();
    for outcome in waiters.iter().flat_map(outcomes) {
        assert!(outcome.starts_with("Token Some(RefreshTokenDead): "), "{outcome}");
        assert!(outcome.contains("authorize again"), "{outcome}");
    }
    assert_eq!(stage.requests(), 1, "further requests");
    let after = stage.store().load().expect("the file is whole").expect("there are tokens");
    assert_eq!(after.access_token(), before.access_token());
    assert_eq!(after.refresh_token(), before.refresh_token());

    // Nobody needs to start again once the user has authorized anew.
    stage.expire(Duration::ZERO);
    waiters.iter_mut().for_each(Process::go_on);
    stage.assert_all_called(&waiters);
}
