package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.Environment;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code benchmarks/rowpath} hands over in environment variables.
 *
 * @param worker ROWPATH_WORKER, the program that invents rows
 * @param inputs ROWPATH_INPUTS, a file to write the inputs to
 * @param tables ROWPATH_TABLES, separated by commas
 * @param rows ROWPATH_ROWS, rows of one run
 * @param warmup ROWPATH_WARMUP, rounds of each table that don't count
 * @param rounds ROWPATH_ROUNDS, rounds of each table that count
 */
record Settings(Path worker, Path inputs, List<String> tables, long rows, int warmup, int rounds) {

  static Settings fromEnvironment() {
    return new Settings(
        Path.of(Environment.text("ROWPATH_WORKER")),
        Path.of(Environment.text("ROWPATH_INPUTS")),
        List.of(Environment.text("ROWPATH_TABLES").split(",", -1)),
        Environment.number("ROWPATH_ROWS"),
        Environment.number("ROWPATH_WARMUP"),
        Environment.number("ROWPATH_ROUNDS"));
  }
}
