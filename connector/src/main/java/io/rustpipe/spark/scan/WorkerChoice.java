package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.worker.BundledWorker;
import io.rustpipe.spark.worker.CustomWorker;
import io.rustpipe.spark.worker.LinesWorker;
import io.rustpipe.spark.worker.WorkerBinary;
import java.io.IOException;
import org.apache.spark.SparkEnv;

/** Which worker a read gets: the bundled one, or one of the user's where that is allowed. */
final class WorkerChoice {

  /**
   * Read from Spark's own configuration and not from the session's, which everybody who may send
   * SQL can set.
   */
  static final String CUSTOM_WORKERS = "spark.rustpipe.customWorkers";

  private WorkerChoice() {}

  /**
   * The worker that the options name.
   *
   * @throws IllegalArgumentException if it is forbidden, gives no description of itself, or does
   *     not know an option
   */
  static WorkerBinary of(RustpipeOptions options) {
    var program = options.worker();
    var worker = program.isEmpty() ? BundledWorker.load() : custom(program.get(), options);
    options.requireKnown(worker.description().optionNames());
    return worker;
  }

  /**
   * The program that reads and writes lines.
   *
   * @throws IllegalArgumentException if it is forbidden, or can't be started on the driver's
   *     machine
   */
  static LinesWorker lines(RustpipeOptions options) {
    var program = options.worker().orElseThrow();
    requireAllowed(program);
    try {
      return LinesWorker.tried(program, options.workerArgs(), options.workerEnv());
    } catch (IOException e) {
      throw new IllegalArgumentException("option 'worker': " + e.getMessage(), e);
    }
  }

  private static void requireAllowed(String program) {
    if (!SparkEnv.get().conf().getBoolean(CUSTOM_WORKERS, true)) {
      throw new IllegalArgumentException(
          "option 'worker' is '%s', but '%s' is false in the Spark configuration: only the bundled worker may run"
              .formatted(program, CUSTOM_WORKERS));
    }
  }

  private static WorkerBinary custom(String program, RustpipeOptions options) {
    requireAllowed(program);
    try {
      return CustomWorker.ask(program, options.workerArgs(), options.workerEnv());
    } catch (IOException e) {
      throw new IllegalArgumentException("option 'worker': " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while asking the worker '%s'".formatted(program));
    }
  }
}
