package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A program that reads lines and writes lines. It is told nothing but its arguments and its input,
 * and says nothing of itself.
 *
 * @param environment variables for it, beside those that every program gets
 */
public record LinesWorker(Program program, List<String> arguments, Map<String, String> environment)
    implements Serializable {

  public LinesWorker {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * A program that can be started on the driver's machine.
   *
   * @throws IOException if it can't; the message says what to do
   */
  public static LinesWorker tried(
      Program program, List<String> arguments, Map<String, String> environment) throws IOException {
    CustomWorker.command(program, Machine.Side.DRIVER, arguments, environment);
    return new LinesWorker(program, arguments, environment);
  }

  /**
   * What starts the program on an executor's machine; see {@link WorkerBinary#command}.
   *
   * @throws IOException if it can't be started here; the message says what to do
   */
  public WorkerCommand command() throws IOException {
    return CustomWorker.command(program, Machine.Side.EXECUTOR, arguments, environment);
  }

  /** Without the values of the environment, which may be secrets. */
  @Override
  public String toString() {
    return "LinesWorker[program=%s, arguments=%s, environment=%s]"
        .formatted(program.title(), arguments, new TreeSet<>(environment.keySet()));
  }
}
