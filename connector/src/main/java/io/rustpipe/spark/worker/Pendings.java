package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open.Window;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The inputs that have not ended: those in flight, bounded by the window, and those that wait to be
 * sent again after a crash. With them the totals of the current worker, which its {@code bye} must
 * match.
 */
final class Pendings<T> {

  private final TreeMap<Long, Pending<T>> inFlight = new TreeMap<>();
  private final ArrayDeque<Pending<T>> replays = new ArrayDeque<>();
  private int bytes;
  private long lastId;
  private long waitedNanos;

  private long inputs;
  private long rows;
  private long errors;

  /**
   * Is there room for another input? One fits always, however long it is.
   *
   * @param frameBytes the length of its {@code in} frame
   */
  boolean hasRoom(Window window, int frameBytes) {
    return inFlight.isEmpty()
        || (inFlight.size() < window.inputs() && bytes + frameBytes <= window.bytes());
  }

  /** An input that no worker has seen yet. */
  Pending<T> begin(WorkerInput<T> input) {
    lastId++;
    return new Pending<>(lastId, input);
  }

  /** An input goes to the worker. */
  void send(Pending<T> pending, int frameBytes) {
    if (replays.peek() == pending) {
      replays.remove();
    }
    pending.sent(frameBytes, waitedNanos);
    bytes += frameBytes;
    inFlight.put(pending.id(), pending);
  }

  /** The next input that has to be sent again; null if there is none. */
  Pending<T> nextReplay() {
    return replays.peek();
  }

  /** The next input to be sent again ends without that. */
  void dropReplay() {
    replays.remove();
  }

  /** Whether the current worker has ended an input. */
  boolean anyAnswered() {
    return inputs > 0;
  }

  /** Whether an input has not ended that was in flight when a worker died. */
  boolean hasSuspects() {
    return !replays.isEmpty() || inFlight.values().stream().anyMatch(Pending::isSuspect);
  }

  /** Bytes of the inputs in flight. */
  int bytes() {
    return bytes;
  }

  /** How many inputs are in flight. */
  int size() {
    return inFlight.size();
  }

  /** How many inputs have not ended, in flight or not. */
  int unfinished() {
    return inFlight.size() + replays.size();
  }

  /**
   * The input of this id.
   *
   * @throws IllegalArgumentException if there is none in flight; the message says whether there
   *     ever was
   */
  Pending<T> get(long id) {
    var pending = inFlight.get(id);
    if (pending == null) {
      throw new IllegalArgumentException(
          replays.stream().anyMatch(replay -> replay.id() == id)
              ? "input %d has not been sent to this worker".formatted(id)
              : id > 0 && id <= lastId
                  ? "input %d has ended already".formatted(id)
                  : "there is no input %d".formatted(id));
    }
    return pending;
  }

  /**
   * Ends an input.
   *
   * @param rowsSaid how many rows the worker says that the input has
   * @throws IllegalArgumentException if that differs from the rows that came
   */
  void end(Pending<T> pending, long rowsSaid, boolean failed) {
    get(pending.id());
    if (rowsSaid != pending.rows()) {
      throw new IllegalArgumentException(
          "%s ended with %d rows by the worker's count, but %d came"
              .formatted(pending.key(), rowsSaid, pending.rows()));
    }
    inFlight.remove(pending.id());
    bytes -= pending.frameBytes();
    inputs++;
    rows += pending.rows();
    errors += failed ? 1 : 0;
  }

  /**
   * Compares the worker's totals.
   *
   * @throws IllegalArgumentException if they differ from what was counted here
   */
  void checkTotals(long inputsSaid, long rowsSaid, long errorsSaid) {
    if (!inFlight.isEmpty()) {
      throw new IllegalArgumentException(
          "'bye' came while %d inputs are unfinished, among them %s"
              .formatted(size(), inFlight.firstEntry().getValue().key()));
    }
    if (inputsSaid != inputs || rowsSaid != rows || errorsSaid != errors) {
      throw new IllegalArgumentException(
          "the totals differ: the worker says %d inputs, %d rows, %d errors; counted %d, %d, %d"
              .formatted(inputsSaid, rowsSaid, errorsSaid, inputs, rows, errors));
    }
  }

  /**
   * The worker is gone, and another has done nothing yet.
   *
   * @return the inputs that it left, in order
   */
  List<Pending<T>> abandon() {
    var left = new ArrayList<>(inFlight.values());
    inFlight.clear();
    bytes = 0;
    inputs = 0;
    rows = 0;
    errors = 0;
    return left;
  }

  /** These inputs are sent again, before any that has not been sent yet. */
  void replay(List<Pending<T>> pendings) {
    // They were sent before those that still wait, if there are any.
    for (var i = pendings.size() - 1; i >= 0; i--) {
      replays.addFirst(pendings.get(i));
    }
  }

  /** Time passed in which nothing came from the worker and nothing was left to read. */
  void waited(long nanos) {
    waitedNanos += nanos;
  }

  /** Rows of an input have come, and a token behind them; null if they had none. */
  void reached(Pending<T> pending, String token) {
    pending.reached(token, waitedNanos);
  }

  /** The inputs in flight of which nothing has come for longer than this. */
  List<Pending<T>> overdue(Duration longest) {
    return inFlight.values().stream()
        .filter(pending -> waitedNanos - pending.heardNanos() > longest.toNanos())
        .toList();
  }
}
