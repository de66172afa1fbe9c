package io.rustpipe.benchmarks.race;

import java.time.Duration;

/**
 * What one run cost.
 *
 * @param wall from call to return
 * @param cpu user and system time of all processes that count
 * @param peakBytes the largest sum of resident memory over all processes that count
 * @param peakChildrenBytes the largest such sum over the child processes alone
 */
record Cost(Duration wall, Duration cpu, long peakBytes, long peakChildrenBytes) {
  double wallSeconds() {
    return wall.toNanos() / 1e9;
  }

  double cpuSeconds() {
    return cpu.toNanos() / 1e9;
  }

  double peakMebibytes() {
    return peakBytes / (double) (1 << 20);
  }

  double peakChildrenMebibytes() {
    return peakChildrenBytes / (double) (1 << 20);
  }
}
