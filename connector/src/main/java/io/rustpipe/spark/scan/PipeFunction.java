package io.rustpipe.spark.scan;

import io.rustpipe.spark.input.RowColumns;
import io.rustpipe.spark.input.RowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.util.TaskCompletionListener;

/** One partition of a DataFrame through a worker, which ends with the task at the latest. */
record PipeFunction(ScanDescription scan, RowColumns columns)
    implements MapPartitionsFunction<Row, Row> {

  /** What is kept goes around the decoder, so that it may be of any type. */
  private static final UnsafeRow NO_COLUMNS = new UnsafeRow(0);

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    var task = TaskContext.get();
    var reader =
        new RustpipeReader<>(
            scan,
            new RowReader(rows, columns),
            kept -> NO_COLUMNS,
            TaskCancel.of(task),
            TaskLabel.of(task));
    TaskCompletionListener close = ended -> close(reader);
    task.addTaskCompletionListener(close);
    return new PipedRows(reader, JavaTimes.converter(scan.layout().schema()));
  }

  private static void close(RustpipeReader<Object[]> reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
