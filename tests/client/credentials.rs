//! How the credentials travel, and which ones can't.

use infusionsoft::transport::Agent;
use infusionsoft::{Client, Credentials, KEY_PLACEHOLDER};
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::canned::Sent;
use infusionsoft_tests::tree::{self, Tree};

use crate::common::answer;

const SECRET: &str = "KeapAK-0123456789abcdef";

/// What is sent for a call with a key.
fn sent_with(credentials: Credentials) -> Sent {
    let transport = Canned::ok(answer("1"));
    let added = transport.client_with(credentials).data().delete("Contact", 7);
    assert!(added.expect("the call succeeds"));
    transport.only_sent()
}

fn leading_key(sent: &Sent) -> Tree {
    tree::request(&sent.text()).params.remove(0)
}

fn text(text: &str) -> Tree {
    Tree::Scalar("string".to_owned(), text.to_owned())
}

#[test]
fn an_access_token_travels_in_the_authorization_header_alone() {
    let sent = sent_with(Credentials::access_token(SECRET));
    assert_eq!(sent.url, "https://api.example.com/xmlrpc");
    insta::assert_snapshot!(format!("{:#?}", sent.headers));
    assert_eq!(leading_key(&sent), text(KEY_PLACEHOLDER));
    assert!(!sent.text().contains(SECRET));
}

#[test]
fn an_access_token_travels_in_the_query_alone_as_documented() {
    let sent = sent_with(Credentials::access_token_in_query(SECRET));
    assert_eq!(sent.url, format!("https://api.example.com/xmlrpc?access_token={SECRET}"));
    assert_eq!(sent.headers, [("content-type".to_owned(), "text/xml; charset=utf-8".to_owned())]);
    assert_eq!(leading_key(&sent), text(KEY_PLACEHOLDER));
    assert!(!sent.text().contains(SECRET));
}

#[test]
fn a_token_in_the_query_is_percent_encoded_and_joins_the_query_of_the_endpoint() {
    let transport = Canned::ok(answer("1"));
    let builder = Client::builder().credentials(Credentials::access_token_in_query("a&b=c+d/e%~-._"));
    let client = builder.endpoint("https://example.com/rpc?app=x1").transport(transport.clone()).build();
    client.expect("the client can be built").data().delete("Contact", 7).expect("the call succeeds");
    assert_eq!(transport.only_sent().url, "https://example.com/rpc?app=x1&access_token=a%26b%3Dc%2Bd%2Fe%25~-._",);
}

#[test]
fn a_personal_key_travels_in_its_own_header_alone() {
    let sent = sent_with(Credentials::personal_key(SECRET));
    assert_eq!(sent.url, "https://api.example.com/xmlrpc");
    let header = ("x-keap-api-key".to_owned(), SECRET.to_owned());
    assert_eq!(sent.headers, [("content-type".to_owned(), "text/xml; charset=utf-8".to_owned()), header]);
    assert_eq!(leading_key(&sent), text(KEY_PLACEHOLDER));
    assert!(!sent.text().contains(SECRET));
}

#[test]
fn a_legacy_key_is_the_first_parameter_and_nowhere_else() {
    let sent = sent_with(Credentials::legacy_key(SECRET));
    assert_eq!(sent.url, "https://api.example.com/xmlrpc");
    assert_eq!(sent.headers, [("content-type".to_owned(), "text/xml; charset=utf-8".to_owned())]);
    assert_eq!(leading_key(&sent), text(SECRET));
    assert_eq!(sent.text().matches(SECRET).count(), 1);
}

#[test]
fn methods_without_a_key_send_none() {
    for credentials in [Credentials::legacy_key(SECRET), Credentials::access_token(SECRET)] {
        let transport = Canned::ok(answer("<string>hello</string>"));
        let client = transport.client_with(credentials);
        assert_eq!(client.data().echo("hello").expect("the call succeeds"), "hello");
        let sent = transport.only_sent();
        assert_eq!(tree::request(&sent.text()).params, [text("hello")]);
        assert!(!sent.text().contains(SECRET));
    }
    let transport = Canned::ok(answer("<struct/>"));
    transport.client().data().get_user_info().expect("the call succeeds");
    assert_eq!(tree::request(&transport.only_sent().text()).params, []);
}

#[test]
fn without_an_endpoint_calls_go_to_the_documented_one() {
    let transport = Canned::ok(answer("1"));
    let client = Client::builder().credentials(Credentials::access_token(SECRET)).transport(transport.clone()).build();
    client.expect("the client can be built").data().delete("Contact", 7).expect("the call succeeds");
    assert_eq!(transport.only_sent().url, "https://api.infusionsoft.com/crm/xmlrpc/v1");
}

