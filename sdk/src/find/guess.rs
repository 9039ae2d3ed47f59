//! The keys of a page, guessed from its bytes in a small part of the time that reading it takes.
//!
//! Only what is asked for ahead depends on them: the keys that count are read with the rows.

use super::fetch::Keys;

/// How many places are looked at in one go, without a branch between them, so that compilers make it a few instructions.
const LANES: usize = 32;

/// Guesses the keys of the rows, of which there are so many at most; without the name of a key, only how many there are.
pub(super) fn keys(body: &[u8], key: Option<&str>, most: usize) -> Keys {
    let mark = match key {
        Some(name) => format!("<name>{name}</name>"),
        None => "</struct>".to_owned(),
    };
    let mut keys = Keys::new();
    for end in ends(body, mark.as_bytes()).iter().take(most) {
        keys.push(key.and_then(|_| int(&body[*end..])));
    }
    keys
}

/// Where a text ends each time that it occurs.
fn ends(body: &[u8], text: &[u8]) -> Vec<usize> {
    let middle = text.len() / 2;
    let (first, second) = (text[0], text[middle]);
    let mut found = Vec::new();
    let mut look = |from: usize, to: usize| {
        for at in from..to {
            if body[at] == first && body.get(at + middle) == Some(&second) && body[at..].starts_with(text) {
                found.push(at + text.len());
            }
        }
    };
    let (fronts, _) = body.as_chunks::<LANES>();
    let (middles, _) = body.get(middle..).unwrap_or_default().as_chunks::<LANES>();
    for (chunk, (fronts, middles)) in fronts.iter().zip(middles).enumerate() {
        let mut seen = 0;
        for lane in 0..LANES {
            seen |= u8::from(fronts[lane] == first) & u8::from(middles[lane] == second);
        }
        if seen > 0 {
            look(chunk * LANES, (chunk + 1) * LANES);
        }
    }
    look(middles.len() * LANES, body.len());
    found
}

/// The int in the value at the front, with or without a type.
fn int(body: &[u8]) -> Option<i32> {
    let value = body.trim_ascii_start().strip_prefix(b"<value>")?.trim_ascii_start();
    let mark = |bytes: &[u8]| bytes.iter().position(|byte| matches!(byte, b'<' | b'>'));
    let text = match value.strip_prefix(b"<") {
        Some(typed) => &typed[mark(typed)? + 1..],
        None => value,
    };
    let text = &text[..mark(text).unwrap_or(text.len())];
    str::from_utf8(text).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{LANES, keys};

    /// A page whose rows begin at every place of a chunk.
    fn page() -> String {
        let row = |at: usize| format!("{}<name>Id</name><value><i4>{at}</i4></value></struct>", "<name>.".repeat(at));
        (0..3 * LANES).map(row).collect()
    }

    #[test]
    fn keys_are_found_wherever_they_stand() {
        let expected: Vec<_> = (0..3 * LANES as i32).map(Some).collect();
        assert_eq!(keys(page().as_bytes(), Some("Id"), 1000), expected);
        assert_eq!(keys(page().as_bytes(), Some("Id"), 5), expected[..5]);
        assert_eq!(keys(page().as_bytes(), None, 1000), vec![None; 3 * LANES]);
        assert_eq!(keys(page().as_bytes(), Some("ID"), 1000), []);
    }

    #[test]
    fn a_key_is_an_int_in_any_layout() {
        let key = |value: &str| keys(format!("<name>Id</name>{value}").as_bytes(), Some("Id"), 1000);
        for value in ["<value>7</value>", "<value><i4>7</i4>", "\n <value>\n <int> 7 </int>\n</value>", "<value> 7"] {
            assert_eq!(key(value), [Some(7)], "{value}");
        }
        for value in
            ["", "<value>", "<value/>", "<value><i4", "<value><i4>7.0<", "<value><nil/></value>", "7", "\u{e9}"]
        {
            assert_eq!(key(value), [None], "{value}");
        }
    }

    #[test]
    fn what_is_cut_short_holds_what_it_holds() {
        let page = page();
        for length in 0..300 {
            let whole = page[..length].matches("<name>Id</name>").count();
            assert_eq!(keys(&page.as_bytes()[..length], Some("Id"), 1000).len(), whole, "{length} bytes");
        }
    }
}
