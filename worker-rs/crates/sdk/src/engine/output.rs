//! The way of lines to the thread that writes them. What may wait there is bounded by bytes, because a line can be short
//! or take 16 MiB.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::engine::limits::DEFAULT_WAITING_BYTES;

/// Where lines go.
#[derive(Clone, Debug)]
pub struct Output {
    lines: UnboundedSender<Line>,
    room: Arc<Semaphore>,
    runtime: Handle,
}

/// A line on its way, with its `\n`, or several of them. It takes room until it is dropped.
#[derive(Debug)]
pub struct Line {
    bytes: Vec<u8>,
    is_last: bool,
    _room: OwnedSemaphorePermit,
}

impl Line {
    /// Whether what comes behind it is written by nobody.
    pub(crate) const fn is_last(&self) -> bool {
        self.is_last
    }
}

/// Room for a line, held until it is passed on.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    output: &'a Output,
    room: OwnedSemaphorePermit,
}

impl Room<'_> {
    pub(crate) fn pass(self, bytes: Vec<u8>) {
        self.output.pass(bytes, false, self.room);
    }
}

impl AsRef<[u8]> for Line {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// An output and the end of it that a thread reads.
#[must_use]
pub fn output(runtime: &Handle) -> (Output, UnboundedReceiver<Line>) {
    let (lines, receiver) = unbounded_channel();
    let output = Output {
        lines,
        room: Arc::new(Semaphore::new(DEFAULT_WAITING_BYTES)),
        runtime: runtime.clone(),
    };
    (output, receiver)
}

impl Output {
    /// Sends a line as soon as there is room for it.
    pub async fn send(&self, bytes: Vec<u8>) {
        self.room(bytes.len()).await.pass(bytes);
    }

    /// Waits for the room of this many bytes.
    pub(crate) async fn room(&self, bytes: usize) -> Room<'_> {
        let room = Arc::clone(&self.room);
        let room = room.acquire_many_owned(share(bytes)).await;
        let room = room.expect("nobody closes the semaphore");
        Room { output: self, room }
    }

    /// Sends a line if there is room for it.
    pub fn try_send(&self, bytes: Vec<u8>) {
        if let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(share(bytes.len())) {
            self.pass(bytes, false, room);
        }
    }

    /// As [`send`](Self::send), on a thread that is not one of the runtime's: it rests until there is room.
    pub fn blocking_send(&self, bytes: Vec<u8>) {
        self.runtime.block_on(self.send(bytes));
    }

    /// Sends the last line: what is sent behind it is written by nobody.
    pub(crate) async fn end(&self, bytes: Vec<u8>) {
        let Room { room, .. } = self.room(bytes.len()).await;
        self.pass(bytes, true, room);
    }

    fn pass(&self, bytes: Vec<u8>, is_last: bool, room: OwnedSemaphorePermit) {
        // A closed channel means that nobody listens; the process is about to end.
        drop(self.lines.send(Line {
            bytes,
            is_last,
            _room: room,
        }));
    }
}

/// The room that a line takes; one that is larger than all of it takes all.
fn share(bytes: usize) -> u32 {
    u32::try_from(bytes.min(DEFAULT_WAITING_BYTES)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_wait_for_room_not_for_places() {
        let (output, mut lines) = output(&Handle::current());
        for _ in 0..10_000 {
            output.send(b"short\n".to_vec()).await;
        }
        output.try_send(vec![b'x'; DEFAULT_WAITING_BYTES]);
        for _ in 0..10_000 {
            assert_eq!(lines.recv().await.unwrap().as_ref(), b"short\n");
        }
        assert!(
            lines.try_recv().is_err(),
            "there was no room for the long one"
        );

        output.send(vec![b'x'; DEFAULT_WAITING_BYTES + 1]).await;
        output.try_send(b"short\n".to_vec());
        let long = lines.recv().await.unwrap();
        assert!(lines.try_recv().is_err(), "the long one takes it all");
        drop(long);
        output.try_send(b"short\n".to_vec());
        assert_eq!(lines.recv().await.unwrap().as_ref(), b"short\n");
    }
}
