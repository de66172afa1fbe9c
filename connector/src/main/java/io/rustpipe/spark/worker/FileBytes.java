package io.rustpipe.spark.worker;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pieces of a file, wherever its headers say that there is something. What lies behind its end is
 * an {@link EOFException} with the numbers.
 */
record FileBytes(SeekableByteChannel channel, long size) implements Closeable {

  /** Enough for any first line. */
  private static final int FIRST_BYTES = 4096;

  static FileBytes open(Path file) throws IOException {
    var channel = Files.newByteChannel(file);
    return new FileBytes(channel, channel.size());
  }

  /** Its first bytes; all of them if they are few. */
  byte[] first() throws IOException {
    return at(0, (int) Math.min(size, FIRST_BYTES), ByteOrder.BIG_ENDIAN).array();
  }

  /** A few bytes at a place. */
  ByteBuffer at(long offset, int length, ByteOrder order) throws IOException {
    requireUpTo(offset, length);
    var buffer = ByteBuffer.allocate(length).order(order);
    channel.position(offset);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("it was cut while it was read");
      }
    }
    return buffer.flip();
  }

  /** Fails if the file has no such piece. */
  void requireUpTo(long offset, long length) throws EOFException {
    if (offset < 0 || length < 0 || size - offset < length) {
      throw new EOFException("it has %,d bytes, but its header speaks of more".formatted(size));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
