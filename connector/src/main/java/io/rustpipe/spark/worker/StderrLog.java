package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes a worker's standard error to the executor's log, line by line, within limits. Used by one
 * thread.
 */
final class StderrLog {

  private static final Logger LOG = LoggerFactory.getLogger(StderrLog.class);

  /** A level at the beginning or behind a timestamp of one or two words. */
  private static final Pattern LEVEL =
      Pattern.compile(
          "(?:[0-9][0-9TZ:.,+/-]*\\s+){0,2}\\[?(ERROR|WARN|INFO|DEBUG|TRACE)(?:ING)?\\b.*");

  private final String prefix;
  private final byte[] line = new byte[Limits.DEFAULT_LOGGED_LINE_BYTES];
  private int length;
  private int logged;
  private String held;

  /**
   * A log without lines.
   *
   * @param label names the task
   */
  StderrLog(String label, long pid) {
    this.prefix = "[%s] worker %d: ".formatted(label, pid);
  }

  /** The next bytes of the stream. */
  void take(byte[] bytes, int count) {
    for (var i = 0; i < count && logged <= Limits.DEFAULT_LOGGED_LINES; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else if (length < line.length) {
        line[length++] = bytes[i];
      }
    }
  }

  /** The stream has ended. If its last line is a guard's report, it isn't logged. */
  void end() {
    endLine();
  }

  private void endLine() {
    var text = new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
    length = 0;
    if (text.isEmpty()) {
      return;
    }
    // Only another line behind it tells that it was none.
    if (held != null) {
      log(held);
    }
    held = text.startsWith(GuardReport.MARK) ? text : null;
    if (held == null) {
      log(text);
    }
  }

  private void log(String text) {
    logged++;
    if (logged <= Limits.DEFAULT_LOGGED_LINES) {
      LOG.atLevel(level(text)).log("{}{}", prefix, text);
    } else {
      LOG.info(
          "{}has written more than {} lines to its standard error; the rest is not logged",
          prefix,
          Limits.DEFAULT_LOGGED_LINES);
    }
  }

  static Level level(String text) {
    var matcher = LEVEL.matcher(text);
    return matcher.matches() ? Level.valueOf(matcher.group(1)) : Level.INFO;
  }
}
