//! Many threads on one client.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use infusionsoft::{Client, Limits};
use infusionsoft_tests::misbehaving::{Server, Step, good_answer};

use crate::common::{built, once};

const THREADS: usize = 64;

const fn is_shared_by_threads<T: Clone + Send + Sync + 'static>() {}
const _: () = is_shared_by_threads::<Client>();

/// How long it takes 64 threads to make so many calls each.
fn round(clients: &[Client], calls: usize) -> Duration {
    let start = Barrier::new(clients.len() + 1);
    thread::scope(|scope| {
        for client in clients {
            scope.spawn(|| {
                start.wait();
                for _ in 0..calls {
                    once(client).expect("an answer");
                }
            });
        }
        start.wait();
        // The scope ends when all have ended.
        Instant::now()
    })
    .elapsed()
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort();
    rounds[rounds.len() / 2]
}

/// A server that takes 10 ms for each call, on as many connections as there are.
fn slow() -> Server {
    Server::always(vec![Step::Execute, Step::Take(Duration::from_millis(10)), Step::Send(good_answer())])
}

#[test]
fn one_client_is_as_fast_as_many() {
    let (one, many) = (slow(), slow());
    let shared = vec![built(one.builder()); THREADS];
    let separate: Vec<_> = (0..THREADS).map(|_| built(many.builder())).collect();
    _ = (round(&shared, 1), round(&separate, 1));
    // Other tests take their share of the machine: what counts is the best of a few comparisons, each of them fair.
    let ratio = (0..5)
        .map(|_| {
            let (ones, manys) = (0..5).map(|_| (round(&shared, 5), round(&separate, 5))).unzip();
            median(manys).as_secs_f64() / median(ones).as_secs_f64()
        })
        .find(|ratio| *ratio >= 0.9);
    assert!(ratio.is_some(), "64 threads on one client reach less than 0.9 of 64 clients");
    assert!(one.finish().connections <= THREADS);
}

#[test]
fn limits_that_are_far_away_cost_no_connections() {
    let server = slow();
    let limits = Limits::none().per_minute(1_000_000);
    let client = server.builder().limits(limits).build().expect("the client can be built");
    round(&vec![client; THREADS], 3);
    let seen = server.finish();
    assert_eq!(seen.executions(), 3 * THREADS);
    assert!(seen.connections <= THREADS, "{} connections", seen.connections);
}
