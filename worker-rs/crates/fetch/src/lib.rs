//! The guarded HTTP client: it gets the bytes of one URL past every hostile thing a server can do, and says what
//! happened. It knows addresses, redirects, time limits and retries; it knows nothing of archives.

mod address;
mod attempt;
mod classify;
mod client;
mod config;
mod consumer;
mod error;
mod pace;
mod resolver;
mod retry;
mod target;

pub use client::Client;
pub use config::*;
pub use consumer::{Consumer, Depth, Head, Report, Stop};
pub use error::{FetchError, NewClientError, Phase};
