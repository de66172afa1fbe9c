package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExitStatusTest {

  @ParameterizedTest
  @CsvSource({
    "0, exit code 0",
    "3, exit code 3",
    "128, exit code 128",
    "137, exit code 137 (SIGKILL)",
    "139, exit code 139 (SIGSEGV)",
    "162, exit code 162 (signal 34)",
    "192, exit code 192 (signal 64)",
    "255, exit code 255",
  })
  void signalsHaveNames(int exitValue, String words) {
    assertEquals(words, ExitStatus.describe(exitValue));
  }
}
