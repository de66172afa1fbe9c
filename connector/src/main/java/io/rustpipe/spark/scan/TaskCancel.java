package io.rustpipe.spark.scan;

import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** Tells when Spark has no use for a task any more. */
final class TaskCancel {

  private TaskCancel() {}

  /**
   * Asks for the task that runs in this thread, from any thread.
   *
   * <p>A context that is stopped without executors of their own leaves its tasks running in a JVM
   * that goes on, and interrupts none of them: all that shows is that its environment has gone.
   */
  static BooleanSupplier of(TaskContext task) {
    var environment = SparkEnv.get();
    return () -> task.isInterrupted() || SparkEnv.get() != environment;
  }
}
