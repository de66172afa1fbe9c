package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A session with a worker that is a shell script: a real process that misbehaves exactly as a test
 * wants.
 */
final class ScriptedWorker {

  /** Reads {@code open} and greets; offers one column {@code n int} and a window of four inputs. */
  static final String GREETING =
      """
      read -r open
      echo '{"type":"hello","version":1,"name":"script","worker_version":"0","columns":[{"name":"n","type":"int"}],"window":{"inputs":4,"bytes":4194304}}'
      """;

  static final BooleanSupplier NEVER = () -> false;

  /** With it the first death of a worker fails the session. */
  static final Patience NO_RESTART =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofHours(1), 0);

  static final String ANSWER_ALL =
      """
      n=0
      while read -r line; do
        case $line in
          *'"type":"in"'*)
            n=$((n + 1))
            id=${line#*'"id":'}
            id=${id%%,*}
            echo "{\\"type\\":\\"rows\\",\\"id\\":$id,\\"rows\\":[[$id]],\\"done\\":{\\"status\\":\\"SUCCEEDED\\",\\"rows\\":1}}" ;;
          *'"type":"end"'*)
            echo "{\\"type\\":\\"metrics\\",\\"counters\\":{\\"inputs_done\\":$n}}"
            echo "{\\"type\\":\\"bye\\",\\"inputs\\":$n,\\"rows\\":$n,\\"errors\\":0}"
            exit 0 ;;
        esac
      done
      """;

  static final String ROWS_OF_1 = "{\"type\":\"rows\",\"id\":1,\"rows\":[[10],[11]]}";

  static final String DONE_1 = "{\"type\":\"done\",\"id\":1,\"status\":\"SUCCEEDED\",\"rows\":2}";

  static String say(String... frames) {
    var script = new StringBuilder();
    for (var frame : frames) {
      script.append("echo '").append(frame).append("'\n");
    }
    return script.toString();
  }

  private ScriptedWorker() {}

  /** A shell that runs a script, in the care of a guard. */
  static WorkerCommand command(String script) throws IOException {
    return command(script, true);
  }

  static WorkerCommand command(String script, boolean guarded) throws IOException {
    return new WorkerCommand(
        List.of("/bin/sh", "-c", script), Map.of(), guarded ? BundledWorker.guard() : null);
  }

  static WorkerSession<Integer> greeting(int inputs, String script) throws IOException {
    return session(inputs, GREETING + script, NEVER);
  }

  static WorkerSession<Integer> greeting(int inputs, String script, BooleanSupplier cancelled)
      throws IOException {
    return session(inputs, GREETING + script, cancelled);
  }

  static WorkerSession<Integer> session(int inputs, String script, BooleanSupplier cancelled)
      throws IOException {
    return session(IntStream.rangeClosed(1, inputs).iterator(), script, cancelled);
  }

  static WorkerSession<Integer> session(
      Iterator<Integer> numbers, String script, BooleanSupplier cancelled) throws IOException {
    return session(
        input(numbers.next()),
        () -> numbers.hasNext() ? input(numbers.next()) : null,
        new Open.Window(8, 1 << 20),
        script,
        cancelled,
        NO_RESTART);
  }

  /** A worker that greets if its script does. */
  static WorkerSession<Integer> session(Patience patience, String script) throws IOException {
    return session(input(1), () -> null, new Open.Window(8, 1 << 20), script, NEVER, patience);
  }

  /** A worker that greets, with this window and patience. */
  static WorkerSession<Integer> greeting(
      List<WorkerInput<Integer>> inputs, Open.Window window, Patience patience, String script)
      throws IOException {
    var rest = inputs.listIterator(1);
    return session(
        inputs.get(0),
        () -> rest.hasNext() ? rest.next() : null,
        window,
        GREETING + script,
        NEVER,
        patience);
  }

  private static WorkerSession<Integer> session(
      WorkerInput<Integer> first,
      WorkerSession.Inputs<Integer> rest,
      Open.Window window,
      String script,
      BooleanSupplier cancelled,
      Patience patience)
      throws IOException {
    return session(command(script), first, rest, window, cancelled, patience);
  }

  /** A session with a worker that greets and has no guard. */
  static WorkerSession<Integer> greetingUnguarded(int inputs, String script) throws IOException {
    var numbers = IntStream.rangeClosed(1, inputs).iterator();
    return session(
        command(GREETING + script, false),
        input(numbers.next()),
        () -> numbers.hasNext() ? input(numbers.next()) : null,
        new Open.Window(8, 1 << 20),
        NEVER,
        NO_RESTART);
  }

  private static WorkerSession<Integer> session(
      WorkerCommand command,
      WorkerInput<Integer> first,
      WorkerSession.Inputs<Integer> rest,
      Open.Window window,
      BooleanSupplier cancelled,
      Patience patience)
      throws IOException {
    return new WorkerSession<>(
        command,
        new Open("numbers", List.of(new Open.Column("n", "int")), new TreeMap<>(), window, null),
        first,
        rest,
        cancelled,
        patience,
        "a test");
  }

  static WorkerInput<Integer> input(int number) {
    var url = "http://localhost/" + number;
    return new WorkerInput<>(url, "{\"url\":\"" + url + "\"}", number);
  }

  /** All that a session tells until it is finished, one string an event. */
  static List<String> drain(WorkerSession<Integer> session)
      throws IOException, InterruptedException {
    var events = new ArrayList<String>();
    try (session) {
      while (true) {
        var event = session.next();
        if (event instanceof WorkerEvent.Rows<Integer> rows) {
          while (rows.frame().next()) {
            events.add(rows.frame().input().context() + ":" + rows.frame().cursor().readRaw());
          }
        } else if (event instanceof WorkerEvent.Done<Integer> done) {
          events.add(done.input().context() + " done");
        } else if (event instanceof WorkerEvent.Failed<Integer> failed) {
          events.add(failed.input().context() + " " + failed.code() + " " + failed.message());
        } else {
          return events;
        }
      }
    }
  }

  /** For a session that asks whether it is cancelled, which it is not: it is at work by then. */
  static boolean startOnce(Thread thread) {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    return false;
  }

  /** Waits until the process is gone; false if it is still there after two seconds. */
  static boolean gone(long pid) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (ProcessHandle.of(pid).isPresent() && !isDeadOrphan(pid)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return true;
  }

  /**
   * Dead, and init's to reap: that takes some inits two seconds, and nobody else can do anything
   * about it.
   */
  private static boolean isDeadOrphan(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // Behind the command's name, which may hold anything: state and parent.
      return stat.substring(stat.lastIndexOf(')')).startsWith(") Z 1 ");
    } catch (IOException e) {
      // It has vanished meanwhile, which the next look shows.
      return false;
    }
  }
}
