package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open.Window;
import java.util.HashMap;
import java.util.Map;

/**
 * The inputs in flight, bounded by the window, and the totals that {@code bye} must match. After a
 * crash these are the inputs to be replayed.
 */
final class Pendings<T> {

  private final Map<Long, Pending<T>> byId = new HashMap<>();
  private int bytes;
  private long lastId;
  private long rows;
  private long errors;

  /**
   * Is there room for another input? One fits always, however long it is.
   *
   * @param frameBytes the length of its {@code in} frame
   */
  boolean hasRoom(Window window, int frameBytes) {
    return byId.isEmpty()
        || (byId.size() < window.inputs() && bytes + frameBytes <= window.bytes());
  }

  long nextId() {
    return lastId + 1;
  }

  void add(Pending<T> pending) {
    lastId = pending.id();
    bytes += pending.frameBytes();
    byId.put(pending.id(), pending);
  }

  /** Bytes of the inputs in flight. */
  int bytes() {
    return bytes;
  }

  int size() {
    return byId.size();
  }

  /**
   * The input of this id.
   *
   * @throws IllegalArgumentException if there is none in flight; the message says whether there
   *     ever was
   */
  Pending<T> get(long id) {
    var pending = byId.get(id);
    if (pending == null) {
      throw new IllegalArgumentException(
          id > 0 && id <= lastId
              ? "input %d has ended already".formatted(id)
              : "there is no input %d".formatted(id));
    }
    return pending;
  }

  /**
   * Ends an input.
   *
   * @param rowsSaid how many rows the worker says that it sent
   * @throws IllegalArgumentException if that differs from the rows that came
   */
  void end(Pending<T> pending, long rowsSaid, boolean failed) {
    get(pending.id());
    if (rowsSaid != pending.rows()) {
      throw new IllegalArgumentException(
          "input %d (%s) ended with %d rows by the worker's count, but %d came"
              .formatted(pending.id(), pending.input().url(), rowsSaid, pending.rows()));
    }
    byId.remove(pending.id());
    bytes -= pending.frameBytes();
    rows += pending.rows();
    errors += failed ? 1 : 0;
  }

  /**
   * Compares the worker's totals.
   *
   * @throws IllegalArgumentException if they differ from what was counted here
   */
  void checkTotals(long inputsSaid, long rowsSaid, long errorsSaid) {
    if (!byId.isEmpty()) {
      throw new IllegalArgumentException(
          "'bye' came while %d inputs are unfinished, among them %s"
              .formatted(size(), byId.values().iterator().next().input().url()));
    }
    if (inputsSaid != lastId || rowsSaid != rows || errorsSaid != errors) {
      throw new IllegalArgumentException(
          "the totals differ: the worker says %d inputs, %d rows, %d errors; counted %d, %d, %d"
              .formatted(inputsSaid, rowsSaid, errorsSaid, lastId, rows, errors));
    }
  }
}
