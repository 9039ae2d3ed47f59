//! The client against a real server that misbehaves, on loopback.

mod canary;
mod children;
mod common;
mod compress;
mod connections;
mod once;
mod proxy;
mod secrets;
mod table;
mod threads;
mod timeouts;
