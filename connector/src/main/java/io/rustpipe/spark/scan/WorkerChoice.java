package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.worker.BundledWorker;
import io.rustpipe.spark.worker.CustomWorker;
import io.rustpipe.spark.worker.LinesWorker;
import io.rustpipe.spark.worker.Program;
import io.rustpipe.spark.worker.ProgramSource;
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
    var named = options.worker();
    var worker = named.isEmpty() ? BundledWorker.load() : custom(named.get(), options);
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
    var named = options.worker().orElseThrow();
    requireAllowed(named);
    try {
      return LinesWorker.tried(program(named, options), options.workerArgs(), options.workerEnv());
    } catch (IOException e) {
      throw new IllegalArgumentException("option 'worker': " + e.getMessage(), e);
    }
  }

  private static Program program(String named, RustpipeOptions options) throws IOException {
    return Program.find(
        ProgramSource.of(named, SessionSettings::ofActiveSession), options.workerSha256());
  }

  private static void requireAllowed(String named) {
    if (!SparkEnv.get().conf().getBoolean(CUSTOM_WORKERS, true)) {
      throw new IllegalArgumentException(
          "option 'worker' is '%s', but '%s' is false in the Spark configuration: only the bundled worker may run"
              .formatted(named, CUSTOM_WORKERS));
    }
  }

  private static WorkerBinary custom(String named, RustpipeOptions options) {
    requireAllowed(named);
    try {
      return CustomWorker.ask(program(named, options), options.workerArgs(), options.workerEnv());
    } catch (IOException e) {
      throw new IllegalArgumentException("option 'worker': " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the worker '%s'".formatted(named));
    }
  }
}
