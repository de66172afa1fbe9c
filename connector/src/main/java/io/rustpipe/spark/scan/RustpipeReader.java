package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ErrorMode;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.manifest.ManifestReader;
import io.rustpipe.spark.metric.WorkerCounter;
import io.rustpipe.spark.row.RowDecoder;
import io.rustpipe.spark.row.RowFormatException;
import io.rustpipe.spark.worker.InputFailedException;
import io.rustpipe.spark.worker.InputKey;
import io.rustpipe.spark.worker.RowsFrame;
import io.rustpipe.spark.worker.WorkerEvent;
import io.rustpipe.spark.worker.WorkerException;
import io.rustpipe.spark.worker.WorkerInput;
import io.rustpipe.spark.worker.WorkerSession;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** The manifest's rows go to a worker as inputs, its answers become rows. */
final class RustpipeReader extends TaskReader<WorkerSession<UnsafeRow>> {

  private final ScanDescription description;
  private final ManifestReader manifest;
  private final BooleanSupplier cancelled;
  private final String label;
  private final RowDecoder decoder;

  private RowsFrame<UnsafeRow> frame;

  /**
   * A reader that has started nothing yet.
   *
   * @param cancelled whether Spark has no use for the task any more
   * @param label names the task in the log
   */
  RustpipeReader(
      ScanDescription description,
      ManifestReader manifest,
      BooleanSupplier cancelled,
      String label) {
    super(manifest, description.limit());
    this.description = description;
    this.manifest = manifest;
    this.cancelled = cancelled;
    this.label = label;
    this.decoder = description.layout().decoder();
  }

  @Override
  WorkerSession<UnsafeRow> start() throws IOException {
    var first = input();
    return first == null
        ? null
        : new WorkerSession<>(
            description.worker().command(),
            description.open(),
            first,
            this::input,
            cancelled,
            description.patience(),
            label);
  }

  @Override
  InternalRow read() throws IOException, InterruptedException {
    while (true) {
      if (frame != null) {
        var decoded = decode();
        if (decoded != null) {
          return decoded;
        }
        frame = null;
      }
      var event = session().next();
      if (event instanceof WorkerEvent.Rows<UnsafeRow> rowsEvent) {
        frame = rowsEvent.frame();
      } else if (event instanceof WorkerEvent.Done<UnsafeRow> done) {
        requireOneRow(done.key(), done.rows());
      } else if (event instanceof WorkerEvent.Failed<UnsafeRow> failed) {
        if (hasItsRow(failed)) {
          continue;
        }
        requireOneRow(failed.key(), failed.rows() + 1);
        var failure = failure(failed);
        if (failure != null) {
          return failure;
        }
      } else if (event instanceof WorkerEvent.Finished<UnsafeRow>) {
        return null;
      }
    }
  }

  /** Whether the worker died between an input's only row and its end: the row stands. */
  private boolean hasItsRow(WorkerEvent.Failed<UnsafeRow> failed) {
    return description.layout().oneRowPerInput() && failed.rows() == 1 && failed.workerDied();
  }

  private void requireOneRow(InputKey input, long rows) throws WorkerException {
    if (description.layout().oneRowPerInput() && rows != 1) {
      throw session()
          .broken(
              input,
              "the worker ended %s with %d rows in table '%s', which has exactly one per input"
                  .formatted(input, rows, description.layout().table()));
    }
  }

  private WorkerInput<UnsafeRow> input() throws IOException {
    return manifest.next()
        ? new WorkerInput<>(manifest.url(), manifest.json(), manifest.kept())
        : null;
  }

  /** The frame's next row; null behind its last. */
  private InternalRow decode() throws WorkerException {
    try {
      return frame.next() ? decoder.decode(frame.cursor(), frame.input().context()) : null;
    } catch (MalformedFrameException | RowFormatException e) {
      throw session().broken(frame, e);
    }
  }

  /** What the mode makes of an input that failed: a row, nothing (null) or the end of the query. */
  private InternalRow failure(WorkerEvent.Failed<UnsafeRow> failed) throws IOException {
    var input = failed.input();
    var mode =
        description.layout().tellsErrors() ? ErrorMode.PERMISSIVE : description.options().mode();
    return switch (mode) {
      case PERMISSIVE -> decoder.failure(input.context(), failed.code(), failed.message());
      case DROPMALFORMED -> null;
      case FAILFAST ->
          throw new InputFailedException(failed.key(), failed.code(), failed.message());
    };
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    var session = session();
    var counters = new HashMap<>(session == null ? Map.of() : session.counters());
    counters.put(WorkerCounter.SKIPPED.counter(), manifest.skipped());
    counters.put(WorkerCounter.RESTARTS.counter(), session == null ? 0L : session.restarts());
    return WorkerCounter.reported(counters);
  }
}
