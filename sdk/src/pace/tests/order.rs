//! Turns come in the order of asking, or not at all, and nobody is stuck.

use std::sync::Condvar;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;
use crate::clock::SystemClock;

#[test]
fn turns_come_in_the_order_of_asking() {
    let (pacer, _) = paced(Limits::none().per_second(1));
    let held = pacer.turn(None).expect("a turn");
    let first = held.flight + 1;
    let waiting: Vec<_> = (0..16)
        .map(|index| {
            let other = Arc::clone(&pacer);
            let waiting = thread::spawn(move || other.turn(None).expect("a turn").flight);
            await_queue(&pacer, index + 1);
            waiting
        })
        .collect();
    drop(held);
    let flights: Vec<_> = waiting.into_iter().map(|waiting| waiting.join().expect("no panic")).collect();
    assert_eq!(flights, (first..first + 16).collect::<Vec<_>>());
}

/// A clock of which sleepers are only woken by hand.
#[derive(Default)]
struct Gate {
    now: Mutex<Duration>,
    /// Whether it is open, and how many have come to sleep.
    sleep: Mutex<(bool, u32)>,
    change: Condvar,
}

impl Clock for Gate {
    fn now(&self) -> Duration {
        *self.now.lock().expect("no panic")
    }

    fn utc(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) {
        let mut sleep = self.sleep.lock().expect("no panic");
        sleep.1 += 1;
        self.change.notify_all();
        drop(self.change.wait_while(sleep, |(open, _)| !*open).expect("no panic"));
        *self.now.lock().expect("no panic") += duration;
    }
}

#[test]
fn nobody_overtakes_the_first_while_it_sleeps() {
    let gate = Arc::new(Gate::default());
    let pacer = Arc::new(Pacer::new(Limits::none().per_second(1), gate.clone()));
    drop(pacer.turn(None).expect("a turn"));
    let waiting = [1, 2].map(|length| {
        let other = Arc::clone(&pacer);
        let waiting = thread::spawn(move || other.turn(None).expect("a turn").flight);
        await_queue(&pacer, length);
        waiting
    });
    let sleep = gate.sleep.lock().expect("no panic");
    let mut sleep = gate.change.wait_while(sleep, |(_, sleepers)| *sleepers == 0).expect("no panic");
    // Its time has come, but it has not woken up yet.
    *gate.now.lock().expect("no panic") = ms(1000);
    assert_eq!(pacer.turn(Some(ms(1000))).err().map(|late| late.wait), Some(ms(2000)));
    assert_eq!(sleep.1, 1, "only the first sleeps");
    sleep.0 = true;
    drop(sleep);
    gate.change.notify_all();
    assert_eq!(waiting.map(|waiting| waiting.join().expect("no panic")), [2, 3]);
}

#[test]
fn a_turn_that_cannot_come_in_time_fails_at_once() {
    let (pacer, clock) = paced(Limits::none().per_second(1));
    drop(pacer.turn(None).expect("a turn"));
    assert_eq!(pacer.turn(Some(ms(999))).err().map(|late| late.wait), Some(ms(1000)));
    assert_eq!(clock.now(), Duration::ZERO);
    assert_eq!(pacer.turn(Some(ms(1000))).expect("a turn").waited, ms(1000));
}

#[test]
fn who_waits_behind_others_fails_at_once_too() {
    let (pacer, clock) = paced(Limits::none().per_second(1));
    let held = pacer.turn(None).expect("a turn");
    let waiting = [1, 2].map(|length| {
        let other = Arc::clone(&pacer);
        let waiting = thread::spawn(move || drop(other.turn(None).expect("a turn")));
        await_queue(&pacer, length);
        waiting
    });
    assert_eq!(pacer.turn(Some(ms(2999))).err().map(|late| late.wait), Some(ms(3000)));
    await_queue(&pacer, 2);
    drop(held);
    for waiting in waiting {
        waiting.join().expect("no panic");
    }
    assert_eq!(clock.now(), ms(2000));
}

