package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.Open;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/**
 * How many bytes a row has on its way, on average over a sample.
 *
 * @param frame as the worker sends it
 * @param object as a line of JSON
 */
record Volume(double frame, double object) {
  private static final int SAMPLE = 100_000;

  static Volume of(Settings settings, Description.Table table)
      throws IOException, InterruptedException {
    var columns = table.columns().stream().map(c -> new Open.Column(c.name(), c.type())).toList();
    var input = "rows:" + SAMPLE;
    var talk = new ByteArrayOutputStream();
    var window = new Open.Window(1, 1 << 20);
    talk.write(Frames.open(new Open(table.name(), columns, new TreeMap<>(), window, null)));
    talk.write(Frames.in(1, "{\"url\":\"" + input + "\"}", null));
    talk.write(Frames.end());
    var worker = settings.worker().toString();
    return new Volume(
        bytes(List.of(worker, "run"), talk.toByteArray()) / SAMPLE,
        bytes(List.of(worker, "pipe", table.name()), input.getBytes(StandardCharsets.UTF_8))
            / SAMPLE);
  }

  private static double bytes(List<String> command, byte[] input)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    }
    long bytes = process.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (process.waitFor() != 0) {
      throw new IOException("%s ended with %d".formatted(command, process.exitValue()));
    }
    return bytes;
  }
}
