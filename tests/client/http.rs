//! The client's own transport, against servers on loopback.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::time::Duration;

use infusionsoft::transport::Agent;
use infusionsoft::{Client, ContactId, Content, Error, ErrorKind, FileId, KEY_PLACEHOLDER, Retry};
use infusionsoft_tests::canned::TOKEN;
use infusionsoft_tests::http::{Reply, Server};

use crate::common::{answer, base64, chain};
use crate::errors::assert_texts_differ;

/// A call that only reads.
fn load(client: &Client) -> Result<infusionsoft::Record, Error> {
    client.contacts().load(ContactId(18), &["Id"])
}

/// A call that must not be repeated.
fn delete(client: &Client) -> Result<bool, Error> {
    client.data().delete("Contact", 18)
}

fn deleted() -> Reply {
    Reply::ok(answer("1"))
}

#[test]
fn a_call_is_a_post_with_these_headers() {
    let server = Server::start([deleted()]);
    let host = server.url().replace("http://", "").replace("/crm/xmlrpc/v1", "");
    assert!(delete(&server.client()).expect("an answer"));
    let received = server.finish().remove(0);
    let head = received.head.replace(&host, "<host>").replace(env!("CARGO_PKG_VERSION"), "<version>");
    let mut lines: Vec<_> = head.trim_end().split("\r\n").collect();
    lines[1..].sort();
    insta::assert_snapshot!(format!("{}", lines.join("\n")));
    let body = String::from_utf8(received.body).expect("text");
    assert!(body.contains(&format!("<string>{KEY_PLACEHOLDER}</string>")) && !body.contains(TOKEN), "{body}");
}

#[test]
fn an_upload_announces_its_length() {
    let server = Server::start([Reply::ok(answer("7"))]);
    let bytes = vec![0xA5; 100_000];
    let content = Content::reader(std::io::Cursor::new(bytes.clone())).expect("a length");
    assert_eq!(server.client().files().upload_file("a.pdf", content).expect("an answer"), FileId(7));
    let received = server.finish().remove(0);
    assert_eq!(received.header("transfer-encoding"), None);
    assert_eq!(received.header("content-length"), Some(received.body.len().to_string().as_str()));
    let text = String::from_utf8(received.body).expect("text");
    let document = roxmltree::Document::parse(&text).expect("the request is well-formed");
    let last = document.descendants().rfind(|node| node.has_tag_name("string")).expect("a string");
    assert!(base64(last.text().expect("base64")) == bytes, "the bytes arrive whole");
}

#[test]
fn an_upload_whose_content_changes_its_length_is_broken_off() {
    for (length, change) in [(5, "shorter"), (100_001, "longer")] {
        let server = Server::start([deleted()]);
        let path = std::env::temp_dir().join(format!("infusionsoft-{change}-{}", std::process::id()));
        std::fs::write(&path, vec![0; 100_000]).expect("a file can be written");
        let content = Content::reader(std::fs::File::open(&path).expect("a file")).expect("a length");
        std::fs::write(&path, vec![0; length]).expect("a file can be written");
        let error = server.client().files().upload_file("a.pdf", content).expect_err("it has changed");
        std::fs::remove_file(&path).expect("a file can be removed");
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::InvalidRequest, false), "{error:?}");
        let problem = format!("the content has become {change} than its 100000 bytes");
        assert_eq!(
            chain(&error).join(" / "),
            format!("FileService.uploadFile: the request cannot be sent / {problem}")
        );
        assert_eq!(server.finish().len(), 0, "no whole request arrived");
    }
}

#[test]
fn calls_share_one_connection() {
    let server = Server::start((0..20).map(|_| deleted()));
    let client = server.client();
    for _ in 0..20 {
        delete(&client.clone()).expect("an answer");
    }
    let received = server.finish();
    assert_eq!((received.len(), received.last().map(|last| last.connection)), (20, Some(0)));
}

