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
        self.add(secret.to_owned());
        self.add(percent_encoded(secret));
        self.add(json.replace('/', "\\/"));
        self.add(json);
        let text = secret.replace('&', "&amp;").replace('<', "&lt;");
        let markup = text.replace('>', "&gt;");
        for (double, single) in &[("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;")] {
            self.add_markup(markup.replace('"', double).replace('\'', single));
        }
        self.add_markup(text);
        self.add_markup(markup);
    }

    /// Adds a form as it is in XML or HTML, and as where those quote it.
    fn add_markup(&mut self, form: String) {
        self.add(form.replace('&', "&amp;"));
        self.add(form);
    }

    fn add(&mut self, form: String) {
        let mut place = 0;
        while let Some(other) = self.forms.get(place)
            && other.len() >= form.len()
        {
            if *other == form {
                return;
            }
            place += 1;
        }
        self.forms.insert(place, form);
    }

    /// Overwrites secrets byte by byte, so that the places of everything else stay the same; answers whether there were any.
    pub(crate) fn bytes(&self, text: &mut [u8]) -> bool {
        let mut found = false;
        for form in &self.forms {
            let Some(first) = form.as_bytes().first() else { continue };
            let mut at = 0;
            while let Some(next) = text[at..].iter().position(|byte| byte == first) {
                at += next;
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
        let mut bytes = text.into_bytes();
        self.bytes(&mut bytes);
        // Only whole characters were overwritten, since the forms are texts too.
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// Leaves the characters that RFC 3986 calls unreserved, and encodes all others.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
