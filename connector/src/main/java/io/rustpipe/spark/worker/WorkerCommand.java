package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a worker is started on this machine.
 *
 * @param words program and arguments
 * @param environment all that the worker finds in its environment, so that nothing of the
 *     executor's reaches it by accident
 * @param guard the bundled worker's binary, which in its role as guard starts the program; null
 *     where the jar has none for this platform, or where it can't guard
 */
public record WorkerCommand(List<String> words, Map<String, String> environment, Path guard) {

  public WorkerCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /**
   * What starts it, as often as one is needed.
   *
   * @param label names the task in the log
   */
  Launcher launcher(String label) {
    return (mailbox, lineLimit) -> WorkerProcess.start(this, mailbox, lineLimit, label);
  }

  boolean isGuarded() {
    return guard != null;
  }

  Process spawn(WorkFolder folder) throws WorkerStartException {
    var builder = new ProcessBuilder(isGuarded() ? guarded(folder) : words);
    builder.directory(folder.file());
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

  private List<String> guarded(WorkFolder folder) {
    var guarded = new ArrayList<String>();
    guarded.add(guard.toString());
    guarded.add("guard");
    guarded.add("--parent");
    guarded.add(Long.toString(ProcessHandle.current().pid()));
    guarded.add("--folder");
    guarded.add(folder.path().toString());
    guarded.add("--");
    guarded.addAll(words);
    return guarded;
  }

  /** For error messages: without the environment, which may hold secrets. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
