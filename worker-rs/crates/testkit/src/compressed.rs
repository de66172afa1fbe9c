//! Compressed streams other than gzip, for tests.

use std::io::{Read, Write};

use liblzma::stream::{Check, Filters, LzmaOptions, Stream};
use zstd::stream::raw::CParameter;

/// A zstd frame as the program writes it: with a checksum, and without the content's length.
///
/// # Panics
/// Never, as all of these: a `Vec` takes all.
#[must_use]
pub fn zstd(content: impl AsRef<[u8]>) -> Vec<u8> {
    zstd_with(content, &[CParameter::ChecksumFlag(true)])
}

/// A zstd frame whose window has 2 to this power of bytes, at least 10.
#[must_use]
pub fn zstd_with_window(content: impl AsRef<[u8]>, log: u32) -> Vec<u8> {
    zstd_with(content, &[CParameter::WindowLog(log)])
}

/// A zstd frame that says how long its content is, which makes the content its window.
///
/// # Panics
/// If the library fails.
#[must_use]
pub fn zstd_of_known_length(content: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::bulk::compress(content.as_ref(), 1).expect("a Vec takes all")
}

/// A zstd frame to be skipped.
///
/// # Panics
/// If it has 4 GiB.
#[must_use]
pub fn zstd_skippable(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let length = u32::try_from(content.len()).expect("fewer than 4 GiB");
    [b"\x5a\x2a\x4d\x18", &length.to_le_bytes()[..], content].concat()
}

/// An xz stream of a small dictionary.
#[must_use]
pub fn xz(content: impl AsRef<[u8]>) -> Vec<u8> {
    xz_with_dictionary(content, 1 << 16)
}

/// An xz stream whose dictionary has that many bytes.
///
/// # Panics
/// If the library takes no such dictionary.
#[must_use]
pub fn xz_with_dictionary(content: impl AsRef<[u8]>, bytes: u32) -> Vec<u8> {
    let mut options = LzmaOptions::new_preset(1).expect("a level");
    options.dict_size(bytes);
    let stream = Stream::new_stream_encoder(Filters::new().lzma2(&options), Check::Crc64);
    let stream = stream.expect("a dictionary of a possible size");
    let mut encoder = liblzma::read::XzEncoder::new_stream(content.as_ref(), stream);
    let mut body = Vec::new();
    encoder.read_to_end(&mut body).expect("a Vec takes all");
    body
}

/// A bzip2 stream.
///
/// # Panics
/// Never: a `Vec` takes all.
#[must_use]
pub fn bzip2(content: impl AsRef<[u8]>) -> Vec<u8> {
    let level = bzip2::Compression::new(1);
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), level);
    encoder
        .write_all(content.as_ref())
        .expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

fn zstd_with(content: impl AsRef<[u8]>, parameters: &[CParameter]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("a level");
    for parameter in parameters {
        encoder
            .set_parameter(*parameter)
            .expect("a parameter of a possible value");
    }
    encoder
        .write_all(content.as_ref())
        .expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}
