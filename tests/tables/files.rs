//! Files, from bytes and readers to bytes and writers.

use std::error::Error as _;
use std::io::{self, Write};

use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
use infusionsoft::{Content, ErrorKind, FileId, Transport};
use infusionsoft_tests::canned::Canned;

use crate::crm::client;

fn answer(value: &str) -> String {
    format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>")
}

/// What arrives at a writer for a value.
fn downloaded(value: &str) -> Result<Vec<u8>, infusionsoft::Error> {
    let mut file = Vec::new();
    let length = Canned::ok(answer(value)).client().download(FileId(64), &mut file)?;
    assert_eq!(length, file.len() as u64);
    Ok(file)
}

#[test]
fn a_download_arrives_whole_whatever_its_type_and_line_breaks() {
    for value in [
        "Zm9vYmFy",
        "<string>Zm9vYmFy</string>",
        "<base64>Zm9vYmFy</base64>",
        "\n  Zm9v\r\nYmFy\n",
        "<base64>\nZm9v&#13;\n YmFy\t</base64>",
        "<![CDATA[Zm9vYmFy]]>",
        "Zm 9v Ym Fy",
    ] {
        assert_eq!(downloaded(value).expect(value), b"foobar", "{value}");
    }
    assert!(downloaded("").expect("an empty file").is_empty());
    assert_eq!(downloaded("<base64>AP8=</base64>").expect("a file"), [0x00, 0xFF]);
    assert_eq!(downloaded("AP8").expect("without padding"), [0x00, 0xFF]);
}

#[test]
fn downloads_of_every_length_are_those_of_get_file() {
    // A piece is 32 Ki letters, which are 24 KiB.
    let piece = 24 * 1024;
    for length in (0..8).chain(piece - 4..piece + 4).chain([2 * piece, 5 * piece + 1]) {
        let bytes: Vec<u8> = (0..length).map(|at: usize| (at * 7 + at / 251) as u8).collect();
        // The client's own upload writes the base64, which other tests compare with another encoder.
        let transport = Canned::ok(answer("7"));
        transport.client().files().upload_file("a.pdf", bytes.clone()).expect("an answer");
        let text = transport.only_sent().text();
        let encoded =
            text.rsplit("<string>").next().and_then(|rest| rest.split("</string>").next()).expect("a content");
        let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| str::from_utf8(line).expect("ASCII")).collect();
        for value in [encoded.to_owned(), lines.join("\r\n")] {
            assert!(downloaded(&value).expect("a file") == bytes, "{length} bytes");
            let got = Canned::ok(answer(&value)).client().files().get_file(FileId(64)).expect("a file");
            assert!(*got == bytes, "{length} bytes");
        }
    }
}

#[test]
fn what_is_no_base64_is_an_error_and_writes_nothing() {
    let long = format!("{}*", "A".repeat(100_000));
    let padded = format!("{}AA=={}", "A".repeat(32 * 1024 - 4), "A".repeat(8));
    for value in ["Zm9v*mFy", "Zm9v=mFy", "größe", "Z", &long, &padded] {
        let mut file = Vec::new();
        let error = Canned::ok(answer(value)).client().download(FileId(64), &mut file).expect_err("no base64");
        assert_eq!((error.kind(), error.to_string().contains("invalid base64")), (ErrorKind::Decode, true), "{error}");
        assert!(file.is_empty(), "{} bytes of {} letters", file.len(), value.len());
    }
}

/// A writer that fails after so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.0);
        self.0 -= count;
        if count == 0 { Err(io::Error::other("the disk is full")) } else { Ok(count) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_fails_is_the_source_of_the_error() {
    let client = Canned::ok(answer("Zm9vYmFy")).client();
    let error = client.download(FileId(64), Full(4)).expect_err("no room");
    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::InvalidRequest, false));
    assert_eq!(error.to_string(), "FileService.getFile: the file can't be written");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the disk is full"));
    assert_eq!(client.download(FileId(64), Full(6)).expect("just enough"), 6);
}

#[test]
fn an_answer_that_is_read_twice_is_written_once() {
    // Cut short after the file, and with the token in it: it is read again without the token, to be shown.
    let cut = answer("Zm9vYmFy").replace("</methodResponse>", "<!-- canned-access-token --></methodResp");
    let mut file = Vec::new();
    let error = Canned::ok(cut).client().download(FileId(64), &mut file).expect_err("the answer is cut short");
    assert_eq!((error.kind(), error.is_retryable(), file.as_slice()), (ErrorKind::Decode, true, b"foobar".as_slice()));
}

#[test]
fn a_fault_writes_nothing() {
    let fault = "<methodResponse><fault><value><struct>\
        <member><name>faultCode</name><value><i4>5</i4></value></member>\
        <member><name>faultString</name><value>[RecordNotFound]No file</value></member>\
        </struct></value></fault></methodResponse>";
    let mut file = Vec::new();
    let error = Canned::ok(fault).client().download(FileId(64), &mut file).expect_err("a fault");
    assert_eq!((error.kind(), file.len()), (ErrorKind::Fault, 0));
}

/// Answers with what was uploaded, as the server keeps it.
struct Keeps(std::sync::Mutex<String>);

impl Transport for Keeps {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut body = String::new();
        io::Read::read_to_string(&mut request.body.reader(), &mut body).expect("the body is text");
        let mut kept = self.0.lock().expect("no panic");
        if body.contains("FileService.uploadFile") {
            let content = body.rsplit("<string>").next().and_then(|rest| rest.split("</string>").next());
            *kept = content.expect("a content").to_owned();
        }
        let value = if body.contains("FileService.getFile") { kept.clone() } else { "7".to_owned() };
        let body = Box::new(io::Cursor::new(answer(&value).into_bytes()));
        Ok(HttpResponse { status: 200, headers: vec![("content-type".into(), "text/xml".into())], body })
    }
}

#[test]
fn what_a_reader_uploads_a_writer_downloads() {
    let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 253) as u8).collect();
    let crm = client(Keeps(std::sync::Mutex::default()));
    let content = Content::reader(io::Cursor::new(bytes.clone())).expect("a length");
    let id = crm.files().upload_file("a.pdf", content).expect("an answer");
    let mut file = io::Cursor::new(Vec::new());
    crm.download(id, &mut file).expect("a file");
    assert!(file.into_inner() == bytes, "the files differ");
}
