//! Authorization, tokens and their stores.

mod folder;
mod oauth_common;
mod oauth_failures;
mod oauth_forms;
mod oauth_redirects;
mod oauth_renewal;
mod oauth_secrets;
mod oauth_sessions;
mod process;
mod processes;
mod store;
mod store_file;
#[cfg(unix)]
mod store_log;
mod store_processes;
