//! Documents to measure with: the same bytes in every run.

use std::fmt::Write as _;
use std::ops::Range;

/// How a server writes the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As the real server does: strings untyped, nothing between the tags.
    Plain,
    /// As the documents do: every element on a line of its own, indented.
    Pretty,
    /// Strings have their tag.
    Tagged,
    /// Every string holds entities and references to characters.
    Entities,
}

/// What a field holds.
#[derive(Clone, Copy)]
enum Field {
    Id,
    Int(u64),
    Time,
    /// A text of so many words.
    Text(u64),
}

/// How many rows a full page has.
pub const ROWS: i32 = 1000;
/// The id of the first row. All ids have as many digits.
pub const FIRST_ID: i32 = 1_000_000;

/// The fields of a row, as a real account has them: short texts, numbers, times, and a longer note.
const FIELDS: [(&str, Field); 20] = [
    ("Id", Field::Id),
    ("FirstName", Field::Text(1)),
    ("LastName", Field::Text(1)),
    ("Email", Field::Text(1)),
    ("Phone1", Field::Text(2)),
    ("Company", Field::Text(3)),
    ("CompanyID", Field::Int(90_000)),
    ("JobTitle", Field::Text(2)),
    ("StreetAddress1", Field::Text(3)),
    ("City", Field::Text(2)),
    ("State", Field::Text(1)),
    ("PostalCode", Field::Text(1)),
    ("Country", Field::Text(2)),
    ("Website", Field::Text(1)),
    ("OwnerID", Field::Int(50)),
    ("LeadSourceId", Field::Int(400)),
    ("ContactNotes", Field::Text(84)),
    ("Birthday", Field::Time),
    ("DateCreated", Field::Time),
    ("LastUpdated", Field::Time),
];

const WORDS: [&str; 16] = [
    "account", "asked", "Zoë", "invoice", "twice", "about", "shipping", "called", "on", "Tuesday", "prefers",
    "letters", "Müller", "renewal", "in", "autumn",
];
const ENTITIES: [&str; 5] = ["&amp;", "&lt;", "&#233;", "&quot;", "&#x20AC;"];

/// The names of the fields of a row.
pub fn field_names() -> [&'static str; 20] {
    FIELDS.map(|(name, _)| name)
}

/// A page of rows: an array of structs. A thousand rows are about 2 MB.
pub fn page(layout: Layout, rows: Range<i32>) -> String {
    let mut writer = Writer::new(layout);
    writer.nested(&["methodResponse", "params", "param", "value", "array", "data"], &mut |writer| {
        for row in rows.clone() {
            writer.nested(&["value"], &mut |writer| writer.row(row));
        }
    });
    writer.text
}

/// The answer with a single row.
pub fn single() -> String {
    let mut writer = Writer::new(Layout::Plain);
    writer.nested(&["methodResponse", "params", "param", "value"], &mut |writer| writer.row(0));
    writer.text
}

/// The answer with a file of so many bytes, which must be a multiple of 3.
pub fn file(bytes: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut dice = Dice(7);
    let content = (0..bytes / 3 * 4).map(|_| char::from(ALPHABET[dice.below(64) as usize]));
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param><value>".to_owned();
    text.extend(content);
    text + "</value></param></params></methodResponse>"
}

/// The answer with a number.
pub const TINY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param><value><i4>42</i4></value></param></params></methodResponse>";

/// Writes elements in a layout.
struct Writer {
    text: String,
    layout: Layout,
    depth: usize,
    entities: usize,
}

impl Writer {
    fn new(layout: Layout) -> Writer {
        Writer { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(), layout, depth: 0, entities: 0 }
    }

    /// Elements within each other, and within them what `inner` writes.
    fn nested(&mut self, tags: &[&str], inner: &mut dyn FnMut(&mut Writer)) {
        let Some((tag, rest)) = tags.split_first() else { return inner(self) };
        self.line();
        _ = write!(self.text, "<{tag}>");
        self.depth += 1;
        self.nested(rest, inner);
        self.depth -= 1;
        self.line();
        _ = write!(self.text, "</{tag}>");
    }

    fn line(&mut self) {
        if self.layout == Layout::Pretty {
            _ = write!(self.text, "\n{:1$}", "", self.depth * 2);
        }
    }

    fn row(&mut self, row: i32) {
        // Each row has dice of its own, so it is the same on whichever page it stands.
        let mut dice = Dice(row.unsigned_abs().into());
        self.nested(&["struct"], &mut |writer| {
            for (name, field) in FIELDS {
                writer.nested(&["member"], &mut |writer| {
                    writer.line();
                    _ = write!(writer.text, "<name>{name}</name>");
                    writer.line();
                    writer.text.push_str("<value>");
                    writer.scalar(row, field, &mut dice);
                    writer.text.push_str("</value>");
                });
            }
        });
    }

    fn scalar(&mut self, row: i32, field: Field, dice: &mut Dice) {
        _ = match field {
            Field::Id => write!(self.text, "<i4>{}</i4>", FIRST_ID + row),
            Field::Int(below) => write!(self.text, "<i4>{}</i4>", dice.below(below)),
            Field::Time => write!(
                self.text,
                "<dateTime.iso8601>20{:02}{:02}{:02}T{:02}:{:02}:{:02}</dateTime.iso8601>",
                10 + dice.below(15),
                1 + dice.below(12),
                1 + dice.below(28),
                // Not in the hours that daylight saving skips.
                5 + dice.below(19),
                dice.below(60),
                dice.below(60)
            ),
            Field::Text(words) => {
                self.string(words, dice);
                Ok(())
            }
        };
    }

    fn string(&mut self, words: u64, dice: &mut Dice) {
        let tag = if self.layout == Layout::Tagged { ["<string>", "</string>"] } else { ["", ""] };
        self.text.push_str(tag[0]);
        for word in 0..words {
            self.text.push_str(if word > 0 { " " } else { "" });
            self.text.push_str(WORDS[dice.below(16) as usize]);
            if self.layout == Layout::Entities && word % 4 == 0 {
                self.entities += 1;
                self.text.push_str(ENTITIES[self.entities % ENTITIES.len()]);
            }
        }
        self.text.push_str(tag[1]);
    }
}

/// Numbers that look random and are always the same (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
