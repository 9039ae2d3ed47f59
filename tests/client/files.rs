//! Files: streamed up as base64, and down as bytes.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write as _};
use std::sync::{Arc, Mutex};

use infusionsoft::files::{UploadFileForContactRequest, UploadFileRequest};
use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use infusionsoft::{Bytes, Client, ContactId, Content, Credentials, ErrorKind, FileId};
use infusionsoft_tests::canned::{Canned, TOKEN};
use infusionsoft_tests::tree::{self, Tree};

use crate::common::{answer, base64};

/// How much of a file is read at once.
const CHUNK: usize = 12 * 1024;

/// The base64 text that is sent for a content. `Canned` compares the announced length with what is sent.
fn sent_for(content: impl Into<Content>) -> String {
    let transport = Canned::ok(answer("7"));
    assert_eq!(transport.client().files().upload_file("a.pdf", content).expect("an answer"), FileId(7));
    match tree::request(&transport.only_sent().text()).params.pop() {
        Some(Tree::Scalar(kind, text)) if kind == "string" => text,
        other => panic!("expected a string, got {other:?}"),
    }
}

/// Bytes without a pattern that a shifted chunk could repeat.
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 24) as u8)
    };
    std::iter::repeat_n((), length).scan(1_u32, |state, ()| next(state)).collect()
}

#[test]
fn contents_are_the_base64_of_the_standards_examples() {
    for (text, encoded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(sent_for(text), encoded, "{text:?}");
        assert_eq!(sent_for(Content::reader(Cursor::new(text.to_owned())).expect("a length")), encoded, "{text:?}");
    }
}

#[test]
fn contents_of_every_length_arrive_whole() {
    let around = |length: usize| length - 4..=length + 4;
    for length in (0..=10).chain(around(CHUNK)).chain(around(2 * CHUNK)).chain([CHUNK * 5 + 1]) {
        let bytes = noise(length);
        assert!(base64(&sent_for(bytes.clone())) == bytes, "{length} bytes");
        let reader = Content::reader(Cursor::new(bytes.clone())).expect("a length");
        assert!(base64(&sent_for(reader)) == bytes, "{length} bytes from a reader");
    }
}

#[test]
fn a_content_comes_from_any_kind_of_bytes() {
    let mut file = tempfile();
    file.write_all(b"hello").expect("a file can be written");
    let downloaded = Canned::ok(answer("aGVsbG8=")).client().files().get_file(FileId(64)).expect("a file");
    let contents = [
        Content::from("hello"),
        Content::from("hello".to_owned()),
        Content::from(b"hello"),
        Content::from(b"hello".as_slice()),
        Content::from(b"hello".to_vec()),
        Content::from(Arc::<[u8]>::from(b"hello".as_slice())),
        Content::from(downloaded),
        Content::reader(Cursor::new(b"hello")).expect("a length"),
        // Its position is at the end by now; all of it is sent.
        Content::reader(file).expect("a length"),
    ];
    for content in contents {
        assert_eq!((content.len(), content.is_empty()), (5, false), "{content:?}");
        assert_eq!(format!("{content:?}"), "Content(5 bytes)");
        assert_eq!(sent_for(content), "aGVsbG8=");
    }
}

/// A file of nobody else, gone once it is closed.
fn tempfile() -> std::fs::File {
    let path = std::env::temp_dir().join(format!("infusionsoft-upload-{}", std::process::id()));
    let options = std::fs::File::options().read(true).write(true).create_new(true).open(&path);
    std::fs::remove_file(path).expect("the file can be removed");
    options.expect("a file")
}

#[test]
fn equal_bytes_are_equal_contents_and_readers_equal_their_clones_alone() {
    let reader = || Content::reader(Cursor::new(b"hello")).expect("a length");
    let kept = reader();
    assert_eq!(Content::from("hello"), Content::from(Arc::<[u8]>::from(b"hello".as_slice())));
    assert_ne!(Content::from("hello"), Content::from("hullo"));
    assert_eq!(kept.clone(), kept);
    assert_ne!(kept, reader());
    assert_ne!(kept, Content::from("hello"));
}

#[test]
fn the_rest_of_the_request_surrounds_the_content() {
    let transport = Canned::ok(answer("7"));
    let client = transport.client();
    client.files().upload_file_for_contact(ContactId(18), "a <b>.pdf", "foobar").expect("an answer");
    client.files().replace_file(FileId(7), "foobar").expect("an answer");
    let sent: Vec<_> = transport.sent().iter().map(|sent| tree::request(&sent.text()).params).collect();
    let scalar = |kind: &str, text: &str| Tree::Scalar(kind.to_owned(), text.to_owned());
    let (key, content) = (scalar("string", "privateKey"), scalar("string", "Zm9vYmFy"));
    assert_eq!(sent[0], [key.clone(), scalar("int", "18"), scalar("string", "a <b>.pdf"), content.clone()]);
    assert_eq!(sent[1], [key, scalar("int", "7"), content]);
}

