//! One connection of the scripted server: reads requests, plays their answers.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::{Answer, End, Framing};
use super::{Request, State};

/// A test's request head is never longer.
const HEAD_BYTES: usize = 256 << 10;

/// Whether the connection takes another request.
enum Next {
    KeepAlive,
    Close,
}

pub(super) async fn run(mut stream: TcpStream, state: &State) {
    // An error here is a client that left, which is its right.
    let _ = converse(&mut stream, state).await;
}

async fn converse(stream: &mut TcpStream, state: &State) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read_request(stream, &mut buffer).await? {
        let path = path_of(&request.line).to_owned();
        let index = {
            let mut seen = state.seen();
            let requests = seen.entry(path.clone()).or_default();
            requests.push(request);
            requests.len() - 1
        };
        let missing = Answer::status(404);
        let answer = state.routes.answer(&path, index).unwrap_or(&missing);
        if matches!(play(stream, answer, &state.base).await?, Next::Close) {
            break;
        }
    }
    stream.shutdown().await
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        if let Some(end) = head_end(buffer) {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            buffer.drain(..end);
            return Ok(Some(parse(&head)));
        }
        if buffer.len() > HEAD_BYTES || stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// Where the blank line after a request's head ends; requests in tests have no body.
pub(super) fn head_end(buffer: &[u8]) -> Option<usize> {
    buffer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// The target of a request line without its query string.
pub(super) fn path_of(line: &str) -> &str {
    let target = line.split(' ').nth(1).unwrap_or_default();
    target.split('?').next().unwrap_or_default()
}

fn parse(head: &str) -> Request {
    let mut lines = head.lines();
    Request {
        line: lines
            .next()
            .unwrap_or_default()
            .trim_end_matches(" HTTP/1.1")
            .to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
    }
}

async fn play(stream: &mut TcpStream, answer: &Answer, base: &str) -> io::Result<Next> {
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    stream.write_all(head(answer, base).as_bytes()).await?;

    let sent = answer
        .end
        .map_or(answer.body.len(), |(bytes, _)| bytes.min(answer.body.len()));
    let piece = answer.drip.map_or(sent, |(bytes, _)| bytes).max(1);
    for bytes in answer.body[..sent].chunks(piece) {
        match answer.framing {
            Framing::Chunked => {
                let chunk = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
                stream.write_all(&chunk).await?;
            }
            Framing::Length(_) | Framing::Close | Framing::Raw => stream.write_all(bytes).await?,
        }
        if let Some((_, pause)) = answer.drip {
            tokio::time::sleep(pause).await;
        }
    }

    if let Some((count, number)) = &answer.last_wait {
        count.reaches(*number).await;
    }
    match (answer.end.map(|(_, end)| end), &answer.framing) {
        (Some(End::Reset), _) => {
            stream.set_zero_linger()?;
            // Without this error the caller would shut the connection down in good order first.
            Err(io::ErrorKind::ConnectionReset.into())
        }
        (Some(End::Hang), _) => {
            while stream.read(&mut [0; 64]).await? != 0 {}
            Ok(Next::Close)
        }
        (None, Framing::Chunked) => {
            stream.write_all(b"0\r\n\r\n").await?;
            Ok(Next::KeepAlive)
        }
        (None, Framing::Length(length)) if *length == sent as u64 => Ok(Next::KeepAlive),
        (Some(End::Close), _) | (None, Framing::Length(_) | Framing::Close | Framing::Raw) => {
            Ok(Next::Close)
        }
    }
}

fn head(answer: &Answer, base: &str) -> String {
    use std::fmt::Write as _;

    let mut head = String::new();
    if answer.framing == Framing::Raw {
        return head;
    }
    let mut line = |text: std::fmt::Arguments<'_>| {
        write!(head, "{text}\r\n").expect("a string takes all writes");
    };
    line(format_args!("HTTP/1.1 {} Scripted", answer.status));
    for (name, value) in &answer.headers {
        line(format_args!("{name}: {}", value.replace("{base}", base)));
    }
    match answer.framing {
        Framing::Length(length) => line(format_args!("content-length: {length}")),
        Framing::Chunked => line(format_args!("transfer-encoding: chunked")),
        Framing::Close | Framing::Raw => line(format_args!("connection: close")),
    }
    line(format_args!(""));
    head
}
