//! `yardstick pipe`: URLs on standard input, one JSON object per entry on standard output. What one would hand to `RDD.pipe`.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use bytes::Bytes;
use futures_util::{TryStreamExt, stream};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::archive::{for_each_entry, to_hex, type_name};
use crate::download::for_each_body;

/// Rust's own `Stdout` would write at each newline.
const OUTPUT_BUFFER: usize = 64 * 1024;

/// The columns of rustpipe's `entries` table, so that one program serves any query over them. Numbers that the header leaves
/// blank, as cargo does, are null.
#[derive(Serialize)]
struct Row<'a> {
    url: &'a str,
    entry_index: usize,
    path: &'a str,
    entry_type: &'static str,
    size: u64,
    mode: Option<u32>,
    mtime: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    uname: Option<&'a str>,
    gname: Option<&'a str>,
    link_target: Option<&'a str>,
    sha256: Option<String>,
}

/// The one object of an archive that failed, after those of the entries before.
#[derive(Serialize)]
struct Failure<'a> {
    url: &'a str,
    error_message: String,
}

/// Answers the URLs on standard input until its end.
///
/// # Errors
/// Standard output can't be written, or the client can't be built.
pub(crate) async fn run(at_once: usize) -> Result<()> {
    let (sender, mut urls) = mpsc::channel(at_once);
    // A thread of its own: a read of standard input can't be cancelled and would block a thread of the runtime.
    std::thread::spawn(move || {
        for url in io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(url).is_err() {
                break;
            }
        }
    });
    let urls = stream::poll_fn(move |context| urls.poll_recv(context));
    let mut output = BufWriter::with_capacity(OUTPUT_BUFFER, io::stdout().lock());
    let mut rows = std::pin::pin!(for_each_body(urls, at_once, rows_of)?);
    while let Some(rows) = rows.try_next().await? {
        output.write_all(&rows?)?;
    }
    Ok(output.flush()?)
}

fn rows_of(url: &str, body: Result<Bytes>) -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    let read = body.and_then(|body| {
        let mut entry_index = 0;
        Ok(for_each_entry(&body, |entry, sha256| {
            let header = entry.header();
            let (path, link_target) = (entry.path_bytes(), entry.link_name_bytes());
            let row = Row {
                url,
                entry_index,
                path: &String::from_utf8_lossy(&path),
                entry_type: type_name(header.entry_type()),
                size: entry.size(),
                mode: header.mode().ok(),
                mtime: header.mtime().ok(),
                uid: header.uid().ok(),
                gid: header.gid().ok(),
                uname: header.username().ok().flatten(),
                gname: header.groupname().ok().flatten(),
                link_target: link_target
                    .as_deref()
                    .and_then(|name| str::from_utf8(name).ok()),
                sha256: sha256.as_ref().map(to_hex),
            };
            entry_index += 1;
            line(&mut rows, &row)
        })?)
    });
    if let Err(error) = read {
        let error_message = format!("{error:#}");
        line(&mut rows, &Failure { url, error_message })?;
    }
    Ok(rows)
}

fn line(rows: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *rows, value)?;
    rows.push(b'\n');
    Ok(())
}
