//! The keys of a page, guessed from its bytes in a tenth of the time that reading it takes.
//!
//! Only what is asked for ahead depends on them: the keys that count are read with the rows.

use std::iter;

use super::fetch::Keys;

/// Guesses the keys of the rows, of which there are so many at most; without the name of a key, only how many there are.
pub(super) fn keys(body: &[u8], key: Option<&str>, most: usize) -> Keys {
    match key {
        Some(name) => after_each(body, format!("<name>{name}</name>").as_bytes()).map(int).take(most).collect(),
        None => after_each(body, b"</struct>").map(|_| None).take(most).collect(),
    }
}

/// What follows each occurrence of a text, by Horspool's search: a byte that isn't in the text is passed with all before it.
fn after_each<'b>(body: &'b [u8], text: &[u8]) -> impl Iterator<Item = &'b [u8]> {
    let last = text.len() - 1;
    let mut steps = [text.len(); 256];
    for (at, byte) in text[..last].iter().enumerate() {
        steps[usize::from(*byte)] = last - at;
    }
    let mut at = last;
    iter::from_fn(move || {
        loop {
            let end = at;
            at += steps[usize::from(*body.get(end)?)];
            if body[end - last..=end] == *text {
                return Some(&body[end + 1..]);
            }
        }
    })
}

/// The int in the value at the front, with or without a type.
fn int(body: &[u8]) -> Option<i32> {
    let value = body.trim_ascii_start().strip_prefix(b"<value>")?.trim_ascii_start();
    let mut parts = value.split(|byte| matches!(byte, b'<' | b'>'));
    let text = if value.starts_with(b"<") { parts.nth(2) } else { parts.next() };
    str::from_utf8(text?).ok()?.trim().parse().ok()
}