#[test]
fn a_refusal_of_the_server_sends_away_who_would_be_late_then() {
    let (pacer, clock) = paced(Limits::none().per_second(1));
    let held = pacer.turn(None).expect("a turn");
    let start = Instant::now();
    let [patient, hasty] = [(1, None), (2, Some(ms(60_000)))].map(|(length, until)| {
        let other = Arc::clone(&pacer);
        let waiting = thread::spawn(move || other.turn(until).map(|_| ()).map_err(|late| late.wait));
        await_queue(&pacer, length);
        waiting
    });
    pacer.throttled(Some(ms(70_000)));
    assert_eq!(hasty.join().expect("no panic"), Err(ms(71_000)), "a second after the one before it");
    assert!(start.elapsed() < ms(30_000), "it is told, and does not find out by itself");
    await_queue(&pacer, 1);
    drop(held);
    patient.join().expect("no panic").expect("a turn");
    assert_eq!(clock.now(), ms(70_000));
}

#[test]
fn nobody_waits_longer_than_the_longest_wait() {
    let (pacer, clock) = paced(Limits::none().per_day(1));
    drop(pacer.turn(None).expect("a turn"));
    assert_eq!(pacer.turn(None).err().map(|late| late.wait), Some(ms(12 * 60 * 60_000)));
    assert_eq!(clock.now(), Duration::ZERO);
    let (pacer, _) = paced(Limits::none().per_day(1).longest_wait(ms(86_400_000)));
    drop(pacer.turn(None).expect("a turn"));
    assert_eq!(pacer.turn(None).expect("a turn").waited, ms(12 * 60 * 60_000));
}

#[test]
fn who_waits_for_a_request_that_is_never_written_gives_up_in_time() {
    let clock = Arc::new(SystemClock::new());
    let pacer = Pacer::new(Limits::none().within(ms(5), 1), clock.clone());
    let held = pacer.turn(None).expect("a turn");
    assert!(pacer.turn(Some(clock.now() + ms(30))).is_err());
    assert!(clock.now() < ms(10_000), "it gives up by itself");
    assert_eq!(pacer.shared.lock().queue.len(), 0, "it leaves the queue");
    drop(held);
    assert!(pacer.turn(None).is_ok());
}

#[test]
fn a_holder_that_panics_gives_its_turn_back() {
    let (pacer, _) = paced(Limits::none().per_second(1));
    let other = Arc::clone(&pacer);
    let holder = thread::spawn(move || {
        let _turn = other.turn(None).expect("a turn");
        panic!("in the middle of a call");
    });
    assert!(holder.join().is_err());
    assert!(pacer.turn(None).is_ok());
}

/// A clock that panics once, when it is asked for the time or to sleep.
struct Trap {
    clock: Arc<ManualClock>,
    asked: AtomicBool,
    sleeping: AtomicBool,
}

impl Clock for Trap {
    fn now(&self) -> Duration {
        assert!(!self.asked.swap(false, Ordering::SeqCst), "asked at the wrong moment");
        self.clock.now()
    }

    fn utc(&self) -> SystemTime {
        self.clock.utc()
    }

    fn sleep(&self, duration: Duration) {
        assert!(!self.sleeping.swap(false, Ordering::SeqCst), "woken by a nightmare");
        self.clock.sleep(duration);
    }
}

#[test]
fn a_clock_that_panics_leaves_nobody_stuck() {
    let trap = Trap { clock: ManualClock::new(), asked: AtomicBool::new(false), sleeping: AtomicBool::new(true) };
    let trap = Arc::new(trap);
    let pacer = Arc::new(Pacer::new(Limits::none().per_second(1), trap.clone()));
    let held = pacer.turn(None).expect("a turn");
    let [sleeper, next] = [1, 2].map(|length| {
        let other = Arc::clone(&pacer);
        let waiting = thread::spawn(move || drop(other.turn(None)));
        await_queue(&pacer, length);
        waiting
    });
    drop(held);
    assert!(sleeper.join().is_err(), "the first sleeps, and panics");
    next.join().expect("the second is the first then");
    trap.asked.store(true, Ordering::SeqCst);
    let other = Arc::clone(&pacer);
    assert!(thread::spawn(move || drop(other.turn(None))).join().is_err(), "it panics with the lock");
    assert_eq!(pacer.turn(None).expect("a turn").waited, ms(1000));
}
