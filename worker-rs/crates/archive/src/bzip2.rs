//! bzip2 streams. The library checks the checksums of each block and of the stream.

use bzip2::{Decompress, Error, Status};

use crate::StreamFault;
use crate::decompress::{Codec, Fault, Step};
use crate::gzip::usize_of;

/// Decodes streams.
pub(crate) struct Bzip2(Decompress);

impl Bzip2 {
    pub(crate) fn new() -> Self {
        Self(Decompress::new(false))
    }
}

impl Codec for Bzip2 {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (in_before, out_before) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output);
        Step {
            read: usize_of(self.0.total_in() - in_before),
            written: usize_of(self.0.total_out() - out_before),
            ended: match status {
                Ok(Status::StreamEnd) => Ok(true),
                Ok(Status::MemNeeded) => Err("no memory for its block"),
                Ok(_) => Ok(false),
                Err(Error::DataMagic) => Err("no bzip2 header"),
                Err(_) => Err("invalid data or a wrong checksum"),
            }
            .map_err(|reason| Fault::Stream(StreamFault::Invalid(reason))),
        }
    }

    fn restart(&mut self) {
        *self = Self::new();
    }
}
