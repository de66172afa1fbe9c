package io.rustpipe.spark.metric;

import java.util.Arrays;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What is counted of a program that reads and writes lines. */
public enum LineCounter {
  SENT("lines_sent", "lines given to the program"),
  RECEIVED("lines_received", "lines that the program printed");

  private final String counter;
  private final String description;

  LineCounter(String counter, String description) {
    this.counter = counter;
    this.description = description;
  }

  /** What a scan declares. */
  public static CustomMetric[] declared() {
    return Arrays.stream(values())
        .map(value -> new SumMetric(value.counter, value.description))
        .toArray(CustomMetric[]::new);
  }

  /** What a task reports: one value for each that is declared. */
  public static CustomTaskMetric[] reported(long sent, long received) {
    return new CustomTaskMetric[] {
      new TaskValue(SENT.counter, sent), new TaskValue(RECEIVED.counter, received)
    };
  }
}
