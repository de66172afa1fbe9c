package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Open;
import io.rustpipe.spark.worker.Patience;
import io.rustpipe.spark.worker.WorkerBinary;
import java.io.Serializable;
import java.util.TreeMap;

/**
 * All that was decided on the driver about a scan, but for which rows of the manifest a task reads.
 *
 * @param worker who makes the rows
 * @param layout the columns wanted
 * @param limit rows after which a task may stop; null for all
 */
record ScanDescription(
    WorkerBinary worker, TableLayout layout, RustpipeOptions options, Integer limit)
    implements Serializable {

  /** What a task bears of its worker. */
  Patience patience() {
    return Patience.of(options.workerTimeout(), options.inputTimeout(), options.workerRestarts());
  }

  /** What a task asks of its worker. */
  Open open() {
    var inputs = Limits.DEFAULT_INPUTS_PER_PLACE * options.concurrency();
    if (limit != null) {
      // More inputs than rows wanted would be work for nobody.
      inputs = Math.max(1, Math.min(limit, inputs));
    }
    return new Open(
        layout.table(),
        layout.workerColumns(),
        new TreeMap<>(options.workerOptions(worker.description().optionNames())),
        new Open.Window(inputs, Limits.DEFAULT_WINDOW_BYTES),
        limit);
  }
}
