//! Elements that hold nothing but text, recognized at a glance: nearly all of an answer consists of them.
//!
//! What is recognized is balanced, each of its tags compared literally. Anything else is left to the events: attributes,
//! comments, CDATA sections, empty elements, arrays and structs, and whatever is wrong.

use super::document::Scalar;

/// The element that was found last.
#[derive(Default)]
pub(super) struct Found {
    pub(super) scalar: Scalar,
    pub(super) text: Piece,
    /// The name of a member.
    pub(super) name: Piece,
    /// Where the tag of the value starts.
    pub(super) start: usize,
    /// Where the element ends: the value itself, or the member.
    pub(super) end: usize,
}

/// The text between two tags, as it is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether there is something like a reference in it.
    pub(super) has_references: bool,
    /// Whether it stands for itself but for the references: no carriage returns, nothing that XML forbids.
    pub(super) is_plain: bool,
}

/// Passes two tags, which mostly follow each other immediately.
macro_rules! tags {
    ($scan:ident, $first:literal, $second:literal) => {
        if $scan.literal(concat!($first, $second)).is_none() {
            $scan.blank();
            $scan.literal($first)?;
            $scan.blank();
            $scan.literal($second)?;
        }
    };
}

/// A place in a document, and how to get on from there. What is recognized is written to where it is kept, since copies
/// would cost as much as the recognizing.
pub(super) struct Scan<'a> {
    source: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(source: &'a str, at: usize) -> Self {
        Scan { source: source.as_bytes(), at }
    }

    /// Recognizes a response with a single flat value, up to its end.
    #[inline(never)]
    pub(super) fn response(mut self, found: &mut Found) -> Option<()> {
        let _ = self.literal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        for tag in ["<methodResponse>", "<params>", "<param>"] {
            self.blank();
            self.literal(tag)?;
        }
        self.value(found)?;
        for tag in ["</param>", "</params>", "</methodResponse>"] {
            self.blank();
            self.literal(tag)?;
        }
        self.blank();
        (self.at == self.source.len()).then_some(())
    }

    /// Recognizes a member with a flat value.
    #[inline(never)]
    pub(super) fn member(mut self, found: &mut Found) -> Option<()> {
        tags!(self, "<member>", "<name>");
        found.name = self.piece()?;
        self.literal("</name>")?;
        self.value(found)?;
        self.blank();
        self.literal("</member>")?;
        found.end = self.at;
        (found.name.is_plain && !found.name.has_references).then_some(())
    }

    /// Recognizes a flat value.
    #[inline(never)]
    pub(super) fn item(mut self, found: &mut Found) -> Option<()> {
        self.value(found)?;
        found.end = self.at;
        Some(())
    }

    #[inline(always)]
    fn value(&mut self, found: &mut Found) -> Option<()> {
        self.blank();
        found.start = self.at;
        self.literal("<value>")?;
        found.text = self.piece()?;
        found.scalar = Scalar::Untyped;
        if self.literal("</value>").is_none() {
            if !self.source[found.text.start..found.text.end].iter().all(|&byte| is_blank(byte)) {
                return None;
            }
            let name = self.at + 1;
            found.scalar = self.scalar()?;
            let name = &self.source[name..self.at];
            found.text = self.piece()?;
            self.literal("</")?;
            self.literal(name)?;
            self.blank();
            self.literal("</value>")?;
        }
        Some(())
    }

    #[inline(always)]
    fn scalar(&mut self) -> Option<Scalar> {
        let rest = self.source.get(self.at..)?;
        let (tag, scalar) = match rest.get(1)? {
            b's' => ("<string>", Scalar::String),
            b'i' if rest.starts_with(b"<i4>") => ("<i4>", Scalar::Int),
            b'i' => ("<int>", Scalar::Int),
            b'd' if rest.starts_with(b"<double>") => ("<double>", Scalar::Double),
            b'd' => ("<dateTime.iso8601>", Scalar::DateTime),
            b'b' if rest.starts_with(b"<boolean>") => ("<boolean>", Scalar::Boolean),
            b'b' => ("<base64>", Scalar::Base64),
            _ => return None,
        };
        self.literal(tag).map(|()| scalar)
    }

    #[inline(always)]
    fn literal(&mut self, literal: impl AsRef<[u8]>) -> Option<()> {
        let literal = literal.as_ref();
        let end = self.at + literal.len();
        (self.source.get(self.at..end)? == literal).then(|| self.at = end)
    }

    #[inline(always)]
    fn blank(&mut self) {
        while self.source.get(self.at).is_some_and(|&byte| is_blank(byte)) {
            self.at += 1;
        }
    }

    /// Reads text up to the next tag.
    #[inline(always)]
    fn piece(&mut self) -> Option<Piece> {
        let start = self.at;
        let (mut has_references, mut is_plain) = (false, true);
        loop {
            self.at = stop(self.source, self.at)?;
            match self.source[self.at] {
                b'<' => break,
                b'&' => has_references = true,
                _ => is_plain = false,
            }
            self.at += 1;
        }
        Some(Piece { start, end: self.at, has_references, is_plain })
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Says whether a text stands for itself: no carriage returns, nothing that XML forbids.
pub(super) fn is_plain(text: &str) -> bool {
    let mut at = 0;
    while let Some(found) = stop(text.as_bytes(), at) {
        if !matches!(text.as_bytes()[found], b'<' | b'&') {
            return false;
        }
        at = found + 1;
    }
    true
}

const BLOCK: usize = 256;

/// Finds the next byte that ends a text, begins a reference, or isn't plain. U+FFFE and U+FFFF begin with the byte EF, as
/// few others do.
#[inline(always)]
pub(super) fn stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    // Most texts are short.
    for _ in 0..4 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { break };
        let found = stops(u64::from_le_bytes(*word));
        if found != 0 {
            at += found.trailing_zeros() as usize / 8;
            return if matches!(bytes[at], b'\n' | b'\t') { stop_after(bytes, at + 1) } else { Some(at) };
        }
        at += size_of::<u64>();
    }
    stop_after(bytes, at)
}