#[test]
fn a_connection_that_the_server_has_closed_is_replaced() {
    let Reply::Send(first) = deleted() else { unreachable!("an answer is sent") };
    let server = Server::start([Reply::Close(first), deleted()]);
    let client = server.client();
    delete(&client).expect("an answer");
    // The end of the connection arrives before or after this call begins; one that changes something isn't repeated.
    if let Err(error) = delete(&client) {
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert_eq!(error.is_retryable(), !error.maybe_executed(), "{error:?}");
    }
    server.finish();
}

#[test]
fn a_redirect_is_not_followed() {
    let target = Server::start([deleted()]);
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let server = Server::start([Reply::new(status, &format!("location: {}\r\n", target.url()), "")]);
        let error = delete(&server.client()).expect_err("a redirect");
        assert_eq!(error.kind(), ErrorKind::Gateway, "{error:?}");
        assert_eq!(error.http_status().map(|found| found.to_string()).as_deref(), status.get(..3));
        assert_eq!(server.finish().len(), 1);
    }
    assert_eq!(target.finish().len(), 0, "the target is never contacted");
}

#[test]
fn a_server_that_never_answers_times_out() {
    let server = Server::start([Reply::Silence]);
    let client = server.builder().answer_timeout(Duration::from_millis(200)).build().expect("the client can be built");
    let error = delete(&client).expect_err("no answer");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    assert!(error.maybe_executed() && !error.is_retryable());
    assert_texts_differ(&error);
    assert_eq!(
        format!("{}", chain(&error).join(" / ")),
        "DataService.delete: the server took too long / timeout: receive response"
    );
    assert_eq!(server.finish().len(), 1);
}

#[test]
fn an_answer_that_stops_in_the_middle_times_out() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<methodResponse>";
    let server = Server::start([Reply::Send(head.into()), deleted()]);
    let client = server.builder().answer_timeout(Duration::from_millis(200)).build().expect("the client can be built");
    let error = delete(&client).expect_err("half an answer");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Timeout, Some(200)), "{error:?}");
    assert!(error.maybe_executed() && !error.is_retryable());
    server.finish();
}

#[test]
fn a_call_is_broken_off_when_its_time_is_over() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<methodResponse>";
    for reply in [Reply::Silence, Reply::Send(head.into())] {
        let server = Server::start([reply, deleted()]);
        let builder = server.builder().call_timeout(Duration::from_millis(200));
        let error = delete(&builder.build().expect("the client can be built")).expect_err("no answer");
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        assert!(error.maybe_executed() && !error.is_retryable());
        server.finish();
    }
}

#[test]
fn timeouts_can_be_without_end() {
    let server = Server::start([deleted()]);
    let builder = server.builder().call_timeout(Duration::MAX).connect_timeout(Duration::MAX);
    let client = builder.answer_timeout(Duration::MAX).build().expect("the client can be built");
    assert!(delete(&client).expect("an answer"));
    server.finish();
}

