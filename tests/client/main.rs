//! The client: what it sends, what it refuses to send, and what it makes of answers and failures.

mod common;
mod credentials;
mod datetime;
mod encode;
mod errors;
mod excerpts;
mod failures;
mod files;
mod http;
mod limits;
mod logs;
mod raw;
mod record;
mod retries;
mod secrets;
