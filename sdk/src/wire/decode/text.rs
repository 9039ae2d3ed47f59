//! The text between two tags, as XML means it.

use std::ops::Range;

use super::scan::{is_blank, is_plain, stop};

/// The text between two tags: borrowed while it is one untouched piece, copied as soon as it must be changed or joined.
pub(super) struct Text<'a> {
    borrowed: &'a str,
    copied: String,
    is_copied: bool,
    /// The part from the first to the last CDATA section or reference, whose white space was meant.
    meant: Option<Range<usize>>,
    /// The high surrogate that the last reference named, already replaced.
    high: Option<u32>,
    replaced: usize,
    strict: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(strict: bool) -> Self {
        Text { borrowed: "", copied: String::new(), is_copied: false, meant: None, high: None, replaced: 0, strict }
    }

    /// Returns how many forbidden characters were replaced so far.
    pub(super) fn replaced(&self) -> usize {
        self.replaced
    }

    /// Returns the text as it stands.
    pub(super) fn as_str(&self) -> &str {
        if self.is_copied { &self.copied } else { self.borrowed }
    }

    /// Returns the text without outer white space.
    pub(super) fn trimmed(&self) -> &str {
        trim(self.as_str())
    }

    /// Says whether there is outer white space.
    pub(super) fn has_margin(&self) -> bool {
        self.trimmed().len() < self.as_str().len()
    }

    /// Returns the text without the padding that pretty-printing leaves: white space with a line break in it.
    pub(super) fn without_padding(&self) -> &str {
        let text = self.as_str();
        let meant = self.meant.clone().unwrap_or(text.len()..0);
        let head = &text[..meant.start];
        let padding = head.len() - trim_start(head).len();
        let start = if head[..padding].contains('\n') { padding } else { 0 };
        let tail = &text[meant.end.max(start)..];
        let padding = trim_end(tail).len();
        let end = if tail[padding..].contains('\n') { tail.len() - padding } else { 0 };
        &text[start..text.len() - end]
    }

    pub(super) fn clear(&mut self) {
        self.borrowed = "";
        self.copied.clear();
        self.is_copied = false;
        self.meant = None;
        self.high = None;
    }

    /// Makes plain text all there is, after a clear.
    pub(super) fn set(&mut self, text: &'a str) {
        self.borrowed = text;
    }

    /// Appends literal text, which is plain if all of it stands for itself.
    pub(super) fn push(&mut self, piece: &'a str, is_plain: bool) -> Result<(), String> {
        self.high = None;
        if is_plain && !self.is_copied && self.borrowed.is_empty() {
            self.borrowed = piece;
            return Ok(());
        }
        self.copy();
        if is_plain {
            self.copied.push_str(piece);
            return Ok(());
        }
        self.append(piece)
    }

    /// Appends text as it is written, references included. What is wrong with one of them isn't said.
    #[inline(never)]
    pub(super) fn push_with_references(&mut self, mut text: &'a str, is_plain: bool) -> Result<(), String> {
        while let Some(at) = reference(text) {
            if at > 0 {
                self.push(&text[..at], is_plain)?;
            }
            text = &text[at + 1..];
            // The end is near, so a search that is made for long texts would be slower.
            let end = text.bytes().position(|byte| byte == b';').ok_or_else(String::new)?;
            self.push_reference(&text[..end])?;
            text = &text[end + 1..];
        }
        if text.is_empty() { Ok(()) } else { self.push(text, is_plain) }
    }

    /// Appends the content of a CDATA section.
    pub(super) fn push_verbatim(&mut self, piece: &'a str) -> Result<(), String> {
        let start = self.as_str().len();
        self.push(piece, is_plain(piece))?;
        self.mean(start);
        Ok(())
    }

    /// Appends the character that a reference means.
    pub(super) fn push_reference(&mut self, name: &str) -> Result<(), String> {
        self.copy();
        let start = self.copied.len();
        let high = self.high.take();
        match name {
            "amp" => self.copied.push('&'),
            "lt" => self.copied.push('<'),
            "gt" => self.copied.push('>'),
            "quot" => self.copied.push('"'),
            "apos" => self.copied.push('\''),
            _ => self.push_code(code(name)?, high)?,
        }
        self.mean(start);
        Ok(())
    }

    fn push_code(&mut self, code: u32, high: Option<u32>) -> Result<(), String> {
        if let Some(character) = char::from_u32(code)
            && allowed(character)
        {
            self.copied.push(character);
            return Ok(());
        }
        if let (Some(high), 0xDC00..=0xDFFF) = (high, code) {
            // The high half was counted and stands there as U+FFFD.
            let pair = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
            self.copied.pop();
            self.copied.push(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
            return Ok(());
        }
        self.high = (0xD800..0xDC00).contains(&code).then_some(code);
        self.replace(code)
    }

    fn replace(&mut self, code: u32) -> Result<(), String> {
        if self.strict {
            return Err(format!("character U+{code:04X} is not allowed in XML"));
        }
        self.copied.push(char::REPLACEMENT_CHARACTER);
        self.replaced += 1;
        Ok(())
    }

    fn append(&mut self, mut piece: &str) -> Result<(), String> {
        self.copied.reserve(piece.len());
        while let Some(at) = stop(piece.as_bytes(), 0) {
            let (before, after) = piece.split_at(at);
            self.copied.push_str(before);
            let mut characters = after.chars();
            match characters.next() {
                Some('\r') => self.copied.push('\n'),
                Some(character) if allowed(character) => self.copied.push(character),
                Some(forbidden) => self.replace(forbidden.into())?,
                None => {}
            }
            piece = characters.as_str();
            if after.starts_with("\r\n") {
                piece = &piece[1..];
            }
        }
        self.copied.push_str(piece);
        Ok(())
    }

    fn copy(&mut self) {
        if !self.is_copied {
            self.copied.push_str(self.borrowed);
            self.is_copied = true;
        }
    }

    fn mean(&mut self, start: usize) {
        let start = self.meant.as_ref().map_or(start, |meant| meant.start);
        self.meant = Some(start..self.as_str().len());
    }
}

