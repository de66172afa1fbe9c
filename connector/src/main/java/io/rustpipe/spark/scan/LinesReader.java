package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ErrorMode;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.manifest.LineReader;
import io.rustpipe.spark.metric.LineCounter;
import io.rustpipe.spark.row.LineDecoder;
import io.rustpipe.spark.row.RowFormatException;
import io.rustpipe.spark.worker.LinesSession;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** The manifest's rows go to a program as lines, the lines that it prints become rows. */
final class LinesReader extends TaskReader<LinesSession> {

  private final LinesDescription description;
  private final LineReader manifest;
  private final BooleanSupplier cancelled;
  private final String label;
  private final LineDecoder decoder;

  /**
   * A reader that has started nothing yet.
   *
   * @param cancelled whether Spark has no use for the task any more
   * @param label names the task in the log
   */
  LinesReader(
      LinesDescription description, LineReader manifest, BooleanSupplier cancelled, String label) {
    super(manifest, description.limit());
    this.description = description;
    this.manifest = manifest;
    this.cancelled = cancelled;
    this.label = label;
    this.decoder = description.decoder();
  }

  @Override
  LinesSession start() throws IOException {
    var first = manifest.next();
    return first == null
        ? null
        : new LinesSession(
            description.worker().command(),
            first,
            manifest::next,
            description.rules(),
            cancelled,
            label);
  }

  @Override
  InternalRow read() throws IOException, InterruptedException {
    while (session().next()) {
      var decoded = decode(session());
      if (decoded != null) {
        return decoded;
      }
    }
    return null;
  }

  /** The current line's row; null if the line is to be dropped. */
  private InternalRow decode(LinesSession session) throws IOException {
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
  public CustomTaskMetric[] currentMetricsValues() {
    var session = session();
    return session == null
        ? LineCounter.reported(0, 0)
        : LineCounter.reported(session.sent(), session.number());
  }
}
