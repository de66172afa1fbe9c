package io.rustpipe.benchmarks.race;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Measures a piece of work together with the child processes that it starts. Linux only: it reads
 * {@code /proc}.
 */
final class Meter {
  /**
   * The work's children must have ended and been reaped soon after it: their CPU time is known only
   * then.
   */
  private static final Duration REAPING = Duration.ofSeconds(10);

  /** Whose CPU time and memory count. */
  enum Scope {
    /** This JVM and everything below it. */
    TREE,
    /** Everything below this JVM, but not the JVM itself. */
    CHILDREN
  }

  /** A result and what it cost. */
  record Measured<T>(T result, Cost cost) {}

  private Meter() {}

  /**
   * Runs the work once.
   *
   * @throws IllegalStateException if it leaves processes behind
   */
  static <T> Measured<T> measure(Scope scope, Callable<T> work) throws Exception {
    var before = cpu(scope);
    T result;
    Duration wall;
    MemorySampler.Peak peak;
    try (var sampler = MemorySampler.start(scope)) {
      long start = System.nanoTime();
      result = work.call();
      wall = Duration.ofNanos(System.nanoTime() - start);
      peak = sampler.stop();
    }
    awaitNoProcesses();
    var cpu = cpu(scope).minus(before);
    if (scope == Scope.TREE) {
      cpu = cpu.minus(peak.samplerCpu());
    }
    return new Measured<>(result, new Cost(wall, cpu, peak.bytes(), peak.childrenBytes()));
  }

  private static Duration cpu(Scope scope) {
    var times = ProcFs.cpuTimes();
    return switch (scope) {
      case TREE -> times.self().plus(times.reapedChildren());
      case CHILDREN -> times.reapedChildren();
    };
  }

  private static void awaitNoProcesses() throws InterruptedException {
    long deadline = System.nanoTime() + REAPING.toNanos();
    while (ProcessHandle.current().descendants().findAny().isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "processes left behind: "
                + ProcessHandle.current().descendants().map(ProcessHandle::info).toList());
      }
      Thread.sleep(1);
    }
  }
}
