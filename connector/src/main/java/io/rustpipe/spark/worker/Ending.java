package io.rustpipe.spark.worker;

import java.io.Serializable;

/**
 * How a process has ended.
 *
 * @param exitCode as the JDK tells it: 128 and the signal's number if a signal killed it
 * @param unreadBytes what was written to its standard input and it never read; null if nobody knows
 * @param peakMemoryBytes the most memory that it or one of its children held; null if nobody knows
 */
public record Ending(int exitCode, Long unreadBytes, Long peakMemoryBytes) implements Serializable {

  /**
   * Exit code and name of the signal, if there was one; for KILL the memory too, as the kernel's
   * hunt for memory is what mostly sends it.
   */
  @Override
  public String toString() {
    var described = ExitStatus.describe(exitCode);
    return ExitStatus.isKill(exitCode) && peakMemoryBytes != null
        ? "%s at a peak of %,d MiB of memory: perhaps more than the machine or container had"
            .formatted(described, peakMemoryBytes >> 20)
        : described;
  }
}
