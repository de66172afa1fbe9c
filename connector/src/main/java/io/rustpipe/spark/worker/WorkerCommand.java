package io.rustpipe.spark.worker;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How a worker is started on this machine.
 *
 * @param words program and arguments
 * @param environment all that the worker finds in its environment, so that nothing of the
 *     executor's reaches it by accident
 */
public record WorkerCommand(List<String> words, Map<String, String> environment) {

  public WorkerCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  Process start() throws WorkerException {
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new WorkerException(
          "can't start the worker '%s': %s".formatted(this, e.getMessage()), e);
    }
  }

  /** For error messages. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
