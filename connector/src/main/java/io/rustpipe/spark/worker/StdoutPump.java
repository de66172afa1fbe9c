package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Words;
import java.io.IOException;
import java.io.InputStream;

/**
 * Moves the worker's standard output into the inbox, whole lines at a time, without looking into
 * them.
 */
final class StdoutPump implements Runnable {

  /** Two pipes full: a read seldom has to stop for want of room. */
  private static final int BUFFER_BYTES = 128 << 10;

  /** Below this much room a new buffer is cheaper than many small reads. */
  private static final int MIN_READ_BYTES = 16 << 10;

  private final Mailbox mailbox;
  private final InputStream stdout;
  private final int lineLimit;

  StdoutPump(Mailbox mailbox, InputStream stdout, int lineLimit) {
    this.mailbox = mailbox;
    this.stdout = stdout;
    this.lineLimit = lineLimit;
  }

  @Override
  public void run() {
    IOException failure = null;
    try {
      pump();
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      mailbox.endInbox(failure);
    }
  }

  private void pump() throws IOException, InterruptedException {
    var buffer = new byte[BUFFER_BYTES];
    var lineStart = 0;
    var end = 0;
    while (true) {
      if (buffer.length - end < MIN_READ_BYTES) {
        // Bytes already handed over stay where they are: they belong to the task thread now.
        var partial = end - lineStart;
        var larger = new byte[Math.max(BUFFER_BYTES, 2 * partial)];
        System.arraycopy(buffer, lineStart, larger, 0, partial);
        buffer = larger;
        lineStart = 0;
        end = partial;
      }
      var count = stdout.read(buffer, end, buffer.length - end);
      if (count < 0) {
        return;
      }
      var lastFeed = Words.lastIndexOf(buffer, end, end + count, (byte) '\n');
      var firstWhole = lineStart;
      end += count;
      if (lastFeed >= 0) {
        lineStart = lastFeed + 1;
      }
      var rest = new Lines(buffer, lineStart, end);
      mailbox.received(count, rest);
      if (lastFeed >= 0) {
        var whole = new Lines(buffer, firstWhole, lineStart);
        // The first has come in several reads, perhaps; the others are shorter than one.
        requireWithinLimit(whole.first());
        mailbox.deliver(whole);
      }
      requireWithinLimit(rest);
    }
  }

  private void requireWithinLimit(Lines line) throws BrokenLineException {
    if (line.length() > lineLimit) {
      throw new BrokenLineException(
          "a line of the worker's output is longer than the limit of %,d bytes"
              .formatted(lineLimit),
          line.head(BrokenLineException.SHOWN_BYTES));
    }
  }
}
