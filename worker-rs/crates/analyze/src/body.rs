//! A body on its way from the network to the pool.
//!
//! A small body is collected and read in one job. A large one is read in pieces as it comes: the pipeline moves into a
//! job with some bytes and comes back with the result. A broken download starts again with nothing of this; rows that
//! have left by then are not sent again.

use std::time::{Duration, Instant};

use bytes::Bytes;
use rustpipe_archive::Compression;
use rustpipe_fetch::{Consumer, Head, Stop};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::cpu::{Cpu, Panicked};
use crate::limits::{DEFAULT_JOB_BYTES, DEFAULT_PLACED_BYTES};
use crate::pipeline::{Findings, Pipeline, Work};

/// Takes one input's body.
pub(crate) struct Body<'a> {
    cpu: &'a Cpu,
    work: Work,
    /// Bytes up to which any body is collected.
    collected: usize,
    /// Bytes that must be in hand before any of them is read, because rows of them have left.
    in_hand: usize,
    /// What the server says of the body's length.
    declared: Option<usize>,
    /// For larger bodies that make the worker hold much.
    places: &'a Semaphore,
    place: Option<SemaphorePermit<'a>>,
    state: State,
    clock: Clock,
}

/// Where an input's time went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Work on the body.
    pub(crate) scan: Duration,
    /// The download's waits for it.
    pub(crate) paused: Duration,
}

enum State {
    /// No body has begun, or none is needed.
    Nothing,
    /// All bytes so far.
    Collecting(Vec<u8>),
    /// The pipeline, and bytes that it has not seen.
    Streaming(Box<Pipeline>, Vec<u8>),
    /// Large, and too many others that make the worker hold much are on their way.
    Crowded,
    /// A job panicked.
    Failed(Panicked),
}

/// How a body has ended.
pub(crate) enum Ended {
    /// What is known of it, or of the part of it that came.
    Read(Box<Findings>),
    /// It has to be fetched again, with a place in hand.
    Crowded,
    /// A job panicked.
    Failed(Panicked),
}

impl<'a> Body<'a> {
    /// `places` bound the large bodies that make the worker hold much; `place` is one of them.
    pub(crate) fn new(
        cpu: &'a Cpu,
        work: Work,
        collected: usize,
        places: &'a Semaphore,
        place: Option<SemaphorePermit<'a>>,
    ) -> Self {
        Self {
            cpu,
            work,
            collected,
            in_hand: 0,
            declared: None,
            places,
            place,
            state: State::Nothing,
            clock: Clock::default(),
        }
    }

    /// `arrived`: the download has ended well.
    pub(crate) async fn finish(mut self, arrived: bool) -> (Ended, Clock) {
        let state = std::mem::replace(&mut self.state, State::Nothing);
        if matches!(state, State::Crowded) {
            return (Ended::Crowded, self.clock);
        }
        let ended = if arrived || self.work.reads_parts() {
            self.findings(state, arrived).await
        } else {
            Ok(Findings::default())
        };
        let ended = ended.map_or_else(Ended::Failed, |findings| Ended::Read(Box::new(findings)));
        (ended, self.clock)
    }

    async fn findings(&mut self, state: State, arrived: bool) -> Result<Findings, Panicked> {
        match state {
            State::Nothing | State::Crowded => Ok(Findings::default()),
            State::Failed(panicked) => Err(panicked),
            State::Collecting(body) if arrived => {
                let work = self.work.clone();
                self.run(move || work.whole(body)).await
            }
            State::Collecting(body) => {
                let mut pipeline = Pipeline::new(&self.work);
                let job = move || {
                    pipeline.push(&body);
                    pipeline.part()
                };
                self.run(job).await
            }
            State::Streaming(mut pipeline, rest) => {
                let job = move || {
                    pipeline.push(&rest);
                    if arrived {
                        pipeline.finish()
                    } else {
                        pipeline.part()
                    }
                };
                self.run(job).await
            }
        }
    }

