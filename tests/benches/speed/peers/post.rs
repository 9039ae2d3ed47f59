//! Crate `ureq`: a bare POST of the same bytes, by an agent as it comes.

use infusionsoft_benches::canned::Sent;
use ureq::Agent;

pub(crate) fn agent() -> Agent {
    Agent::new_with_defaults()
}

/// Sends what a client sent before, and reads the answer into memory.
pub(crate) fn post(agent: &Agent, url: &str, sent: &Sent) -> Vec<u8> {
    let mut request = agent.post(url);
    for (name, value) in &sent.headers {
        request = request.header(name, value);
    }
    let mut answer = request.send(&sent.body).expect("the server answers");
    answer.body_mut().with_config().limit(u64::MAX).read_to_vec().expect("the answer has an end")
}
