//! xz streams. The library checks the checksums of headers, blocks and index.

use liblzma::stream::{Action, Error, Status, Stream, TELL_UNSUPPORTED_CHECK};

use crate::StreamFault;
use crate::decompress::{Codec, Fault, Step};
use crate::gzip::usize_of;

/// Decodes streams.
pub(crate) struct Xz {
    stream: Stream,
    /// Most memory of all xz decompressors together, and what those around this one hold.
    allowed: u64,
    held: u64,
}

impl Xz {
    pub(crate) fn new(allowed: u64, held: u64) -> Self {
        Self {
            stream: new_stream(allowed.saturating_sub(held)),
            allowed,
            held,
        }
    }
}

impl Codec for Xz {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (in_before, out_before) = (self.stream.total_in(), self.stream.total_out());
        let status = self.stream.process(input, output, Action::Run);
        let invalid = |reason| Err(Fault::Stream(StreamFault::Invalid(reason)));
        Step {
            read: usize_of(self.stream.total_in() - in_before),
            written: usize_of(self.stream.total_out() - out_before),
            ended: match status {
                Ok(Status::StreamEnd) => Ok(true),
                Ok(_) => Ok(false),
                Err(Error::MemLimit) => Err(Fault::Limit {
                    limit: "xz_memory",
                    allowed: self.allowed,
                    seen: self.held + self.xz_memory(),
                }),
                Err(Error::Format) => invalid("no xz header"),
                Err(Error::Options) => invalid("filters or options that don't exist"),
                Err(Error::UnsupportedCheck) => invalid("a checksum of an unknown kind"),
                Err(_) => invalid("invalid data or a wrong checksum"),
            },
        }
    }

    fn restart(&mut self) {
        self.stream = new_stream(self.allowed.saturating_sub(self.held));
    }

    /// The library's count has no getter, but it refuses limits below it.
    fn xz_memory(&mut self) -> u64 {
        let limit = self.stream.memlimit();
        let (mut low, mut high) = (0, u64::from(u32::MAX) << 1);
        while low < high {
            let middle = low.midpoint(high);
            if self.stream.set_memlimit(middle.max(1)).is_ok() {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        // Fails only where the count is above the limit: then the stream is over anyway.
        let _ = self.stream.set_memlimit(limit);
        low
    }
}

fn new_stream(memory: u64) -> Stream {
    Stream::new_stream_decoder(memory.max(1), TELL_UNSUPPORTED_CHECK)
        .expect("the flags exist, and memory for the decoder's frame")
}
