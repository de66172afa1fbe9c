package io.rustpipe.spark.metric;

import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * The counters that are shown: those of {@code metrics} frames, of which a worker that doesn't send
 * one has counted none, {@link #SKIPPED} and {@link #RESTARTS}, which the connector counts.
 */
public enum WorkerCounter {
  SKIPPED("inputs_skipped", "inputs left out by filters"),
  RESTARTS("worker_restarts", "workers started in the place of one that had died"),
  INPUTS("inputs_done", "inputs finished"),
  ERRORS("errors", "inputs ended by an error frame"),
  REQUESTS("requests", "requests, redirects not counted"),
  RETRIES("retries", "downloads tried again"),
  BYTES_DOWNLOADED("bytes_downloaded", "bytes downloaded"),
  UNCOMPRESSED_BYTES("uncompressed_bytes", "bytes of archives read"),
  ENTRIES("entries", "entries read"),
  HASHED_BYTES("hashed_bytes", "bytes hashed, once for each digest");

  private final String counter;
  private final String description;

  WorkerCounter(String counter, String description) {
    this.counter = counter;
    this.description = description;
  }

  /** The counter's name. */
  public String counter() {
    return counter;
  }

  /** What a scan declares. */
  public static CustomMetric[] declared() {
    return Arrays.stream(values())
        .map(value -> new SumMetric(value.counter, value.description))
        .toArray(CustomMetric[]::new);
  }

  /** What a task reports: one value for each that is declared. */
  public static CustomTaskMetric[] reported(Map<String, Long> counters) {
    return Arrays.stream(values())
        .map(value -> new TaskValue(value.counter, counters.getOrDefault(value.counter, 0L)))
        .toArray(CustomTaskMetric[]::new);
  }
}