#[test]
fn an_application_puts_its_name_in_front() {
    let server = Server::start([deleted()]);
    let client = server.builder().user_agent("acme-sync/2.1 (ops@example.com)").build();
    delete(&client.expect("the client can be built")).expect("an answer");
    let expected = concat!("acme-sync/2.1 (ops@example.com) infusionsoft-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.finish()[0].header("user-agent"), Some(expected));
    for name in ["a\nb", "Ärger", "a\u{0}"] {
        let builder = Client::builder().credentials(infusionsoft::Credentials::access_token(TOKEN));
        let error = builder.user_agent(name).build().expect_err("it can't travel");
        assert_eq!(error.to_string(), "the name for `User-Agent` holds a character beyond printable ASCII");
    }
}

#[test]
fn no_agent_can_do_harm() {
    let target = Server::start([deleted()]);
    let server = Server::start([
        Reply::new("302 Found", &format!("location: {}\r\n", target.url()), ""),
        Reply::new("404 Not Found", "content-type: text/html\r\n", "<html>"),
        Reply::Silence,
    ]);
    let agent: Agent =
        Agent::config_builder().max_redirects(5).http_status_as_error(true).user_agent("mine").build().into();
    let builder = server.builder().agent(agent).answer_timeout(Duration::from_millis(200));
    let client = builder.build().expect("the client can be built");
    for expected in [(ErrorKind::Gateway, Some(302)), (ErrorKind::Gateway, Some(404)), (ErrorKind::Timeout, None)] {
        let error = delete(&client).expect_err("no answer of the API");
        assert_eq!((error.kind(), error.http_status()), expected, "{error:?}");
    }
    let received = server.finish();
    assert!(received.iter().all(|request| request.header("user-agent").is_some_and(|name| name != "mine")));
    assert_eq!(received.len(), 3);
    assert_eq!(target.finish().len(), 0, "the target is never contacted");
}

#[test]
fn an_agent_for_https_alone_sends_nothing_and_shows_no_token() {
    let agent: Agent = Agent::config_builder().https_only(true).build().into();
    let server = Server::start([deleted()]);
    let credentials = infusionsoft::Credentials::access_token_in_query("canary-0123456789");
    let client = server.builder().agent(agent).credentials(credentials).build().expect("the client can be built");
    let error = delete(&client).expect_err("no TLS");
    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::InvalidRequest, false), "{error:?}");
    assert_eq!(
        chain(&error).join(" / "),
        "DataService.delete: the request cannot be sent / the agent sends to https alone"
    );
    assert_eq!(server.finish().len(), 0);
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let proxy = Server::start([Reply::new("403 Forbidden", "", "")]);
    let address = proxy.url().replace("/crm/xmlrpc/v1", "");
    let this = std::env::current_exe().expect("the path of the tests");
    let mut child = Command::new(this);
    child.args(["--exact", "http::a_call_that_finds_a_proxy", "--ignored"]).env("ALL_PROXY", &address);
    for name in ["all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"] {
        child.env_remove(name);
    }
    let output = child.output().expect("the tests can be run");
    assert!(output.status.success(), "{output:?}");
    let received = proxy.finish();
    assert_eq!(received.len(), 1);
    assert!(received[0].head.starts_with("CONNECT api.example.com:443 HTTP/1.1\r\n"), "{}", received[0].head);
    assert!(!received[0].head.contains(TOKEN), "a proxy learns no token: {}", received[0].head);
}

#[test]
#[ignore = "`the_proxy_of_the_environment_is_used` runs it, with an environment of its own"]
fn a_call_that_finds_a_proxy() {
    let builder = Client::builder().credentials(infusionsoft::Credentials::access_token(TOKEN)).retry(Retry::none());
    let client = builder.endpoint("https://api.example.com/").build().expect("the client can be built");
    let error = delete(&client).expect_err("the proxy refuses");
    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Connection, false), "{error:?}");
}

#[test]
fn a_refused_connection_means_that_nothing_was_sent() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
    let address = listener.local_addr().expect("the port's address");
    drop(listener);
    // No resolver can ask for a name with a label of more than 63 letters.
    for url in [format!("http://{address}/"), format!("https://{}/", "a".repeat(64))] {
        let builder =
            Client::builder().credentials(infusionsoft::Credentials::access_token(TOKEN)).retry(Retry::none());
        let client = builder.endpoint(url).build().expect("the client can be built");
        let error = delete(&client).expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert!(!error.maybe_executed() && error.is_retryable(), "{error:?}");
        assert_texts_differ(&error);
    }
}

#[test]
fn a_server_that_hangs_up_is_a_failed_connection() {
    for answer in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<methodResponse>"] {
        let server = Server::start([Reply::Close(answer.into()), Reply::Close(answer.into())]);
        let client = server.builder().retry(Retry::none()).build().expect("the client can be built");
        for (error, retryable) in [(delete(&client).map(drop), false), (load(&client).map(drop), true)] {
            let error = error.expect_err("no answer");
            assert_eq!(error.kind(), ErrorKind::Connection, "{answer:?}: {error:?}");
            assert!(error.maybe_executed(), "{answer:?}: {error:?}");
            assert_eq!(error.is_retryable(), retryable, "{answer:?}: {error:?}");
            assert_texts_differ(&error);
        }
        assert_eq!(server.finish().len(), 2, "{answer:?}: nothing is repeated");
    }
}

