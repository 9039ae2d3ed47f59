//! Excerpts of answers: what is wrong is quoted, but no secret that the answer brings.

use std::fmt::Debug;

use infusionsoft::{DateTime, Error, ErrorKind, Secret, tables};
use infusionsoft_tests::canned::Canned;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::common::{answer, chain};

/// The text of a password: no error shows this letter otherwise.
const PASSWORD: &str = "ЖЖЖЖ ЖЖЖЖ";

/// What is said instead of what could quote a secret.
const UNTOLD: &str = "what is wrong with the answer may be a secret, so it is not shown";

/// Members that hold the password, however they are written.
const MEMBERS: [&str; 8] = [
    "<name>Password</name><value>ЖЖЖЖ ЖЖЖЖ</value>",
    "<name>Password</name><value><string>ЖЖЖЖ</string></value>",
    "\n  <name>\n    Password\n  </name>\n  <value>\n    <string>ЖЖЖЖ</string>\n  </value>\n",
    "\n  <name>Password</name>\n  <value>\n    ЖЖЖЖ\n  </value>\n",
    "<name a='b'> Password</name ><value a='b'> <string a='b'> ЖЖЖЖ</string></value>",
    "<name>accessPassword</name><value>Ж<![CDATA[</value>Ж]]>Ж</value>",
    "<name>CVV2</name><value>Ж&amp;Ж&#x416;Ж</value>",
    "<name>Password</name><value><array><data> <value>ЖЖ</value> <value><string>Ж</string></value></data></array></value>",
];

fn assert_hides_password(error: &Error) -> String {
    let body = String::from_utf8_lossy(error.body().unwrap_or_default());
    let shown = format!("{error} {error:?} {error:#?} {} {body}", chain(error).join(" "));
    assert!(!shown.contains('Ж'), "{shown}");
    error.to_string()
}

/// The error for an answer that can't be read.
fn unreadable(body: impl Into<Vec<u8>>) -> Error {
    Canned::ok(body).client().call_raw("DataService.query", []).expect_err("an answer that is broken")
}

#[test]
fn an_answer_that_breaks_off_at_or_after_a_secret_of_its_own_does_not_show_it() {
    for member in MEMBERS {
        let body = answer(&format!("<struct><member>{member}</member></struct>"));
        for end in body.find("<member>").expect("a member")..body.len() {
            let error = unreadable(&body.as_bytes()[..end]);
            let text = assert_hides_password(&error);
            assert!(text.contains("the body ends before the response does"), "{text}");
            assert!(error.body().is_some_and(|kept| kept.len() == end), "all else stays in its place");
        }
    }
    let page =
        "<methodResponse><params><param><value><array><data><value><struct><member><name>Password</name><value>Ж";
    let error = Canned::ok(page).client().find::<tables::Contact>().limit(1).fetch().expect_err("half a page");
    assert_hides_password(&error);
}

#[test]
fn an_answer_that_is_broken_after_a_secret_of_its_own_does_not_show_it() {
    for member in MEMBERS {
        for broken in ["<b/>", "</member>", "<member>&x;", "<member><name>Id</name><i4>5</i4></member>"] {
            let error = unreadable(answer(&format!("<struct><member>{member}</member>{broken}</struct>")));
            assert_eq!(error.kind(), ErrorKind::Decode, "{member}{broken}");
            assert!(!assert_hides_password(&error).contains(UNTOLD), "{error}");
        }
    }
    let error = unreadable(answer("<struct><member><name>Password</name><value>ЖЖ</value></member><b/></struct>"));
    assert!(assert_hides_password(&error).contains("unexpected <b> in struct (byte 103: …"), "{error}");
}

#[test]
fn a_secret_that_breaks_its_answer_itself_is_not_shown() {
    for password in ["Ж&Ж", "Ж&Ж;", "&Ж;", "Ж<Ж", "<Ж", "<Ж>", "<Ж/>", "Ж<Ж a='Ж", "Ж\u{1}Ж", "<b>Ж</b>"]
    {
        for value in [format!("<value>{password}</value>"), format!("<value><string>{password}</string></value>")] {
            let body = answer(&format!("<struct><member><name>Password</name>{value}</member></struct>"));
            let client = Canned::ok(body).builder().strict_characters(true).build().expect("a client");
            let error = client.call_raw("DataService.query", []).expect_err("an answer that is broken");
            assert_hides_password(&error);
        }
    }
    for member in ["<name>Password<value>ЖЖ</value>", "<name>Password</name><value>ЖЖ", "<name>Password</name>ЖЖ"]
    {
        assert_hides_password(&unreadable(answer(&format!("<struct><member>{member}</member></struct>"))));
    }
    let latin1 = b"<methodResponse><params><param><value><struct><member><name>Password</name><value>\xE9\xE9</value>";
    assert!(unreadable(*latin1).body().is_some_and(|body| body.ends_with(b"<value>**</value>")));
    let error = unreadable(answer("<struct><member><name>Password</name><value>Ж&Ж</value></member></struct>"));
    assert!(assert_hides_password(&error).contains(&format!("{UNTOLD} (byte 84: …")), "{error}");
}

#[test]
fn a_secret_of_an_answer_that_is_no_such_type_is_not_shown() {
    #[derive(Debug, Deserialize)]
    struct Own<T> {
        #[serde(rename = "Password")]
        _password: T,
        #[serde(rename = "Id")]
        _id: Option<i32>,
    }

    fn refused<T: DeserializeOwned + Debug>(row: &str) -> String {
        let page = answer(&format!("<array><data><value><struct>{row}</struct></value></data></array>"));
        let error = Canned::ok(page).client().find_as::<tables::Contact, T>().limit(1).fetch();
        assert_hides_password(&error.expect_err("another type"))
    }

    let row = format!("<member><name>Password</name><value>{PASSWORD}</value></member>");
    let error = refused::<Own<i32>>(&row);
    assert!(error.ends_with(r#"[0].Password: expected int, got "*****************""#), "{error}");
    refused::<Own<bool>>(&row);
    refused::<Own<char>>(&row);
    refused::<Own<DateTime>>(&row);
    refused::<Own<Vec<Secret>>>(&row);
    // What stands behind a secret that is no text can't be told without it.
    let row = "<member><name>Password</name><value>7</value></member><member><name>Id</name><value>x</value></member>";
    let error = refused::<Own<i32>>(row);
    assert!(error.ends_with(UNTOLD), "{error}");
}

#[test]
fn a_member_whose_name_only_resembles_that_of_a_secret_is_shown() {
    for name in ["PasswordHint", "OldPassword", "Password 2", "password", "Pass word", ""] {
        let error = unreadable(answer(&format!("<struct><member><name>{name}</name><value>shown<b/></value>")));
        assert!(error.to_string().contains("<value>shown<b/>"), "{name}: {error}");
    }
    let error = unreadable(answer("<struct><member><name>Hint</name><value>Password</value><value>shown<b/></value>"));
    assert!(error.to_string().contains("<value>shown<b/>"), "{error}");
}
