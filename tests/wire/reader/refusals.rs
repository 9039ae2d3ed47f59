//! What isn't a response, or not a whole one, is refused with an error that says what came instead.

use infusionsoft::{Client, Credentials, ErrorKind, Value};
use infusionsoft_tests::canned::Canned;

use super::calm::assert_calm;
use super::{problem, read, response};

/// Panics unless the body is refused for the problem.
fn assert_refused(body: &[u8], expected: &str) {
    let outcome = read(body);
    assert_calm(&outcome, body);
    let error = outcome.expect_err("refused");
    assert_eq!(problem(&error), expected, "{}", String::from_utf8_lossy(body));
}

#[test]
fn what_is_not_xml_rpc_is_named() {
    for (body, what) in [
        ("<html><body>Bad Gateway</body></html>", "HTML"),
        ("<!DOCTYPE html>\n<html lang=en>", "HTML"),
        ("\n <!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">", "HTML"),
        ("<!-- proxy --><H1>Developer Inactive</H1>", "HTML"),
        ("<html", "HTML"),
        (r#"{"fault":{"faultstring":"Rate limit quota violation."}}"#, "JSON"),
        ("[]", "JSON"),
        ("upstream connect error", "plain text"),
        ("&lt;methodResponse&gt;", "plain text"),
        ("\0\u{1}\u{2}", "binary data"),
        ("\u{1F}\u{8}", "binary data"),
        ("<?xml version='1.0'?><soap:Envelope/>", "XML with the root <soap:Envelope>"),
        ("<methodCall><methodName>a</methodName></methodCall>", "XML with the root <methodCall>"),
        ("<methodResponses/>", "XML with the root <methodResponses>"),
        ("<MethodResponse/>", "XML with the root <MethodResponse>"),
        ("</methodResponse>", "XML with the root <>"),
    ] {
        assert_refused(body.as_bytes(), &format!("expected an XML-RPC response, got {what}"));
    }
}

#[test]
fn empty_and_cut_off_bodies_are_told_apart() {
    for blank in ["", " ", "\r\n\t\n", "\u{FEFF}", "\u{FEFF}\n"] {
        assert_refused(blank.as_bytes(), "the body is empty");
    }
    let whole = response("<value>Zo\u{EB}</value>");
    for end in
        ["<", "<method", "<?xml version=", "<?xml version='1.0'?>", "<!-- ", "<methodResponse", "<methodResponse>"]
    {
        assert_refused(end.as_bytes(), "the body ends before the response does");
    }
    for end in 1..whole.len() {
        assert_refused(&whole.as_bytes()[..end], "the body ends before the response does");
    }
}

#[test]
fn encodings_other_than_utf_8_are_named() {
    let latin1 =
        [b"<methodResponse><params><param><value>Zo\xEB".as_slice(), b"</value></param></params></methodResponse>"];
    assert_refused(&latin1.concat(), "the body is not UTF-8");
    let declared = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", response("<value>x</value>"));
    assert_refused(declared.as_bytes(), "encoding \"ISO-8859-1\" is not supported");
    for mark in [&b""[..], b"\xFE\xFF"] {
        let big: Vec<u8> = mark.iter().copied().chain(response("").bytes().flat_map(|byte| [0, byte])).collect();
        assert_refused(&big, "the body is UTF-16 instead of UTF-8");
    }
    for mark in [&b""[..], b"\xFF\xFE"] {
        let little: Vec<u8> = mark.iter().copied().chain(response("").bytes().flat_map(|byte| [byte, 0])).collect();
        assert_refused(&little, "the body is UTF-16 instead of UTF-8");
    }
    for prolog in [
        "\u{FEFF}",
        "\u{FEFF}<?xml version='1.0' encoding='utf-8'?>",
        "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n",
    ] {
        let body = format!("{prolog}{}", response("<value>x</value>"));
        assert_eq!(read(body).expect("accepted"), Value::from("x"), "{prolog}");
    }
}

#[test]
fn errors_show_the_place_and_keep_the_rest_to_themselves() {
    let secret = "4111".repeat(100);
    let body = response(&format!("<value><string>{secret}</string></value>")) + "oops";
    let error = read(body.clone()).expect_err("text after the response");
    let (text, debug) = (error.to_string(), format!("{error:?}"));
    assert!(text.contains("unexpected text \"oops\" in the document after the response"), "{text}");
    assert!(text.contains(&format!("byte {}: …", body.len() - 4)), "{text}");
    assert!(!text.contains("4111") && !debug.contains("4111"), "{debug}");
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert_eq!((error.method(), error.http_status(), error.is_retryable()), (Some("X.y"), Some(200), false));
}

#[test]
fn pages_with_another_status_are_the_gateways() {
    for status in [404, 500, 502, 503, 504] {
        let page = "<html><body>\nDown for \u{1}maintenance</body></html>";
        let error = Canned::status(status, "text/html", page).client().call_raw("X.y", []).expect_err("a page");
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Gateway, Some(status)));
        assert_eq!(error.maybe_executed(), status >= 500, "{status}");
        let text = error.to_string();
        assert!(text.contains(&format!("status {status} (text/html)")), "{text}");
        assert!(text.ends_with(": <html><body> Down for  maintenance</body></html>"), "{text}");
    }
}

#[test]
fn bodies_beyond_the_limit_are_refused() {
    let body = response("<value>0123456789</value>");
    let limited = |bytes: usize| {
        let client = Client::builder()
            .credentials(Credentials::access_token("limited"))
            .transport(Canned::ok(body.clone()))
            .max_body(bytes as u64)
            .build()
            .expect("the client can be built");
        client.call_raw("X.y", [])
    };
    assert_eq!(limited(body.len()).expect("just within the limit"), Value::from("0123456789"));
    for bytes in [0, 1, body.len() - 1] {
        let error = limited(bytes).expect_err("beyond the limit");
        assert_eq!((error.kind(), error.http_status(), error.maybe_executed()), (ErrorKind::Decode, Some(200), true));
        assert!(error.to_string().contains(&format!("exceeds the limit of {bytes} bytes")), "{error}");
    }
}
