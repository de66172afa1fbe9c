package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of programs that only read and write lines, and those that say nothing to them. */
final class LinesOptionsTest {

  @Test
  void theDefaultIsTheProtocol() {
    var options = of();

    assertEquals(Protocol.RUSTPIPE, options.protocol());
    assertFalse(options.allowEarlyExit());
  }

  @Test
  void linesNeedAProgram() {
    assertFails("'protocol' is 'lines'", "'worker'", "protocol", "lines");
    assertEquals(Protocol.LINES, of("worker", "/bin/cat", "PROTOCOL", "Lines").protocol());
  }

  @Test
  void theirOwnOptionsAreRead() {
    var options = lines("inputColumn", "text", "linesPerInput", "2");

    assertEquals("text", options.inputColumn().orElseThrow());
    assertEquals(OptionalInt.of(2), options.linesPerInput());
    assertTrue(lines("allowEarlyExit", "true").allowEarlyExit());
  }

  @Test
  void aProgramMayThinkForEverUnlessATimeIsGiven() {
    assertEquals(Optional.empty(), lines().givenWorkerTimeout());
    assertEquals(
        Optional.of(Duration.ofSeconds(5)), lines("workerTimeout", "5s").givenWorkerTimeout());
  }

  @ParameterizedTest
  @CsvSource({"inputColumn, c", "linesPerInput, 1", "allowEarlyExit, true"})
  void theirOwnOptionsAreErrorsWithoutLines(String name, String value) {
    assertFails("option '" + name + "'", "'protocol' to be 'lines'", name, value);
    assertFails("option '" + name + "'", "'protocol' to be 'lines'", name, value, "worker", "/w");
  }

  @ParameterizedTest
  @CsvSource({
    "table, fetches",
    "urlColumn, u",
    "integrityColumn, i",
    "keep, none",
    "concurrency, 2",
    "allowedNetworks, 10.0.0.0/8",
    "depth, head",
    "partitioning, host",
    "retries, 1",
    "inputTimeout, 1m",
    "workerRestarts, 1",
    "maxEntries, 5"
  })
  void whatSaysNothingToThemIsAnErrorThatNamesBoth(String name, String value) {
    assertFails(
        "option '" + name + "' says nothing",
        "'protocol' to 'rustpipe'",
        "worker",
        "/bin/cat",
        "protocol",
        "lines",
        name,
        value);
  }

  @Test
  void defaultsOfTheSessionAreForReadsToWhichTheySaySomething() {
    SQLConf session = SQLConf.get();
    session.setConfString("spark.datasource.rustpipe.concurrency", "8");
    session.setConfString("spark.datasource.rustpipe.linesPerInput", "1");
    try {
      // As Spark hands them over: with the table, and once more with the scan.
      String[] defaults = {"concurrency", "8", "linesPerInput", "1"};
      var lines = lines(defaults);
      assertEquals(OptionalInt.of(1), lines.overriddenBy(map(defaults)).linesPerInput());
      assertEquals(lines("linesPerInput", "1"), lines);
      assertEquals(8, of(defaults).overriddenBy(map(defaults)).concurrency());
      assertThrows(IllegalArgumentException.class, () -> lines("concurrency", "9"));
    } finally {
      session.unsetConf("spark.datasource.rustpipe.concurrency");
      session.unsetConf("spark.datasource.rustpipe.linesPerInput");
    }
  }

  @Test
  void unknownOptionsAreErrorsAsNobodyDeclaresThem() {
    assertFails(
        "unknown option 'linesPerInputs'",
        "did you mean 'linesPerInput'?",
        "worker",
        "/bin/cat",
        "protocol",
        " lines ",
        "linesPerInputs",
        "1");
  }

  @Test
  void aPromiseForEveryLineAndLeaveToSkipSomeContradictEachOther() {
    assertFails(
        "'linesPerInput'",
        "'allowEarlyExit'",
        "worker",
        "/bin/cat",
        "protocol",
        "lines",
        "linesPerInput",
        "1",
        "allowEarlyExit",
        "true");
  }

  @Test
  void optionsOfOneScanAreCheckedWithThoseOfTheTable() {
    var table = lines();

    assertEquals(OptionalInt.of(1), table.overriddenBy(map("linesPerInput", "1")).linesPerInput());
    assertThrows(IllegalArgumentException.class, () -> table.overriddenBy(map("concurrency", "1")));
    assertThrows(IllegalArgumentException.class, () -> table.overriddenBy(map("greeting", "1")));
  }

  private static RustpipeOptions lines(String... options) {
    Map<String, String> given = new HashMap<>(map(options));
    given.putAll(Map.of("worker", "/bin/cat", "protocol", "lines"));
    return RustpipeOptions.of(new CaseInsensitiveStringMap(given));
  }

  private static RustpipeOptions of(String... options) {
    return RustpipeOptions.of(map(options));
  }

  private static CaseInsensitiveStringMap map(String... options) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    return new CaseInsensitiveStringMap(given);
  }

  private static void assertFails(String first, String second, String... options) {
    String message = assertThrows(IllegalArgumentException.class, () -> of(options)).getMessage();
    assertTrue(message.contains(first) && message.contains(second), message);
  }
}
