//! Tags and text, one after the other: the only place that knows the XML parser.

use std::borrow::Cow;
use std::io::BufRead as _;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::{BytesDecl, Event as Xml};

use super::body::TRUNCATED;
use super::document::Scalar;
use super::error::{DecodeError, DecodeErrorKind, cut, quoted};
use super::scan::Scan;
use super::text::{leading_name, trim, trim_end};

/// The kind of the next event; its text is parked in [`Pull::piece`], since handing it up costs more than reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Open(Tag),
    Close,
    Text,
    Cdata,
    Reference,
    End,
}

/// An element of XML-RPC, or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    MethodResponse,
    Params,
    Param,
    Fault,
    Value,
    Array,
    Data,
    Struct,
    Member,
    Name,
    Nil,
    Scalar(Scalar),
    Other,
}

impl Tag {
    fn of(name: &str) -> Self {
        match name {
            "value" => Tag::Value,
            "member" => Tag::Member,
            "name" => Tag::Name,
            "i4" | "int" => Tag::Scalar(Scalar::Int),
            "string" => Tag::Scalar(Scalar::String),
            "double" => Tag::Scalar(Scalar::Double),
            "boolean" => Tag::Scalar(Scalar::Boolean),
            "dateTime.iso8601" => Tag::Scalar(Scalar::DateTime),
            "base64" => Tag::Scalar(Scalar::Base64),
            "struct" => Tag::Struct,
            "array" => Tag::Array,
            "data" => Tag::Data,
            "param" => Tag::Param,
            "params" => Tag::Params,
            "fault" => Tag::Fault,
            "methodResponse" => Tag::MethodResponse,
            // The extensions come with a prefix or without.
            _ => match &name[name.rfind(':').map_or(0, |at| at + 1)..] {
                "nil" => Tag::Nil,
                "i1" | "i2" | "i8" => Tag::Scalar(Scalar::Int),
                "float" => Tag::Scalar(Scalar::Double),
                _ => Tag::Other,
            },
        }
    }
}

/// The declaration that nearly all answers begin with.
const DECLARATION: &str = "xml version=\"1.0\" encoding=\"UTF-8\"";

/// How long a name is at most that is looked for in a plain tag.
const LONGEST_NAME: usize = "methodResponse".len();

/// Reads a document event by event.
pub(super) struct Pull<'a> {
    reader: Reader<&'a [u8]>,
    source: &'a str,
    piece: &'a str,
    start: usize,
    /// The elements that are open.
    open: Vec<Element<'a>>,
    /// Whether the last event was a tag, behind which the parser may be led past what is known.
    at_tag: bool,
    /// Whether the last event was an empty element's tag, whose end is an event yet to come.
    is_empty: bool,
    /// Whether plain tags are read without the parser.
    skips: bool,
}

/// An element that is open.
struct Element<'a> {
    name: &'a str,
    /// Whether its tag was plain, so that the parser doesn't know of it.
    is_plain: bool,
}

impl<'a> Pull<'a> {
    pub(super) fn new(source: &'a str, skips: bool) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Pull { reader, source, piece: "", start: 0, open: Vec::new(), at_tag: false, is_empty: false, skips }
    }

