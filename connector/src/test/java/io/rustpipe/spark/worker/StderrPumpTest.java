package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rustpipe.spark.frame.Limits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StderrPumpTest {
  private static final String LONG = "x".repeat(3 * Limits.DEFAULT_STDERR_TAIL_BYTES);

  @Test
  void shortTextIsKeptWhole() {
    assertEquals("one\ntwo", tail("one\ntwo\n"));
  }

  @Test
  void ofLongTextTheLastWholeLinesAreKept() {
    assertEquals("the\nend", tail(LONG + "\nthe\nend\n"));
  }

  @Test
  void ofALineThatIsTooLongTheEndIsKept() {
    String tail = tail(LONG + "the end\n");

    assertEquals(Limits.DEFAULT_STDERR_TAIL_BYTES - 1, tail.length());
    assertEquals("xthe end", tail.substring(tail.length() - 8));
  }

  @Test
  void aGuardsReportIsTakenOutOfTheEndAndItsLikeLeftIn() {
    var report = "rustpipe-guard {\"unread_bytes\":7,\"peak_memory_bytes\":4096}\n";
    var stderr = pump(report + "unfinished\n" + report);
    assertEquals(report + "unfinished", stderr.tail());
    assertEquals(new GuardReport(7L, 4096L), stderr.report().orElseThrow());
    assertEquals(Optional.empty(), pump(report + "more").report());
  }

  @Test
  void whatAGuardCanNotTellIsUnknown() {
    var stderr = pump("\nrustpipe-guard {\"unread_bytes\":null,\"peak_memory_bytes\":null}\n");
    assertEquals(new GuardReport(null, null), stderr.report().orElseThrow());
    assertEquals("", stderr.tail());
  }

  @Test
  void theReportTakesNothingFromTheTail() {
    var report = "\nrustpipe-guard {\"unread_bytes\":0}\n";
    assertEquals(tail(LONG + "the end\n"), pump(LONG + "the end" + report).tail());
  }

  private static String tail(String written) {
    return pump(written).tail();
  }

  private static StderrPump pump(String written) {
    var pump =
        new StderrPump(
            new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)),
            new StderrLog("a test", 1));
    pump.run();
    return pump;
  }
}
