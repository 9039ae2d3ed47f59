//! Secrets that must show nowhere, and where to look for them.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Once;

use infusionsoft::{CardDetails, ContactId};
use log::{Level, LevelFilter, Log, Metadata, Record};

/// A token or key. Its characters are those that some encoding changes.
pub(crate) const CREDENTIAL: &str = "canary/credential+=&0123456789";
pub(crate) const REFRESH_TOKEN: &str = "canary/refresh+token&0123456789";
pub(crate) const CLIENT_SECRET: &str = "canary/client+secret%0123456789";
pub(crate) const CARD: &str = "4111111111111111";
pub(crate) const CVV: &str = "canary-cvv-0123456789";
pub(crate) const HASH: &str = "canary-hash-0123456789abcdef";

const ALL: [&str; 6] = [CREDENTIAL, REFRESH_TOKEN, CLIENT_SECRET, CARD, CVV, HASH];

/// A card whose number and code are canaries.
pub(crate) fn card() -> CardDetails {
    CardDetails {
        card_type: "Visa".into(),
        contact_id: ContactId(18),
        card_number: CARD.into(),
        expiration_month: "12".into(),
        expiration_year: "2030".into(),
        cvv2: CVV.into(),
    }
}

/// How much of a canary is recognized: an excerpt may end within it.
const BEGINNING: usize = 12;

/// The canaries that show in a text, or begin to: plain, as base64, with percent signs or in hex.
pub(crate) fn found(text: &str) -> Vec<&'static str> {
    let small = text.to_ascii_lowercase();
    let shows = |canary: &&str| {
        let beginning = &canary[..BEGINNING];
        let plain = [beginning.to_owned(), hex(beginning), percent(beginning).to_ascii_lowercase()];
        plain.iter().any(|form| small.contains(form)) || base64(beginning).iter().any(|form| text.contains(form))
    };
    ALL.into_iter().filter(shows).collect()
}

/// Fails if a canary shows in a text.
pub(crate) fn assert_silent(text: &str) {
    let found = found(text);
    assert!(found.is_empty(), "{found:?} in {text}");
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => encoded.push(byte.into()),
            false => _ = write!(encoded, "%{byte:02X}"),
        }
        encoded
    })
}

/// What base64 makes of a text, wherever it begins within what is encoded; without the characters that hang on its neighbours.
fn base64(text: &str) -> [String; 3] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|before| {
        let bytes = [&vec![0; before], text.as_bytes()].concat();
        let letters = bytes.chunks_exact(3).flat_map(|group| {
            let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
            [18, 12, 6, 0].map(|shift| char::from(LETTERS[(bits >> shift & 63) as usize]))
        });
        // The letters of what comes before it are not its own.
        letters.skip([0, 2, 3][before]).collect()
    })
}

thread_local! {
    static LINES: RefCell<Option<String>> = const { RefCell::new(None) };
}

struct Capture;

impl Log for Capture {
    /// Everything at level trace but the library below: there it shows requests as they travel, which is why the docs say to
    /// keep that level off.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let library = ["ureq", "ureq_proto"].contains(&metadata.target().split("::").next().unwrap_or_default());
        !(library && metadata.level() == Level::Trace) && LINES.with_borrow(Option::is_some)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        // What is shown may log while it is.
        let line = format!("{} {} {}\n", record.level(), record.target(), record.args());
        LINES.with_borrow_mut(|lines| lines.as_mut().map(|lines| lines.push_str(&line)));
    }

    fn flush(&self) {}
}

/// What is logged on this thread meanwhile.
pub(crate) fn logged<T>(act: impl FnOnce() -> T) -> (T, String) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&Capture).expect("there is no other logger");
        log::set_max_level(LevelFilter::Trace);
    });
    LINES.set(Some(String::new()));
    let result = act();
    (result, LINES.take().unwrap_or_default())
}

#[test]
fn a_canary_is_found_in_every_form() {
    for (canary, text) in [
        (CARD, format!("number {CARD}.")),
        (CARD, hex(CARD).to_ascii_uppercase()),
        (CREDENTIAL, "access_token=canary%2Fcredential%2B%3D%260123456789".to_owned()),
        (CLIENT_SECRET, "Basic aWQ6Y2FuYXJ5L2NsaWVudCtzZWNyZXQlMDEyMzQ1Njc4OQ==".to_owned()),
        (HASH, "Y2FuYXJ5LWhhc2gtMDEyMzQ1Njc4OWFiY2RlZg==".to_owned()),
    ] {
        assert_eq!(found(&text), [canary], "{text}");
    }
    assert_eq!(found("nothing of all this: 411111, canary"), [""; 0]);
}
