//! The floor: the bare event loop of `quick-xml`, over a slice.

use std::hint::black_box;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Goes through all events of a document, and counts them.
pub(crate) fn read(document: &str) -> usize {
    let mut reader = Reader::from_str(document);
    let mut events = 0;
    loop {
        match black_box(reader.read_event()).expect("the documents are well-formed") {
            Event::Eof => return events,
            _ => events += 1,
        }
    }
}
