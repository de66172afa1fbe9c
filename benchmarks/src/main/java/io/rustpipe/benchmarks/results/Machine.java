package io.rustpipe.benchmarks.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** What the figures were measured on. Linux only: it reads {@code /proc}. */
final class Machine {
  private Machine() {}

  /** A table as Markdown. */
  static String describe() throws IOException {
    return """
    | machine | |
    |---|---|
    | processor | %s, %d cores |
    | memory | %d GiB |
    | kernel | %s %s |
    | Java | %s |
    | Spark | %s |
    """
        .formatted(
            value("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) >> 20,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vendor.version", System.getProperty("java.version")),
            SparkSession.class.getPackage().getImplementationVersion());
  }

  private static String value(String file, String label) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(label))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
