//! Any bytes as the body of an answer, read as whatever they hold and as the type that a function declares.
//!
//! The length chooses the function. To run it, starting from the documented samples:
//!
//! ```text
//! cargo install cargo-fuzz
//! cd tests
//! mkdir -p fuzz/corpus/answer
//! cargo +nightly fuzz run answer fuzz/corpus/answer ../catalog/samples -- -max_len=8192
//! ```

#![no_main]

use infusionsoft_tests::calls::CALLS;
use infusionsoft_tests::canned::Canned;
use libfuzzer_sys::fuzz_target;

#[path = "../../wire/reader/calm.rs"]
mod calm;

fuzz_target!(|body: &[u8]| {
    let client = Canned::ok(body).client();
    let call = &CALLS[body.len() % CALLS.len()];
    calm::assert_calm(&client.call_raw("X.y", []), body);
    calm::assert_calm(&(call.call)(&client), body);
});
