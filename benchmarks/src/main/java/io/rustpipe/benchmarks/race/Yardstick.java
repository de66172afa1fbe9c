package io.rustpipe.benchmarks.race;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rustpipe.benchmarks.meter.Meter;

/** A plain Rust program without Spark, as a child process. */
record Yardstick(Settings settings) implements Contestant {
  /** Downloads at once: frozen, like the program. */
  static final int CONCURRENCY = 64;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "yardstick";
  }

  @Override
  public Meter.Scope scope() {
    return Meter.Scope.CHILDREN;
  }

  @Override
  public Totals totals() throws Exception {
    var process =
        new ProcessBuilder(
                settings.yardstick().toString(),
                "total",
                "--at-once",
                Integer.toString(CONCURRENCY),
                settings.urls().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    byte[] output = process.getInputStream().readAllBytes();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException("the yardstick exited with %d".formatted(exit));
    }
    var totals = JSON.readTree(output);
    return new Totals(
        totals.required("entries").longValue(),
        totals.required("failed").longValue(),
        totals.required("size").longValue(),
        totals.required("path_length").longValue(),
        totals.required("min_sha256").textValue(),
        totals.required("max_sha256").textValue());
  }
}
