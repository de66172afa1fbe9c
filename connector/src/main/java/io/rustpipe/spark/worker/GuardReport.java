package io.rustpipe.spark.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What a guard says of the program that it has run, in the last line of its standard error.
 *
 * @param unreadBytes what the program left unread in its standard input; null if nobody knows
 * @param peakMemoryBytes the most memory that one of its processes held; null if nobody knows
 */
record GuardReport(Long unreadBytes, Long peakMemoryBytes) {

  /** The beginning of the line. */
  static final String MARK = "rustpipe-guard {";

  /** The longest line, with room for what another release may say. */
  static final int LONGEST_BYTES = 512;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the line; empty if it only looks like a report. */
  static Optional<GuardReport> read(String line) {
    try {
      var report = JSON.readTree(line.substring(MARK.length() - 1));
      return Optional.of(
          new GuardReport(
              report.path("unread_bytes").isNumber() ? report.path("unread_bytes").asLong() : null,
              report.path("peak_memory_bytes").isNumber()
                  ? report.path("peak_memory_bytes").asLong()
                  : null));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