    async fn run<T: Send + 'static>(
        &mut self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let (value, took) = self.cpu.run(job).await?;
        self.clock.scan += took;
        Ok(value)
    }

    /// Bytes to collect before the body is streamed. With a place, more is collected: what has its digest before the
    /// walk needs no rows to wait for it. A body that is known to be too long is streamed at once.
    fn most_collected(&self) -> usize {
        let most = match self.place {
            Some(_) => DEFAULT_PLACED_BYTES,
            None => self.collected,
        };
        let most = if self.is_declared_beyond(most) {
            most.min(DEFAULT_JOB_BYTES)
        } else {
            most
        };
        most.max(self.in_hand)
    }

    fn is_declared_beyond(&self, length: usize) -> bool {
        self.declared.is_some_and(|declared| declared > length)
    }

    /// Whether a body that begins so may be longer than is always collected.
    fn has_place(&mut self, start: &[u8]) -> bool {
        let needs_place =
            self.work.is_holding() || has_large_window(start) || self.in_hand > self.collected;
        !needs_place || self.takes_place()
    }

    fn takes_place(&mut self) -> bool {
        if self.place.is_none() {
            self.place = self.places.try_acquire().ok();
        }
        self.place.is_some()
    }
}

fn has_large_window(start: &[u8]) -> bool {
    Compression::of(start).is_some_and(Compression::has_large_window)
}

impl Consumer for Body<'_> {
    async fn begin(&mut self, head: &Head) {
        self.declared = head
            .content_length
            .map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let resume = self.work.outlet().resume();
        self.in_hand = resume.map_or(0, |resume| resume.in_hand());
        self.state = if self.work.needs_bytes() {
            let capacity = self.declared.unwrap_or(0).min(self.most_collected());
            State::Collecting(Vec::with_capacity(capacity))
        } else {
            State::Nothing
        };
    }

    async fn chunk(&mut self, bytes: Bytes) -> Result<(), Stop> {
        let (mut pipeline, mut pending) = match std::mem::replace(&mut self.state, State::Nothing) {
            State::Nothing => return Ok(()),
            state @ (State::Crowded | State::Failed(_)) => {
                self.state = state;
                return Err(Stop);
            }
            State::Collecting(mut body) => {
                body.extend_from_slice(&bytes);
                let is_large =
                    body.len() > self.collected || self.is_declared_beyond(self.collected);
                if is_large && !self.has_place(&body) {
                    self.state = State::Crowded;
                    return Err(Stop);
                }
                if body.len() <= self.most_collected() {
                    self.state = State::Collecting(body);
                    return Ok(());
                }
                (Box::new(Pipeline::new(&self.work)), body)
            }
            State::Streaming(pipeline, mut pending) => {
                pending.extend_from_slice(&bytes);
                if pending.len() < DEFAULT_JOB_BYTES {
                    self.state = State::Streaming(pipeline, pending);
                    return Ok(());
                }
                (pipeline, pending)
            }
        };
        let job = move || {
            pipeline.push(&pending);
            pending.clear();
            // What was collected at first is larger than any piece after it.
            pending.shrink_to(2 * DEFAULT_JOB_BYTES);
            (pipeline, pending)
        };
        let paused = Instant::now();
        let done = self.run(job).await;
        self.clock.paused += paused.elapsed();
        match done {
            Ok((pipeline, pending)) => {
                if pipeline.is_holding() && !self.takes_place() {
                    self.state = State::Crowded;
                    return Err(Stop);
                }
                let over = pipeline.is_over();
                self.state = State::Streaming(pipeline, pending);
                if over { Err(Stop) } else { Ok(()) }
            }
            Err(panicked) => {
                self.state = State::Failed(panicked);
                Err(Stop)
            }
        }
    }

    fn restart(&mut self) {
        self.state = State::Nothing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_window_is_told_by_every_way_to_begin() {
        for start in [
            &b"\xFD7zXZ\0\0\x04"[..],
            b"\x28\xB5\x2F\xFD\x04",
            b"\x50\x2A\x4D\x18\x04",
            b"\x5F\x2A\x4D\x18\x04",
        ] {
            assert!(has_large_window(start), "{}", start.escape_ascii());
        }
        for start in [&b""[..], b"\x1F\x8B\x08\0", b"BZh91AY", b"\x60\x2A\x4D\x18"] {
            assert!(!has_large_window(start), "{}", start.escape_ascii());
        }
    }
}