/// Trims white space, as XML knows it; by bytes, since this is done to every text.
pub(super) fn trim(text: &str) -> &str {
    let is_bare = |byte: Option<&u8>| !byte.is_some_and(|&byte| is_blank(byte));
    let bytes = text.as_bytes();
    if is_bare(bytes.first()) && is_bare(bytes.last()) { text } else { trim_both(text) }
}

/// Apart from the look at the ends, since hardly any text needs it.
#[inline(never)]
fn trim_both(text: &str) -> &str {
    trim_end(trim_start(text))
}

pub(super) fn trim_start(text: &str) -> &str {
    let mut start = 0;
    while text.as_bytes().get(start).is_some_and(|&byte| is_blank(byte)) {
        start += 1;
    }
    &text[start..]
}

pub(super) fn trim_end(text: &str) -> &str {
    let mut end = text.len();
    while end > 0 && is_blank(text.as_bytes()[end - 1]) {
        end -= 1;
    }
    &text[..end]
}

/// Finds the next reference.
fn reference(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at = stop(text.as_bytes(), at)?;
        if text.as_bytes()[at] == b'&' {
            return Some(at);
        }
        at += 1;
    }
}

/// Returns the name at the start of what follows a `<`, if its end is there too.
pub(super) fn leading_name(markup: &str) -> Option<&str> {
    let end = markup.bytes().position(|byte| is_blank(byte) || matches!(byte, b'>' | b'/'))?;
    Some(&markup[..end])
}

/// Returns the code that a character reference names.
fn code(name: &str) -> Result<u32, String> {
    let (digits, radix) = match name.strip_prefix("#x") {
        Some(digits) => (digits, 16),
        None => (name.strip_prefix('#').unwrap_or_default(), 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(format!("unknown entity &{};", super::error::cut(name, 20)));
    }
    match u32::from_str_radix(digits, radix) {
        Ok(code @ ..=0x10_FFFF) => Ok(code),
        _ => Err(format!("&{}; is not a character", super::error::cut(name, 20))),
    }
}

/// Says whether XML 1.0 allows a character.
fn allowed(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}
