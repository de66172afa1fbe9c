package io.rustpipe.spark.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

final class StdoutPumpTest {

  @Test
  void aLineMayBeAsLongAsTheLimit() throws Exception {
    var mailbox = pumped("1234567890\n1234567890\n1234567890");
    var lines = mailbox.poll();
    assertEquals("1234567890\n1234567890\n", text(lines));
    assertTrue(mailbox.ended());
    assertEquals("1234567890", text(mailbox.unended()));
  }

  @Test
  void oneByteMoreIsAnErrorWhetherTheLineHasEndedOrNot() {
    assertTooLong("12345678901");
    assertTooLong("12345678901\n");
  }

  private static void assertTooLong(String output) {
    var error = assertThrows(BrokenLineException.class, () -> pumped(output).ended());
    assertTrue(error.getMessage().contains("the limit of 10 bytes"), error.getMessage());
  }

  private static Mailbox pumped(String output) {
    var mailbox = new Mailbox();
    new StdoutPump(mailbox, new ByteArrayInputStream(output.getBytes(UTF_8)), 10).run();
    return mailbox;
  }

  private static String text(Lines lines) {
    return new String(lines.head(lines.length()), UTF_8);
  }
}
