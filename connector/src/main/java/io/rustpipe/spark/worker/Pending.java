package io.rustpipe.spark.worker;

/** An input that has been sent to a worker and has not ended yet. */
final class Pending<T> {

  private final long id;
  private final WorkerInput<T> input;
  private int frameBytes;
  private int attempts;
  private long rows;
  private String resume;
  private boolean suspect;
  private long heardNanos;

  Pending(long id, WorkerInput<T> input) {
    this.id = id;
    this.input = input;
  }

  long id() {
    return id;
  }

  WorkerInput<T> input() {
    return input;
  }

  InputKey key() {
    return input.key(id);
  }

  /** It goes to a worker, in a frame of this length. */
  void sent(int bytes, long now) {
    frameBytes = bytes;
    attempts++;
    heardNanos = now;
  }

  int frameBytes() {
    return frameBytes;
  }

  /** To how many workers it has been sent, one after the other. */
  int attempts() {
    return attempts;
  }

  long rows() {
    return rows;
  }

  void countRow() {
    rows++;
  }

  /** Rows of it have come, and behind them a token to go on from; null if they had none. */
  void reached(String token, long now) {
    resume = token;
    heardNanos = now;
  }

  /** What a worker needs to go on behind the rows that have come; null if it has to begin anew. */
  String resume() {
    return resume;
  }

  /** Whether another worker could do the rest: nothing has left, or there is a token. */
  boolean canBeReplayed() {
    return rows == 0 || resume != null;
  }

  /** Whether it was in flight when a worker died. */
  boolean isSuspect() {
    return suspect;
  }

  void suspect() {
    suspect = true;
  }

  /** When something came of it, on the clock of time waited. */
  long heardNanos() {
    return heardNanos;
  }
}
