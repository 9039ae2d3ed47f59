//! What files cost in memory. The only test of its binary: others would allocate meanwhile.

use std::io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Client, Content, Credentials, FileId, Transport};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// The greatest amount that was in use during some work, beyond what was before.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let done = work();
    (MEMORY.peak_usage().saturating_sub(before), done)
}

#[test]
fn files_cost_no_more_memory_than_said() {
    uploads_stream();
    downloads_hold_the_body_and_one_copy();
    an_announced_length_is_what_a_body_takes();
    a_length_that_is_a_lie_takes_little();
}

/// 50 MB that need no memory.
struct Zeros(u64);

impl Zeros {
    const LENGTH: u64 = 50_000_000;
}

impl Read for Zeros {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = usize::try_from(Zeros::LENGTH - self.0).map_or(buffer.len(), |rest| rest.min(buffer.len()));
        buffer[..count].fill(0);
        self.0 += count as u64;
        Ok(count)
    }
}

impl Seek for Zeros {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0 = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(_) => Zeros::LENGTH,
            SeekFrom::Current(_) => self.0,
        };
        Ok(self.0)
    }
}

/// Over HTTP on loopback, from a reader and from bytes that are there.
fn uploads_stream() {
    let bytes = vec![0; Zeros::LENGTH as usize];
    let contents = [Content::reader(Zeros(0)).expect("a length"), Content::from(bytes)];
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
    let url = format!("http://{}/crm/xmlrpc/v1", listener.local_addr().expect("an address"));
    let builder = Client::builder().credentials(Credentials::access_token("token")).endpoint(url);
    let client = builder.build().expect("a client");
    let server = thread::spawn(move || swallow(&listener, 2));
    for content in contents {
        let (peak, id) = peak(|| client.files().upload_file("a.pdf", content));
        assert_eq!(id.expect("an answer"), FileId(7));
        assert!(peak < MIB, "{peak} bytes for an upload");
    }
    let received = server.join().expect("no panic").expect("the server reads");
    let encoded = Zeros::LENGTH.div_ceil(3) * 4;
    assert!(received.iter().all(|length| (encoded..encoded + 1000).contains(length)), "{received:?}");
}

/// Reads so many requests and forgets them; answers how long their bodies were.
fn swallow(listener: &TcpListener, requests: usize) -> io::Result<Vec<u64>> {
    const ANSWER: &str = "<methodResponse><params><param><value>7</value></param></params></methodResponse>";
    let mut lengths = Vec::new();
    while lengths.len() < requests {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line)?;
            let header = line.to_ascii_lowercase();
            length = header.strip_prefix("content-length: ").map_or(length, |value| value.trim().parse().unwrap_or(0));
        }
        lengths.push(io::copy(&mut reader.take(length), &mut io::sink())?);
        write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{ANSWER}", ANSWER.len())?;
    }
    Ok(lengths)
}

/// Answers a file of zeros, whose base64 needs no memory of the test's.
struct Answers {
    letters: usize,
    /// What `content-length` says, if there is one.
    announced: Option<u64>,
}

impl Answers {
    const HEAD: &str = "<methodResponse><params><param><value>";
    const TAIL: &str = "</value></param></params></methodResponse>";

    fn length(&self) -> usize {
        Answers::HEAD.len() + self.letters + Answers::TAIL.len()
    }

    fn client(self) -> Client {
        let builder = Client::builder().credentials(Credentials::access_token("token")).transport(self);
        builder.build().expect("a client")
    }
}

impl Transport for Answers {
    fn send(&self, _: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let letters = io::repeat(b'A').take(self.letters as u64);
        let body = Box::new(Answers::HEAD.as_bytes().chain(letters).chain(Answers::TAIL.as_bytes()));
        let length = self.announced.map(|length| ("content-length".to_owned(), length.to_string()));
        Ok(HttpResponse { status: 200, headers: length.into_iter().collect(), body })
    }
}

/// Counts what is written, and notes how much memory is in use meanwhile.
struct Watching {
    written: usize,
    greatest: usize,
}

impl Write for Watching {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.len();
        self.greatest = self.greatest.max(MEMORY.current_usage());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn downloads_hold_the_body_and_one_copy() {
    // The buffer of the body doubles as it grows: with a little less than 32 MiB it has no room to spare.
    let answers = Answers { letters: 32 * MIB - 4096, announced: None };
    let bytes = answers.letters / 4 * 3;
    let client = answers.client();

    let before = MEMORY.current_usage();
    let mut target = Watching { written: 0, greatest: 0 };
    assert_eq!(client.download(FileId(64), &mut target).expect("a file"), bytes as u64);
    assert_eq!(target.written, bytes);
    let held = target.greatest - before;
    assert!(held < 33 * MIB, "{held} bytes while the file is written: the body is there, and no copy");

    let (peak, file) = peak(|| client.files().get_file(FileId(64)));
    assert_eq!(file.expect("a file").len(), bytes);
    assert!(peak < 32 * MIB + bytes + MIB, "{peak} bytes for a file in memory: the body and one copy");
}

/// Reads an answer, and forgets it as it comes; answers how much memory there was at the peak.
fn downloading(answers: Answers) -> usize {
    let client = answers.client();
    let (peak, written) = peak(|| client.download(FileId(64), &mut io::sink()));
    written.expect("a file");
    peak
}

/// At any length, as that of a page: a buffer that doubles can take twice as much.
fn an_announced_length_is_what_a_body_takes() {
    for letters in [2 * MIB + 4, 9 * MIB] {
        let mut answers = Answers { letters, announced: None };
        let length = answers.length();
        answers.announced = Some(length as u64);
        let peak = downloading(answers);
        assert!((length..length + MIB / 4).contains(&peak), "{peak} bytes for a body of {length}");
    }
}

fn a_length_that_is_a_lie_takes_little() {
    for announced in [1 << 40, u64::MAX] {
        let peak = downloading(Answers { letters: 4, announced: Some(announced) });
        assert!(peak < 17 * MIB, "{peak} bytes for a body that does not come");
    }
    let peak = downloading(Answers { letters: 4 * MIB, announced: Some(3) });
    assert!(peak > 4 * MIB, "{peak} bytes: a body that is longer than announced is read all the same");
}
