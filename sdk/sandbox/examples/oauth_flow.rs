//! OAuth from the first click to a token that refreshes itself, against the sandbox: no account, no arguments.
//!
//! With the real server, leave out the two URLs and the clock of the application, the client's endpoint, and all that is the
//! sandbox's.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use infusionsoft::{Client, Credentials, FileStore, OAuthApp, Session, record};
use infusionsoft_sandbox::{Clock, Sandbox, Server};

/// Where the vendor sends the user's browser back to: a page of your application, registered in the developer portal.
const REDIRECT_URI: &str = "http://localhost:7000/connected";

fn main() -> Result<(), Box<dyn Error>> {
    // A server on a free port of this machine. Its clock stands still until it is told otherwise.
    let clock = Clock::at(SystemTime::now());
    let app = ("my-app", "my-secret");
    let sandbox = Sandbox::builder().app(app.0, app.1, [REDIRECT_URI]).clock(clock.clone()).build()?;
    let server = Server::with(sandbox)?;
    let base = format!("http://{}", server.address());

    // The application: what the developer portal says of it.
    let app = OAuthApp::builder(app.0, app.1, REDIRECT_URI)
        .authorize_url(format!("{base}/app/oauth/authorize"))
        .token_url(format!("{base}/token"))
        .clock(SandboxTime(clock.clone()))
        .build()?;

    // The tokens live in a file, which all processes of this user can share.
    let folder = std::env::temp_dir().join(format!("infusionsoft-oauth-flow-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let session = Session::new(app, FileStore::new(folder.join("tokens.json")));

    // 1. Send the user to the vendor. Keep the state in their web session.
    let authorization = session.app().authorize();
    println!("1. the user opens    {}", authorization.url);

    // 2. They grant the permission, and their browser comes back with a code. The sandbox grants it at once.
    let redirect = location(&authorization.url)?;
    println!("2. and comes back to {redirect}");

    // 3. The state is checked, the code is exchanged, and the tokens are stored.
    let tokens = session.authorized(&authorization.state, &redirect)?;
    println!("3. tokens for {} are stored: {tokens:?}", tokens.tenant().unwrap_or("no tenant"));

    // 4. From now on the client looks after the tokens. The next start of the program begins here.
    let client = Client::builder().credentials(Credentials::oauth(session.clone())).endpoint(server.url()).build()?;
    let ada = client.contacts().add(record! { "FirstName" => "Ada" })?;
    println!("4. contact {ada} was added");

    // 5. A day later the access token has expired. It is refreshed before the call.
    clock.advance(Duration::from_secs(24 * 60 * 60));
    let name = client.contacts().load(ada, &["FirstName"])?;
    let refreshed = session.tokens()?.is_some_and(|stored| stored != tokens);
    println!("5. a day later {} is loaded; the tokens were refreshed: {refreshed}", name.get::<&str>("FirstName")?);

    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// The sandbox's clock, which both go by, so that a day can pass at once.
struct SandboxTime(Clock);

impl infusionsoft::Clock for SandboxTime {
    fn now(&self) -> Duration {
        self.utc().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    fn utc(&self) -> SystemTime {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

/// Opens a page as a browser would, and answers where it sends the user.
fn location(url: &str) -> Result<String, Box<dyn Error>> {
    let (host, path) =
        url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or("a URL of this machine")?;
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
    Ok(location.ok_or("the page sends nobody anywhere")?.to_owned())
}

#[test]
fn the_flow_runs() -> Result<(), Box<dyn Error>> {
    main()
}
