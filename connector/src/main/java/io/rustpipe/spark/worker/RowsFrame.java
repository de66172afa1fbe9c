package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;

/** A {@code rows} frame that is being read: its rows are decoded in place, one at a time. */
public final class RowsFrame<T> {

  private final Pending<T> pending;
  private final JsonCursor cursor;
  private final Lines line;
  private boolean exhausted;
  private boolean hasRows;

  RowsFrame(Pending<T> pending, JsonCursor cursor, Lines line) {
    this.pending = pending;
    this.cursor = cursor;
    this.line = line;
  }

  /** The input that the rows belong to. */
  public WorkerInput<T> input() {
    return pending.input();
  }

  /** Moves to the next row; false behind the last. */
  public boolean next() throws MalformedFrameException {
    if (exhausted || !cursor.nextElement()) {
      exhausted = true;
      return false;
    }
    pending.countRow();
    hasRows = true;
    return true;
  }

  /** Stands at the row, which is a JSON array; the caller reads exactly that. */
  public JsonCursor cursor() {
    return cursor;
  }

  /** Whether rows have been read from it. */
  boolean hasRows() {
    return hasRows;
  }

  Pending<T> pending() {
    return pending;
  }

  Lines line() {
    return line;
  }
}