#[inline(never)]
fn stop_after(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut next_block = at + 96;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = stops(u64::from_le_bytes(*word));
        if found == 0 {
            at += size_of::<u64>();
            if at >= next_block {
                at += blocks(&bytes[at..], is_base64);
                at += blocks(&bytes[at..], is_ordinary);
                next_block = at + BLOCK;
            }
            continue;
        }
        at += found.trailing_zeros() as usize / 8;
        if !matches!(bytes[at], b'\n' | b'\t') {
            return Some(at);
        }
        at += 1;
    }
    let ends = |byte: &u8| matches!(byte, 0xEF | b'<' | b'&' | 0..=8 | 11..=31);
    Some(at + bytes.get(at..)?.iter().position(ends)?)
}

/// Marks the bytes of a word that are `<`, `&`, EF or control characters; of the marks, the lowest is right.
#[inline(always)]
fn stops(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (equal(b'<') | equal(b'&') | equal(0xEF) | below(word, b' ')) & (ONES << 7)
}

/// Counts the bytes of the leading blocks that are of a kind.
#[inline(always)]
fn blocks(bytes: &[u8], is_kind: fn(&[u8]) -> bool) -> usize {
    let mut count = 0;
    for block in bytes.chunks_exact(BLOCK) {
        if !is_kind(block) {
            break;
        }
        count += BLOCK;
    }
    count
}

/// Says whether all bytes are ASCII and stand for themselves. No early exit: this way it is vectorized.
#[inline(always)]
fn is_ordinary(block: &[u8]) -> bool {
    let special = |byte: u8| ((byte as i8) < 0x20) & (byte != b'\n') | (byte == b'<') | (byte == b'&');
    !block.iter().fold(false, |any, &byte| any | special(byte))
}

/// Says less with less: nothing below the digits but `+` and its like, which leaves base64.
#[inline(always)]
fn is_base64(block: &[u8]) -> bool {
    !block.iter().fold(false, |any, &byte| any | ((byte as i8) < 0x2B) | (byte == b'<'))
}
