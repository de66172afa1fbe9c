package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The worker processes of this JVM: everything that descends from it. */
final class Workers {
  /** The time that safety.md allows between the end of a query and the end of its workers. */
  static final Duration GRACE = Duration.ofSeconds(2);

  private Workers() {}

  static List<ProcessHandle> running() {
    return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList();
  }

  static void assertNoneWithinGrace() {
    assertTrue(
        await(GRACE, () -> running().isEmpty()),
        () ->
            "still running after " + GRACE + ": " + running().stream().map(Workers::show).toList());
  }

  /** Looks at a condition until it holds; false if the time is up before. */
  static boolean await(Duration time, BooleanSupplier condition) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return true;
  }

  private static String show(ProcessHandle process) {
    return process.pid() + " " + process.info().commandLine().orElse("?");
  }
}
