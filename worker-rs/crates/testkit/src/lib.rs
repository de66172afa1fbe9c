//! What tests need: builders for archives, hostile ones too, and servers that misbehave by script.

pub mod archive;
pub mod compressed;
pub mod page;
pub mod server;
