package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A mistake that somebody could make in the session, as a change of its source. */
enum PlantedBug {
  CULPRIT_IS_SENT_AGAIN(
      "Recovery.java", "} else if (input.canBeReplayed()) {", "}\nif (input.canBeReplayed()) {"),
  CULPRIT_IS_NEVER_FOUND(
      "Recovery.java", "return oneAtATime && pendings.hasSuspects();", "return false;"),
  NEIGHBOURS_ARE_BLAMED("Recovery.java", "(alone && input.isSuspect())", "input.isSuspect()"),
  STRANDED_INPUT_BEGINS_ANEW("Pending.java", "return rows == 0 || resume != null;", "return true;"),
  TOKEN_IS_NOT_SENT("Feeder.java", "input.json(), pending.resume());", "input.json(), null);"),
  TOKEN_OUTLIVES_LATER_ROWS(
      "Pending.java", "resume = token;", "resume = token == null ? resume : token;"),
  WINDOW_IS_OFF_BY_ONE(
      "Pendings.java", "inFlight.size() < window.inputs()", "inFlight.size() <= window.inputs()"),
  BYTES_OF_THE_NEXT_INPUT_ARE_FORGOTTEN(
      "Pendings.java", "bytes + frameBytes <= window.bytes()", "bytes <= window.bytes()"),
  TOTALS_OUTLIVE_THE_WORKER("Pendings.java", "bytes = 0;\n    inputs = 0;", "bytes = 0;"),
  LAST_LINES_ARE_DROPPED(
      "Conversation.java", "if (lines == null) {", "if (lines == null && worker.isAlive()) {"),
  WAKE_UP_IS_LOST(
      "Mailbox.java",
      "outboxBytes += line.length;\n      forStdin.signal();",
      "outboxBytes += line.length;"),
  TALKING_COUNTS_AS_SILENCE(
      "Watch.java",
      "silentNanos = 0;\n      deadNanos = 0;",
      "silentNanos += waited;\n      deadNanos = 0;"),
  UNFINISHED_LINE_IS_TAKEN_FOR_WHOLE(
      "StdoutPump.java",
      "if (count < 0) {",
      "if (count < 0) {\n"
          + "        if (end > lineStart) {\n"
          + "          buffer[end++] = '\\n"
          + "';\n"
          + "          mailbox.deliver(new Lines(buffer, lineStart, end));\n"
          + "        }"),
  END_IS_FORGOTTEN_AFTER_A_RESTART(
      "Feeder.java", "letter = null;\n    endSent = false;", "letter = null;");

  private static final Path SOURCES = Path.of("src/main/java/io/rustpipe/spark/worker");

  private final String file;
  private final String from;
  private final String to;

  /**
   * Says what changes.
   *
   * @param file of this package
   * @param from what stands there, once
   * @param to what the mistake makes of it
   */
  PlantedBug(String file, String from, String to) {
    this.file = file;
    this.from = from;
    this.to = to;
  }

  String file() {
    return file;
  }

  /** The file with the mistake in it. */
  String source() throws IOException {
    var source = Files.readString(SOURCES.resolve(file));
    var at = source.indexOf(from);
    if (at < 0 || source.indexOf(from, at + 1) >= 0) {
      throw new IllegalStateException(
          "'%s' must stand in %s once: the source has changed, plant the bug anew"
              .formatted(from, file));
    }
    return source.replace(from, to);
  }
}
