//! Looks at a body as a whole, before anything is parsed.

use super::error::{DecodeError, DecodeErrorKind, cut};
use super::text::{leading_name, trim, trim_start};

/// The elements that a web page starts with, however small.
const HTML: [&str; 12] = ["html", "head", "body", "title", "meta", "script", "h1", "h2", "p", "div", "center", "font"];

/// Returns the text of a body without its byte order mark, if it can be an XML-RPC response.
pub(super) fn text(body: &[u8]) -> Result<&str, DecodeError> {
    let refused = |kind, message: String, offset| Err(DecodeError::new(kind, message, offset));
    if body.trim_ascii().is_empty() {
        return refused(DecodeErrorKind::Blank, "the body is empty".into(), 0);
    }
    if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] = body {
        let message = "the body is UTF-16 instead of UTF-8".into();
        return refused(DecodeErrorKind::Malformed, message, 0);
    }
    // Faster than the standard library's own, with the same errors.
    let utf8 = simdutf8::compat::from_utf8(body);
    let valid = match utf8 {
        Ok(text) => text,
        Err(error) => str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default(),
    };
    let unmarked = valid.strip_prefix('\u{FEFF}').unwrap_or(valid);
    // A web page in another encoding is a web page first.
    if let Some(other) = other_than_xmlrpc(unmarked) {
        let message = format!("expected an XML-RPC response, got {other}");
        return refused(DecodeErrorKind::NotXmlRpc, message, 0);
    }
    match utf8 {
        Ok(_) if trim(unmarked).is_empty() => refused(DecodeErrorKind::Blank, "the body is empty".into(), 0),
        Ok(_) => Ok(unmarked),
        Err(error) if error.error_len().is_none() => refused(DecodeErrorKind::Truncated, TRUNCATED.into(), body.len()),
        Err(error) => {
            let message = "the body is not UTF-8".into();
            refused(DecodeErrorKind::Malformed, message, error.valid_up_to())
        }
    }
}

pub(super) const TRUNCATED: &str = "the body ends before the response does";

/// Says what a text looks like, unless it is or may become an XML-RPC response.
fn other_than_xmlrpc(text: &str) -> Option<String> {
    let mut rest = trim_start(text);
    // What may stand before the root element; what isn't closed is left to the parser.
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else {
            break;
        };
        rest = trim_start(rest.split_once(end)?.1);
    }
    let Some(markup) = rest.strip_prefix('<') else {
        return match rest.chars().next()? {
            '{' | '[' => Some("JSON".into()),
            '\0'..' ' | '\u{7F}' => Some("binary data".into()),
            _ => Some("plain text".into()),
        };
    };
    if let Some(declaration) = markup.strip_prefix('!') {
        let html = declaration.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("doctype html"));
        return html.then(|| "HTML".into());
    }
    let whole = leading_name(markup);
    let name = whole.unwrap_or(markup);
    if name == "methodResponse" || whole.is_none() && "methodResponse".starts_with(name) {
        None
    } else if HTML.iter().any(|tag| tag.eq_ignore_ascii_case(name)) {
        Some("HTML".into())
    } else {
        Some(format!("XML with the root <{}>", cut(name, 40)))
    }
}
