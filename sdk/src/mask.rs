//! Hides secrets in what a server repeats of a request, and those of its own, wherever that becomes a text.

use crate::generated::SENSITIVE;
use crate::secret::Secret;

/// Credentials shorter than any real one may be a word of the answer itself.
const SHORTEST_CREDENTIAL: usize = 16;
/// An argument is hidden even if it is as short as the number on the back of a card.
const SHORTEST_ARGUMENT: usize = 3;
/// How much of a secret is hidden where a text breaks off within it.
const SHORTEST_PART: usize = 4;
/// No reference to a character is longer, without its `&`.
const LONGEST_REFERENCE: usize = 12;
/// The tags that stand between a member's name and a text of its value.
const TAGS_BEFORE_TEXT: [&[u8]; 7] = [b"</name", b"<value", b"<array", b"<data", b"<string", b"<i4", b"<int"];
/// The tags that stand between the texts of an array's items.
const TAGS_AFTER_TEXT: [&[u8]; 4] = [b"</value", b"</string", b"</i4", b"</int"];

/// The secrets of a call.
pub(crate) struct Mask<'a> {
    /// The longest first: one can be a part of another.
    secrets: Vec<&'a str>,
}

impl<'a> Mask<'a> {
    pub(crate) fn new(credentials: &[&'a str], arguments: &'a [Secret]) -> Mask<'a> {
        let mut mask = Mask { secrets: Vec::new() };
        for secret in credentials {
            mask.add(secret, SHORTEST_CREDENTIAL);
        }
        for secret in arguments {
            mask.add(secret.expose(), SHORTEST_ARGUMENT);
        }
        mask
    }

    fn add(&mut self, secret: &'a str, shortest: usize) {
        if secret.len() >= shortest {
            let place = self.secrets.partition_point(|other| other.len() >= secret.len());
            self.secrets.insert(place, secret);
        }
    }

    /// Overwrites secrets byte by byte, so that the places of everything else stay the same; answers whether there were any.
    pub(crate) fn bytes(&self, text: &mut [u8]) -> bool {
        let mut found = false;
        for secret in &self.secrets {
            let Some(first) = secret.bytes().next() else { continue };
            let begins = |byte: &u8| *byte == first || !first.is_ascii_alphanumeric() && b"&%\\+".contains(byte);
            let mut at = 0;
            while let Some(next) = text[at..].iter().position(begins) {
                at += next;
                let length = length_of(secret, &text[at..]);
                text[at..at + length].fill(b'*');
                found |= length > 0;
                at += length.max(1);
            }
        }
        found
    }

