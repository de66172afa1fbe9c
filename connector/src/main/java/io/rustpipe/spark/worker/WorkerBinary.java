package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Description;
import java.io.IOException;
import java.io.Serializable;

/**
 * Which worker a scan runs. The driver knows it by its description; a task starts it on its own
 * machine. Equal ones give the same rows for the same inputs.
 */
public sealed interface WorkerBinary extends Serializable permits BundledWorker, CustomWorker {

  /** For the plan, in a few words: which program it is. */
  String title();

  /** What the worker offers. */
  Description description();

  /**
   * The table to read where the user names none.
   *
   * @throws IllegalArgumentException if none stands out; the message lists all
   */
  Description.Table defaultTable();

  /**
   * What starts the worker on an executor's machine, its program verified just now. A restart
   * within the task goes without another look: whoever can change a program between two starts can
   * do so between a look and a start as well.
   *
   * @throws IOException if it can't be started here; the message says what to do
   */
  WorkerCommand command() throws IOException;
}
