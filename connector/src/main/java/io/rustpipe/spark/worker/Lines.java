package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Words;
import java.util.Arrays;

/**
 * Lines that came from a worker, as a piece of a buffer to which nobody writes again. A piece that
 * a pump hands over ends with a line feed; one line taken from it does not.
 */
final class Lines {

  private final byte[] buffer;
  private final int from;
  private final int to;

  Lines(byte[] buffer, int from, int to) {
    this.buffer = buffer;
    this.from = from;
    this.to = to;
  }

  byte[] buffer() {
    return buffer;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int length() {
    return to - from;
  }

  /** The first line, without its line feed. */
  Lines first() {
    return new Lines(buffer, from, Words.indexOf(buffer, from, to, (byte) '\n'));
  }

  /** What stands behind the first line and its line feed. */
  Lines behind(Lines first) {
    return new Lines(buffer, first.to + 1, to);
  }

  /** The first bytes, at most so many, as a copy. */
  byte[] head(int bytes) {
    return Arrays.copyOfRange(buffer, from, Math.min(to, from + bytes));
  }
}
