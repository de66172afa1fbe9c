package io.rustpipe.spark.worker;

import java.util.Map;

/** How a process ended, in words. */
final class ExitStatus {

  /**
   * Numbers that are the same on every architecture that Linux and macOS share; the rest are shown
   * as numbers.
   */
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  /** The JDK reports a process that a signal killed as 128 and the signal's number. */
  private static final int SIGNAL_BASE = 128;

  /** The last signal that Linux knows. Above it are codes of programs' own, 255 most of all. */
  private static final int MAX_SIGNAL = 64;

  private static final int KILL = 9;

  private ExitStatus() {}

  static boolean isKill(int exitValue) {
    return exitValue == SIGNAL_BASE + KILL;
  }

  static String describe(int exitValue) {
    var signal = exitValue - SIGNAL_BASE;
    if (signal <= 0 || signal > MAX_SIGNAL) {
      return "exit code " + exitValue;
    }
    return "exit code %d (%s)"
        .formatted(exitValue, SIGNALS.getOrDefault(signal, "signal " + signal));
  }
}
