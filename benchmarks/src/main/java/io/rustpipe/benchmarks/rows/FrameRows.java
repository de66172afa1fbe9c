package io.rustpipe.benchmarks.rows;

import io.rustpipe.spark.frame.JsonCursor;
import java.io.IOException;

/**
 * One way to read a frame.
 *
 * @param <T> what Spark is given: rows or batches
 */
interface FrameRows<T> {
  /** Starts a frame, before its first row. */
  void begin(byte[] frame) throws IOException;

  /** Goes on to the frame's next row or batch; false at its end. */
  boolean next() throws IOException;

  /** The row or batch, good until the next call of {@link #next}. */
  T get();

  /** Reads a frame up to the inside of its array of rows. */
  static void enterRows(JsonCursor cursor) throws IOException {
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.fieldIs("rows")) {
        cursor.enterArray();
        return;
      }
      cursor.skipValue();
    }
    throw new IOException("no rows in the frame");
  }
}
