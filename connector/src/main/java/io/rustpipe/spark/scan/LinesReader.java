package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ErrorMode;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.manifest.LineReader;
import io.rustpipe.spark.metric.LineCounter;
import io.rustpipe.spark.row.LineDecoder;
import io.rustpipe.spark.row.RowFormatException;
import io.rustpipe.spark.worker.LinesSession;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;

/**
 * One task: the manifest's rows go to a program as lines, the lines that it prints become rows. As
 * with {@link RustpipeReader}, the program is started with the first input and is gone when the
 * last row has been read.
 */
final class LinesReader implements PartitionReader<InternalRow> {

  private final LinesDescription description;
  private final LineReader manifest;
  private final BooleanSupplier cancelled;
  private final String label;
  private final LineDecoder decoder;

  private volatile LinesSession session;
  private volatile boolean closed;
  private InternalRow row;
  private long rows;
  private boolean finished;

  /**
   * A reader that has started nothing yet.
   *
   * @param cancelled whether Spark has no use for the task any more
   * @param label names the task in the log
   */
  LinesReader(
      LinesDescription description, LineReader manifest, BooleanSupplier cancelled, String label) {
    this.description = description;
    this.manifest = manifest;
    this.cancelled = cancelled;
    this.label = label;
    this.decoder = description.decoder();
  }

  @Override
  public boolean next() throws IOException {
    if (finished || (description.limit() != null && rows >= description.limit())) {
      close();
      return false;
    }
    try {
      row = read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("the task was interrupted while it waited for its program");
    } catch (CancellationException e) {
      throw new TaskKilledException("the task was cancelled while it waited for its program");
    }
    if (row == null) {
      finished = true;
      close();
      return false;
    }
    rows++;
    return true;
  }

  /** The next row; null behind the last. */
  private InternalRow read() throws IOException, InterruptedException {
    if (session == null && !start()) {
      return null;
    }
    while (session.next()) {
      var decoded = decode();
      if (decoded != null) {
        return decoded;
      }
    }
    return null;
  }

  /** Starts the program; false if there is nothing for it to do. */
  private boolean start() throws IOException {
    var first = manifest.next();
    if (first == null) {
      return false;
    }
    session =
        new LinesSession(
            description.worker().command(),
            first,
            manifest::next,
            description.rules(),
            cancelled,
            label);
    if (closed) {
      // Some of Spark's consumers read on one thread and close on another.
      session.close();
      return false;
    }
    return true;
  }

  /** The current line's row; null if the line is to be dropped. */
  private InternalRow decode() throws IOException {
    try {
      return decoder.decode(session.buffer(), session.from(), session.to());
    } catch (MalformedFrameException | RowFormatException e) {
      if (description.options().mode() == ErrorMode.DROPMALFORMED) {
        return null;
      }
      if (description.keepsMalformed()) {
        return decoder.corrupt(session.buffer(), session.from(), session.to());
      }
      throw session.malformed(e, remedy());
    }
  }

  private String remedy() {
    return description.options().mode() == ErrorMode.FAILFAST
        ? "the mode is FAILFAST; PERMISSIVE keeps such lines in a column '%s STRING', DROPMALFORMED leaves them out"
            .formatted(LineDecoder.CORRUPT_RECORD)
        : "the mode is PERMISSIVE, but the schema has no column '%s STRING' that could take the line: add it, or set the option 'mode' to DROPMALFORMED"
            .formatted(LineDecoder.CORRUPT_RECORD);
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return session == null
        ? LineCounter.reported(0, 0)
        : LineCounter.reported(session.sent(), session.number());
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try (manifest) {
      if (session != null) {
        session.close();
      }
    }
  }
}
