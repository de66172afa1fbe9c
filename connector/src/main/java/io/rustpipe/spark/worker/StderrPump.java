package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of the worker's standard error, whatever they are, and lets the rest go. */
final class StderrPump implements Runnable {

  private final InputStream stderr;
  private final byte[] ring = new byte[Limits.DEFAULT_STDERR_TAIL_BYTES];
  private long total;

  StderrPump(InputStream stderr) {
    this.stderr = stderr;
  }

  @Override
  public void run() {
    var buffer = new byte[Limits.DEFAULT_STDERR_TAIL_BYTES];
    try {
      for (var count = stderr.read(buffer); count >= 0; count = stderr.read(buffer)) {
        keep(buffer, count);
      }
    } catch (IOException e) {
      // The pipe is closed under the pump only when the process is gone: what was kept is all there
      // is.
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    for (var i = 0; i < count; i++) {
      ring[(int) (total++ % ring.length)] = bytes[i];
    }
  }

  /**
   * The tail as text; bytes that are not UTF-8 are shown replaced. Empty if the worker wrote
   * nothing.
   */
  synchronized String tail() {
    var kept = (int) Math.min(total, ring.length);
    var bytes = new byte[kept];
    for (var i = 0; i < kept; i++) {
      bytes[i] = ring[(int) ((total - kept + i) % ring.length)];
    }
    var text = new String(bytes, StandardCharsets.UTF_8).strip();
    // The first line is most likely cut. One that is longer than all that is kept is better cut
    // than lost.
    return total > kept ? text.substring(text.indexOf('\n') + 1) : text;
  }
}
