package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/** The question to a program what it offers as a worker, and its answer, within limits. */
final class Describing {

  private static final String LABEL = "describe";

  private Describing() {}

  /**
   * Runs the program to its end and reads what it prints.
   *
   * @throws IOException if it can't be started, takes too long, fails, or prints something else
   */
  static Description ask(WorkerCommand command) throws IOException, InterruptedException {
    return ask(command, Limits.DEFAULT_DESCRIBE);
  }

  static Description ask(WorkerCommand command, Duration longest)
      throws IOException, InterruptedException {
    var mailbox = new Mailbox();
    try (var process = command.launcher(LABEL).start(mailbox, Limits.DEFAULT_DESCRIPTION_BYTES)) {
      mailbox.endOutbox();
      try {
        var json = output(mailbox, longest);
        if (json == null) {
          throw new WorkerTimeoutException(
              "the worker has not described itself within %d ms".formatted(longest.toMillis()),
              Phase.DESCRIBE,
              process.account(),
              null,
              null);
        }
        process.waitFor(Limits.DEFAULT_EXIT);
        var account = process.account();
        if (account.ending() == null) {
          throw new WorkerTimeoutException(
              "the worker has closed its output and goes on", Phase.DESCRIBE, account, null, null);
        }
        if (account.ending().exitCode() != 0) {
          throw new WorkerStartException(
              "the worker failed when it was asked to describe itself",
              Phase.DESCRIBE,
              account,
              null,
              null);
        }
        return description(json);
      } catch (BrokenLineException e) {
        throw new ProtocolException(e.getMessage(), Phase.DESCRIBE, process.account(), null, e);
      }
    }
  }

  /** What it prints; null if that takes too long. */
  private static byte[] output(Mailbox mailbox, Duration longest)
      throws IOException, InterruptedException {
    var deadline = System.nanoTime() + longest.toNanos();
    var output = new ByteArrayOutputStream();
    while (!mailbox.ended()) {
      mailbox.await(false, Limits.DEFAULT_TURN.toMillis());
      var lines = mailbox.poll();
      write(lines, output);
      if (output.size() > Limits.DEFAULT_DESCRIPTION_BYTES) {
        throw new BrokenLineException(
            "the worker's description is longer than the limit of %,d bytes"
                .formatted(Limits.DEFAULT_DESCRIPTION_BYTES),
            output.toByteArray());
      }
      if (System.nanoTime() > deadline) {
        return null;
      }
    }
    // Only the line feed may be missing: an object that was cut off is none.
    write(mailbox.unended(), output);
    return output.toByteArray();
  }

  private static void write(Lines lines, ByteArrayOutputStream output) {
    if (lines != null) {
      output.write(lines.buffer(), lines.from(), lines.length());
    }
  }

  private static Description description(byte[] json) throws BrokenLineException {
    Description description;
    try {
      description = Description.read(new ByteArrayInputStream(json));
    } catch (IOException e) {
      throw new BrokenLineException(
          "not the description of a worker: " + e.getMessage().lines().findFirst().orElse(""),
          json,
          e);
    }
    if (!description.protocol().contains(Frames.VERSION)) {
      throw new BrokenLineException(
          "the worker speaks versions %s of the protocol, the connector version %d"
              .formatted(description.protocol(), Frames.VERSION),
          json);
    }
    return description;
  }
}
