package io.rustpipe.benchmarks.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * One figure, as the benchmarks hand it on: a tab-separated line of the file that the variable
 * BENCHMARK_OUT names.
 *
 * @param benchmark which run of which benchmark, such as {@code small}
 * @param subject what was measured, such as {@code rustpipe}
 * @param quantity with its unit, such as {@code wall s}
 */
public record Sample(String benchmark, String subject, String quantity, double value) {

  /** Appends the figures, if somebody wants them in a file. */
  public static void write(List<Sample> samples) throws IOException {
    var out = System.getenv("BENCHMARK_OUT");
    if (out != null) {
      Files.write(
          Path.of(out),
          samples.stream().map(Sample::line).toList(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  static List<Sample> read(Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines.map(Sample::parse).toList();
    }
  }

  private String line() {
    return String.join("\t", benchmark, subject, quantity, Double.toString(value));
  }

  private static Sample parse(String line) {
    var fields = line.split("\t", -1);
    if (fields.length != 4) {
      throw new IllegalArgumentException("not a line of four fields: '%s'".formatted(line));
    }
    return new Sample(fields[0], fields[1], fields[2], Double.parseDouble(fields[3]));
  }
}
