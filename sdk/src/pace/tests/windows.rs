//! No window ever holds more than its limit, and no call waits without need.

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::clock::SystemClock;

const LIMITS: [(Duration, u32); 2] = [(ms(400), 3), (ms(1000), 5)];

fn limits() -> Limits {
    LIMITS.iter().fold(Limits::none(), |limits, (window, calls)| limits.within(*window, *calls))
}

/// A call of a random history.
struct Call {
    turn: Option<Turn>,
    way: Way,
}

#[derive(Clone, Debug)]
enum Step {
    Pass(u64),
    Begin,
    Write(prop::sample::Index),
    End(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..300_u64).prop_map(Step::Pass),
        4 => Just(Step::Begin),
        2 => any::<prop::sample::Index>().prop_map(Step::Write),
        3 => any::<prop::sample::Index>().prop_map(Step::End),
    ]
}

/// Whether some window could not have held one more call.
fn is_full(calls: &[Call], now: Duration) -> bool {
    LIMITS.iter().any(|(window, limit)| {
        calls.iter().filter(|call| call.way.arrived.saturating_add(*window) > now).count() >= *limit as usize
    })
}

fn play(steps: &[Step]) {
    let (pacer, clock) = paced(limits());
    let mut calls: Vec<Call> = Vec::new();
    for step in steps {
        let now = clock.now();
        match step {
            Step::Pass(millis) => clock.sleep(ms(*millis)),
            Step::Begin => match at_once(&pacer, &clock) {
                Ok(turn) => calls.push(Call { turn: Some(turn), way: Way { begun: now, arrived: Duration::MAX } }),
                Err(wait) => assert!(!wait.is_zero() && is_full(&calls, now), "a call waits without need"),
            },
            Step::Write(index) if !calls.is_empty() => {
                let index = index.index(calls.len());
                let call = &mut calls[index];
                if let Some(turn) = &call.turn {
                    turn.written()();
                    call.way.arrived = call.way.arrived.min(now + ms(250));
                }
            }
            Step::End(index) if !calls.is_empty() => {
                let index = index.index(calls.len());
                let call = &mut calls[index];
                if call.turn.take().is_some() {
                    call.way.arrived = call.way.arrived.min(now);
                }
            }
            Step::Write(_) | Step::End(_) => {}
        }
    }
    let ways: Vec<_> = calls.iter().map(|call| call.way).collect();
    for (window, limit) in LIMITS {
        assert!(fullest(&ways, window) <= limit as usize, "{ways:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_keeps_all_windows(steps in prop::collection::vec(step(), 0..200)) {
        play(&steps);
    }
}

/// 64 threads that call as fast as they may. Some calls are written and then answered late, some are answered soon.
fn crowd(clock: Arc<dyn Clock>, window: Duration, limit: u32, calls: u32) -> Vec<Way> {
    let pacer = Pacer::new(Limits::none().within(window, limit), clock.clone());
    let ways = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..64 {
            let (pacer, ways, clock) = (&pacer, &ways, &clock);
            scope.spawn(move || {
                for call in 0..calls {
                    let turn = pacer.turn(None).expect("the wait is short");
                    let begun = clock.now();
                    let mut arrived = Duration::MAX;
                    if (thread + call) % 3 == 0 {
                        arrived = clock.now() + ms(250);
                        turn.written()();
                    }
                    (0..thread).for_each(|_| std::thread::yield_now());
                    arrived = arrived.min(clock.now());
                    drop(turn);
                    ways.lock().expect("no thread panics").push(Way { begun, arrived });
                }
            });
        }
    });
    ways.into_inner().expect("no thread panics")
}

#[test]
fn threads_keep_the_window_in_real_time() {
    let ways = crowd(Arc::new(SystemClock::new()), ms(50), 20, 5);
    assert_eq!(ways.len(), 320);
    assert!(fullest(&ways, ms(50)) <= 20, "{ways:?}");
}

