//! Zstandard frames (RFC 8878). The library decodes and checks them; where each part begins and ends is found here, so
//! that it sees one part at a time: it drops what it has decoded in a call that ends with an error.

use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use crate::StreamFault;
use crate::decompress::{Codec, Fault, Step};

/// Bytes of a skippable frame's header: its magic number and its length.
const SKIPPABLE_HEADER: usize = 8;
/// Bytes of the shortest other header.
const SHORTEST_HEADER: usize = 6;
/// Bytes of the longest one.
const LONGEST_HEADER: usize = 18;
/// Bytes of a block's header.
const BLOCK_HEADER: usize = 3;
/// Bytes of the checksum at a frame's end.
const CHECKSUM: usize = 4;

/// Decodes frames.
pub(crate) struct Zstd {
    context: DCtx<'static>,
    /// Largest window.
    allowed: u64,
    part: Part,
    /// The first `filled` bytes of a header.
    header: [u8; LONGEST_HEADER],
    filled: usize,
    has_checksum: bool,
}

#[derive(Clone, Copy)]
enum Part {
    FrameHeader,
    BlockHeader,
    /// The rest of a block, and whether it is the frame's last one.
    Block {
        remaining: usize,
        is_last: bool,
    },
    Checksum {
        remaining: usize,
    },
    Skipped {
        remaining: usize,
    },
}

impl Zstd {
    pub(crate) fn new(allowed: u64) -> Self {
        let mut context = DCtx::create();
        let log = allowed.max(1 << 10).next_power_of_two().ilog2().min(30);
        context
            .set_parameter(DParameter::WindowLogMax(log))
            .expect("the library takes windows from 2^10 to 2^31");
        Self {
            context,
            allowed,
            part: Part::FrameHeader,
            header: [0; LONGEST_HEADER],
            filled: 0,
            has_checksum: false,
        }
    }

    /// Takes bytes until the header has `length` of them, and says how many it took and whether it has.
    fn gather(&mut self, input: &[u8], length: usize) -> (usize, bool) {
        let taken = input.len().min(length - self.filled);
        self.header[self.filled..][..taken].copy_from_slice(&input[..taken]);
        self.filled += taken;
        (taken, self.filled == length)
    }

    fn frame_header(&mut self, input: &[u8]) -> (usize, Result<bool, Fault>) {
        let mut read = 0;
        // The length of the header is in its fixed part.
        loop {
            let length = self.header_length();
            let (taken, is_whole) = self.gather(&input[read..], length);
            read += taken;
            if !is_whole {
                return (read, Ok(false));
            }
            if self.header_length() == length {
                break;
            }
        }
        (read, self.begin_frame())
    }

    fn header_length(&self) -> usize {
        if self.filled < SHORTEST_HEADER {
            SHORTEST_HEADER
        } else if self.is_skippable() {
            SKIPPABLE_HEADER
        } else {
            let Descriptor {
                is_single,
                dictionary_bytes,
                content_bytes,
                ..
            } = Descriptor::new(self.header[4]);
            5 + usize::from(!is_single) + dictionary_bytes + content_bytes
        }
    }

    fn is_skippable(&self) -> bool {
        self.header[1] == 0x2a
    }

    fn begin_frame(&mut self) -> Result<bool, Fault> {
        let length = std::mem::take(&mut self.filled);
        let number = |bytes: &[u8]| {
            let byte = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
            bytes.iter().rev().fold(0, byte)
        };
        if self.is_skippable() {
            let remaining = number(&self.header[4..SKIPPABLE_HEADER]);
            let remaining = usize::try_from(remaining).expect("32 bits fit");
            self.part = Part::Skipped { remaining };
            return Ok(remaining == 0);
        }
        let descriptor = Descriptor::new(self.header[4]);
        let window = if descriptor.is_single {
            let content = number(&self.header[length - descriptor.content_bytes..length]);
            // Two bytes count from where one byte ends.
            content
                + if descriptor.content_bytes == 2 {
                    256
                } else {
                    0
                }
        } else {
            let (exponent, mantissa) = (self.header[5] >> 3, self.header[5] & 7);
            let base = 1 << (10 + exponent);
            base + base / 8 * u64::from(mantissa)
        };
        if window > self.allowed {
            return Err(Fault::Limit {
                limit: "zstd_window",
                allowed: self.allowed,
                seen: window,
            });
        }
        self.has_checksum = descriptor.has_checksum;
        self.part = Part::BlockHeader;
        self.feed_header(length).map(|()| false)
    }

