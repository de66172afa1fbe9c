package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Description;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A program of the user's that speaks the protocol and is at the same path on every machine.
 *
 * @param program absolute path of the executable
 * @param arguments come before the word that says what is wanted, {@code describe} or {@code run}
 * @param environment variables for it, beside those that every program gets
 * @param description what the program said of itself when the driver asked
 */
public record CustomWorker(
    String program,
    List<String> arguments,
    Map<String, String> environment,
    Description description)
    implements WorkerBinary {

  /** What programs need to find others, to speak a language and to know the time of day. */
  private static final List<String> INHERITED = List.of("PATH", "LANG", "TZ");

  public CustomWorker {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * Asks the program what it offers.
   *
   * @throws IOException if it can't be started or gives no description of a worker in time
   */
  public static CustomWorker ask(
      String program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var description = Describing.ask(command(program, arguments, environment, "describe"));
    return new CustomWorker(program, arguments, environment, description);
  }

  @Override
  public Description.Table defaultTable() {
    return description.onlyTable();
  }

  @Override
  public WorkerCommand command() throws IOException {
    return command(program, arguments, environment, "run");
  }

  /** Without the values of the environment, which may be secrets. */
  @Override
  public String toString() {
    return "CustomWorker[program=%s, arguments=%s, environment=%s]"
        .formatted(program, arguments, new TreeSet<>(environment.keySet()));
  }

  /**
   * What starts a program of the user's on this machine.
   *
   * @param given variables for it, beside those that every program gets
   * @param wanted the words behind its arguments
   */
  static WorkerCommand command(
      String program, List<String> arguments, Map<String, String> given, String... wanted)
      throws IOException {
    requireExecutable(Path.of(program));
    var words = new ArrayList<String>();
    words.add(program);
    words.addAll(arguments);
    words.addAll(List.of(wanted));
    var environment = new HashMap<>(System.getenv());
    environment.keySet().retainAll(INHERITED);
    environment.putAll(given);
    return new WorkerCommand(words, environment, BundledWorker.guard());
  }

  private static void requireExecutable(Path program) throws IOException {
    if (!program.isAbsolute()) {
      throw new IOException(
          "the worker '%s' needs an absolute path: executors run in folders of their own"
              .formatted(program));
    }
    if (!Files.exists(program)) {
      throw new FileNotFoundException(
          "there is no worker '%s' on this machine; the driver and every executor need it at that path"
              .formatted(program));
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw new IOException(
          "the worker '%s' is no file that this user may execute; chmod +x may be all it lacks"
              .formatted(program));
    }
  }
}
