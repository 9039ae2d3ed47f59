//! The sandbox, over HTTP as its users meet it.

mod calls;
mod gateway;
mod hostile;
mod http;
mod strict;
