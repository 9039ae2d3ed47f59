//! What the text of a scalar says.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig, Simd};

use super::document::Scalar;
use super::text::trim;

/// Takes what encoders write in the wild: with padding or without, with odd bits at the end.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Whether a text is a whole number, however great.
pub(super) fn is_int(text: &str) -> bool {
    let ([b'+' | b'-', digits @ ..] | digits) = text.as_bytes();
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// Reads a boolean: 1, 0, true or false.
pub(super) fn boolean(_: Scalar, text: &str) -> Option<bool> {
    if text == "1" || text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text == "0" || text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Reads a double. Rust also reads "inf" and "NaN", which are words unless they are tagged, and makes what is too great
/// infinite.
pub(super) fn double(scalar: Scalar, text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite() || scalar == Scalar::Double)
}

/// Narrows a number, unless it is too great: it would become infinite.
pub(crate) fn float(number: f64) -> Option<f32> {
    let narrow = number as f32;
    (narrow.is_finite() || !number.is_finite()).then_some(narrow)
}

/// Decodes base64 text, whose white space means nothing.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let base64 = Simd::standard(LENIENT);
    if let Ok(bytes) = base64.decode(text) {
        return Some(bytes);
    }
    // Lines are common and joined fast; any other white space is neither.
    let mut joined = String::with_capacity(text.len());
    for line in text.split('\n') {
        joined.push_str(trim(line));
    }
    if let Ok(bytes) = base64.decode(&joined) {
        return Some(bytes);
    }
    joined.clear();
    for word in text.split_ascii_whitespace() {
        joined.push_str(word);
    }
    base64.decode(&joined).ok()
}
