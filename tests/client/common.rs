//! What the tests of the client share.

use std::error::Error;

use infusionsoft::{Client, Retry};
use infusionsoft_tests::canned::Canned;

/// A response with one value.
pub(crate) fn answer(value: &str) -> String {
    format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>")
}

/// A response that refuses the call.
pub(crate) fn fault(code: i32, text: &str) -> String {
    let code = format!("<member><name>faultCode</name><value><i4>{code}</i4></value></member>");
    let text = format!("<member><name>faultString</name><value>{text}</value></member>");
    format!("<methodResponse><fault><value><struct>{code}{text}</struct></value></fault></methodResponse>")
}

/// A client that tries each call once.
pub(crate) fn once(transport: &Canned) -> Client {
    transport.builder().retry(Retry::none()).build().expect("the client can be built")
}

/// The texts of an error and of all that caused it.
pub(crate) fn chain(error: &dyn Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    texts.extend(error.source().map(chain).unwrap_or_default());
    texts
}

/// Decodes base64 by the letter, independently of the client.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    assert_eq!(text.len() % 4, 0, "base64 comes in groups of four");
    let letters = text.trim_end_matches('=');
    assert!(text.len() - letters.len() <= 2, "at most two letters are missing");
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in letters.chars() {
        bits = bits << 6 | LETTERS.find(letter).expect("a letter of base64") as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    assert_eq!(bits, 0, "no bit is left over");
    bytes
}
