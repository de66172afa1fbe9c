package io.rustpipe.spark.scan;

import org.apache.spark.TaskContext;

/** The name of a task in the log. */
final class TaskLabel {

  private TaskLabel() {}

  /** The task as Spark's own log lines name it. */
  static String of(TaskContext task) {
    return "task %d.%d in stage %d.%d (TID %d)"
        .formatted(
            task.partitionId(),
            task.attemptNumber(),
            task.stageId(),
            task.stageAttemptNumber(),
            task.taskAttemptId());
  }
}