/// Why no client can be built.
fn refused(credentials: Option<Credentials>, endpoint: Option<&str>) -> String {
    let mut builder = Client::builder();
    if let Some(credentials) = credentials {
        builder = builder.credentials(credentials);
    }
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(endpoint);
    }
    let error = builder.build().expect_err("the configuration is not valid");
    assert_eq!(error.kind(), infusionsoft::ErrorKind::InvalidRequest);
    assert!(!error.maybe_executed() && !error.is_retryable());
    error.to_string()
}

#[test]
fn a_client_needs_credentials() {
    assert_eq!(format!("{}", refused(None, None)), "the client has no credentials: call `credentials` on its builder");
}

#[test]
fn empty_credentials_are_refused() {
    assert_eq!(format!("{}", refused(Some(Credentials::access_token("")), None)), "the credentials are empty");
}

#[test]
fn credentials_with_white_space_or_controls_are_refused_whatever_carries_them() {
    let carriers = [
        Credentials::access_token,
        Credentials::access_token_in_query,
        Credentials::personal_key,
        Credentials::legacy_key,
    ];
    for carrier in carriers {
        for secret in ["token\n", "to\r\nken: x", " token", "to\u{0}ken", "to\u{a0}ken", "Bearer token"] {
            insta::allow_duplicates! {
                assert_eq!(format!("{}", refused(Some(carrier(secret)), Some("https://example.com"))), "the credentials hold white space or a control character; was a line break or `Bearer` read with them?");
            }
        }
    }
}

#[test]
fn credentials_beyond_ascii_are_refused() {
    let credentials = Credentials::personal_key("Schlüssel");
    assert_eq!(format!("{}", refused(Some(credentials), None)), "the credentials hold a character beyond ASCII");
}

#[test]
fn a_legacy_key_needs_the_endpoint_of_its_application() {
    let credentials = Credentials::legacy_key(SECRET);
    assert_eq!(
        format!("{}", refused(Some(credentials), None)),
        "a legacy key needs the endpoint of its application: call `endpoint` on the client's builder"
    );
}

#[test]
fn an_endpoint_is_a_url_of_http() {
    let refused = |endpoint| refused(Some(Credentials::access_token(SECRET)), Some(endpoint));
    for endpoint in ["api.infusionsoft.com", "ftp://example.com", "/crm/xmlrpc"] {
        assert_eq!(refused(endpoint), "the endpoint is not a URL that begins with https:// or http://", "{endpoint}");
    }
    for endpoint in ["", "https//example.com", "http://", "http://exa mple/", "https://[::1/", "https://a:b:c/"] {
        assert_eq!(refused(endpoint), "the endpoint is not a URL", "{endpoint}");
    }
    for endpoint in ["http://example.com:99999/", "http://example.com:0", "http://example.com:/", "http://[::1]:x/"] {
        assert_eq!(refused(endpoint), "the endpoint's port is not a number from 1 to 65535", "{endpoint}");
    }
    assert_eq!(refused("http://:80/"), "the endpoint is a URL without a host");
    assert_eq!(
        refused("https://ada:secret@example.com/"),
        "the endpoint holds a user name: say who calls by `credentials`"
    );
    // A token in the query would become a part of it.
    assert_eq!(refused("https://example.com/rpc#x"), "the endpoint holds a fragment, from `#` on, which is never sent");
    for endpoint in [
        "http://localhost",
        "http://LOCALHOST:80/",
        "HTTPS://EXAMPLE.com:443/rpc?app=x1",
        "http://[::1]:8080/",
        "http://127.0.0.1:1",
    ] {
        let client = Client::builder().credentials(Credentials::access_token(SECRET)).endpoint(endpoint).build();
        client.expect(endpoint);
    }
}

#[test]
fn credentials_travel_by_https_or_within_this_machine_unless_the_transport_is_ones_own() {
    for endpoint in ["http://example.com/", "http://localhost.example.com/", "HTTP://127.0.0.1.example.com:80/rpc"] {
        let credentials = || Credentials::access_token(SECRET);
        assert_eq!(
            refused(Some(credentials()), Some(endpoint)),
            "the endpoint begins with http://, which shows the credentials to whoever listens: only https:// goes beyond \
             this machine, unless the client has a transport or an agent of your own"
        );
        let builder = || Client::builder().credentials(credentials()).endpoint(endpoint);
        builder().agent(Agent::new_with_defaults()).build().expect(endpoint);
        builder().transport(Canned::ok("")).build().expect(endpoint);
    }
}

#[test]
fn a_builder_shows_no_user_and_no_query_of_its_endpoint() {
    for (endpoint, shown) in [
        ("https://user:secret@example.com/rpc?token=secret", "https://example.com/rpc"),
        ("https://user:sec/r@et@example.com/", "https://example.com/"),
        ("user:secret@example.com", "example.com"),
        ("https://example.com/rpc#secret@", "https://example.com/rpc"),
    ] {
        let debug = format!("{:?}", Client::builder().endpoint(endpoint));
        assert!(debug.contains(&format!("endpoint: Some({shown:?})")) && !debug.contains("sec"), "{debug}");
    }
}
