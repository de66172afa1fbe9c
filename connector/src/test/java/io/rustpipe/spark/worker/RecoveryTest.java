package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.ANSWER_ALL;
import static io.rustpipe.spark.worker.ScriptedWorker.drain;
import static io.rustpipe.spark.worker.ScriptedWorker.greeting;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Open;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of the inputs of a real worker that dies; its random sister is the session model.
 */
@Timeout(60)
final class RecoveryTest {

  private static final Patience RESTARTS =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofHours(1), 100);

  private static final Open.Window WINDOW = new Open.Window(8, 1 << 20);

  @TempDir Path folder;

  @Test
  void theCulpritEndsAndItsNeighboursSucceed() throws Exception {
    var events =
        drain(session(20, "*'\"id\":7,'*) echo 'too much' >&2; kill -SEGV $$ ;;", RESTARTS));
    var culprit = events.stream().filter(event -> event.startsWith("7 ")).collect(toList());
    assertEquals(1, culprit.size(), events.toString());
    var message = culprit.get(0);
    assertTrue(message.startsWith("7 WORKER_CRASH the worker has ended without 'bye'"), message);
    for (var part :
        List.of("at attempt 3", "after 0 rows", "exit code 139 (SIGSEGV)", "too much")) {
      assertTrue(message.contains(part), message);
    }
    assertEquals(answersBut(20, 7), events.stream().filter(e -> !culprit.contains(e)).toList());
  }

  @Test
  void culpritsBesideEachOtherAreFoundOneByOne() throws Exception {
    var poison = "*'\"id\":3,'*|*'\"id\":4,'*|*'\"id\":5,'*) kill -KILL $$ ;;";
    var events = drain(session(10, poison, RESTARTS));
    for (var id : List.of(3, 4, 5)) {
      assertEquals(
          1,
          events.stream().filter(e -> e.startsWith(id + " WORKER_CRASH")).count(),
          events.toString());
    }
    assertEquals(
        answersBut(10, 3, 4, 5), events.stream().filter(e -> !e.contains("WORKER_CRASH")).toList());
  }

  @Test
  void aDeathByChanceCostsNothing() throws Exception {
    var died = folder.resolve("died");
    var once = "*'\"id\":7,'*) if [ ! -e %s ]; then : > %s; kill -KILL $$; fi; %s ;;";
    var session = session(20, once.formatted(died, died, "id=7; answer"), RESTARTS);
    assertEquals(answersBut(20), drain(session));
    assertEquals(1, session.restarts());
  }

  @Test
  void anInputGoesOnBehindItsRowsFromItsToken() throws Exception {
    var script =
        "read -r a\n"
            + "case $a in\n"
            + "*'\"resume\":\"row 2\"'*) echo"
            + " '{\"type\":\"rows\",\"id\":1,\"rows\":[[12]],\"done\":{\"status\":\"SUCCEEDED\",\"rows\":3}}';"
            + " read -r end; echo '{\"type\":\"bye\",\"inputs\":1,\"rows\":3,\"errors\":0}' ;;\n"
            + "*) echo '{\"type\":\"rows\",\"id\":1,\"rows\":[[10],[11]],\"resume\":\"row 2\"}';"
            + " kill -KILL $$ ;;\n"
            + "esac\n";
    var events = drain(greeting(List.of(ScriptedWorker.input(1)), WINDOW, RESTARTS, script));
    assertEquals(List.of("1:[10]", "1:[11]", "1:[12]", "1 done"), events);
  }

  @Test
  void aFrameWithoutRowsLeavesTheTokenAsItIs() throws Exception {
    var script =
        "read -r a\n"
            + "case $a in\n"
            + "*'\"resume\":\"row 1\"'*) echo"
            + " '{\"type\":\"done\",\"id\":1,\"status\":\"SUCCEEDED\",\"rows\":1}'; read -r end;"
            + " echo '{\"type\":\"bye\",\"inputs\":1,\"rows\":1,\"errors\":0}' ;;\n"
            + "*) echo '{\"type\":\"rows\",\"id\":1,\"rows\":[[10]],\"resume\":\"row 1\"}'; echo"
            + " '{\"type\":\"rows\",\"id\":1,\"rows\":[]}'; kill -KILL $$ ;;\n"
            + "esac\n";
    var events = drain(greeting(List.of(ScriptedWorker.input(1)), WINDOW, RESTARTS, script));
    assertEquals(List.of("1:[10]", "1 done"), events);
  }

  @Test
  void withoutATokenTheRowsStayAndTheInputEnds() throws Exception {
    var strand =
        "*'\"id\":1,'*) echo '{\"type\":\"rows\",\"id\":1,\"rows\":[[10]]}'; kill -KILL $$ ;;";
    var events = drain(session(2, strand, RESTARTS));
    assertEquals("1:[10]", events.get(0));
    assertTrue(
        events.get(1).contains("1 WORKER_CRASH")
            && events.get(1).contains("after 1 rows of it, and gave no token"),
        events.toString());
    assertEquals(List.of("2:[2]", "2 done"), events.subList(2, 4));
  }

  @Test
  void aHungInputBehindAHealthyHeartbeatEnds() throws Exception {
    var patience =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMillis(500), 100);
    var hang =
        "*'\"id\":2,'*) while :; do echo '{\"type\":\"metrics\",\"counters\":{}}'; sleep 0.05; done"
            + " ;;";
    var events = drain(session(3, hang, patience));
    assertTrue(
        events.stream()
            .anyMatch(
                e ->
                    e.startsWith(
                        "2 WORKER_TIMEOUT nothing has come of an input for 500 ms, the limit of"
                            + " option 'inputTimeout'")),
        events.toString());
    // The third was behind it in the queue, and has its own time.
    assertTrue(events.containsAll(List.of("1:[1]", "1 done")), events.toString());
  }

  @Test
  void aWorkerThatFallsSilentIsReplacedAndTheCulpritTimesOut() throws Exception {
    var patience =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofHours(1), 100);
    var events = drain(session(3, "*'\"id\":2,'*) sleep 60 ;;", patience));
    assertTrue(
        events.stream()
            .anyMatch(
                e ->
                    e.startsWith("2 WORKER_TIMEOUT the worker has sent nothing for 1000 ms")
                        && e.contains("at attempt 3")),
        events.toString());
    assertTrue(
        events.containsAll(List.of("1:[1]", "1 done", "3:[3]", "3 done")), events.toString());
  }

  @Test
  void aWorkerThatAnswersNothingDoesNotLoop() throws Exception {
    var starts = folder.resolve("starts");
    var error =
        assertThrows(
            WorkerCrashException.class,
            () -> drain(session(1_000, "*) echo x >> " + starts + "; exit 1 ;;", RESTARTS)));
    assertEquals(
        "the worker has ended without 'bye', with 4 inputs unfinished; 10 workers in a row have"
            + " answered nothing: see its last words below, or run it by hand",
        error.getMessage().lines().findFirst().orElseThrow());
    assertEquals(Limits.DEFAULT_CRASHES_IN_A_ROW, Files.readAllLines(starts).size());
    assertEquals(Phase.RUN, error.phase());
    assertEquals(1, error.account().orElseThrow().ending().exitCode());
  }

  @Test
  void aTaskRestartsItsWorkerOnlySoOften() {
    var patience =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofHours(1), 5);
    var everyFourth = "*'\"id\":'*[048],*) kill -KILL $$ ;;";
    var error =
        assertThrows(
            WorkerCrashException.class, () -> drain(session(1_000, everyFourth, patience)));
    assertTrue(
        error.getMessage().contains("the limit of option 'workerRestarts' is 5"),
        error.getMessage());
  }

  @Test
  void anotherWorkerThatCanNotGreetIsReplacedAsWell() throws Exception {
    var starts = folder.resolve("starts");
    var script =
        """
        echo x >> %s
        if [ $(wc -l < %s) = 2 ]; then exit 9; fi
        %s
        if [ $(wc -l < %s) = 1 ]; then read -r a; kill -KILL $$; fi
        %s
        """;
    var session =
        ScriptedWorker.session(
            RESTARTS,
            script.formatted(starts, starts, ScriptedWorker.GREETING, starts, ANSWER_ALL));
    assertEquals(List.of("1:[1]", "1 done"), drain(session));
    assertEquals(2, session.restarts());
  }

  @Test
  void aWorkerThatCanNotEvenGreetFailsAtOnce() {
    var error =
        assertThrows(
            WorkerStartException.class,
            () -> drain(ScriptedWorker.session(1, "echo 'no licence' >&2; exit 9", () -> false)));
    assertEquals(Phase.HELLO, error.phase());
    assertEquals("no licence", error.account().orElseThrow().stderr());
    assertTrue(error.getMessage().contains("exit code 9"), error.getMessage());
  }

  /** A worker that answers every input, but for those that a branch of its {@code case} catches. */
  private static WorkerSession<Integer> session(int inputs, String branch, Patience patience)
      throws IOException {
    var script =
        "answer() { echo"
            + " \"{\\\"type\\\":\\\"rows\\\",\\\"id\\\":$id,\\\"rows\\\":[[$id]],\\\"done\\\":{\\\"status\\\":\\\"SUCCEEDED\\\",\\\"rows\\\":1}}\";"
            + " n=$((n + 1)); }\n"
            + ANSWER_ALL.replaceFirst(
                "case \\$line in\n",
                "case \\$line in\n" + java.util.regex.Matcher.quoteReplacement(branch) + "\n");
    return greeting(
        IntStream.rangeClosed(1, inputs).mapToObj(ScriptedWorker::input).toList(),
        WINDOW,
        patience,
        script);
  }

  private static List<String> answersBut(int inputs, Integer... culprits) {
    var without = List.of(culprits);
    return IntStream.rangeClosed(1, inputs)
        .boxed()
        .filter(id -> !without.contains(id))
        .flatMap(id -> List.of(id + ":[" + id + "]", id + " done").stream())
        .collect(toCollection(ArrayList::new));
  }
}
