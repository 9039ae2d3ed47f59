//! Bodies that nobody meant: random, cut off, and mutated.

use infusionsoft_tests::call::Call;
use infusionsoft_tests::canned::Canned;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::calm::assert_calm;
use super::{documented, grammar, read};

/// Pieces that make a mutant worse than random bytes do.
pub(super) const PIECES: [&str; 43] = [
    "<value>",
    "</value>",
    "<value/>",
    "<value >",
    "</value >",
    "<a':nil '>",
    "<array><data>",
    "</data></array>",
    "<struct>",
    "</struct>",
    "<member>",
    "</member>",
    "<name>",
    "</name>",
    "<name/>",
    "<i4>",
    "</i4>",
    "<i8>",
    "<double>",
    "<boolean>",
    "<base64>",
    "<dateTime.iso8601>",
    "<nil/>",
    "<ex:nil/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<!DOCTYPE a [",
    "<!ENTITY a \"b\">",
    "&#11;",
    "&#xD83D;",
    "&#xDE00;",
    "&a;",
    "&",
    "\"",
    "=\"",
    "\u{FEFF}",
    "\0",
    "<html>",
    "99999999999999999999",
];

/// A change of a body: where, how much, what comes instead.
type Change = (Index, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        prop::sample::select(PIECES.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        vec(any::<u8>(), 0..4),
    ];
    (any::<Index>(), prop_oneof![Just(0), 0usize..40], piece)
}

fn changed(mut body: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for (at, length, piece) in changes {
        let start = at.index(body.len() + 1);
        let end = body.len().min(start + length);
        body.splice(start..end, piece.iter().copied());
    }
    body
}

/// Reads a body as whatever it holds, and as the type that a function declares.
fn assert_both_calm(call: &Call, body: &[u8]) {
    assert_calm(&read(body), body);
    assert_calm(&(call.call)(&Canned::ok(body).client()), body);
}

/// The documented responses, each with the call that it answers.
fn samples() -> Vec<(&'static Call, &'static str)> {
    documented().collect()
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn arbitrary_bytes_are_answered_calmly(body in vec(any::<u8>(), 0..200)) {
        assert_calm(&read(body.clone()), &body);
    }

    #[test]
    fn arbitrary_pieces_are_answered_calmly(pieces in vec(prop::sample::select(PIECES.to_vec()), 0..30), inside: bool) {
        let lead = if inside { "<methodResponse><params><param><value>" } else { "" };
        let body = format!("{lead}{}", pieces.concat());
        assert_calm(&read(body.clone()), body.as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn any_response_is_read(body in grammar::document(), sample: Index) {
        let outcome = read(body.clone());
        assert_calm(&outcome, body.as_bytes());
        prop_assert!(outcome.as_ref().map_or_else(|error| error.fault().is_some(), |_| true), "{:?}", outcome);
        let (call, _) = *sample.get(&samples());
        assert_both_calm(call, body.as_bytes());
    }

    #[test]
    fn changed_responses_are_answered_calmly(
        body in grammar::document(),
        changes in vec(change(), 1..4),
        sample: Index,
    ) {
        let (call, _) = *sample.get(&samples());
        assert_both_calm(call, &changed(body.into_bytes(), &changes));
    }

    #[test]
    fn changed_samples_are_answered_calmly(sample: Index, changes in vec(change(), 1..6)) {
        let (call, body) = *sample.get(&samples());
        assert_both_calm(call, &changed(body.as_bytes().to_vec(), &changes));
    }
}

#[test]
fn no_documented_response_is_read_before_its_end() {
    for (call, body) in documented().filter(|(_, body)| body.len() < 1000) {
        let body = body.trim_end().as_bytes();
        for end in 0..body.len() {
            let cut = &body[..end];
            let outcome = read(cut);
            assert_calm(&outcome, cut);
            let calm = outcome.is_err_and(|error| error.fault().is_none());
            assert!(calm, "{} is read from {end} of {} bytes", call.entry, body.len());
        }
    }
}

/// Marsaglia's xorshift: the same mutants in every run.
pub(super) struct Xorshift(pub(super) u64);

impl Xorshift {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// Changes a body once: cut, repeat, swap a byte, put in a piece, or take a part of another body.
    pub(super) fn mutate(&mut self, body: &mut Vec<u8>, other: &[u8]) {
        let (start, length) = (self.below(body.len()), self.below(60));
        let end = body.len().min(start + length);
        match self.below(6) {
            0 => drop(body.drain(start..end)),
            1 => {
                let part = body[start..end].to_vec();
                body.splice(start..start, part);
            }
            2 => body.iter_mut().skip(start).take(1).for_each(|byte| *byte = byte.wrapping_add(length as u8)),
            3 => {
                let from = self.below(other.len());
                body.splice(start..end, other[from..].iter().copied().take(length));
            }
            4 => body.truncate(end),
            _ => {
                let piece = PIECES[self.below(PIECES.len())];
                body.splice(start..start, piece.bytes());
            }
        }
    }
}

#[test]
fn twenty_thousand_mutants_are_answered_calmly() {
    let samples = samples();
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for round in 0..20_000 {
        let (call, body) = samples[round % samples.len()];
        let (_, other) = samples[random.below(samples.len())];
        let mut body = body.as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            random.mutate(&mut body, other.as_bytes());
        }
        assert_both_calm(call, &body);
    }
}
