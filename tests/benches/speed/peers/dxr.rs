//! Crate `dxr`: its reader, without its HTTP client.

use dxr::{MethodResponse, Value};

/// Reads a response.
pub(crate) fn read(document: &str) -> Value {
    MethodResponse::from_xml(document).expect("dxr reads the documents").value
}
