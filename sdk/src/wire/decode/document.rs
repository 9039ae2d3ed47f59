//! How XML-RPC nests its elements: values in params, items and members in values.

use super::Options;
use super::error::DecodeError;
use super::pull::{Event, Pull, Tag};
use super::scan::{Found, Piece, Scan, is_blank, is_plain};
use super::text::{Text, trim};

type Result<T> = std::result::Result<T, DecodeError>;

/// The type under which a scalar stands on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scalar {
    #[default]
    Untyped,
    String,
    Int,
    Double,
    Boolean,
    DateTime,
    Base64,
    /// The name of a member, which is read like a value where it is the key of a map.
    Name,
}

/// What stands in a value. A scalar has been read to the end of its value, an array or a struct was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    Scalar(Scalar),
    Array,
    Struct,
    /// A nil, or an empty param.
    Nothing,
}

/// What a response starts with; a value is opened and remains to be read.
pub(super) enum Opening {
    Value,
    Nothing,
    Fault,
}

/// What was found by looking ahead and isn't passed yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ahead {
    Nothing,
    Response,
    Item,
    Member,
}

/// A response, read from the front.
pub(super) struct Document<'a> {
    pull: Pull<'a>,
    text: Text<'a>,
    text_start: usize,
    /// Where the tag of the last value starts.
    value_start: usize,
    raw_name: &'a str,
    ahead: Ahead,
    /// Whether the value ahead has been read, though not what it stands in.
    is_read: bool,
    found: Found,
    scans: bool,
    depth: usize,
    max_depth: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(source: &'a str, options: &Options) -> Self {
        Document {
            pull: Pull::new(source, !options.by_events),
            text: Text::new(options.strict_characters),
            text_start: 0,
            value_start: 0,
            raw_name: "",
            ahead: Ahead::Nothing,
            is_read: false,
            found: Found::default(),
            scans: !options.by_events && options.max_depth > 0,
            depth: 0,
            max_depth: options.max_depth,
        }
    }

    pub(super) fn replaced_characters(&self) -> usize {
        self.text.replaced()
    }

    /// Returns where the last tag starts.
    pub(super) fn position(&self) -> usize {
        self.pull.start()
    }

    /// Returns where the text of the last scalar starts.
    pub(super) fn text_start(&self) -> usize {
        self.text_start
    }

    /// Returns the text of the last scalar without outer white space.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trimmed()
    }

    /// Returns the text of the last scalar as a string.
    pub(super) fn string(&self, scalar: Scalar) -> &str {
        match scalar {
            Scalar::Untyped if self.text.has_margin() && self.pull.is_on_own_line(self.value_start) => {
                self.text.without_padding()
            }
            Scalar::Untyped | Scalar::String => self.text.as_str(),
            Scalar::Int | Scalar::Double | Scalar::Boolean | Scalar::DateTime | Scalar::Base64 | Scalar::Name => {
                self.text.trimmed()
            }
        }
    }

    /// Returns the name of the last member as it was written, which outlives its value.
    pub(super) fn raw_name(&self) -> &'a str {
        self.raw_name
    }

    /// Reads up to the first value.
    pub(super) fn open(&mut self) -> Result<Opening> {
        if self.scans && self.pull.scan_all().response(&mut self.found).is_some() {
            self.look_at(Ahead::Response);
            return Ok(Opening::Value);
        }
        self.open_by_events()
    }

    fn open_by_events(&mut self) -> Result<Opening> {
        self.expect(Tag::MethodResponse, "the document")?;
        match self.tag("methodResponse")? {
            Event::Open(Tag::Fault) => {
                self.expect(Tag::Value, "fault")?;
                return Ok(Opening::Fault);
            }
            Event::Open(Tag::Params) => {}
            other => return Err(self.pull.unexpected(other, "methodResponse")),
        }
        match self.tag("params")? {
            Event::Open(Tag::Param) => {}
            Event::Close => {
                self.finish(&["methodResponse"])?;
                return Ok(Opening::Nothing);
            }
            other => return Err(self.pull.unexpected(other, "params")),
        }
        match self.tag("param")? {
            Event::Open(Tag::Value) => Ok(Opening::Value),
            Event::Close => {
                self.finish(&["params", "methodResponse"])?;
                Ok(Opening::Nothing)
            }
            other => Err(self.pull.unexpected(other, "param")),
        }
    }

    /// Closes the named elements, the innermost first, and reads to the end.
    pub(super) fn finish(&mut self, places: &[&str]) -> Result<()> {
        if self.ahead == Ahead::Response && self.is_read {
            return Ok(());
        }
        for place in places {
            self.close(place)?;
        }
        loop {
            match self.pull.step()? {
                Event::End => return Ok(()),
                Event::Text if is_all_blank(self.pull.piece()) => {}
                other => {
                    return Err(self.pull.unexpected(other, "the document after the response"));
                }
            }
        }
    }

    /// Reads what stands in a value that was opened.
    pub(super) fn value(&mut self) -> Result<Head> {
        if self.ahead == Ahead::Nothing || self.is_read || !self.fill(self.found.text) {
            return self.value_by_events();
        }
        self.is_read = true;
        self.value_start = self.found.start;
        if self.ahead == Ahead::Item {
            self.pass();
        }
        Ok(Head::Scalar(self.found.scalar))
    }

    fn value_by_events(&mut self) -> Result<Head> {
        self.settle()?;
        self.value_start = self.pull.start();
        if self.depth == self.max_depth {
            let message = format!("values are nested deeper than {} levels", self.max_depth);
            return Err(self.pull.malformed(message));
        }
        self.depth += 1;
        let Event::Open(tag) = self.read_text()? else {
            // The value ended with its text.
            self.depth -= 1;
            return Ok(Head::Scalar(Scalar::Untyped));
        };
        if !is_all_blank(self.text.as_str()) {
            let message = format!("unexpected <{}> after text in value", self.pull.tag_name());
            return Err(self.pull.malformed(message));
        }
        let head = match tag {
            Tag::Array => return Ok(Head::Array),
            Tag::Struct => return Ok(Head::Struct),
            Tag::Scalar(scalar) => Head::Scalar(scalar),
            Tag::Nil => Head::Nothing,
            _ => {
                return Err(self.pull.malformed(format!("unknown type <{}>", self.pull.tag_name())));
            }
        };
        match self.read_text()? {
            Event::Close => self.end_value()?,
            other => return Err(self.pull.unexpected(other, "scalar")),
        }
        if head == Head::Nothing && !is_all_blank(self.text.as_str()) {
            return Err(self.pull.malformed("unexpected text in nil"));
        }
        Ok(head)
    }

    /// Reads up to the items of an array; false says that there is no data, and that the array has been read.
    pub(super) fn enter_array(&mut self) -> Result<bool> {
        match self.tag("array")? {
            Event::Open(Tag::Data) => Ok(true),
            Event::Close => self.end_value().map(|()| false),
            other => Err(self.pull.unexpected(other, "array")),
        }
    }

    /// Opens the value of the next item; false says that there is none, and that the array has been read.
    pub(super) fn item(&mut self) -> Result<bool> {
        if let Some(scan) = self.scan()
            && scan.item(&mut self.found).is_some()
        {
            self.look_at(Ahead::Item);
            return Ok(true);
        }
        self.item_by_events()
    }

    fn item_by_events(&mut self) -> Result<bool> {
        match self.tag("data")? {
            Event::Open(Tag::Value) => Ok(true),
            Event::Close => {
                self.close("array")?;
                self.end_value().map(|()| false)
            }
            other => Err(self.pull.unexpected(other, "data")),
        }
    }

    /// Reads the name of the next member and opens its value; false says that there is none, and that the struct has been read.
    pub(super) fn member(&mut self) -> Result<bool> {
        if let Some(scan) = self.scan()
            && scan.member(&mut self.found).is_some()
        {
            let name = self.begin(self.found.name);
            self.text.set(name);
            self.raw_name = trim(name);
            self.look_at(Ahead::Member);
            return Ok(true);
        }
        self.member_by_events()
    }

    fn member_by_events(&mut self) -> Result<bool> {
        match self.tag("struct")? {
            Event::Open(Tag::Member) => {}
            Event::Close => return self.end_value().map(|()| false),
            other => return Err(self.pull.unexpected(other, "struct")),
        }
        self.expect(Tag::Name, "member")?;
        match self.read_text()? {
            Event::Close => {}
            other => return Err(self.pull.unexpected(other, "name")),
        }
        let raw = self.pull.source(self.text_start, self.pull.start());
        self.raw_name = trim(raw);
        self.expect(Tag::Value, "member")?;
        Ok(true)
    }

    pub(super) fn end_member(&mut self) -> Result<()> {
        if self.ahead == Ahead::Member && self.is_read {
            self.pass();
            return Ok(());
        }
        self.close("member")
    }

    /// Returns the place from which to look ahead, if that is possible and hasn't been done.
    fn scan(&self) -> Option<Scan<'a>> {
        let may_scan = self.scans && self.ahead == Ahead::Nothing && self.depth < self.max_depth;
        if may_scan { self.pull.scan() } else { None }
    }

    fn look_at(&mut self, ahead: Ahead) {
        self.pull.set_start(self.found.start);
        self.ahead = ahead;
        self.is_read = false;
    }

    fn pass(&mut self) {
        self.pull.skip(self.found.end);
        self.ahead = Ahead::Nothing;
    }

    /// Reads by events what was found by looking ahead, since its text is refused, or a visitor leaves it unread.
    fn settle(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.ahead, Ahead::Nothing) {
            Ahead::Nothing => return Ok(()),
            Ahead::Response => {
                self.open_by_events()?;
            }
            Ahead::Item => {
                self.item_by_events()?;
            }
            Ahead::Member => {
                self.member_by_events()?;
            }
        }
        if self.is_read {
            self.value_by_events()?;
        }
        Ok(())
    }

    /// Begins a text with a piece, and answers how it is written.
    #[inline(always)]
    fn begin(&mut self, piece: Piece) -> &'a str {
        self.text.clear();
        self.text_start = piece.start;
        self.pull.source(piece.start, piece.end)
    }

    /// Makes a piece the text of a scalar, if it isn't refused.
    fn fill(&mut self, piece: Piece) -> bool {
        let text = self.begin(piece);
        if !piece.has_references && piece.is_plain {
            self.text.set(text);
            return true;
        }
        self.text.push_with_references(text, piece.is_plain).is_ok()
    }

    fn end_value(&mut self) -> Result<()> {
        // A visitor that leaves values unread can get out of step, which is an error later on.
        self.depth = self.depth.saturating_sub(1);
        self.close("value")
    }

    /// Reads text that means something, up to the next tag.
    fn read_text(&mut self) -> Result<Event> {
        self.settle()?;
        self.text.clear();
        self.text_start = self.pull.end();
        loop {
            let event = self.pull.step()?;
            let piece = self.pull.piece();
            let pushed = match event {
                Event::Text => self.text.push(piece, is_plain(piece)),
                Event::Cdata => self.text.push_verbatim(piece),
                Event::Reference => self.text.push_reference(piece),
                Event::Open(_) | Event::Close => return Ok(event),
                Event::End => return Err(self.pull.truncated()),
            };
            pushed.map_err(|message| self.pull.malformed(message))?;
        }
    }

    /// Reads the next tag where only tags may stand.
    fn tag(&mut self, place: &str) -> Result<Event> {
        self.settle()?;
        loop {
            match self.pull.step()? {
                event @ (Event::Open(_) | Event::Close) => return Ok(event),
                Event::Text if is_all_blank(self.pull.piece()) => {}
                other => return Err(self.pull.unexpected(other, place)),
            }
        }
    }

    fn expect(&mut self, tag: Tag, place: &str) -> Result<()> {
        match self.tag(place)? {
            Event::Open(found) if found == tag => Ok(()),
            other => Err(self.pull.unexpected(other, place)),
        }
    }

    fn close(&mut self, place: &str) -> Result<()> {
        match self.tag(place)? {
            Event::Close => Ok(()),
            other => Err(self.pull.unexpected(other, place)),
        }
    }
}

fn is_all_blank(text: &str) -> bool {
    text.bytes().all(is_blank)
}