#[test]
fn a_file_name_that_looks_like_the_place_of_the_content_is_kept() {
    for name in ["content", "content-7", "content-7-9", "<string>content</string>", "privateKey"] {
        let transport = Canned::ok(answer("7"));
        // The key leads the parameters: it can be such a text too.
        let client = transport.client_with(Credentials::legacy_key("content"));
        client.files().upload_file(name, "foobar").expect("an answer");
        let sent = tree::request(&transport.only_sent().text()).params;
        let texts = ["content", name, "Zm9vYmFy"].map(|text| Tree::Scalar("string".to_owned(), text.to_owned()));
        assert_eq!(sent, texts);
    }
}

#[test]
fn a_content_is_read_again_for_every_call() {
    let transport = Canned::ok(answer("7"));
    let client = transport.client();
    let content = Content::reader(Cursor::new(noise(CHUNK + 1))).expect("a length");
    let request = UploadFileRequest { file_name: "a.pdf".into(), content };
    client.call(request.clone()).expect("an answer");
    client.call(request).expect("an answer");
    let sent = transport.sent();
    assert!(sent[0].body == sent[1].body, "both calls send the same bytes");
}

/// A reader that remembers the greatest piece it was asked for, and can get another length.
struct Watched {
    inner: Cursor<Vec<u8>>,
    greatest: Arc<Mutex<usize>>,
    becomes: Option<usize>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut greatest = self.greatest.lock().expect("no panic");
        *greatest = buffer.len().max(*greatest);
        // Short reads are allowed, and no reason to send less.
        let length = buffer.len().min(1000);
        self.inner.read(&mut buffer[..length])
    }
}

impl Seek for Watched {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let at = self.inner.seek(position)?;
        if let Some(length) = self.becomes {
            self.inner.get_mut().resize(length, 0);
        }
        Ok(at)
    }
}

#[test]
fn a_large_file_is_never_held_in_memory() {
    let greatest = Arc::default();
    let inner = Cursor::new(noise(1 << 20));
    let watched = Watched { inner, greatest: Arc::clone(&greatest), becomes: None };
    assert!(base64(&sent_for(Content::reader(watched).expect("a length"))) == noise(1 << 20));
    let greatest = *greatest.lock().expect("no panic");
    assert!((1..=64 * 1024).contains(&greatest), "{greatest} bytes at once");
}

/// A transport that gives up on a body it can't read, and is never asked for a large buffer.
struct Reading;

impl Transport for Reading {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let refuse = |source| TransportError::new(TransportErrorKind::Request, false, source);
        io::copy(&mut request.body.reader(), &mut io::sink()).map_err(refuse)?;
        panic!("the body was read to its end");
    }
}

#[test]
fn a_reader_that_gets_another_length_is_an_error() {
    for (before, after, problem) in
        [(300, 100, "shorter than its 300"), (300, 301, "longer than its 300"), (0, 1, "longer than its 0")]
    {
        let watched = Watched { inner: Cursor::new(vec![0; before]), greatest: Arc::default(), becomes: Some(after) };
        let content = Content::reader(watched).expect("a length");
        let builder = Client::builder().credentials(Credentials::access_token(TOKEN)).transport(Reading);
        let client = builder.build().expect("the client can be built");
        let request = UploadFileForContactRequest { contact_id: ContactId(18), file_name: "a.pdf".into(), content };
        let error = client.call(request).expect_err("the content has changed");
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::InvalidRequest, false));
        assert_eq!(
            crate::common::chain(&error).join(" / "),
            format!("FileService.uploadFile: the request cannot be sent / the content has become {problem} bytes")
        );
    }
}

#[test]
fn a_reader_without_a_length_is_no_content() {
    struct Endless;
    impl Read for Endless {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }
    impl Seek for Endless {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Err(io::Error::other("a pipe has no end"))
        }
    }
    let error = Content::reader(Endless).expect_err("no length");
    assert_eq!(error.to_string(), "a pipe has no end");
}

fn downloaded(value: &str) -> Result<Bytes, infusionsoft::Error> {
    Canned::ok(answer(value)).client().files().get_file(FileId(64))
}

#[test]
fn a_download_is_decoded_whatever_its_type_and_line_breaks() {
    for value in [
        "Zm9vYmFy",
        "<string>Zm9vYmFy</string>",
        "<base64>Zm9vYmFy</base64>",
        "\n  Zm9v\r\nYmFy\n",
        "<base64>\nZm9v&#13;\n YmFy\t</base64>",
        "<![CDATA[Zm9vYmFy]]>",
    ] {
        assert_eq!(downloaded(value).expect(value).as_ref(), b"foobar", "{value}");
    }
    assert!(downloaded("").expect("an empty file").is_empty());
    assert_eq!(downloaded("<base64>AP8=</base64>").expect("a file").into_vec(), [0x00, 0xFF]);
}

#[test]
fn a_download_that_is_not_base64_is_an_error() {
    let error = downloaded("Zm9v*mFy").expect_err("not base64");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(format!("{}", error), r#"FileService.getFile: invalid base64 "Zm9v*mFy""#);
}
