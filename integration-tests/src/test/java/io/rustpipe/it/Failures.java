package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** What a failed query tells its user: the messages of the exception and of its causes. */
final class Failures {
  private Failures() {}

  /** Runs the query, which has to fail, and checks that some message has all of the parts. */
  static void assertFailsNaming(Executable query, String... parts) {
    List<String> messages = messages(assertThrows(Exception.class, query));
    assertTrue(
        messages.stream().anyMatch(message -> List.of(parts).stream().allMatch(message::contains)),
        () -> "no message with " + List.of(parts) + " among:\n" + String.join("\n", messages));
  }

  /** Runs the query, which has to fail, and checks that one message has this and none has that. */
  static void assertFailsHiding(Executable query, String said, String hidden) {
    String messages = String.join("\n", messages(assertThrows(Exception.class, query)));
    assertTrue(messages.contains(said), messages);
    assertFalse(messages.contains(hidden), messages);
  }

  private static List<String> messages(Throwable failure) {
    var messages = new ArrayList<String>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.add(String.valueOf(cause.getMessage()));
    }
    return messages;
  }
}