    /// Overwrites secrets in a text.
    pub(crate) fn text(&self, text: String) -> String {
        let mut bytes = text.into_bytes();
        self.bytes(&mut bytes);
        // Only whole characters were overwritten, since secrets are texts too.
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// How many bytes a secret takes up at the start of a text: as it is, as in a URL, in JSON, in XML and HTML, or as where those
/// quote XML. If the text breaks off within it, they are all that is left; if it isn't there, they are none.
fn length_of(secret: &str, text: &[u8]) -> usize {
    let verbatim = || match text.len() < secret.len() {
        true => (text.len() >= SHORTEST_PART && secret.as_bytes().starts_with(text)).then_some(text.len()),
        false => text.starts_with(secret.as_bytes()).then_some(secret.len()),
    };
    verbatim().or_else(|| written(secret, text, b"&")).or_else(|| written(secret, text, b"&amp;")).unwrap_or(0)
}

/// The length of a secret of which some characters are escaped; the `&` of a reference is written like this.
fn written(secret: &str, text: &[u8], and: &[u8]) -> Option<usize> {
    let mut at = 0;
    for c in secret.chars() {
        let rest = &text[at..];
        let mut utf8 = [0; 4];
        let plain = c.encode_utf8(&mut utf8).as_bytes();
        // Letters and digits are never escaped.
        let is_plain = c.is_ascii_alphanumeric();
        match if is_plain { None } else { escaped(c, plain, rest, and) } {
            Some(length) => at += length,
            None if at >= SHORTEST_PART && (rest.is_empty() || !is_plain && breaks_off(rest, and)) => {
                return Some(text.len());
            }
            None if rest.starts_with(plain) => at += plain.len(),
            None => return None,
        }
    }
    Some(at)
}

/// Whether a text ends within an escape.
fn breaks_off(rest: &[u8], and: &[u8]) -> bool {
    match rest.first() {
        Some(b'&') => {
            let name = rest.strip_prefix(and).unwrap_or(rest);
            name.len() < LONGEST_REFERENCE && !name.contains(&b';')
        }
        Some(b'%') => rest.len() < "%26".len(),
        Some(b'\\') => rest.len() < "\\u0026".len(),
        _ => false,
    }
}

/// The length of a character's escape, if the text begins with one.
fn escaped(c: char, utf8: &[u8], text: &[u8], and: &[u8]) -> Option<usize> {
    match text.first()? {
        b'&' => {
            let name = text.strip_prefix(and)?;
            let end = name.iter().take(LONGEST_REFERENCE).position(|byte| *byte == b';')?;
            (referred(&name[..end]) == Some(c)).then_some(and.len() + end + 1)
        }
        b'%' => {
            for (at, byte) in utf8.iter().enumerate() {
                let code = text.get(3 * at..3 * at + 3)?.strip_prefix(b"%")?;
                if number(code, 16)? != u32::from(*byte) {
                    return None;
                }
            }
            Some(3 * utf8.len())
        }
        b'\\' if b"\"\\/".contains(&utf8[0]) && text.get(1) == utf8.first() => Some(2),
        b'\\' => {
            let (mut units, mut at) = ([0; 2], 0);
            for unit in c.encode_utf16(&mut units) {
                let code = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
                if number(code, 16)? != u32::from(*unit) {
                    return None;
                }
                at += 6;
            }
            Some(at)
        }
        b'+' if c == ' ' => Some(1),
        _ => None,
    }
}

/// The character that a reference in XML or HTML stands for, which is given without `&` and `;`.
fn referred(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x' | b'X', code @ ..] => char::from_u32(number(code, 16)?),
        [b'#', code @ ..] => char::from_u32(number(code, 10)?),
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(str::from_utf8(digits).ok()?, radix).ok()
}

/// Overwrites the values of the members that are secrets by their names, like [`Mask::bytes`]. The body may well be broken.
pub(crate) fn sensitive_members(body: &mut [u8]) -> bool {
    let (mut found, mut at) = (false, 0);
    while at < body.len() {
        at += until(&body[at..], b"<name");
        at += until(&body[at..], b">");
        let start = at;
        at += until(&body[at..], b"<");
        let name = body[start..at].strip_prefix(b">").unwrap_or_default().trim_ascii();
        let mut is_secret = SENSITIVE.iter().any(|sensitive| sensitive.as_bytes() == name);
        while is_secret {
            at = behind_tags(body, at, &TAGS_BEFORE_TEXT);
            let length = length_of_text(&body[at..]);
            body[at..at + length].fill(b'*');
            found |= length > 0;
            at = behind_tags(body, at + length, &TAGS_AFTER_TEXT);
            is_secret = body[at..].starts_with(b"<value");
        }
    }
    found
}

/// The place behind tags and blanks.
fn behind_tags(body: &[u8], mut at: usize, tags: &[&[u8]]) -> usize {
    loop {
        at = body.len() - body[at..].trim_ascii_start().len();
        if !tags.iter().any(|tag| body[at..].starts_with(tag)) {
            return at;
        }
        at = body.len().min(at + until(&body[at..], b">") + 1);
    }
}

/// The length of a text in front of an end tag. A `<` alone doesn't end it, which can be the text's own, not escaped.
fn length_of_text(text: &[u8]) -> usize {
    let end = until(text, b"</");
    let verbatim = until(&text[..end], b"<![CDATA[");
    if verbatim == end {
        return end;
    }
    let end = verbatim + until(&text[verbatim..], b"]]>");
    end + until(&text[end..], b"</")
}

/// How much stands before a mark, which is all if there is none.
fn until(text: &[u8], mark: &[u8]) -> usize {
    text.windows(mark.len()).position(|part| part == mark).unwrap_or(text.len())
}

/// Leaves the characters that RFC 3986 calls unreserved, and encodes all others.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
