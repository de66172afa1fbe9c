package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.LocalSpark;
import java.util.List;
import java.util.stream.LongStream;

/** What the program that invents rows is asked for: the same number of rows by each input. */
final class Inputs {
  /** Many for each task, so that both ways have several inputs under way; a multiple of tasks. */
  private static final int COUNT = 20 * LocalSpark.TASKS;

  private Inputs() {}

  /** Inputs of so many rows in all, at least; numbers run on from input to input. */
  static List<String> of(long rows) {
    var each = (rows + COUNT - 1) / COUNT;
    return LongStream.range(0, COUNT)
        .mapToObj(i -> "rows:%d@%d".formatted(each, i * each))
        .toList();
  }

  /** How many rows those inputs have. */
  static long rows(long rows) {
    return (rows + COUNT - 1) / COUNT * COUNT;
  }
}
