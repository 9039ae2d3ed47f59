//! Hides secrets in what a server repeats of a request, wherever that becomes a text.

use crate::secret::Secret;

/// Credentials shorter than any real one may be a word of the answer itself.
const SHORTEST_CREDENTIAL: usize = 16;
/// An argument is hidden even if it is as short as the number on the back of a card.
const SHORTEST_ARGUMENT: usize = 3;

/// The secrets of a call, in every form in which a page or a fault can repeat them.
pub(crate) struct Mask {
    /// The longest first: one can be a part of another.
    forms: Vec<String>,
}

impl Mask {
    pub(crate) fn new(credentials: &[&str], arguments: &[Secret]) -> Mask {
        let mut mask = Mask { forms: Vec::new() };
        for secret in credentials {
            if secret.len() >= SHORTEST_CREDENTIAL {
                mask.hide(secret);
            }
        }
        for secret in arguments {
            if secret.expose().len() >= SHORTEST_ARGUMENT {
                mask.hide(secret.expose());
            }
        }
        mask
    }

    /// Hides a secret as it is, as in a URL, as in JSON, as in XML and HTML, and as where those quote XML.
    fn hide(&mut self, secret: &str) {
        let json = secret.replace('\\', "\\\\").replace('"', "\\\"");
        for form in [secret.to_owned(), percent_encoded(secret), json.replace('/', "\\/"), json] {
            self.add(form);
        }
        let text = secret.replace('&', "&amp;").replace('<', "&lt;");
        let markup = text.replace('>', "&gt;");
        let quoted = |double: &str, single: &str| markup.replace('"', double).replace('\'', single);
        let quoted = [("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;")]
            .map(|(double, single)| quoted(double, single));
        for form in quoted.into_iter().chain([text, markup]) {
            self.add(form.replace('&', "&amp;"));
            self.add(form);
        }
    }

    fn add(&mut self, form: String) {
        if !self.forms.contains(&form) {
            let place = self.forms.partition_point(|other| other.len() >= form.len());
            self.forms.insert(place, form);
        }
    }

    /// Overwrites secrets byte by byte, so that the places of everything else stay the same; answers whether there were any.
    pub(crate) fn bytes(&self, text: &mut [u8]) -> bool {
        let mut found = false;
        for form in &self.forms {
            let mut at = 0;
            while at + form.len() <= text.len() {
                if text[at..].starts_with(form.as_bytes()) {
                    text[at..at + form.len()].fill(b'*');
                    found = true;
                }
                at += 1;
            }
        }
        found
    }

    /// Overwrites secrets in a text.
    pub(crate) fn text(&self, text: String) -> String {
        self.forms.iter().fold(text, |text, form| match text.contains(form) {
            true => text.replace(form, &"*".repeat(form.len())),
            false => text,
        })
    }
}

/// Leaves the characters that RFC 3986 calls unreserved, and encodes all others.
pub(crate) fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}
