package io.rustpipe.benchmarks.meter;

import java.time.Duration;
import java.util.Map;

/**
 * What one run cost.
 *
 * @param wall from call to return
 * @param cpu user and system time of all processes that count
 * @param parts of {@code cpu}
 * @param peakBytes the largest sum of resident memory over all processes that count
 * @param peakChildrenBytes the largest such sum over the child processes alone
 * @param peakChildBytes the largest resident memory of one child process
 */
public record Cost(
    Duration wall,
    Duration cpu,
    Map<CpuParts.Part, Duration> parts,
    long peakBytes,
    long peakChildrenBytes,
    long peakChildBytes) {
  public double wallSeconds() {
    return wall.toNanos() / 1e9;
  }

  public double cpuSeconds() {
    return cpu.toNanos() / 1e9;
  }

  public double cpuSeconds(CpuParts.Part part) {
    return parts.getOrDefault(part, Duration.ZERO).toNanos() / 1e9;
  }

  public double peakMebibytes() {
    return peakBytes / (double) (1 << 20);
  }

  public double peakChildMebibytes() {
    return peakChildBytes / (double) (1 << 20);
  }

  public double peakChildrenMebibytes() {
    return peakChildrenBytes / (double) (1 << 20);
  }
}
