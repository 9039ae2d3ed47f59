//! Wrong use of the tables doesn't compile, and the compiler says why.

use std::process::Command;

/// The compiler whose words are pinned. Others say the same in other words.
const PINNED: &str = "rustc 1.95.";

#[test]
fn wrong_use_does_not_compile_and_the_message_says_why() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("a compiler");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if !version.starts_with(PINNED) {
        assert!(std::env::var_os("CI").is_none(), "the messages are pinned to {PINNED}x, this is {version}");
        println!("skipped: the messages are pinned to {PINNED}x, this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
