package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The processes of one test, wherever in the tree of processes they are: those that have its mark
 * in their command lines. A dead one has no command line, so one that only waits for init to reap
 * it does not count.
 *
 * @param mark a path that is the test's alone
 */
record Marked(Path mark) {

  List<ProcessHandle> alive() {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(mark.toString()))
        .toList();
  }

  /** Waits until there are so many: a worker with what it started. */
  void awaitAlive(int count) {
    assertTrue(
        Workers.await(Duration.ofSeconds(60), () -> alive().size() >= count),
        () -> "there were to be %d processes, there are: %s".formatted(count, show()));
  }

  void assertGoneWithinGrace() {
    assertTrue(goneWithinGrace(), () -> "still running after " + Workers.GRACE + ": " + show());
  }

  boolean goneWithinGrace() {
    return Workers.await(Workers.GRACE, () -> alive().isEmpty());
  }

  /** Ends what others than we have left behind. */
  void kill() {
    alive().forEach(ProcessHandle::destroyForcibly);
    assertTrue(Workers.await(Duration.ofSeconds(30), () -> alive().isEmpty()), this::show);
  }

  private String show() {
    return alive().stream()
        .map(process -> process.pid() + " " + commandLine(process))
        .toList()
        .toString();
  }

  /** Is it more than a dead one that waits to be reaped? */
  static boolean runs(ProcessHandle process) {
    return !commandLine(process).isEmpty();
  }

  /** The JDK shows the program and not the name that it was started by. */
  static String commandLine(ProcessHandle process) {
    try {
      Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      // It has gone meanwhile.
      return "";
    }
  }
}