#[test]
fn what_is_not_http_is_a_failed_connection() {
    let server = Server::start([Reply::Close(b"SSH-2.0-OpenSSH_9.0\r\n\r\n".to_vec())]);
    let error = delete(&server.client()).expect_err("not HTTP");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(error.maybe_executed() && !error.is_retryable());
    server.finish();
}

#[test]
fn an_answer_over_the_limit_is_not_read() {
    let server = Server::start([Reply::ok(" ".repeat(100_000))]);
    let client = server.builder().max_body(1000).build().expect("the client can be built");
    let error = delete(&client).expect_err("too large");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(200)), "{error:?}");
    server.finish();
}

/// `<methodResponse>…<i4>18</i4>…</methodResponse>`, compressed.
const COMPRESSED: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\xb3\xc9\x4d\x2d\xc9\xc8\x4f\x09\x4a\x2d\x2e\xc8\xcf\x2b\x4e\xb5\xb3\
    \x29\x48\x2c\x4a\xcc\x2d\x86\xd2\x76\x36\x65\x89\x39\xa5\x40\xd1\x4c\x13\x3b\x43\x0b\x1b\x7d\x20\x65\xa3\x0f\x15\xd2\
    \x87\xaa\xd0\x87\xe9\xd0\x47\x33\x0a\0\xff\xb6\xa3\xad\x5b\0\0\0";

const GZIP: &str = "content-type: text/xml\r\ncontent-encoding: gzip\r\n";

#[test]
fn a_compressed_answer_is_read() {
    let server = Server::start([Reply::new("200 OK", GZIP, COMPRESSED)]);
    let id = server.client().contacts().add(infusionsoft::record! {}).expect("an answer");
    assert_eq!(id, ContactId(18));
    assert_eq!(server.finish()[0].header("accept-encoding"), Some("gzip"));
}

#[test]
fn the_limit_counts_after_decompression() {
    // 133 bytes that become 100,000 spaces.
    let head =
        b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\xed\xc1\x31\x01\0\0\0\xc2\xa0\x2a\xeb\x9f\xd2\x1a\x1e\x40\x01".as_slice();
    let bomb = [head, &[0; 96], b"\xaf\x06\x2d\xf0\x79\xca\xa0\x86\x01\0"].concat();
    for (limit, expected) in [(99_999, "exceeds the limit"), (100_000, "the body is empty")] {
        let server = Server::start([Reply::new("200 OK", GZIP, &bomb)]);
        let client = server.builder().max_body(limit).build().expect("the client can be built");
        let error = delete(&client).expect_err("spaces");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
        assert!(error.to_string().contains(expected), "{error:?}");
        server.finish();
    }
}

#[test]
fn a_broken_compression_may_stand_for_an_executed_call() {
    let server = Server::start([Reply::new("200 OK", GZIP, &COMPRESSED[..40]), Reply::new("200 OK", GZIP, "plain")]);
    let client = server.client();
    for _ in 0..2 {
        let error = delete(&client).expect_err("not whole");
        assert!(error.maybe_executed() && !error.is_retryable(), "{error:?}");
        assert_texts_differ(&error);
    }
    server.finish();
}

#[test]
fn older_and_hesitant_servers_are_understood() {
    let body = answer("1");
    let length = body.len();
    let server = Server::start([
        Reply::Close(format!("HTTP/1.0 200 OK\r\n\r\n{body}").into()),
        Reply::Send(
            format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into(),
        ),
        Reply::Send(
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n").into(),
        ),
    ]);
    let client = server.client();
    for answer in ["HTTP/1.0", "100 Continue", "chunked"] {
        assert!(delete(&client).expect(answer), "{answer}");
    }
    server.finish();
}
