//! The script: what each path answers, and how it misbehaves.

use std::collections::HashMap;
use std::time::Duration;

use super::count::Count;

/// What each path answers.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    by_path: HashMap<String, Vec<Answer>>,
}

impl Routes {
    /// No paths yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same answer for every request of `path`, which begins with `/` and has no query string.
    #[must_use]
    pub fn on(self, path: &str, answer: Answer) -> Self {
        self.on_each(path, [answer])
    }

    /// The first answer for the first request, and so on; the last one for all later requests.
    #[must_use]
    pub fn on_each(mut self, path: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.by_path
            .insert(path.to_owned(), answers.into_iter().collect());
        self
    }

    /// The answer for request number `index`, from 0.
    pub(super) fn answer(&self, path: &str, index: usize) -> Option<&Answer> {
        let answers = self.by_path.get(path)?;
        answers.get(index).or(answers.last())
    }
}

/// One answer. The default frames the body by a true `Content-Length` and keeps the connection.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) framing: Framing,
    pub(super) delay: Duration,
    pub(super) drip: Option<(usize, Duration)>,
    pub(super) end: Option<(usize, End)>,
    pub(super) last_wait: Option<(Count, u64)>,
}

/// How the body's length is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    /// Neither: the body ends with the connection.
    Close,
    /// The body is all there is: no head is made.
    Raw,
}

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Close,
    Reset,
    /// Open and silent until the server is dropped or the client leaves.
    Hang,
}

impl Answer {
    /// `200` with this body.
    #[must_use]
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).body(body)
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            framing: Framing::Length(0),
            delay: Duration::ZERO,
            drip: None,
            end: None,
            last_wait: None,
        }
    }

    /// A redirect; `{base}` in `location` stands for the server's `http://127.0.0.1:port`.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("location", location)
    }

    /// Exactly these bytes, head included, and then the end of the connection.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        let mut answer = Self::ok(bytes);
        answer.framing = Framing::Raw;
        answer
    }

    /// With this body and its true length.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.framing = Framing::Length(self.body.len() as u64);
        self
    }

    /// With one more header; `{base}` in its value stands for the server's `http://127.0.0.1:port`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Claims this `Content-Length`, whatever the body has. A body that is shorter ends with the connection.
    #[must_use]
    pub fn content_length(mut self, bytes: u64) -> Self {
        self.framing = Framing::Length(bytes);
        self
    }

    /// The body in chunks, without a `Content-Length`.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    /// The body without any length, ended by the end of the connection.
    #[must_use]
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::Close;
        self
    }

    /// Waits before the head.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The body in pieces of `bytes`, with `pause` after each.
    #[must_use]
    pub fn drip(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some((bytes, pause));
        self
    }

    /// Closes the connection after this many bytes of the body.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.end = Some((bytes, End::Close));
        self
    }

    /// Resets the connection after this many bytes of the body.
    #[must_use]
    pub fn reset_after(mut self, bytes: usize) -> Self {
        self.end = Some((bytes, End::Reset));
        self
    }

    /// Waits, once the bytes of the body are sent and before the connection breaks, until `count` is at least `number`.
    #[must_use]
    pub fn once(mut self, count: &Count, number: u64) -> Self {
        self.last_wait = Some((count.clone(), number));
        self
    }

    /// Sends nothing more after this many bytes of the body, and keeps the connection open.
    #[must_use]
    pub fn hang_after(mut self, bytes: usize) -> Self {
        self.end = Some((bytes, End::Hang));
        self
    }
}
