//! The sandbox over HTTP: who may call it, where, how much, and how it closes.

use std::io::{ErrorKind, Read, Write};

use crate::calls::{LOAD, assert_fault, assert_reached, call, with};
use crate::http::{connect, exchange, send, start};

const INVALID_TOKEN: &str = r#"{"fault":{"faultstring":"Invalid Access Token","detail":{"errorcode":"keymanagement.service.invalid_access_token"}}}"#;
const BEARER: &str = "Authorization: Bearer sandbox\r\n";

#[test]
fn takes_the_token_from_each_carrier_on_both_addresses() {
    let server = start();
    let load = call("ContactService.load", &with(LOAD, 0, "any key"));
    for path in ["/crm/xmlrpc/v1", "/crm/xmlrpc"] {
        for (query, headers) in [
            ("", BEARER),
            ("", "authorization: bearer sandbox\r\n"),
            ("?access_token=sandbox", ""),
            ("?a=b&access%5Ftoken=s%61ndbox", ""),
            ("", "X-Keap-API-Key: sandbox\r\n"),
        ] {
            let answer = send(&server, "POST", &format!("{path}{query}"), headers, load.as_bytes());
            assert_reached(&answer, "ContactService.load");
        }
    }
}

#[test]
fn refuses_missing_and_wrong_tokens_before_it_routes() {
    let server = start();
    for target in ["/crm/xmlrpc/v1", "/crm/xmlrpc", "/", "/nowhere", "/crm/xmlrpc/v1?access_token=", "/?access_token=x"]
    {
        for headers in ["", "Authorization: Bearer other\r\n", "Authorization: sandbox\r\n", "X-Keap-API-Key: x\r\n"] {
            for method in ["POST", "GET"] {
                let answer = send(&server, method, target, headers, b"");
                assert_eq!((answer.status, answer.body.as_str()), (401, INVALID_TOKEN), "{method} {target} {headers}");
                assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
            }
        }
    }
}

#[test]
fn knows_no_other_address_and_no_other_method() {
    let server = start();
    assert_eq!(send(&server, "POST", "/nowhere", BEARER, b"").status, 404);
    assert_eq!(send(&server, "POST", "/crm/xmlrpc/v1/", BEARER, b"").status, 404);
    for path in ["/crm/xmlrpc/v1", "/crm/xmlrpc", "/api/xmlrpc"] {
        for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
            let answer = send(&server, method, path, BEARER, b"");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.head.contains("allow: POST"), "{}", answer.head);
        }
    }
}

#[test]
fn takes_the_key_alone_on_the_legacy_address() {
    let server = start();
    let legacy =
        |values: &[&str]| send(&server, "POST", "/api/xmlrpc", "", call("ContactService.load", values).as_bytes());
    assert_reached(&legacy(LOAD), "ContactService.load");
    assert_fault(&legacy(&with(LOAD, 0, "other")), 2, "[InvalidKey]Invalid Key");
    assert_fault(&legacy(&with(LOAD, 0, "")), 2, "[InvalidKey]Invalid Key");
    let with_token = send(
        &server,
        "POST",
        "/api/xmlrpc?access_token=sandbox",
        BEARER,
        call("ContactService.load", &with(LOAD, 0, "other")).as_bytes(),
    );
    assert_fault(&with_token, 2, "[InvalidKey]Invalid Key");
}

#[test]
fn does_not_care_about_the_content_type() {
    let server = start();
    let info = call("DataService.getUserInfo", &[]);
    for content_type in ["", "Content-Type: TEXT/XML; Charset=utf-8\r\n", "content-type: application/json\r\n"] {
        let answer = send(&server, "POST", "/crm/xmlrpc/v1", &format!("{BEARER}{content_type}"), info.as_bytes());
        assert_reached(&answer, "DataService.getUserInfo");
    }
}

#[test]
fn bounds_the_body() {
    let server = start();
    let head =
        "POST /crm/xmlrpc/v1 HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nAuthorization: Bearer sandbox\r\n";
    let length = infusionsoft_sandbox::MAX_BODY + 1;
    let declared = format!("{head}Content-Length: {length}\r\n\r\n");
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n");
    assert_eq!(exchange(&server, declared.as_bytes()).status, 413, "it is known before the body comes");
    // Many a client reads no answer before it has sent all.
    let body = vec![b' '; length];
    for (head, end) in [(declared, ""), (chunked, "\r\n0\r\n\r\n")] {
        assert_eq!(exchange(&server, &[head.as_bytes(), &body, end.as_bytes()].concat()).status, 413);
    }
}

#[test]
fn keeps_a_connection_for_several_calls() {
    let server = start();
    let body = call("DataService.getUserInfo", &[]);
    let head = |more: &str| {
        let length = body.len();
        format!("POST /crm/xmlrpc/v1 HTTP/1.1\r\nHost: sandbox\r\n{BEARER}Content-Length: {length}\r\n{more}\r\n{body}")
    };
    let both = exchange(&server, format!("{}{}", head(""), head("Connection: close\r\n")).as_bytes());
    assert_eq!(both.body.matches("HTTP/1.1 200 OK").count(), 1);
}

#[test]
fn closes_when_it_is_dropped_whatever_its_connections_do() {
    let server = start();
    let mut idle = connect(&server);
    let mut halfway = connect(&server);
    halfway.write_all(b"POST /crm/xmlrpc/v1 HTTP/1.1\r\nContent-Length: 100\r\n\r\n<meth").expect("the server reads");
    drop(server);
    for stream in [&mut idle, &mut halfway] {
        match stream.read(&mut [0]) {
            Ok(count) => assert_eq!(count, 0),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}
