package io.rustpipe.spark.worker;

/** What a session has to tell its caller. */
public sealed interface WorkerEvent<T> {

  /** Rows of an input have come; the caller reads all of them before it asks for the next event. */
  record Rows<T>(RowsFrame<T> frame) implements WorkerEvent<T> {}

  /**
   * An input has ended well.
   *
   * @param id its number in the task, from 1
   * @param rows how many rows it had; all of them have been read
   */
  record Done<T>(long id, WorkerInput<T> input, long rows) implements WorkerEvent<T> {

    /** What errors call the input. */
    public InputKey key() {
      return input.key(id);
    }
  }

  /**
   * An input has ended in an error, after the rows that were read.
   *
   * @param id its number in the task, from 1
   * @param rows how many rows it had before; all of them have been read
   * @param code one of the protocol's closed list of error codes
   */
  record Failed<T>(long id, WorkerInput<T> input, long rows, String code, String message)
      implements WorkerEvent<T> {

    /** What errors call the input. */
    public InputKey key() {
      return input.key(id);
    }

    /** Whether the input ended with its worker, and not by a frame of it. */
    public boolean workerDied() {
      return code.equals("WORKER_CRASH") || code.equals("WORKER_TIMEOUT");
    }
  }

  /** All inputs have ended, the counts agree and the worker is gone. */
  record Finished<T>() implements WorkerEvent<T> {}
}
