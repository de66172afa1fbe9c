package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A pipe in memory that behaves as the system's do: bounded, readable to its end after the writer
 * has gone, broken for the writer once the reader has.
 */
final class ModelPipe {

  private final byte[] buffer;
  private int start;
  private int count;
  private boolean writerClosed;
  private boolean readerClosed;

  ModelPipe(int capacity) {
    this.buffer = new byte[capacity];
  }

  final InputStream reader =
      new InputStream() {
        @Override
        public int read() throws IOException {
          var one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
          return take(to, offset, length);
        }

        @Override
        public int available() {
          return count();
        }

        @Override
        public void close() {
          closeReader();
        }
      };

  final OutputStream writer =
      new OutputStream() {
        @Override
        public void write(int one) throws IOException {
          write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
          for (var at = offset; at < offset + length; ) {
            at += put(from, at, offset + length - at);
          }
        }

        @Override
        public void close() {
          closeWriter();
        }
      };

  private synchronized int count() {
    return count;
  }

  private synchronized int take(byte[] to, int offset, int length) throws IOException {
    while (count == 0 && !writerClosed && !readerClosed) {
      pause();
    }
    if (readerClosed) {
      throw new IOException("closed");
    }
    if (count == 0) {
      return -1;
    }
    var taken = Math.min(length, count);
    for (var i = 0; i < taken; i++) {
      to[offset + i] = buffer[(start + i) % buffer.length];
    }
    start = (start + taken) % buffer.length;
    count -= taken;
    notifyAll();
    return taken;
  }

  private synchronized int put(byte[] from, int offset, int length) throws IOException {
    while (count == buffer.length && !readerClosed && !writerClosed) {
      pause();
    }
    if (readerClosed || writerClosed) {
      throw new IOException("broken pipe");
    }
    var put = Math.min(length, buffer.length - count);
    for (var i = 0; i < put; i++) {
      buffer[(start + count + i) % buffer.length] = from[offset + i];
    }
    count += put;
    notifyAll();
    return put;
  }

  /** Waits for a change; callers look again. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private synchronized void closeReader() {
    readerClosed = true;
    notifyAll();
  }

  private synchronized void closeWriter() {
    writerClosed = true;
    notifyAll();
  }
}
