package io.rustpipe.spark.input;

import java.io.Closeable;
import java.io.IOException;

/**
 * The inputs of one task, one after the other. Not thread-safe.
 *
 * @param <K> what goes with an input into its rows
 */
public interface InputReader<K> extends Closeable {

  /**
   * Moves to the next input.
   *
   * @return false at the end
   */
  boolean next() throws IOException;

  /** What errors call the input; null where it has no name. */
  String name();

  /** What the worker gets of the input, as a JSON object. */
  String json();

  /** What goes with it. */
  K kept();

  /** This task's share of the inputs that a filter has left out so far. */
  long skipped();
}
