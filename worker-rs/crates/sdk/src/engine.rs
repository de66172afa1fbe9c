//! What every worker does, whatever its rows are: standard input and output, the window, the heartbeat, the account, and
//! the end that fits each fault. [`Worker`](crate::Worker) is built on it; a worker that writes its own frames implements
//! [`Service`] and [`Session`].

mod conversation;
mod describe;
mod fatal;
mod heartbeat;
mod limits;
mod output;
mod selection;
mod service;
mod stdin;
mod stdout;
mod totals;

pub use conversation::run;
pub use describe::{describe, description};
pub use output::{Line, Output, output};
pub use selection::Selection;
pub use service::{Finished, Opened, Refusal, Service, Session};
