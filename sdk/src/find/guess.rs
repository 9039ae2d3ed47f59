//! The keys of a page, guessed from its bytes while they come, in a small part of the time that reading it takes.
//!
//! Only what is asked for ahead depends on them: the keys that count are read with the rows.

use super::fetch::Keys;

/// How many places are looked at in one go, without a branch between them, so that compilers make it a few instructions.
const LANES: usize = 32;

/// Reads a key from what follows the mark.
type ReadKey = fn(&[u8]) -> Option<i32>;

/// Looks for the keys of a page while it comes.
pub(super) struct Guess {
    /// What stands once in every row: before the value of its key, or at its end.
    mark: String,
    key: ReadKey,
    /// How far it has been looked for.
    at: usize,
    /// Where it ended when it was found last; the value behind it may not have come yet.
    last: Option<usize>,
    /// The keys of the rows before.
    keys: Keys,
}

impl Guess {
    /// Begins to look for the keys of the rows; without the name of a key, only how many there are.
    pub(super) fn new(key: Option<&str>) -> Guess {
        let (mark, key): (_, ReadKey) = match key {
            Some(name) => (format!("<name>{name}</name>"), int),
            None => ("</struct>".to_owned(), |_| None),
        };
        Guess { mark, key, at: 0, last: None, keys: Keys::new() }
    }

    /// Looks at what has come of the page, of which the bytes from a place on are new.
    pub(super) fn look(&mut self, body: &[u8], new: usize) {
        if new == 0 {
            (self.at, self.last, self.keys) = (0, None, Keys::new());
        }
        let (mark, rest) = (self.mark.as_bytes(), &body[self.at..]);
        let middle = mark.len() / 2;
        let (first, second) = (mark[0], mark[middle]);
        // What follows the last of these places is too short for the mark.
        let places = (rest.len() + 1).saturating_sub(mark.len());
        let mut find = |from: usize, to: usize| {
            for place in from..to {
                if rest[place] == first && rest[place..].starts_with(mark) {
                    let before = self.last.replace(self.at + place + mark.len());
                    self.keys.extend(before.map(|end| (self.key)(&body[end..])));
                }
            }
        };
        let (fronts, _) = rest[..places].as_chunks::<LANES>();
        let (middles, _) = rest[middle.min(rest.len())..].as_chunks::<LANES>();
        for (chunk, (fronts, middles)) in fronts.iter().zip(middles).enumerate() {
            let mut seen = 0;
            for lane in 0..LANES {
                seen |= u8::from(fronts[lane] == first) & u8::from(middles[lane] == second);
            }
            if seen > 0 {
                find(chunk * LANES, (chunk + 1) * LANES);
            }
        }
        find(fronts.len() * LANES, places);
        self.at += places;
    }

    /// Guesses the keys of so many rows at most, once all of the page has been looked at.
    pub(super) fn keys(mut self, body: &[u8], most: usize) -> Keys {
        self.keys.extend(self.last.map(|end| (self.key)(&body[end..])));
        self.keys.truncate(most);
        self.keys
    }
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
    use super::*;

    /// What is guessed of a page that comes in pieces of a length.
    fn keys(body: &[u8], key: Option<&str>, most: usize, piece: usize) -> Keys {
        let mut guess = Guess::new(key);
        // Another page had begun to come before.
        guess.look(&page().as_bytes()[..1000], 0);
        for start in (0..=body.len()).step_by(piece) {
            guess.look(&body[..body.len().min(start + piece)], start);
        }
        guess.keys(body, most)
    }

    /// A page whose rows begin at every place of a chunk.
    fn page() -> String {
        let row = |at: usize| format!("{}<name>Id</name><value><i4>{at}</i4></value></struct>", "<name>.".repeat(at));
        (0..3 * LANES).map(row).collect()
    }

    #[test]
    fn keys_are_found_wherever_they_stand_and_however_they_come() {
        let expected: Vec<_> = (0..3 * LANES as i32).map(Some).collect();
        let page = page();
        for piece in [1, 2, 31, 32, 33, 1000, page.len()] {
            let keys = |key, most| keys(page.as_bytes(), key, most, piece);
            assert_eq!(keys(Some("Id"), 1000), expected, "{piece}");
            assert_eq!(keys(Some("Id"), 5), expected[..5]);
            assert_eq!(keys(None, 1000), vec![None; 3 * LANES]);
            assert_eq!(keys(Some("ID"), 1000), []);
        }
    }

    #[test]
    fn a_key_is_an_int_in_any_layout() {
        let key = |value: &str| keys(format!("<name>Id</name>{value}").as_bytes(), Some("Id"), 1000, 8);
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
            assert_eq!(keys(&page.as_bytes()[..length], Some("Id"), 1000, 64).len(), whole, "{length} bytes");
        }
    }
}
