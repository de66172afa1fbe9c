package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.time.Duration;

/**
 * How much a session bears of its workers. Times count only while the task thread waits for a
 * worker: one that is blocked, because nobody takes its rows, can't say that it lives.
 *
 * @param hello the longest silence before a worker's first frame
 * @param silence the longest silence after it; any byte ends it
 * @param input the longest time in which nothing comes of one input
 * @param restarts how often a worker that has died is started again
 */
public record Patience(Duration hello, Duration silence, Duration input, int restarts) {

  /** With the limits that no option changes. */
  public static Patience of(Duration silence, Duration input, int restarts) {
    return new Patience(Limits.DEFAULT_HELLO, silence, input, restarts);
  }
}