    /// Returns the text of the last event: literal text, the content of a CDATA section, or the name of a reference.
    pub(super) fn piece(&self) -> &'a str {
        self.piece
    }

    /// Returns where the last event starts.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Returns the source between two places.
    pub(super) fn source(&self, from: usize, to: usize) -> &'a str {
        self.source.get(from..to).unwrap_or_default()
    }

    /// Returns the source from the last event on.
    fn rest(&self) -> &'a str {
        self.source(self.start, self.source.len())
    }

    /// Says whether a tag begins a line, as in a document that is printed for people.
    pub(super) fn is_on_own_line(&self, tag: usize) -> bool {
        let before = self.source(0, tag);
        before[trim_end(before).len()..].contains('\n')
    }

    /// Returns where the last event ends.
    pub(super) fn end(&self) -> usize {
        self.reader.buffer_position() as usize
    }

    /// Returns the start of the document, to look at it as a whole.
    pub(super) fn scan_all(&self) -> Scan<'a> {
        Scan::new(self.source, 0)
    }

    /// Returns the place from which to look ahead, if what is found there can be skipped.
    pub(super) fn scan(&self) -> Option<Scan<'a>> {
        self.at_tag.then(|| Scan::new(self.source, self.end()))
    }

    /// Skips to the end of an element.
    pub(super) fn skip(&mut self, end: usize) {
        let length = end.saturating_sub(self.end());
        self.reader.stream().consume(length);
    }

    /// Sets where the last event starts, as if those before had been read.
    pub(super) fn set_start(&mut self, start: usize) {
        self.start = start;
    }

    /// Reads the next event, past comments and processing instructions.
    #[inline(never)]
    pub(super) fn step(&mut self) -> Result<Event, DecodeError> {
        loop {
            self.start = self.end();
            if let Some(event) = self.plain_tag() {
                return Ok(event);
            }
            self.at_tag = false;
            let (piece, event) = match self.reader.read_event() {
                // Empty elements are expanded, so the second never comes.
                Ok(Xml::Start(tag) | Xml::Empty(tag)) => {
                    let at = self.start + "<".len();
                    let name = self.source(at, at + tag.name().into_inner().len());
                    self.open.push(Element { name, is_plain: false });
                    // The parser too tells the end of an empty element by an event of its own.
                    self.at_tag = !self.source.as_bytes()[..self.end()].ends_with(b"/>");
                    return Ok(Event::Open(Tag::of(name)));
                }
                Ok(Xml::End(tag)) => {
                    self.at_tag = true;
                    return self.close(tag.name().into_inner());
                }
                Ok(Xml::Text(text)) => (text.into_inner(), Event::Text),
                Ok(Xml::CData(text)) => (text.into_inner(), Event::Cdata),
                Ok(Xml::GeneralRef(name)) => (name.into_inner(), Event::Reference),
                Ok(Xml::Comment(_) | Xml::PI(_)) => continue,
                Ok(Xml::Decl(declaration)) => {
                    self.check(&declaration)?;
                    self.at_tag = true;
                    continue;
                }
                Ok(Xml::DocType(_)) => {
                    return Err(self.malformed("a document type declaration is not allowed"));
                }
                Ok(Xml::Eof) => return Ok(Event::End),
                Err(error) => return Err(self.failed(&error)),
            };
            // A reader of a slice lends and never owns.
            self.piece = match piece {
                Cow::Borrowed(piece) => piece,
                Cow::Owned(_) => "",
            };
            return Ok(event);
        }
    }

    /// Reads a tag at a glance, if one follows that holds a name and nothing else.
    fn plain_tag(&mut self) -> Option<Event> {
        if self.is_empty {
            (self.is_empty, self.at_tag) = (false, true);
            self.open.pop();
            return Some(Event::Close);
        }
        if !self.skips || !self.at_tag {
            return None;
        }
        let markup = self.rest().strip_prefix('<')?;
        if let Some(end) = markup.strip_prefix('/') {
            let name = self.open.last().filter(|element| element.is_plain)?.name;
            end.strip_prefix(name)?.strip_prefix('>')?;
            self.open.pop();
            self.skip(self.start + "</>".len() + name.len());
            return Some(Event::Close);
        }
        let mut bytes = markup.bytes().take(LONGEST_NAME + 1);
        let (name, rest) = markup.split_at(bytes.position(|byte| !byte.is_ascii_alphanumeric())?);
        let end = if rest.starts_with("/>") { "/>" } else { ">" };
        rest.strip_prefix(end)?;
        (self.is_empty, self.at_tag) = (end == "/>", end == ">");
        self.open.push(Element { name, is_plain: true });
        self.skip(self.start + "<".len() + name.len() + end.len());
        Some(Event::Open(Tag::of(name)))
    }

    /// Closes the innermost element, if it has that name.
    fn close(&mut self, found: &str) -> Result<Event, DecodeError> {
        let error = match self.open.pop() {
            Some(Element { name, .. }) if name == found => return Ok(Event::Close),
            Some(Element { name, .. }) => {
                IllFormedError::MismatchedEndTag { expected: name.to_owned(), found: found.to_owned() }
            }
            None => IllFormedError::UnmatchedEndTag(found.to_owned()),
        };
        Err(self.failed(&Error::IllFormed(error)))
    }

    /// Makes an error about the structure, at the last event.
    #[cold]
    pub(super) fn malformed(&self, message: impl Into<String>) -> DecodeError {
        DecodeError::new(DecodeErrorKind::Malformed, message, self.start)
    }

    /// Makes an error about an event that may not stand in the named place.
    #[cold]
    pub(super) fn unexpected(&self, event: Event, place: &str) -> DecodeError {
        self.malformed(match event {
            Event::Open(_) => format!("unexpected <{}> in {place}", self.tag_name()),
            Event::Close => format!("unexpected end of {place}"),
            Event::Text | Event::Cdata => {
                format!("unexpected text {} in {place}", quoted(trim(self.piece)))
            }
            Event::Reference => format!("unexpected &{}; in {place}", cut(self.piece, 20)),
            Event::End => return self.truncated(),
        })
    }

    /// Returns the name of the tag that was opened last, for errors.
    pub(super) fn tag_name(&self) -> String {
        let name = self.source(self.start + 1, self.end());
        cut(leading_name(name).unwrap_or(name), 40)
    }

    #[cold]
    pub(super) fn truncated(&self) -> DecodeError {
        DecodeError::new(DecodeErrorKind::Truncated, TRUNCATED, self.source.len())
    }

    fn check(&self, declaration: &BytesDecl<'_>) -> Result<(), DecodeError> {
        if self.start == 0 && **declaration == *DECLARATION {
            return Ok(());
        }
        if !trim(self.source(0, self.start)).is_empty() {
            return Err(self.malformed("misplaced XML declaration"));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("us-ascii") => Ok(()),
            Some(Ok(name)) => Err(self.malformed(format!("encoding {} is not supported", quoted(&name)))),
            Some(Err(error)) => Err(self.malformed(error.to_string())),
        }
    }

    #[cold]
    fn failed(&self, error: &Error) -> DecodeError {
        match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) if self.rest().len() > 2 => {
                self.malformed("unknown markup after \"<!\"")
            }
            // A quote that isn't closed swallows what follows, which looks like the end of the body.
            Error::Syntax(
                SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) if self.rest().find('<') < self.rest().rfind('<') => {
                self.malformed(format!("the tag <{}> is not closed", self.tag_name()))
            }
            Error::Syntax(_) => self.truncated(),
            Error::IllFormed(IllFormedError::UnclosedReference) if self.end() == self.source.len() => self.truncated(),
            Error::IllFormed(IllFormedError::UnclosedReference) => self.malformed("\"&\" without a name and \";\""),
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                self.malformed(format!("expected </{}>, got </{}>", cut(expected, 40), cut(found, 40)))
            }
            other => self.malformed(cut(&other.to_string(), 120)),
        }
    }
}
