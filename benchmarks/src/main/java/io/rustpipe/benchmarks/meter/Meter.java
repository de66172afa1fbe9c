package io.rustpipe.benchmarks.meter;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Measures a piece of work together with the child processes that it starts. Linux only: it reads
 * {@code /proc}.
 */
public final class Meter {
  /**
   * The work's children must have ended and been reaped soon after it: their CPU time is known only
   * then.
   */
  private static final Duration REAPING = Duration.ofSeconds(10);

  /** Whose CPU time and memory count. */
  public enum Scope {
    /** This JVM and everything below it. */
    TREE,
    /** Everything below this JVM, but not the JVM itself. */
    CHILDREN
  }

  /** A result and what it cost. */
  public record Measured<T>(T result, Cost cost) {}

  private Meter() {}

  /**
   * Runs the work once.
   *
   * @throws IllegalStateException if it leaves processes behind
   */
  public static <T> Measured<T> measure(Scope scope, Callable<T> work) throws Exception {
    var before = ProcFs.cpuTimes();
    var threadsBefore = CpuParts.ofThreads();
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
    var spent = ProcFs.cpuTimes().minus(before);
    var self =
        switch (scope) {
          case TREE -> spent.self().minus(peak.samplerCpu());
          case CHILDREN -> Duration.ZERO;
        };
    var parts = CpuParts.between(threadsBefore, CpuParts.ofThreads(), self, spent.reapedChildren());
    return new Measured<>(
        result,
        new Cost(
            wall,
            self.plus(spent.reapedChildren()),
            scope == Scope.TREE ? parts : Map.of(),
            peak.bytes(),
            peak.childrenBytes(),
            peak.largestChildBytes()));
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
