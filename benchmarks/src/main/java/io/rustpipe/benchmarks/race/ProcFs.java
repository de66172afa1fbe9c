package io.rustpipe.benchmarks.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The two facts that are needed from {@code /proc}; the formats are those of proc(5). */
final class ProcFs {
  /**
   * USER_HZ, in which the kernel tells times to programs; 100 on every architecture that Spark runs
   * on.
   */
  private static final int TICKS_PER_SECOND = 100;

  /** Fields after the command name in {@code stat}, which starts with the third one, "state". */
  private static final int UTIME = 14 - 3;

  private static final int STIME = 15 - 3;
  private static final int CUTIME = 16 - 3;
  private static final int CSTIME = 17 - 3;

  /**
   * CPU time of this process, and of its children that have ended and been waited for, with theirs.
   */
  record CpuTimes(Duration self, Duration reapedChildren) {}

  private ProcFs() {}

  static CpuTimes cpuTimes() {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc/self/stat"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The command name may hold blanks and parentheses.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new CpuTimes(
        ticks(fields[UTIME]).plus(ticks(fields[STIME])),
        ticks(fields[CUTIME]).plus(ticks(fields[CSTIME])));
  }

  private static Duration ticks(String field) {
    return Duration.ofMillis(Long.parseLong(field) * (1000 / TICKS_PER_SECOND));
  }

  /** Resident memory of a process; 0 if it has ended. */
  static long residentBytes(long pid) {
    String status;
    try {
      status =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return 0;
    }
    int label = status.indexOf("\nVmRSS:");
    if (label < 0) {
      return 0; // A zombie has no memory.
    }
    int end = status.indexOf(" kB", label);
    return Long.parseLong(status.substring(label + "\nVmRSS:".length(), end).strip()) << 10;
  }
}
