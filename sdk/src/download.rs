//! Files on their way down, straight to where they are wanted.

// All functions are `inline`: few programs need them, and the others are spared compiling them.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};

use serde::Deserializer;
use serde::de::{self, Visitor};

use crate::FileId;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::files::GetFileRequest;
use crate::method::Method;
use crate::wire::decode::base64;

/// How many letters are decoded at once: a multiple of four, since four of them are three bytes.
const PIECE: usize = 32 * 1024;

impl Client {
    /// Downloads a file to a writer, and answers how many bytes it has.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use infusionsoft::FileId;
    ///
    /// let mut file = std::fs::File::create("contract.pdf")?;
    /// let length = client.download(FileId(64), &mut file)?;
    /// # Ok(()) }
    /// ```
    ///
    /// The answer's body is in memory, and no copy of the file: it is decoded piece by piece, and checked before the first
    /// of them is written. [`get_file`](crate::files::Files::get_file) answers the bytes instead. The way up needs no
    /// function of its own: an upload takes a [`Content`](crate::Content), which can be a reader.
    ///
    /// The writer is not flushed. `max_body` of the [builder](crate::ClientBuilder) bounds the answer, which is a third
    /// larger than the file.
    ///
    /// Wire method: `FileService.getFile` (read, may be repeated).
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) if the writer fails, with its error as the source; some of the file may
    /// have been written then. Otherwise those of [`Client::call`].
    #[doc(alias = "FileService.getFile")]
    #[doc(alias = "getFile")]
    #[doc(alias = "download_to")]
    #[inline]
    pub fn download(&self, file_id: FileId, mut writer: impl Write) -> Result<u64, Error> {
        let mut target = Target { writer: &mut writer, state: State::Fresh };
        let read = self
            .call_reading(GetFileRequest { file_id }, &mut |decoder| decoder.deserialize_str(Download(&mut target)));
        match (read, target.state) {
            (_, State::Failed(source)) => {
                let message = "the file can't be written";
                Err(Error::caused_by(ErrorKind::InvalidRequest, message, source).of(GetFileRequest::NAME))
            }
            (Ok(()), State::Written { length, .. }) => Ok(length),
            (Ok(()), State::Fresh) => Ok(0),
            (Err(error), _) => Err(error),
        }
    }
}

/// Where a file goes, and what has become of it.
struct Target<'w> {
    writer: &'w mut dyn Write,
    state: State,
}

enum State {
    Fresh,
    /// All of it was written. Its hash tells whether it is the same when the answer has to be read again.
    Written {
        length: u64,
        hash: u64,
    },
    Failed(io::Error),
}

/// Takes the text of an answer.
struct Download<'t, 'w>(&'t mut Target<'w>);

impl Visitor<'_> for Download<'_, '_> {
    type Value = ();

    #[inline]
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.0.take(text).map_err(E::custom)
    }
}

impl Target<'_> {
    #[inline]
    fn take(&mut self, text: &str) -> Result<(), &'static str> {
        let hash = hash(text);
        match &self.state {
            State::Written { hash: written, .. } if *written == hash => return Ok(()),
            State::Written { .. } => return Err("the file has changed while it was downloaded"),
            State::Failed(_) => return Err("the file can't be written"),
            State::Fresh => {}
        }
        let mut length = 0;
        decode(text, &mut |piece| {
            length += piece.len() as u64;
            Ok(())
        })
        .map_err(|_| "invalid base64")?;
        let written = decode(text, &mut |piece| self.writer.write_all(piece));
        let failed = written.is_err();
        self.state = written.map_or_else(State::Failed, |()| State::Written { length, hash });
        if failed { Err("the file can't be written") } else { Ok(()) }
    }
}

#[inline]
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Decodes base64 piece by piece; white space means nothing.
#[inline]
fn decode(text: &str, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = String::with_capacity(PIECE);
    let mut ended = false;
    for word in text.split_ascii_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            // What isn't ASCII is no base64, and can't be cut anywhere.
            let cut = rest.len().min(PIECE - piece.len());
            let (head, tail) = rest.split_at_checked(cut).ok_or(io::ErrorKind::InvalidData)?;
            piece.push_str(head);
            rest = tail;
            if piece.len() == PIECE {
                ended |= settle(&mut piece, ended, take)?;
            }
        }
    }
    settle(&mut piece, ended, take).map(drop)
}

/// Hands a piece on; answers whether it was the last one that can be, since it is padded.
#[inline]
fn settle(piece: &mut String, ended: bool, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<bool> {
    if piece.is_empty() {
        return Ok(ended);
    }
    let bytes = base64(piece).filter(|_| !ended).ok_or(io::ErrorKind::InvalidData)?;
    take(&bytes)?;
    let padded = piece.ends_with('=');
    piece.clear();
    Ok(padded)
}
