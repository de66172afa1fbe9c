package io.rustpipe.benchmarks.meter;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Where the CPU time of a run went: by child processes and by kind of thread in this JVM. */
public final class CpuParts {
  /** Who took it. */
  public enum Part {
    CHILDREN("child processes"),
    TASKS("Spark's task threads"),
    JIT("JIT compiler"),
    GC("garbage collector"),
    /** Threads that have ended meanwhile, such as those that move a worker's bytes, among them. */
    REST("other threads");

    private final String label;

    Part(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private CpuParts() {}

  /** By kind of thread, for the threads that live; the rest of the process is nobody's. */
  static Map<Part, Duration> ofThreads() {
    var parts = new EnumMap<Part, Duration>(Part.class);
    ProcFs.threads()
        .forEach(thread -> parts.merge(part(thread.name()), thread.cpu(), Duration::plus));
    return parts;
  }

  /** What came between two looks at the threads. */
  static Map<Part, Duration> between(
      Map<Part, Duration> before, Map<Part, Duration> after, Duration self, Duration children) {
    var parts = new EnumMap<Part, Duration>(Part.class);
    parts.put(Part.CHILDREN, children);
    var rest = self;
    for (var part : new Part[] {Part.TASKS, Part.JIT, Part.GC}) {
      var spent =
          after.getOrDefault(part, Duration.ZERO).minus(before.getOrDefault(part, Duration.ZERO));
      parts.put(part, spent);
      rest = rest.minus(spent);
    }
    parts.put(Part.REST, rest);
    return parts;
  }

  /** By the first 15 bytes of the thread's name, which is what the kernel keeps. */
  private static Part part(String name) {
    if (name.startsWith("Executor task")) {
      return Part.TASKS;
    }
    if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
      return Part.JIT;
    }
    if (name.startsWith("G1 ") || name.startsWith("GC Thread") || name.startsWith("VM Thread")) {
      return Part.GC;
    }
    return Part.REST;
  }
}