#[test]
fn threads_keep_the_window_in_manual_time() {
    let clock = ManualClock::new();
    let ways = crowd(clock.clone(), ms(60_000), 200, 20);
    assert_eq!(ways.len(), 1280);
    assert!(fullest(&ways, ms(60_000)) <= 200, "{ways:?}");
    assert!(clock.now() >= ms(6 * 60_000), "1280 calls take more than 6 minutes");
}

#[test]
fn a_quick_answer_frees_its_place_after_one_window() {
    let (pacer, clock) = paced(Limits::none().per_second(2));
    drop(at_once(&pacer, &clock).expect("a turn"));
    clock.sleep(ms(300));
    drop(at_once(&pacer, &clock).expect("a turn"));
    assert_eq!(pacer.turn(None).expect("a turn").waited, ms(700));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(300)));
}

#[test]
fn a_written_call_has_arrived_after_a_quarter_of_a_second() {
    let (pacer, clock) = paced(Limits::none().per_second(1));
    let slow = at_once(&pacer, &clock).expect("a turn");
    slow.written()();
    slow.written()();
    clock.sleep(ms(250));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1000)));
    clock.sleep(ms(999));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1)));
    clock.sleep(ms(1));
    let next = at_once(&pacer, &clock).expect("a turn");
    // An answer that comes at last changes nothing; one that comes soon frees the place sooner.
    drop(slow);
    next.written()();
    clock.sleep(ms(100));
    let late = next.written();
    drop(next);
    late();
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1000)));
}

#[test]
fn an_unwritten_call_keeps_its_place() {
    let (pacer, clock) = paced(Limits::none().per_second(1));
    let connecting = at_once(&pacer, &clock).expect("a turn");
    clock.sleep(ms(30_000));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1000)), "the place is free in a second at the earliest");
    drop(connecting);
    assert_eq!(pacer.turn(None).expect("a turn").waited, ms(1000));
}

#[test]
fn slow_answers_cost_no_throughput() {
    let (pacer, clock) = paced(Limits::none().per_second(25));
    let unanswered = std::iter::repeat_with(|| {
        let turn = pacer.turn(None).expect("a turn");
        turn.written()();
        turn
    });
    let unanswered: Vec<_> = unanswered.take(250).collect();
    assert_eq!(unanswered.len(), 250);
    assert_eq!(clock.now(), 9 * ms(1250), "each 25 calls wait for a second and a quarter");
}

#[test]
fn a_day_ends_at_midnight_utc() {
    let clock = ManualClock::after_midnight(ms(86_400_000 - 2000));
    let pacer = Pacer::new(Limits::none().per_day(4), clock.clone());
    drop(at_once(&pacer, &clock).expect("a turn"));
    let [early, late, on_its_way] = [(); 3].map(|()| at_once(&pacer, &clock).expect("a turn"));
    clock.sleep(ms(1000));
    drop(early);
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1000)));
    clock.sleep(ms(1001));
    drop(late);
    // Two calls may have been seen before midnight, or after it: they count in both days.
    let _two = [(); 2].map(|()| at_once(&pacer, &clock).expect("a turn"));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(86_400_000 - 1)));
    drop(on_its_way);
    assert!(at_once(&pacer, &clock).is_err());
}

#[test]
fn the_users_own_numbers_add_to_the_vendors() {
    let (pacer, clock) = paced(Limits::personal().per_second(2).per_day(3));
    (0..2).for_each(|_| drop(at_once(&pacer, &clock).expect("a turn")));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(1000)));
    assert_eq!(pacer.turn(None).expect("a turn").waited, ms(1000));
    assert_eq!(
        at_once(&pacer, &clock).err(),
        Some(ms(12 * 60 * 60_000 - 1000)),
        "the day is over at noon and 12 hours"
    );
    assert_eq!(Limits::none().per_second(0), Limits::none().per_second(1));
    assert_ne!(Limits::application(), Limits::none().per_second(25).per_minute(1500).per_day(150_000));
}
