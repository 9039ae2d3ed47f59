//! How much memory the client takes: the peak beyond what there was before, by an allocator that counts.
//!
//! Not measured along with the time: counting slows every allocation down.

use std::io::Cursor;
use std::process::ExitCode;
use std::sync::Arc;

use infusionsoft::runtime::decode;
use infusionsoft::tables::Contact;
use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use infusionsoft::{Bytes, Client, Content, Credentials, Limits, Record};
use infusionsoft_benches::documents::{self, Layout, ROWS, TINY};
use infusionsoft_benches::lead::Lead;
use infusionsoft_benches::pages::{PAGES, Pages, select};
use infusionsoft_benches::report::{Figures, Report};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    let mut report = Report::from_arguments();
    report.title("memory beyond the body that was read");
    page(&mut report);
    paging(&mut report);
    file(&mut report);
    upload(&mut report);
    report.finish()
}

/// Does some work, and answers how much more memory there was at its peak.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let outcome = work();
    (MEMORY.peak_usage() - before, outcome)
}

fn page(report: &mut Report) {
    let page = documents::page(Layout::Plain, 0..ROWS);
    let (peak, rows) = peak(|| read::<Vec<Lead>>(&page));
    let size = size_of::<Lead>() * rows.len() + rows.iter().map(Lead::text).sum::<usize>();
    report.row("memory-page", "infusionsoft-struct", Figures::Peak(peak), Some(1.25 * size as f64));
}

/// The first page of contacts, and then all of them, a page after the other. A page is its rows and their text.
fn paging(report: &mut Report) {
    let pages = Arc::new(Pages::default());
    let client = client(Server(Arc::clone(&pages)));
    let mut contacts = select(client.find::<Contact>()).pages();
    let (peak, rows) = peak(|| contacts.next().expect("a page").expect("it comes"));
    let size = size_of::<Contact>() * rows.len() + rows.iter().map(text).sum::<usize>();
    drop((rows, contacts));
    report.row("memory-page", "infusionsoft-table", Figures::Peak(peak - pages.length()), Some(1.25 * size as f64));
    for (name, ahead) in [("infusionsoft-in-turn", false), ("infusionsoft-ahead", true)] {
        let contacts = select(client.find::<Contact>());
        let contacts = if ahead { contacts.read_ahead() } else { contacts };
        let (peak, count) = self::peak(|| contacts.iter().inspect(|row| assert!(row.is_ok(), "{row:?}")).count());
        assert_eq!(count, (PAGES * ROWS) as usize, "no row is left out");
        report.row("memory-paging", name, Figures::Peak(peak), Some(3.0 * size as f64));
    }
}

/// How many bytes of text a row holds.
fn text(contact: &Contact) -> usize {
    Record::from(contact.clone()).iter().filter_map(|(_, value)| value.as_str()).map(str::len).sum()
}

/// A text takes one copy of itself, bytes one of theirs, and either a little beside.
fn file(report: &mut Report) {
    const BESIDE: usize = 64 * 1024;
    let file = documents::file(10_000_002);
    let (text_peak, text) = peak(|| read::<String>(&file));
    let (bytes_peak, bytes) = peak(|| read::<Bytes>(&file));
    for (name, peak, length) in
        [("infusionsoft-string", text_peak, text.len()), ("infusionsoft-bytes", bytes_peak, bytes.len())]
    {
        report.row("memory-file", name, Figures::Peak(peak), Some((length + BESIDE) as f64));
    }
}

fn upload(report: &mut Report) {
    let content = Content::from(vec![b'x'; 50_000_000]);
    let client = client(Sink);
    let (peak, _) = peak(|| client.files().upload_file("a.bin", content).expect("the call is answered"));
    report.row("memory-upload", "infusionsoft", Figures::Peak(peak), Some(1e6));
}

fn read<T: serde::de::DeserializeOwned>(document: &str) -> T {
    decode::<T>(document.as_bytes()).expect("the documents are answers").0
}

fn client(transport: impl Transport + 'static) -> Client {
    let builder =
        Client::builder().credentials(Credentials::access_token("token")).transport(transport).limits(Limits::none());
    builder.build().expect("the client can be built")
}

/// Answers with pages that were there before.
struct Server(Arc<Pages>);

impl Transport for Server {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let query = request.body.as_bytes().expect("a query uploads nothing");
        let page = self.0.answer(query);
        let headers = vec![("content-length".to_owned(), page.len().to_string())];
        Ok(HttpResponse { status: 200, headers, body: Box::new(Cursor::new(Shared(page))) })
    }
}

struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Reads what is sent, keeps none of it, and answers a number.
struct Sink;

impl Transport for Sink {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let sent = std::io::copy(&mut request.body.reader(), &mut std::io::sink()).expect("the body can be read");
        assert_eq!(sent, request.body.len(), "the announced length");
        Ok(HttpResponse { status: 200, headers: Vec::new(), body: Box::new(TINY.as_bytes()) })
    }
}
