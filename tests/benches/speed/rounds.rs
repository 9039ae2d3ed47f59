//! Rounds of measurements, so that what disturbs one implementation disturbs all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use infusionsoft_benches::report::{Figures, Report};

/// Something that is measured.
pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    /// Does its work once and says how long that took.
    pub(crate) run: Box<dyn FnMut() -> Duration + 'a>,
    /// What its ratio may be at most.
    pub(crate) reach: Option<f64>,
}

/// How contestants are compared.
#[derive(Clone, Copy)]
pub(crate) struct Contest {
    pub(crate) case: &'static str,
    pub(crate) rounds: usize,
    /// The size of what each of them reads or writes.
    pub(crate) bytes: usize,
    /// The reference's name, unless it is the floor.
    pub(crate) reference: Option<&'static str>,
    /// Which time is compared.
    pub(crate) by: fn(&Times) -> Duration,
}

/// How long the rounds took.
pub(crate) struct Times {
    pub(crate) best: Duration,
    pub(crate) median: Duration,
}

pub(crate) fn best(times: &Times) -> Duration {
    times.best
}

pub(crate) fn median(times: &Times) -> Duration {
    times.median
}

/// Measures a function.
pub(crate) fn timed<'a, T>(name: &'static str, reach: Option<f64>, mut work: impl FnMut() -> T + 'a) -> Contestant<'a> {
    Contestant { name, run: Box::new(move || clocked(&mut work)), reach }
}

/// Does some work and says how long that took; what it answers is dropped when the clock has stopped.
pub(crate) fn clocked<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let outcome = black_box(work());
    let time = start.elapsed();
    drop(outcome);
    time
}

/// Measures many runs at once of what a clock is too coarse for.
pub(crate) fn many<'a, T>(
    runs: u32,
    name: &'static str,
    reach: Option<f64>,
    mut work: impl FnMut() -> T + 'a,
) -> Contestant<'a> {
    let run = move || {
        let start = Instant::now();
        for _ in 0..runs {
            black_box(work());
        }
        start.elapsed() / runs
    };
    Contestant { name, run: Box::new(run), reach }
}

/// Runs the rounds, after one that warms up.
pub(crate) fn measure(rounds: usize, contestants: &mut [Contestant<'_>]) -> Vec<Times> {
    let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
    for round in 0..=rounds {
        for (contestant, times) in contestants.iter_mut().zip(&mut times) {
            let time = (contestant.run)();
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.iter_mut().map(|times| summary(times)).collect()
}

fn summary(times: &mut [Duration]) -> Times {
    times.sort_unstable();
    Times { best: times[0], median: times[times.len() / 2] }
}

/// Measures the contestants and reports them. The last one is the reference.
pub(crate) fn compare(report: &mut Report, contest: Contest, mut contestants: Vec<Contestant<'_>>) {
    let times = measure(contest.rounds, &mut contestants);
    let Some(reference) = times.last().map(contest.by) else { return };
    for (contestant, times) in contestants.iter().zip(&times) {
        tell(report, contest, contestant, times, reference);
    }
}

/// Reports one contestant.
pub(crate) fn tell(report: &mut Report, contest: Contest, who: &Contestant<'_>, times: &Times, reference: Duration) {
    let Contest { case, bytes, reference: name, by, .. } = contest;
    let ratio = by(times).as_secs_f64() / reference.as_secs_f64();
    let figures = Figures::Time { best: times.best, median: times.median, bytes, ratio, reference: name };
    report.row(case, who.name, figures, who.reach);
}