    fn block_header(&mut self, input: &[u8]) -> (usize, Result<bool, Fault>) {
        let (read, is_whole) = self.gather(input, BLOCK_HEADER);
        if !is_whole {
            return (read, Ok(false));
        }
        self.filled = 0;
        let [low, middle, high, ..] = self.header;
        let header = u32::from_le_bytes([low, middle, high, 0]);
        let size = usize::try_from(header >> 3).expect("21 bits fit");
        // A block of one byte over and over stores it once.
        let remaining = if header >> 1 & 3 == 1 { 1 } else { size };
        let is_last = header & 1 != 0;
        let fed = self.feed_header(BLOCK_HEADER);
        let ended = if remaining == 0 {
            self.end_block(is_last)
        } else {
            self.part = Part::Block { remaining, is_last };
            false
        };
        (read, fed.map(|()| ended))
    }

    /// Whether the frame ends with the block.
    fn end_block(&mut self, is_last: bool) -> bool {
        self.part = if is_last {
            let remaining = CHECKSUM;
            Part::Checksum { remaining }
        } else {
            Part::BlockHeader
        };
        is_last && !self.has_checksum
    }

    fn feed_header(&mut self, length: usize) -> Result<(), Fault> {
        let header = self.header;
        self.feed(&header[..length], &mut []).2
    }

    /// Bytes read and written, and what the library says.
    fn feed(&mut self, input: &[u8], output: &mut [u8]) -> (usize, usize, Result<(), Fault>) {
        let mut input = InBuffer::around(input);
        let mut output = OutBuffer::around(output);
        let result = match self.context.decompress_stream(&mut output, &mut input) {
            Ok(_) => Ok(()),
            Err(code) => {
                let reason = StreamFault::Invalid(get_error_name(code));
                Err(Fault::Stream(reason))
            }
        };
        (input.pos(), output.pos(), result)
    }
}

impl Codec for Zstd {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (read, written, ended) = match self.part {
            Part::FrameHeader => {
                let (read, ended) = self.frame_header(input);
                (read, 0, ended)
            }
            Part::BlockHeader => {
                let (read, ended) = self.block_header(input);
                (read, 0, ended)
            }
            Part::Block { remaining, is_last } => {
                let (read, written, result) =
                    self.feed(&input[..input.len().min(remaining)], output);
                let remaining = remaining - read;
                let is_over = remaining == 0 && written < output.len();
                let ended = if is_over {
                    self.end_block(is_last)
                } else {
                    self.part = Part::Block { remaining, is_last };
                    false
                };
                (read, written, result.map(|()| ended))
            }
            Part::Checksum { remaining } => {
                let (read, written, result) =
                    self.feed(&input[..input.len().min(remaining)], output);
                let remaining = remaining - read;
                self.part = Part::Checksum { remaining };
                (read, written, result.map(|()| remaining == 0))
            }
            Part::Skipped { remaining } => {
                let read = input.len().min(remaining);
                let remaining = remaining - read;
                self.part = Part::Skipped { remaining };
                (read, 0, Ok(remaining == 0))
            }
        };
        Step {
            read,
            written,
            ended,
        }
    }

    fn restart(&mut self) {
        // The library goes on with the next frame by itself.
        self.part = Part::FrameHeader;
        self.filled = 0;
    }
}

/// The byte behind a frame's magic number.
struct Descriptor {
    is_single: bool,
    has_checksum: bool,
    dictionary_bytes: usize,
    content_bytes: usize,
}

impl Descriptor {
    fn new(byte: u8) -> Self {
        let is_single = byte & 0x20 != 0;
        Self {
            is_single,
            has_checksum: byte & 4 != 0,
            dictionary_bytes: [0, 1, 2, 4][usize::from(byte & 3)],
            content_bytes: [usize::from(is_single), 2, 4, 8][usize::from(byte >> 6)],
        }
    }
}
