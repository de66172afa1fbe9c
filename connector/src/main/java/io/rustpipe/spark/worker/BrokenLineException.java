package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line of a worker that is none of the protocol's. Whoever knows the worker makes a {@link
 * ProtocolException} of it.
 */
final class BrokenLineException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Enough to recognise a line, too little to flood a log. */
  static final int SHOWN_BYTES = 200;

  BrokenLineException(String what, byte[] line) {
    this(what, line, null);
  }

  /**
   * Shows the line's first bytes.
   *
   * @param line the line or its beginning
   */
  BrokenLineException(String what, byte[] line, Throwable cause) {
    super(what + "; the line begins: " + show(line), cause);
  }

  private static String show(byte[] line) {
    var shown = Arrays.copyOf(line, Math.min(line.length, SHOWN_BYTES));
    return new String(shown, StandardCharsets.UTF_8).strip();
  }
}
