//! How figures are told: a table for people, JSON lines for machines.

use std::process::ExitCode;
use std::time::Duration;

/// What was measured of an implementation in a case.
#[derive(Clone, Copy, Debug)]
pub enum Figures {
    /// How long it takes.
    Time {
        /// The best of all rounds.
        best: Duration,
        /// The median of all rounds.
        median: Duration,
        /// The size of what was read or written.
        bytes: usize,
        /// How many times as long as the reference.
        ratio: f64,
        /// The reference, unless it is the floor.
        reference: Option<&'static str>,
    },
    /// How much memory it takes at most, in bytes, beyond what there was before.
    Peak(usize),
    /// How long it takes to build, and how many crates that are.
    Build {
        /// From a clean start.
        seconds: f64,
        /// All crates that are compiled, the own one included.
        crates: usize,
    },
}

/// Prints rows as they are measured, and remembers which reach is missed.
pub struct Report {
    json: bool,
    check: bool,
    missed: Vec<String>,
}

impl Report {
    /// A report as the command line wants it: `--json` prints lines for machines, `--check` makes a missed reach a failure.
    pub fn from_arguments() -> Report {
        let given = |wanted: &str| std::env::args().any(|argument| argument == wanted);
        Report { json: given("--json"), check: given("--check"), missed: Vec::new() }
    }

    /// Begins a group of rows.
    pub fn title(&self, title: &str) {
        if !self.json {
            println!("\n{title}");
        }
    }

    /// Prints a row. `reach` is what its ratio, its bytes or its seconds may be at most.
    pub fn row(&mut self, case: &str, name: &str, figures: Figures, reach: Option<f64>) {
        let measured = match figures {
            Figures::Time { ratio, .. } => ratio,
            Figures::Peak(bytes) => bytes as f64,
            Figures::Build { seconds, .. } => seconds,
        };
        let verdict = reach.map(|most| self.judge(&format!("{case} {name}"), measured, most));
        if self.json {
            println!("{}", json(case, name, figures));
        } else {
            println!("  {case:<18} {name:<22} {}{}", told(figures), verdict.unwrap_or_default());
        }
    }

    /// Compares what was measured with what it may be at most.
    pub fn judge(&mut self, what: &str, measured: f64, most: f64) -> String {
        let met = measured <= most;
        if !met {
            self.missed.push(format!("{what}: {measured:.2} instead of {most:.2}"));
        }
        // Bytes need no fractions.
        let digits = if most < 1000.0 { 2 } else { 0 };
        format!("  (reach {most:.digits$}{})", if met { "" } else { ", MISSED" })
    }

    /// Lists what was missed.
    pub fn finish(self) -> ExitCode {
        if self.missed.is_empty() {
            return ExitCode::SUCCESS;
        }
        eprintln!("\nnot reached:");
        for missed in &self.missed {
            eprintln!("  {missed}");
        }
        if self.check { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn mb_per_s(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / micros(time)
}

/// No name that is printed needs an escape.
fn json(case: &str, name: &str, figures: Figures) -> String {
    let figures = match figures {
        Figures::Time { best, median, bytes, ratio, reference } => {
            let ratio = match reference {
                None => format!("\"ratio_to_floor\":{ratio:.4}"),
                Some(reference) => format!("\"ratio\":{ratio:.4},\"reference\":\"{reference}\""),
            };
            let rate = mb_per_s(bytes, best);
            let (best, median) = (micros(best), micros(median));
            format!("\"best_us\":{best:.3},\"median_us\":{median:.3},\"mb_per_s\":{rate:.1},{ratio}")
        }
        Figures::Peak(bytes) => format!("\"peak_bytes\":{bytes}"),
        Figures::Build { seconds, crates } => format!("\"seconds\":{seconds:.2},\"crates\":{crates}"),
    };
    format!("{{\"case\":\"{case}\",\"impl\":\"{name}\",{figures}}}")
}

fn told(figures: Figures) -> String {
    match figures {
        Figures::Time { best, median, bytes, ratio, reference } => {
            let (rate, reference) = (mb_per_s(bytes, best), reference.unwrap_or("floor"));
            let (best, median) = (micros(best), micros(median));
            format!("{best:>11.1} µs best {median:>11.1} µs median {rate:>8.1} MB/s {ratio:>7.2} × {reference}")
        }
        Figures::Peak(bytes) => format!("{:>11.1} kB at most", bytes as f64 / 1000.0),
        Figures::Build { seconds, crates } => format!("{seconds:>11.1} s {crates:>5} crates"),
    }
}
