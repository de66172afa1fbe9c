package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Description.RowsPerInput;
import io.rustpipe.spark.worker.WorkerBinary;

/** Which of a worker's tables a query gets. */
final class WorkerTable {

  private WorkerTable() {}

  /**
   * The table that the options name.
   *
   * @throws IllegalArgumentException if there is none, or the options leave no rows of it
   */
  static Description.Table of(WorkerBinary worker, RustpipeOptions options) {
    var table = options.table().map(worker.description()::table).orElseGet(worker::defaultTable);
    if (table.rowsPerInput() == RowsPerInput.MANY && !options.depth().readsArchives()) {
      throw new IllegalArgumentException(
          "table '%s' has a row for each thing in an archive, but the option 'depth' is '%s', at which no archive is read; use 'entries' or 'content', or the table fetches"
              .formatted(table.name(), options.depth()));
    }
    return table;
  }
}
