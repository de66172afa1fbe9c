package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes the worker's standard error, whatever its bytes are: hands it to the log and keeps the last
 * of it. What a guard reports in the last line is taken out.
 */
final class StderrPump implements Runnable {

  private static final int BUFFER_BYTES = 8 << 10;

  private final InputStream stderr;
  private final StderrLog log;
  private final byte[] ring =
      new byte[Limits.DEFAULT_STDERR_TAIL_BYTES + GuardReport.LONGEST_BYTES];
  private long total;
  private boolean ended;

  StderrPump(InputStream stderr, StderrLog log) {
    this.stderr = stderr;
    this.log = log;
  }

  @Override
  public void run() {
    var buffer = new byte[BUFFER_BYTES];
    try {
      for (var count = stderr.read(buffer); count >= 0; count = stderr.read(buffer)) {
        keep(buffer, count);
        log.take(buffer, count);
      }
      log.end();
      end();
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

  private synchronized void end() {
    ended = true;
  }

  /** What the guard reports; empty without a guard, or before the end. */
  synchronized Optional<GuardReport> report() {
    var kept = kept();
    var report = reportIn(kept);
    return report < 0
        ? Optional.empty()
        : GuardReport.read(new String(kept, report, kept.length - report, StandardCharsets.UTF_8));
  }

  /**
   * The tail as text; bytes that are not UTF-8 are shown replaced. Empty if the worker wrote
   * nothing.
   */
  synchronized String tail() {
    var kept = kept();
    var report = reportIn(kept);
    var end = report < 0 ? kept.length : report;
    var start = Math.max(0, end - Limits.DEFAULT_STDERR_TAIL_BYTES);
    var text = new String(kept, start, end - start, StandardCharsets.UTF_8).strip();
    // The first line is most likely cut. One that is longer than all that is kept is better cut
    // than lost.
    var isCut = start > 0 || total > kept.length;
    return isCut ? text.substring(text.indexOf('\n') + 1) : text;
  }

  private byte[] kept() {
    if (total <= ring.length) {
      return Arrays.copyOf(ring, (int) total);
    }
    var oldest = (int) (total % ring.length);
    var bytes = Arrays.copyOfRange(ring, oldest, oldest + ring.length);
    System.arraycopy(ring, 0, bytes, ring.length - oldest, oldest);
    return bytes;
  }

  /** Where the last line begins, if it is a report; else negative. */
  private int reportIn(byte[] kept) {
    if (!ended || kept.length == 0 || kept[kept.length - 1] != '\n') {
      return -1;
    }
    var start = Words.lastIndexOf(kept, 0, kept.length - 1, (byte) '\n') + 1;
    var mark = GuardReport.MARK.getBytes(StandardCharsets.US_ASCII);
    return Arrays.mismatch(mark, 0, mark.length, kept, start, kept.length) == mark.length
        ? start
        : -1;
  }
}
