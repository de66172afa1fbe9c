package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rustpipe.spark.frame.Limits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

  private static String tail(String written) {
    var pump = new StderrPump(new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)));
    pump.run();
    return pump.tail();
  }
}
