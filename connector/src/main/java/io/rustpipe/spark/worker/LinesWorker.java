package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * A program that reads lines and writes lines, at the same path on every machine. It is told
 * nothing but its arguments and its input, and says nothing of itself.
 *
 * @param program absolute path of the executable
 */
public record LinesWorker(String program, List<String> arguments) implements Serializable {

  public LinesWorker {
    arguments = List.copyOf(arguments);
  }

  /**
   * What starts the program on this machine.
   *
   * @throws IOException if it can't be started here; the message says what to do
   */
  public WorkerCommand command() throws IOException {
    return CustomWorker.command(program, arguments);
  }
}
