//! Tests that need a process of their own, since what they set or measure belongs to the whole process.

use std::env;
use std::process::Command;

/// What would send a child's requests elsewhere.
const PROXIES: [&str; 8] =
    ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];

/// Runs an ignored test of this program alone, with these variables, and answers what it prints.
pub(crate) fn run(test: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(env::current_exe().expect("this program has a path"));
    child.args([test, "--exact", "--ignored", "--nocapture"]);
    PROXIES.iter().for_each(|name| _ = child.env_remove(name));
    let output = child.envs(variables.iter().copied()).output().expect("a child can be run");
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success() && printed.contains("1 passed"), "{test} fails:\n{printed}");
    printed
}
