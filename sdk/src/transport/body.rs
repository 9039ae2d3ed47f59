//! The body of a request: XML, with the content of a file spliced in as base64 while it is sent.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::content::Content;

/// How much of a content is encoded at once; a multiple of 3, so that only its end is padded.
const CHUNK: usize = 12 * 1024;

/// What is encoded for a buffer that has little room, so that a file isn't asked for a few bytes again and again.
const BLOCK: usize = 768;

/// The body of a request. Its length is known, and it can be read again.
#[derive(Clone)]
pub struct Body {
    head: Vec<u8>,
    content: Option<Content>,
    tail: Vec<u8>,
    written: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Body {
    pub(crate) fn with_content(head: Vec<u8>, content: Content, tail: Vec<u8>) -> Body {
        Body { head, content: Some(content), tail, written: None }
    }

    /// The length in bytes.
    pub fn len(&self) -> u64 {
        let encoded = match &self.content {
            Some(content) => content.len().div_ceil(3) * 4,
            None => 0,
        };
        self.head.len() as u64 + encoded + self.tail.len() as u64
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the body from its start.
    pub fn reader(&self) -> BodyReader<'_> {
        let encoder = self.content.as_ref().map(Base64Reader::new);
        BodyReader { head: &self.head, encoder, tail: &self.tail, failed: false, written: self.written.as_deref() }
    }

    /// Has each reader from now on call this once, as soon as it has given out the last byte.
    pub(crate) fn on_written(&mut self, written: impl Fn() + Send + Sync + 'static) {
        self.written = Some(Arc::new(written));
    }

    /// The body as one buffer, if it is already one: every body but that of an upload.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.content.is_none().then_some(&self.head)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body { head: bytes, content: None, tail: Vec::new(), written: None }
    }
}

impl fmt::Debug for Body {
    /// Shows the length alone: the body can hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

/// Reads a [`Body`].
pub struct BodyReader<'a> {
    head: &'a [u8],
    encoder: Option<Base64Reader<'a>>,
    tail: &'a [u8],
    failed: bool,
    written: Option<&'a (dyn Fn() + Send + Sync)>,
}

impl BodyReader<'_> {
    /// Whether the body was read to its end.
    pub(crate) fn finished(&self) -> bool {
        self.head.is_empty() && self.encoder.is_none() && self.tail.is_empty()
    }

    /// Whether the content of the file could not be read.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    fn read_part(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(buffer);
        }
        if let Some(encoder) = &mut self.encoder {
            match encoder.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.encoder = None,
                read => {
                    self.failed |= read.is_err();
                    return read;
                }
            }
        }
        self.tail.read(buffer)
    }
}

impl Read for BodyReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read_part(buffer)?;
        if self.finished()
            && let Some(written) = self.written.take()
        {
            written();
        }
        Ok(count)
    }
}

impl fmt::Debug for BodyReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader").finish_non_exhaustive()
    }
}

/// A content as base64, written straight to where it is wanted.
struct Base64Reader<'a> {
    content: &'a Content,
    offset: u64,
    /// Where what isn't in memory is read to.
    scratch: Vec<u8>,
    /// A block that was encoded for a buffer with little room, and how much of it has been taken.
    block: Vec<u8>,
    taken: usize,
}

impl<'a> Base64Reader<'a> {
    fn new(content: &'a Content) -> Base64Reader<'a> {
        Base64Reader { content, offset: 0, scratch: Vec::new(), block: Vec::new(), taken: 0 }
    }

    /// Encodes as much as fits, in whole groups.
    fn encode(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = CHUNK.min(buffer.len() / 4 * 3);
        let part = self.content.part(self.offset, most, &mut self.scratch)?;
        self.offset += part.len() as u64;
        STANDARD.encode_slice(part, buffer).map_err(io::Error::other)
    }
}

impl Read for Base64Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.block.len() {
            if buffer.len() >= BLOCK / 3 * 4 {
                return self.encode(buffer);
            }
            let mut block = [0; BLOCK / 3 * 4];
            let length = self.encode(&mut block)?;
            self.block.clear();
            self.block.extend_from_slice(&block[..length]);
            self.taken = 0;
        }
        let count = (&self.block[self.taken..]).read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn each_reader_tells_once_that_the_last_byte_is_out() {
        let content = Content::from(vec![7; 3 * CHUNK + 1]);
        let upload = Body::with_content(b"<base64>".to_vec(), content, b"</base64>".to_vec());
        for mut body in [upload, Body::from(vec![1; 100]), Body::from(Vec::new())] {
            let count = Arc::new(AtomicUsize::new(0));
            let written = Arc::clone(&count);
            body.on_written(move || _ = written.fetch_add(1, Ordering::SeqCst));
            for told in 0..2 {
                let (mut reader, mut left) = (body.reader(), body.len());
                while left > 0 {
                    assert_eq!(count.load(Ordering::SeqCst), told, "{left} bytes are left");
                    left -= reader.read(&mut [0; 1000]).expect("the body can be read") as u64;
                }
                assert_eq!(reader.read(&mut [0; 1000]).expect("the body can be read"), 0);
                assert_eq!(count.load(Ordering::SeqCst), told + 1);
            }
        }
    }

    #[test]
    fn a_body_is_the_same_whatever_the_buffers_of_its_reader() {
        for length in [0, 1, 2, 3, 100, CHUNK - 1, CHUNK, 2 * CHUNK + 2] {
            let bytes: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let whole = format!("<{}>", STANDARD.encode(&bytes)).into_bytes();
            let contents = [Content::from(&*bytes), Content::reader(io::Cursor::new(bytes)).expect("it has a length")];
            for body in contents.map(|content| Body::with_content(b"<".to_vec(), content, b">".to_vec())) {
                assert_eq!(body.len(), whole.len() as u64);
                for room in [1, 2, 3, 4, 5, 7, 1023, 1024, 1025, 100_000] {
                    let (mut reader, mut read, mut buffer) = (body.reader(), Vec::new(), vec![0; room]);
                    while let count @ 1.. = reader.read(&mut buffer).expect("the body can be read") {
                        read.extend_from_slice(&buffer[..count]);
                    }
                    assert!(read == whole, "{length} bytes by {room}");
                    assert!(reader.finished());
                }
            }
        }
    }
}
