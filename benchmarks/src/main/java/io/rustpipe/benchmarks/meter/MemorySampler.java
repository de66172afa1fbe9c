package io.rustpipe.benchmarks.meter;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Watches the memory of a process tree from a thread of its own, whose CPU time it reports to be
 * taken off.
 */
final class MemorySampler implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 20;

  /** Finding the child processes reads all of {@code /proc}: once in so many samples. */
  private static final int SAMPLES_PER_SEARCH = 5;

  /**
   * What was seen.
   *
   * @param bytes the largest sum over all processes that count
   * @param childrenBytes the largest sum over the child processes
   * @param largestChildBytes the largest child process
   * @param samplerCpu what the watching itself took
   */
  record Peak(long bytes, long childrenBytes, long largestChildBytes, Duration samplerCpu) {}

  private final Meter.Scope scope;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "memory-sampler");
  // Written by the thread, read after it has been joined.
  private Peak peak = new Peak(0, 0, 0, Duration.ZERO);

  private MemorySampler(Meter.Scope scope) {
    this.scope = scope;
    thread.setDaemon(true);
  }

  static MemorySampler start(Meter.Scope scope) {
    var sampler = new MemorySampler(scope);
    sampler.thread.start();
    return sampler;
  }

  /** Ends the watching. */
  Peak stop() throws InterruptedException {
    stopped.countDown();
    thread.join();
    return peak;
  }

  @Override
  public void close() {
    stopped.countDown();
  }

  private void watch() {
    long self = ProcessHandle.current().pid();
    long most = 0;
    long mostChildren = 0;
    long largestChild = 0;
    long[] children = {};
    try {
      for (int sample = 0; !stopped.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS); sample++) {
        if (sample % SAMPLES_PER_SEARCH == 0) {
          children = ProcessHandle.current().descendants().mapToLong(ProcessHandle::pid).toArray();
        }
        long childrenBytes = 0;
        for (long child : children) {
          long bytes = ProcFs.residentBytes(child);
          childrenBytes += bytes;
          largestChild = Math.max(largestChild, bytes);
        }
        long selfBytes = scope == Meter.Scope.TREE ? ProcFs.residentBytes(self) : 0;
        most = Math.max(most, selfBytes + childrenBytes);
        mostChildren = Math.max(mostChildren, childrenBytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    peak = new Peak(most, mostChildren, largestChild, Duration.ofNanos(cpuNanos));
  }
}
