package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

/** What of a worker's standard error reaches the executor's log. */
final class StderrLogTest {

  /** Keeps what is logged. */
  private static final class Kept extends AbstractAppender {
    private final List<String> lines = new ArrayList<>();

    Kept() {
      super("kept", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    }
  }

  private final Logger logger = (Logger) LogManager.getLogger(StderrLog.class);
  private final Kept kept = new Kept();

  @BeforeEach
  void listen() {
    kept.start();
    Configurator.setLevel(logger, org.apache.logging.log4j.Level.ALL);
    logger.addAppender(kept);
  }

  @AfterEach
  void stopListening() {
    logger.removeAppender(kept);
    Configurator.setLevel(logger, org.apache.logging.log4j.Level.WARN);
  }

  @Test
  void aLineNamesTaskAndProcess() {
    pump("out of mirrors\n\n");
    assertEquals(List.of("INFO [task 0.0] worker 42: out of mirrors"), kept.lines);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-01-02T03:04:05.678901Z  WARN worker::fetch: slow | WARN",
        "2026-01-02 03:04:05,678 ERROR no licence | ERROR",
        "03:04:05 [DEBUG] x | DEBUG",
        "ERROR: no licence | ERROR",
        "WARNING:root:slow | WARN",
        "TRACE | TRACE",
        "INFORMATION is not INFO's word | INFO",
        "an ERROR in the middle | INFO",
        "error in lower case | INFO",
      })
  void theLevelIsTheWordThatTheLineBeginsWith(String line, Level level) {
    assertEquals(level, StderrLog.level(line));
  }

  @Test
  void aFloodIsCutOffAndSaysSo() {
    pump(String.join("\n", IntStream.range(0, 5_000).mapToObj(n -> "line " + n).toList()));
    assertEquals(1_001, kept.lines.size());
    assertTrue(kept.lines.get(999).endsWith("worker 42: line 999"), kept.lines.get(999));
    assertEquals(
        "INFO [task 0.0] worker 42: has written more than 1000 lines to its standard error; the"
            + " rest is not logged",
        kept.lines.get(1_000));
  }

  @Test
  void aLongLineIsCut() {
    pump("x".repeat(100_000) + "\nnext\n");
    assertEquals(
        List.of(
            "INFO [task 0.0] worker 42: " + "x".repeat(8 << 10), "INFO [task 0.0] worker 42: next"),
        kept.lines);
  }

  @Test
  void bytesThatAreNotUtf8AreReplaced() {
    pump(new byte[] {'a', (byte) 0xFF, 'b', '\n'});
    assertEquals(List.of("INFO [task 0.0] worker 42: a\uFFFDb"), kept.lines);
  }

  @Test
  void aGuardsReportIsTakenOutAndItsLikeLeftIn() {
    var report = "rustpipe-guard {\"unread_bytes\":7,\"peak_memory_bytes\":4096}\n";
    pump(report + "unfinished\n" + report);
    assertEquals(
        List.of(
            "INFO [task 0.0] worker 42: " + report.strip(),
            "INFO [task 0.0] worker 42: unfinished"),
        kept.lines);
  }

  private static void pump(String text) {
    pump(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void pump(byte[] bytes) {
    new StderrPump(new ByteArrayInputStream(bytes), new StderrLog("task 0.0", 42)).run();
  }
}
