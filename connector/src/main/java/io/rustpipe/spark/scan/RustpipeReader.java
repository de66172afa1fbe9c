package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ErrorMode;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.input.InputReader;
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
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * Inputs go to a worker, its answers become rows.
 *
 * @param <K> what goes with an input into its rows
 */
final class RustpipeReader<K> extends TaskReader<WorkerSession<K>> {

  private final ScanDescription description;
  private final InputReader<K> inputs;
  private final Function<K, UnsafeRow> prefix;
  private final BooleanSupplier cancelled;
  private final String label;
  private final RowDecoder decoder;

  private RowsFrame<K> frame;
  private K kept;

  /**
   * A reader that has started nothing yet.
   *
   * @param prefix the first columns of an input's rows
   * @param cancelled whether Spark has no use for the task any more
   * @param label names the task in the log
   */
  RustpipeReader(
      ScanDescription description,
      InputReader<K> inputs,
      Function<K, UnsafeRow> prefix,
      BooleanSupplier cancelled,
      String label) {
    super(inputs, description.limit());
    this.description = description;
    this.inputs = inputs;
    this.prefix = prefix;
    this.cancelled = cancelled;
    this.label = label;
    this.decoder = description.layout().decoder();
  }

  @Override
  WorkerSession<K> start() throws IOException {
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
      if (event instanceof WorkerEvent.Rows<K> rowsEvent) {
        frame = rowsEvent.frame();
      } else if (event instanceof WorkerEvent.Done<K> done) {
        requireOneRow(done.key(), done.rows());
      } else if (event instanceof WorkerEvent.Failed<K> failed) {
        if (hasItsRow(failed)) {
          continue;
        }
        requireOneRow(failed.key(), failed.rows() + 1);
        var failure = failure(failed);
        if (failure != null) {
          return failure;
        }
      } else if (event instanceof WorkerEvent.Finished<K>) {
        return null;
      }
    }
  }

  /** Whether the worker died between an input's only row and its end: the row stands. */
  private boolean hasItsRow(WorkerEvent.Failed<K> failed) {
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

  private WorkerInput<K> input() throws IOException {
    return inputs.next() ? new WorkerInput<>(inputs.name(), inputs.json(), inputs.kept()) : null;
  }

  /** What goes with the input of the current row. */
  K kept() {
    return kept;
  }

  private UnsafeRow prefix(WorkerInput<K> input) {
    kept = input.context();
    return prefix.apply(kept);
  }

  /** The frame's next row; null behind its last. */
  private InternalRow decode() throws WorkerException {
    try {
      return frame.next() ? decoder.decode(frame.cursor(), prefix(frame.input())) : null;
    } catch (MalformedFrameException | RowFormatException e) {
      throw session().broken(frame, e);
    }
  }

  /** What the mode makes of an input that failed: a row, nothing (null) or the end of the query. */
  private InternalRow failure(WorkerEvent.Failed<K> failed) throws IOException {
    var input = failed.input();
    var mode =
        description.layout().tellsErrors() ? ErrorMode.PERMISSIVE : description.options().mode();
    return switch (mode) {
      case PERMISSIVE -> decoder.failure(prefix(input), failed.code(), failed.message());
      case DROPMALFORMED -> null;
      case FAILFAST ->
          throw new InputFailedException(failed.key(), failed.code(), failed.message());
    };
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    var session = session();
    var counters = new HashMap<>(session == null ? Map.of() : session.counters());
    counters.put(WorkerCounter.SKIPPED.counter(), inputs.skipped());
    counters.put(WorkerCounter.RESTARTS.counter(), session == null ? 0L : session.restarts());
    return WorkerCounter.reported(counters);
  }
}
