package io.rustpipe.benchmarks.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what JMH wrote of the row decoders, in its JSON. */
final class Jmh {
  static final String BENCHMARK = "decoder";

  private Jmh() {}

  static List<Sample> read(Path file) throws IOException {
    var samples = new ArrayList<Sample>();
    for (var run : new ObjectMapper().readTree(file.toFile())) {
      var name = run.required("benchmark").textValue();
      var score = run.required("primaryMetric").required("score").doubleValue();
      var bytes = run.path("secondaryMetrics").path("bytes");
      if (!bytes.isMissingNode()) {
        var method = name.substring(name.lastIndexOf('.') + 1);
        samples.add(new Sample(BENCHMARK, method, "alone, rows/s", score));
        samples.add(
            new Sample(
                BENCHMARK, method, "alone, MB/s", bytes.required("score").doubleValue() / 1e6));
      } else {
        samples.add(new Sample(BENCHMARK, decoder(run), "below an aggregate, ns per row", score));
      }
    }
    return samples;
  }

  /** The parameter that says which decoder ran, written as the methods of the other benchmark. */
  private static String decoder(JsonNode run) {
    var words = run.required("params").required("decoder").textValue().split("_", -1);
    var name = new StringBuilder();
    for (var word : words) {
      var lower = word.toLowerCase(Locale.ROOT);
      name.append(
          name.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return name.toString();
  }
}
