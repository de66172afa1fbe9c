package io.rustpipe.spark.worker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A worker broke the protocol; the message shows the beginning of the line that did. */
public final class ProtocolException extends WorkerException {

  static final int SHOWN_BYTES = 200;

  ProtocolException(String message, byte[] line) {
    super(message + "; the line begins: " + show(line));
  }

  ProtocolException(String message, byte[] line, Throwable cause) {
    super(message + "; the line begins: " + show(line), cause);
  }

  ProtocolException(String message) {
    super(message);
  }

  private static String show(byte[] line) {
    var shown = Arrays.copyOf(line, Math.min(line.length, SHOWN_BYTES));
    return new String(shown, StandardCharsets.UTF_8).strip();
  }
}
