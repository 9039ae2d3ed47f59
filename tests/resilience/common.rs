//! What the tests of resilience share.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use infusionsoft::{Client, ClientBuilder, ContactId, Content, Credentials, Effect, Error, Limits, TagId};
use infusionsoft_tests::canned::TOKEN;
use infusionsoft_tests::misbehaving::{Part, Step, good_answer};
use socket2::{Domain, Socket, Type};

/// A call, told apart by what it may be repeated for.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) effect: Effect,
    pub(crate) make: fn(&Client) -> Result<String, Error>,
}

/// A small call of each effect. A good answer holds the value 1, which each of them gives as `1`.
pub(crate) const CALLS: [Call; 3] = [
    Call { effect: Effect::Read, make: |client| client.data().echo("x") },
    Call { effect: Effect::Once, make: |client| client.data().delete("Contact", 18).map(number) },
    Call {
        effect: Effect::Repeatable,
        make: |client| client.contacts().add_to_group(ContactId(18), TagId(97)).map(number),
    },
];

/// A call that must not be repeated and has a body that no buffer of a connection holds: 16 MiB of base64.
pub(crate) const UPLOAD: Call = Call {
    effect: Effect::Once,
    make: |client| client.files().upload_file("a.bin", Content::from(vec![0xA5; 12 << 20])).map(|id| id.0.to_string()),
};

/// Makes a call that only reads.
pub(crate) fn read(client: &Client) -> Result<String, Error> {
    (CALLS[0].make)(client)
}

/// Makes a call that must not be repeated.
pub(crate) fn once(client: &Client) -> Result<String, Error> {
    (CALLS[1].make)(client)
}

fn number(value: bool) -> String {
    u8::from(value).to_string()
}

/// Builds a client without limits of pace.
pub(crate) fn built(builder: ClientBuilder) -> Client {
    builder.limits(Limits::none()).build().expect("the client can be built")
}

/// Sets up a client of an endpoint at this address.
pub(crate) fn builder_at(address: SocketAddr) -> ClientBuilder {
    Client::builder().credentials(Credentials::access_token(TOKEN)).endpoint(format!("http://{address}/xmlrpc"))
}

/// A port of loopback that nobody listens on, as long as this lives.
pub(crate) struct Deaf(Socket);

impl Deaf {
    /// Takes a port, so that no other test can.
    pub(crate) fn new() -> Deaf {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port on loopback");
        Deaf(socket)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().ok().and_then(|address| address.as_socket()).expect("the port's address")
    }

    /// Lets the system take a connection or two, which nobody answers.
    #[cfg(target_os = "linux")]
    pub(crate) fn listen(&self) {
        self.0.listen(0).expect("a port can be listened on");
    }
}

/// A moment in which an exchange fails, and the steps that lead there.
pub(crate) struct Moment {
    pub(crate) name: &'static str,
    pub(crate) steps: Vec<Step>,
    /// Whether the head of an answer with status 200 has been sent by then.
    pub(crate) answered: bool,
}

/// Every step of an exchange, in order.
pub(crate) fn moments() -> Vec<Moment> {
    let answer = good_answer();
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("the answer has a head") + 4;
    let before = |name, steps: Vec<Step>| Moment { name, steps, answered: false };
    let after = |name, sent: usize| {
        let steps = vec![Step::Execute, Step::Send(answer[..sent].to_vec())];
        Moment { name, steps, answered: sent >= head }
    };
    vec![
        before("at once", Vec::new()),
        before("within the head", vec![Step::Read(Part::SomeOfTheHead)]),
        before("after the head", vec![Step::Read(Part::Head)]),
        before("within the body", vec![Step::Read(Part::HalfOfTheBody)]),
        before("after the request", vec![Step::Read(Part::Everything)]),
        after("after the execution", 0),
        after("within the status line", 8),
        after("after the status line", 17),
        after("within the answer's head", 40),
        after("after the answer's head", head),
        after("within the answer's body", head + 40),
        after("before the answer's last byte", answer.len() - 1),
    ]
}

/// What a call answers, and how long it takes.
pub(crate) fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (call(), start.elapsed())
}
