package io.rustpipe.spark.worker;

/**
 * One input for a worker.
 *
 * @param name what errors call it, such as its URL; null where it has none
 * @param json its fields, as one JSON object without a line feed
 * @param context what the caller wants back with the input's rows
 */
public record WorkerInput<T>(String name, String json, T context) {

  /** What errors call it. */
  InputKey key(long id) {
    return new InputKey(id, name);
  }
}
