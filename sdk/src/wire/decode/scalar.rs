//! What the text of a scalar says.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::text::SPACE;

/// Takes what encoders write in the wild: with padding or without, with odd bits at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads a boolean: 1, 0, true or false.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text == "1" || text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text == "0" || text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Decodes base64 text, whose white space means nothing.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.contains(SPACE) { BASE64.decode(text.replace(SPACE, "")).ok() } else { BASE64.decode(text).ok() }
}
