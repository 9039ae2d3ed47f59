//! Bytes of files: on their way up a stream, on their way down a buffer.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an upload sends: bytes, or a reader that can go back to its start.
///
/// Clones share the content. It is encoded as base64 while it is sent, never copied whole, and read again from the
/// start if the call is repeated.
///
/// ```
/// use infusionsoft::Content;
///
/// let small = Content::from("hello");
/// let large = Content::reader(std::io::Cursor::new(vec![0; 1 << 20]))?;
/// assert_eq!((small.len(), large.len()), (5, 1 << 20));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Content(Source);

#[derive(Clone)]
enum Source {
    Bytes(Arc<[u8]>),
    Owned(Arc<Vec<u8>>),
    Reader { length: u64, reader: Arc<Mutex<dyn ReadSeek>> },
}

trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Content {
    /// Content that is read while it is sent, such as a [`std::fs::File`]; all of it, from its start. A call that finds it
    /// shorter or longer than it is now fails, and sends no whole request.
    ///
    /// # Errors
    ///
    /// If the reader can't say its length.
    pub fn reader(mut reader: impl Read + Seek + Send + 'static) -> io::Result<Content> {
        let length = reader.seek(SeekFrom::End(0))?;
        Ok(Content(Source::Reader { length, reader: Arc::new(Mutex::new(reader)) }))
    }

    /// The length in bytes, before it is encoded.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::Owned(bytes) => bytes.len() as u64,
            Source::Reader { length, .. } => *length,
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes from `offset` on, `most` of them unless the end comes first. What isn't in memory is read to `scratch`.
    pub(crate) fn part<'a>(&'a self, offset: u64, most: usize, scratch: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        let count = self.len().saturating_sub(offset).min(most as u64) as usize;
        if let Source::Reader { length, reader } = &self.0 {
            scratch.resize(count, 0);
            read_from(reader, *length, offset, scratch)?;
            return Ok(scratch);
        }
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(self.in_memory().and_then(|bytes| bytes.get(start..start + count)).unwrap_or_default())
    }

    fn in_memory(&self) -> Option<&[u8]> {
        match &self.0 {
            Source::Bytes(bytes) => Some(bytes),
            Source::Owned(bytes) => Some(bytes),
            Source::Reader { .. } => None,
        }
    }
}

/// Fills a buffer, and says so if the content has become shorter than was announced. If there is nothing to fill, the end
/// should be here: says so if it isn't.
fn read_from(reader: &Mutex<dyn ReadSeek>, length: u64, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    reader.seek(SeekFrom::Start(offset))?;
    let changed = |how| io::Error::other(format!("the content has become {how} than its {length} bytes"));
    let ended = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
    if buffer.is_empty() {
        return match reader.read_exact(&mut [0]) {
            Ok(()) => Err(changed("longer")),
            Err(error) if ended(&error) => Ok(()),
            Err(error) => Err(error),
        };
    }
    reader.read_exact(buffer).map_err(|error| if ended(&error) { changed("shorter") } else { error })
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.len())
    }
}

impl PartialEq for Content {
    /// Compares bytes; contents of readers are equal if they share the reader.
    fn eq(&self, other: &Content) -> bool {
        match (&self.0, &other.0) {
            (Source::Reader { reader, .. }, Source::Reader { reader: other, .. }) => Arc::ptr_eq(reader, other),
            (Source::Reader { .. }, _) | (_, Source::Reader { .. }) => false,
            (Source::Bytes(_) | Source::Owned(_), _) => self.in_memory() == other.in_memory(),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        Content(Source::Owned(Arc::new(bytes)))
    }
}

impl From<Arc<[u8]>> for Content {
    fn from(bytes: Arc<[u8]>) -> Content {
        Content(Source::Bytes(bytes))
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Content {
        Content(Source::Bytes(bytes.into()))
    }
}

impl<const N: usize> From<&[u8; N]> for Content {
    fn from(bytes: &[u8; N]) -> Content {
        bytes.as_slice().into()
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Content {
        text.as_bytes().into()
    }
}

impl From<String> for Content {
    fn from(text: String) -> Content {
        text.into_bytes().into()
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Content {
        bytes.0.into()
    }
}

/// The bytes of a downloaded file, and what travels as `<base64>`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// The bytes as a vector, without copying them.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Vec<u8> {
        bytes.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes(bytes.to_vec())
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
        }

        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}
