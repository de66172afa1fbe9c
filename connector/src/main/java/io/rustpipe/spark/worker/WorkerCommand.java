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
public record WorkerCommand(List<String> words, Map<String, String> environment)
    implements Launcher {

  public WorkerCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  @Override
  public Worker start(Mailbox mailbox, int lineLimit) throws WorkerStartException {
    return WorkerProcess.start(this, mailbox, lineLimit);
  }

  Process spawn() throws WorkerStartException {
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new WorkerStartException(
          "can't start the worker '%s': %s".formatted(this, e.getMessage()),
          Phase.START,
          null,
          null,
          e);
    }
  }

  /** For error messages. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
