//! Standard input: lines become frames. One thread does nothing else, so inputs are read up to the window however
//! busy or blocked the rest is, and the end of the connector is seen at once.

use std::io::{BufRead, BufReader, Read, Stdin};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rustpipe_protocol::{FromConnector, Input, LINE_IN_BYTES, Open, Window};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::engine::fatal::Fatal;
use crate::engine::totals::Totals;

/// Reads frames off a stream of lines.
pub(crate) struct Frames<R> {
    stream: BufReader<R>,
    line: Vec<u8>,
}

/// An input and the bytes that it counts in the window.
pub(crate) struct Arrived {
    pub(crate) input: Input,
    pub(crate) bytes: u64,
}

impl<R: Read> Frames<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            line: Vec::new(),
        }
    }

    /// The next frame.
    pub(crate) fn next(&mut self) -> Result<FromConnector, Fatal> {
        self.line.clear();
        let limit = LINE_IN_BYTES as u64 + 1;
        (&mut self.stream)
            .take(limit)
            .read_until(b'\n', &mut self.line)
            .map_err(Fatal::Read)?;
        if self.line.pop_if(|last| *last == b'\n').is_some() {
            Ok(FromConnector::parse(&self.line)?)
        } else if self.line.len() > LINE_IN_BYTES {
            Err(Fatal::LineTooLong)
        } else {
            // A line without its end was never finished.
            Err(Fatal::Orphaned)
        }
    }

    /// The first frame.
    pub(crate) fn open(&mut self) -> Result<Open, Fatal> {
        match self.next()? {
            FromConnector::Open(open) => Ok(open),
            FromConnector::In(_) => Err(Fatal::NotOpen("in")),
            FromConnector::End => Err(Fatal::NotOpen("end")),
        }
    }

    /// As [`pump`](Self::pump), a panic on the way included: the thread's end alone would look like `end`.
    fn run(
        &mut self,
        window: Window,
        totals: &Totals,
        inputs: &UnboundedSender<Arrived>,
    ) -> Result<(), Fatal> {
        catch_unwind(AssertUnwindSafe(|| self.pump(window, totals, inputs)))
            .unwrap_or(Err(Fatal::Panicked("that reads standard input")))
    }

    /// Passes inputs on until `end`.
    fn pump(
        &mut self,
        window: Window,
        totals: &Totals,
        inputs: &UnboundedSender<Arrived>,
    ) -> Result<(), Fatal> {
        let mut last = None;
        loop {
            match self.next()? {
                FromConnector::In(input) => {
                    if let Some(last) = last.filter(|&last| last >= input.id) {
                        return Err(Fatal::Order { id: input.id, last });
                    }
                    last = Some(input.id);
                    let bytes = self.line.len() as u64;
                    totals.begin(input.id, bytes, window)?;
                    // The receiver is gone only while the process ends.
                    drop(inputs.send(Arrived { input, bytes }));
                }
                FromConnector::End => return Ok(()),
                FromConnector::Open(_) => return Err(Fatal::SecondOpen),
            }
        }
    }
}

/// Starts the thread that reads inputs. The channel needs no bound, since the window is one; it closes after `end`.
pub(crate) fn start(
    mut frames: Frames<Stdin>,
    window: Window,
    totals: Arc<Totals>,
    name: String,
) -> Result<UnboundedReceiver<Arrived>, Fatal> {
    let (sender, receiver) = unbounded_channel();
    let read = move || {
        frames
            .run(window, &totals, &sender)
            .unwrap_or_else(|fatal| fatal.exit_process(&name));
    };
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(read)
        .map_err(Fatal::Start)?;
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_not_the_end() {
        struct Panicking;
        impl Read for Panicking {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                panic!("a bug")
            }
        }
        let window = Window {
            inputs: 1,
            bytes: 1,
        };
        let (sender, _receiver) = unbounded_channel();
        let result = Frames::new(Panicking).run(window, &Totals::default(), &sender);
        assert!(matches!(result, Err(Fatal::Panicked(_))), "{result:?}");
    }
}
