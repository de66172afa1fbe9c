package io.rustpipe.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Builds small archives in memory, with the library that Spark brings along. */
final class Archives {
  private static final int BLOCK = 512;

  private Archives() {}

  /** A gzipped tar of regular files {@code d/0}, {@code d/1}, ..., one block of content each. */
  static byte[] tarGz(int files) {
    return gzip(tar(files));
  }

  /** A gzipped tar of files that can't be compressed, so that half of it holds half of them. */
  static byte[] tarGzOfNoise(int files, int size) {
    var random = new Random(size);
    return gzip(
        tar(
            out -> {
              for (int i = 0; i < files; i++) {
                byte[] noise = new byte[size];
                random.nextBytes(noise);
                put(out, "noise/" + i, noise);
              }
            }));
  }

  /** The length of the tar in {@link #tarGz}. */
  static long unpackedLength(int files) {
    return tar(files).length;
  }

  /** As {@link #tarGz}, with a header of garbage in place of the one with this index. */
  static byte[] tarGzBrokenAt(int files, int brokenIndex) {
    byte[] tar = tar(files);
    int header = brokenIndex * 2 * BLOCK;
    Arrays.fill(tar, header, header + BLOCK, (byte) 0xA5);
    return gzip(tar);
  }

  static byte[] gzip(byte[] plain) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] tar(int files) {
    return tar(
        out -> {
          for (int i = 0; i < files; i++) {
            byte[] content = new byte[BLOCK];
            Arrays.fill(content, (byte) ('a' + i % 26));
            put(out, "d/" + i, content);
          }
        });
  }

  private interface Content {
    void writeTo(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] tar(Content content) {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      content.writeTo(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setModTime(1_700_000_000_000L);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
