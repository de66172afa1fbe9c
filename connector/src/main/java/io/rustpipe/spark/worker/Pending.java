package io.rustpipe.spark.worker;

/** An input that the worker has and has not ended yet. */
final class Pending<T> {

  private final long id;
  private final WorkerInput<T> input;
  private final int frameBytes;
  private long rows;

  Pending(long id, WorkerInput<T> input, int frameBytes) {
    this.id = id;
    this.input = input;
    this.frameBytes = frameBytes;
  }

  long id() {
    return id;
  }

  WorkerInput<T> input() {
    return input;
  }

  int frameBytes() {
    return frameBytes;
  }

  long rows() {
    return rows;
  }

  void countRow() {
    rows++;
  }
}
