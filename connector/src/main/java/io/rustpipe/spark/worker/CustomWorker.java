package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Description;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A program of the user's that speaks the protocol.
 *
 * @param arguments come before the word that says what is wanted, {@code describe} or {@code run}
 * @param environment variables for it, beside those that every program gets
 * @param description what the program said of itself when the driver asked
 */
public record CustomWorker(
    Program program,
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
   * Asks the program, on the driver, what it offers.
   *
   * @throws IOException if it can't be started or gives no description of a worker in time
   */
  public static CustomWorker ask(
      Program program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = command(program, Machine.Side.DRIVER, arguments, environment, "describe");
    var description = Describing.ask(command);
    return new CustomWorker(program, arguments, environment, description);
  }

  @Override
  public String title() {
    return "the worker " + program.title();
  }

  @Override
  public Description.Table defaultTable() {
    return description.onlyTable();
  }

  @Override
  public WorkerCommand command() throws IOException {
    return command(program, Machine.Side.EXECUTOR, arguments, environment, "run");
  }

  /** Without the values of the environment, which may be secrets. */
  @Override
  public String toString() {
    return "CustomWorker[program=%s, arguments=%s, environment=%s]"
        .formatted(program.title(), arguments, new TreeSet<>(environment.keySet()));
  }

  /**
   * What starts a program of the user's on this machine.
   *
   * @param given variables for it, beside those that every program gets
   * @param wanted the words behind its arguments
   * @throws IOException if it is another program than is wanted, or can't run here; the message
   *     says what to do
   */
  static WorkerCommand command(
      Program program,
      Machine.Side side,
      List<String> arguments,
      Map<String, String> given,
      String... wanted)
      throws IOException {
    var environment = new HashMap<>(System.getenv());
    environment.keySet().retainAll(INHERITED);
    environment.putAll(given);
    var words = new ArrayList<String>();
    words.add(program.file(Machine.here(side, environment.get("PATH"))).toString());
    words.addAll(arguments);
    words.addAll(List.of(wanted));
    return new WorkerCommand(words, environment, BundledWorker.guard());
  }
}
