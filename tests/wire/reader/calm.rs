//! What every outcome of reading must keep to, whatever was read.

use infusionsoft::{Error, ErrorKind};

/// The longest text of an error, in bytes.
const LONGEST: usize = 1024;

/// Panics unless the outcome is a value, a fault or an error about the body that can be shown.
pub(crate) fn assert_calm<T>(outcome: &Result<T, Error>, body: &[u8]) {
    let Err(error) = outcome else { return };
    match error.kind() {
        // The text of a fault is the server's own.
        ErrorKind::Fault => assert!(error.fault().is_some(), "a fault without its fault: {error:?}"),
        ErrorKind::Decode | ErrorKind::Gateway => {
            let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
            for text in chain.map(ToString::to_string) {
                assert!(!text.is_empty() && text.len() <= LONGEST, "{} bytes of text: {text}", text.len());
                assert!(!text.contains(char::is_control), "a control character in {text:?}");
            }
            assert!(error.maybe_executed(), "not said to be executed: {error:?}");
            // Credentials that a body repeats are masked in it.
            assert_eq!(error.body().map(<[u8]>::len), Some(body.len()), "{error:?}");
            assert_eq!(error.http_status(), Some(200), "{error:?}");
        }
        kind => panic!("an error of kind {kind:?}: {error:?}"),
    }
}
