package io.rustpipe.spark.worker;

/**
 * One input for a worker.
 *
 * @param url what the worker is to fetch; null where the manifest has none, which the worker
 *     answers with an error
 * @param integrity the digest that its body must have; null if none is expected
 * @param context what the caller wants back with the input's rows
 */
public record WorkerInput<T>(String url, String integrity, T context) {

  /** What errors call it. */
  InputKey key(long id) {
    return new InputKey(id, url);
  }
}
