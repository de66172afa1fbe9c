//! A load server for benchmarks: the files of one folder from memory, each answer after a fixed latency.
//!
//! Requests and answers are copied as little as possible, because the server shares its machine with what is measured.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::connection::{head_end, path_of};

const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";

/// Whole answers, head and body in one piece, by path.
#[derive(Debug, Default)]
pub struct Folder {
    answers: HashMap<String, Vec<u8>>,
}

impl Folder {
    /// Reads every file of `folder`, not of its subfolders. A file `a.tar` answers for the path `/a.tar`.
    ///
    /// # Errors
    /// When the folder or one of its files can't be read.
    pub fn load(folder: &Path) -> io::Result<Self> {
        let mut answers = HashMap::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if fs::metadata(entry.path())?.is_file() {
                let body = fs::read(entry.path())?;
                let mut answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                )
                .into_bytes();
                answer.extend(body);
                answers.insert(format!("/{}", entry.file_name().to_string_lossy()), answer);
            }
        }
        Ok(Self { answers })
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there are no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Answers on `listener` until the future is dropped, each request after `latency`.
    ///
    /// # Errors
    /// When no connection can be accepted any more.
    pub async fn serve(self, listener: TcpListener, latency: Duration) -> io::Result<()> {
        let folder = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await?;
            let folder = Arc::clone(&folder);
            // An error there is a client that left.
            tokio::spawn(async move { folder.converse(stream, latency).await });
        }
    }

    async fn converse(&self, mut stream: TcpStream, latency: Duration) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut buffer = Vec::with_capacity(1 << 10);
        loop {
            while let Some(end) = head_end(&buffer) {
                let line = buffer[..end]
                    .split(|&byte| byte == b'\r')
                    .next()
                    .unwrap_or_default();
                let answer = std::str::from_utf8(line)
                    .ok()
                    .and_then(|line| self.answers.get(path_of(line)))
                    .map_or(NOT_FOUND, Vec::as_slice);
                buffer.drain(..end);
                if !latency.is_zero() {
                    tokio::time::sleep(latency).await;
                }
                stream.write_all(answer).await?;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
    }
}
