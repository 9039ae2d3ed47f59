//! Crate `base64`: encoding alone, into memory that is already there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Encodes bytes; answers how long they have become.
pub(crate) fn encode(bytes: &[u8], room: &mut [u8]) -> usize {
    STANDARD.encode_slice(bytes, room).expect("there is room")
}
