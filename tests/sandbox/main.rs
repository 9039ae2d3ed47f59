//! The sandbox, over HTTP and in process as its users meet it.

mod account;
mod calls;
mod contacts;
mod data;
mod demo_data;
mod durable;
mod files;
mod gateway;
mod hostile;
mod hostile_state;
mod http;
mod in_process;
mod inject;
mod invoices;
mod kept;
mod migration;
mod oauth;
mod orders;
mod python;
mod queries;
mod strict;
mod subscriptions;
mod templates;
