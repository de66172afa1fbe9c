package io.rustpipe.benchmarks.scale;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The live heap of this JVM while something runs, looked at right after full collections. */
record HeapWatch(double mostMebibytes) {
  private static final long INTERVAL_MILLIS = 500;

  static HeapWatch during(Runnable work) throws InterruptedException {
    var ended = new CountDownLatch(1);
    var most = new long[1];
    var watch =
        new Thread(
            () -> {
              try {
                do {
                  most[0] = Math.max(most[0], live());
                } while (!ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "heap-watch");
    watch.start();
    try {
      work.run();
    } finally {
      ended.countDown();
      watch.join();
    }
    return new HeapWatch(most[0] / (double) (1 << 20));
  }

  private static long live() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
