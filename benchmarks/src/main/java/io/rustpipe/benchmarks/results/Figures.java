package io.rustpipe.benchmarks.results;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The figures of one run of all benchmarks. */
record Figures(List<Sample> samples) {

  OptionalDouble find(String benchmark, String subject, String quantity) {
    return samples.stream()
        .filter(s -> s.benchmark().equals(benchmark))
        .filter(s -> s.subject().equals(subject) && s.quantity().equals(quantity))
        .mapToDouble(Sample::value)
        .findFirst();
  }

  /** A figure as a table shows it. */
  String show(String benchmark, String subject, String quantity) {
    var value = find(benchmark, subject, quantity);
    return value.isPresent() ? text(value.getAsDouble()) : "";
  }

  /** The benchmarks whose names begin so, in the order in which they ran. */
  Stream<String> benchmarks(String prefix) {
    return samples.stream().map(Sample::benchmark).filter(b -> b.startsWith(prefix)).distinct();
  }

  Stream<String> subjects(String benchmark) {
    return of(benchmark).map(Sample::subject).distinct();
  }

  Stream<String> quantities(String benchmark) {
    return of(benchmark).map(Sample::quantity).distinct();
  }

  private Stream<Sample> of(String benchmark) {
    return samples.stream().filter(s -> s.benchmark().equals(benchmark));
  }

  /** Three digits that matter, thousands grouped. */
  static String text(double value) {
    if (value >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
