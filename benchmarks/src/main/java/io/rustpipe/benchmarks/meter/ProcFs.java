package io.rustpipe.benchmarks.meter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What is needed from {@code /proc}; the formats are those of proc(5). */
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
  record CpuTimes(Duration self, Duration reapedChildren) {
    CpuTimes minus(CpuTimes earlier) {
      return new CpuTimes(self.minus(earlier.self), reapedChildren.minus(earlier.reapedChildren));
    }
  }

  /** A thread of this process, and its CPU time so far. */
  record ThreadTime(String name, Duration cpu) {}

  private ProcFs() {}

  static CpuTimes cpuTimes() {
    var fields = fields(stat(Path.of("/proc/self/stat")));
    return new CpuTimes(
        ticks(fields[UTIME]).plus(ticks(fields[STIME])),
        ticks(fields[CUTIME]).plus(ticks(fields[CSTIME])));
  }

  /** The threads that this process has now. */
  static List<ThreadTime> threads() {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks
          .map(task -> stat(task.resolve("stat")))
          .filter(stat -> !stat.isEmpty())
          .map(
              stat -> {
                var fields = fields(stat);
                var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                return new ThreadTime(name, ticks(fields[UTIME]).plus(ticks(fields[STIME])));
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty for a thread that has ended meanwhile. */
  private static String stat(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those behind the command name, which may hold blanks and parentheses itself. */
  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
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
