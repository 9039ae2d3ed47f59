//! Status 429 slows all calls.

use super::*;

#[test]
fn all_threads_wait_as_long_as_the_server_asks() {
    let (pacer, clock) = paced(Limits::none());
    pacer.throttled(Some(ms(5000)));
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                drop(pacer.turn(None).expect("a turn"));
                assert!(clock.now() >= ms(5000));
            });
        }
    });
    assert_eq!(clock.now(), ms(5000), "nobody waits any longer");
}

#[test]
fn a_shorter_wait_does_not_end_a_longer_one() {
    let (pacer, clock) = paced(Limits::none());
    pacer.throttled(Some(ms(5000)));
    pacer.throttled(Some(ms(2000)));
    pacer.throttled(None);
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(5000)));
    pacer.throttled(Some(Duration::MAX));
    assert_eq!(at_once(&pacer, &clock).err(), Some(ms(86_400_000)), "no wait is longer than a day");
}

#[test]
fn waits_of_our_own_choice_grow_while_refusals_go_on() {
    let (pacer, clock) = paced(Limits::none());
    // The time since the wait before has ended, and the wait that follows.
    let waits = [(0, 1), (0, 2), (1, 4), (3, 8), (7, 16), (15, 32), (31, 60), (59, 60), (60, 1), (0, 2), (2, 1)];
    for (quiet, wait) in waits {
        clock.sleep(ms(quiet * 1000));
        pacer.throttled(None);
        assert_eq!(at_once(&pacer, &clock).err(), Some(ms(wait * 1000)), "after {quiet} s");
        clock.sleep(ms(wait * 500));
        // The answers to calls that were on their way.
        pacer.throttled(None);
        pacer.throttled(Some(Duration::ZERO));
        clock.sleep(ms(wait * 500));
        drop(at_once(&pacer, &clock).expect("the wait is over"));
    }
}
