package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.NEVER;
import static io.rustpipe.spark.worker.ScriptedWorker.drain;
import static io.rustpipe.spark.worker.ScriptedWorker.gone;
import static io.rustpipe.spark.worker.ScriptedWorker.greeting;
import static io.rustpipe.spark.worker.ScriptedWorker.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.DocsPage;
import io.rustpipe.spark.frame.Open;
import io.rustpipe.spark.worker.WorkerSession.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a session makes of workers that behave and of workers that don't. D-numbers are in {@code
 * docs/faults.md}.
 */
@Timeout(60)
final class WorkerSessionTest {

  private static final String ANSWER_ALL =
      """
      n=0
      while read -r line; do
        case $line in
          *'"type":"in"'*)
            n=$((n + 1))
            echo "{\\"type\\":\\"rows\\",\\"id\\":$n,\\"rows\\":[[$n]],\\"done\\":{\\"status\\":\\"SUCCEEDED\\",\\"rows\\":1}}" ;;
          *'"type":"end"'*)
            echo "{\\"type\\":\\"metrics\\",\\"counters\\":{\\"inputs_done\\":$n}}"
            echo "{\\"type\\":\\"bye\\",\\"inputs\\":$n,\\"rows\\":$n,\\"errors\\":0}"
            exit 0 ;;
        esac
      done
      """;

  private static final String ROWS_OF_1 = "{\"type\":\"rows\",\"id\":1,\"rows\":[[10],[11]]}";
  private static final String DONE_1 =
      "{\"type\":\"done\",\"id\":1,\"status\":\"SUCCEEDED\",\"rows\":2}";

  private static String say(String... frames) {
    var script = new StringBuilder();
    for (var frame : frames) {
      script.append("echo '").append(frame).append("'\n");
    }
    return script.toString();
  }

  @Test
  void everyInputIsAnsweredAndCounted() throws Exception {
    var session = greeting(1_000, ANSWER_ALL);
    var events = drain(session);
    var expected =
        IntStream.rangeClosed(1, 1_000)
            .boxed()
            .flatMap(n -> List.of(n + ":[" + n + "]", n + " done").stream())
            .toList();
    assertEquals(expected, events);
    assertEquals(1_000, session.counters().get("inputs_done"));
  }

  @Test
  void theGoldenLinesAreAConversation() throws Exception {
    var golden = DocsPage.fenced("protocol.md", "worker");
    var script =
        "read -r open\n"
            + say(golden.get(0))
            + "read -r a; read -r b; read -r c; read -r end\n"
            + say(golden.subList(1, golden.size()).toArray(String[]::new));
    var inputs = IntStream.rangeClosed(2, 3).mapToObj(ScriptedWorker::input).iterator();
    var session =
        new WorkerSession<Integer>(
            ScriptedWorker.command(script),
            new Open(
                "entries",
                List.of(new Open.Column("path", "string"), new Open.Column("size", "bigint")),
                new TreeMap<>(),
                new Open.Window(64, 1 << 20),
                null),
            ScriptedWorker.input(1),
            () -> inputs.hasNext() ? inputs.next() : null,
            NEVER);
    assertEquals(
        List.of(
            "1:[\"a/README.md\",512]",
            "1:[\"a/src/lib.rs\",null]",
            "2:[\"b/Cargo.toml\",88]",
            "2 done",
            "1 done",
            "3 HTTP_STATUS the server answered 404 for https://example.org/c.tar.gz"),
        drain(session));
  }

  @Test
  void rowsMayComeInSeveralFramesAndErrorsAfterRows() throws Exception {
    var events =
        drain(
            greeting(
                2,
                "read -r a; read -r b; read -r end\n"
                    + say(
                        "{\"type\":\"rows\",\"id\":2,\"rows\":[[20]]}",
                        ROWS_OF_1,
                        "{\"type\":\"log\",\"level\":\"info\",\"message\":\"half way\"}",
                        "{\"type\":\"error\",\"id\":2,\"code\":\"BAD_TAR\",\"message\":\"broken\",\"retryable\":false,\"rows\":1}",
                        DONE_1,
                        "{\"type\":\"bye\",\"inputs\":2,\"rows\":3,\"errors\":1}")));
    assertEquals(List.of("2:[20]", "1:[10]", "1:[11]", "2 BAD_TAR broken", "1 done"), events);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json at all | expected",
        "{\"type\":\"surprise\"} | not a frame of the protocol",
        "{\"id\":1,\"type\":\"rows\",\"rows\":[]} | a frame must begin with 'type'",
        "{\"type\":\"rows\",\"rows\":[[1]],\"id\":1} | 'id' must come before 'rows'",
        "{\"type\":\"rows\",\"id\":1} | must have 'rows'",
        "{\"type\":\"rows\",\"id\":7,\"rows\":[[1]]} | there is no input 7",
        "{\"type\":\"done\",\"id\":1,\"status\":\"SUCCEEDED\",\"rows\":5} | ended with 5 rows by"
            + " the worker's count, but 0 came",
        "{\"type\":\"done\",\"id\":1} | not a frame of the protocol",
        "{\"type\":\"log\",\"level\":null,\"message\":\"m\"} | not a frame of the protocol",
        "{\"type\":\"error\",\"id\":1,\"code\":null,\"message\":\"m\",\"retryable\":false,\"rows\":0}"
            + " | not a frame of the protocol",
        "{\"type\":\"rows\",\"id\":1,\"done\":{\"status\":\"SUCCEEDED\",\"rows\":1},\"rows\":[[1]]}"
            + " | 'done' must come after 'rows'",
        "{\"type\":\"rows\",\"id\":1,\"rows\":[[1]],\"done\":{\"status\":\"SUCCEEDED\",\"rows\":1},\"done\":{\"status\":\"SUCCEEDED\",\"rows\":1}}"
            + " | input 1 has ended already",
        "{\"type\":\"bye\",\"inputs\":1,\"rows\":0,\"errors\":0} | 1 inputs are unfinished",
        "{\"type\":\"hello\",\"version\":1,\"name\":\"s\",\"worker_version\":\"0\",\"columns\":[],\"window\":{\"inputs\":1,\"bytes\":1}}"
            + " | 'hello' came twice",
      })
  void aLineAgainstTheProtocolFailsTheTaskAndIsShown(String line, String message) throws Exception {
    var session = greeting(1, "read -r a; read -r end\n" + say(line) + "sleep 60");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains(message), error.getMessage());
    assertTrue(error.getMessage().contains("the line begins: " + line), error.getMessage());
    assertTrue(error.getMessage().contains("worker '/bin/sh -c"), error.getMessage());
  }

  @Test
  void anInputThatEndsTwiceIsAnError() throws Exception {
    var session =
        greeting(1, "read -r a; read -r end\n" + say(ROWS_OF_1, DONE_1, DONE_1) + "sleep 60");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("input 1 has ended already"), error.getMessage());
  }

  @Test
  void totalsThatDifferAreAnError() throws Exception {
    var session =
        greeting(
            1,
            "read -r a; read -r end\n"
                + say(
                    ROWS_OF_1, DONE_1, "{\"type\":\"bye\",\"inputs\":1,\"rows\":3,\"errors\":0}"));
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(
        error.getMessage().contains("says 1 inputs, 3 rows, 0 errors; counted 1, 2, 0"),
        error.getMessage());
  }

  @Test
  void anotherVersionIsRefusedWithBothNumbers() throws Exception {
    var session =
        session(
            1,
            say(
                    "{\"type\":\"hello\",\"version\":2,\"name\":\"s\",\"worker_version\":\"0\",\"columns\":[],\"window\":{\"inputs\":1,\"bytes\":1}}")
                + "sleep 60",
            NEVER);
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(
        error.getMessage().contains("version 2 of the protocol, the connector version 1"),
        error.getMessage());
  }

  @Test
  void aColumnThatDiffersIsNamedBeforeAnyInputIsSent() throws Exception {
    var session =
        session(
            1,
            say(
                    "{\"type\":\"hello\",\"version\":1,\"name\":\"s\",\"worker_version\":\"0\",\"columns\":[{\"name\":\"n\",\"type\":\"bigint\"}],\"window\":{\"inputs\":1,\"bytes\":1}}")
                + "sleep 60",
            NEVER);
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(
        error.getMessage().contains("column 1: the plan wants n int, the worker sends n bigint"),
        error.getMessage());
  }

  @Test
  void d1_exitWithInputsUnfinishedIsAnError() throws Exception {
    var session = greeting(10, "read -r a; exit 0");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("ended without 'bye'"), error.getMessage());
    assertTrue(error.getMessage().contains("exit code 0"), error.getMessage());
  }

  @Test
  void d2_aWorkerThatClosesItsInputUnreadIsAnError() throws Exception {
    var session = greeting(100_000, "exec <&-; exit 0");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("ended without 'bye'"), error.getMessage());
  }

  @Test
  void d3_aHangingWorkerIsLeftAtOnceWhenTheTaskIsCancelled() throws Exception {
    var cancelled = new AtomicBoolean();
    var session = greeting(1, "read -r a; sleep 60", cancelled::get);
    var start = System.nanoTime();
    cancelled.set(true);
    assertThrows(CancellationException.class, session::next);
    session.close();
    assertTrue(gone(session.pid()));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2_000);
  }

  @Test
  void d3_alsoWithTheThreadInterrupted() throws Exception {
    var session = greeting(1, "trap '' TERM; read -r a; sleep 60");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, session::next);
    Thread.currentThread().interrupt();
    session.close();
    assertTrue(Thread.interrupted(), "close() keeps the interrupt for its caller");
    assertTrue(gone(session.pid()));
  }

  @Test
  void d4_bytesThatAreNotUtf8OnStderrDoNoHarm() throws Exception {
    var events = drain(greeting(1, "printf '\\377\\376' >&2\n" + ANSWER_ALL));
    assertEquals(List.of("1:[1]", "1 done"), events);
  }

  @Test
  void d6_exitCodeAndLastWordsAreInTheError() throws Exception {
    var session = greeting(1, "read -r a; echo 'no space left on device' >&2; exit 3");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("exit code 3"), error.getMessage());
    assertTrue(error.getMessage().contains("no space left on device"), error.getMessage());
  }

  @Test
  void d7_aSignalIsNamed() throws Exception {
    var session = greeting(1, "read -r a; kill -SEGV $$");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("exit code 139 (SIGSEGV)"), error.getMessage());
  }

  @Test
  void d8_aChildThatHoldsStdoutDoesNotHoldTheTask() throws Exception {
    var session = greeting(1, "sleep 30 &\n" + ANSWER_ALL);
    var start = System.nanoTime();
    assertEquals(List.of("1:[1]", "1 done"), drain(session));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10);
  }

  @Test
  void d8_norWhenTheWorkerDies() throws Exception {
    var session = greeting(1, "sleep 30 &\nread -r a; exit 5");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("exit code 5"), error.getMessage());
  }

  @Test
  void d9_aWorkerDeafToTermIsKilledWithItsChildren() throws Exception {
    var session = greeting(1, "trap '' TERM\n" + ROWS_FOREVER_CHILD);
    assertInstanceOf(WorkerEvent.Rows.class, session.next());
    var family =
        ProcessHandle.of(session.pid())
            .orElseThrow()
            .descendants()
            .map(ProcessHandle::pid)
            .toList();
    assertFalse(family.isEmpty());
    var start = System.nanoTime();
    session.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2_000);
    assertTrue(gone(session.pid()));
    family.forEach(pid -> assertTrue(gone(pid)));
  }

  private static final String ROWS_FOREVER_CHILD =
      "sleep 60 &\nread -r a\n" + "echo '" + ROWS_OF_1 + "'\nwhile :; do sleep 1; done\n";

  @Test
  void d10_anEndlessProducerIsGoneAfterAnEarlyClose() throws Exception {
    var session = greeting(1, "read -r a; while :; do echo '" + ROWS_OF_1 + "'; done");
    assertInstanceOf(WorkerEvent.Rows.class, session.next());
    session.close();
    session.close();
    assertTrue(gone(session.pid()));
  }

  @Test
  void d12_aWorkerThatClosesItsOutputAndLingersIsAnError() throws Exception {
    var session = greeting(1, "read -r a; exec >&-; sleep 20; exit 7");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("ended without 'bye'"), error.getMessage());
    assertTrue(gone(session.pid()));
  }

  @Test
  void d13_aCarriageReturnIsWhiteSpaceNotTheEndOfALine() throws Exception {
    var events =
        drain(
            greeting(
                1,
                "read -r a; read -r end\n"
                    + "printf '{\"type\":\"rows\",\\r"
                    + "\"id\":1,\"rows\":[[1]\\r"
                    + "]}\\n"
                    + "'\n"
                    + say(
                        "{\"type\":\"done\",\"id\":1,\"status\":\"SUCCEEDED\",\"rows\":1}",
                        "{\"type\":\"bye\",\"inputs\":1,\"rows\":1,\"errors\":0}")));
    assertEquals(List.of("1:[1]", "1 done"), events);
  }

  @Test
  void d14_noMoreInputsAreUnfinishedThanTheWindowHolds() throws Exception {
    var taken = new AtomicInteger();
    var numbers = IntStream.iterate(1, n -> n + 1).peek(n -> taken.set(n)).iterator();
    var greeting =
        "read -r open\n"
            + say(
                "{\"type\":\"hello\",\"version\":1,\"name\":\"s\",\"worker_version\":\"0\",\"columns\":[{\"name\":\"n\",\"type\":\"int\"}],\"window\":{\"inputs\":4,\"bytes\":4194304}}");
    try (var session =
        session(
            numbers,
            greeting + "read a; read b; read c; read d\n" + say(ROWS_OF_1) + "cat",
            NEVER)) {
      assertInstanceOf(WorkerEvent.Rows.class, session.next());
      var handedOver = 4;
      var lookedAt = 1;
      assertEquals(handedOver + lookedAt, taken.get());
    }
  }

  @Test
  void d17_aFloodOnStderrFlowsAndItsEndIsKept() throws Exception {
    var session =
        greeting(
            1,
            "head -c 67108864 /dev/zero >&2; echo >&2; echo 'the last words' >&2; read -r a; exit"
                + " 9");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().endsWith("the last words"), error.getMessage());
  }

  @Test
  void d18_aLineWithoutEndIsAnErrorThatNamesTheLimit() throws Exception {
    var session = greeting(1, "read -r a; head -c 1073741824 /dev/zero; exit 0");
    var error = assertThrows(IOException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("limit of 16,777,216 bytes"), error.getMessage());
  }

  @Test
  void outputThatEndsInsideALineIsAnError() throws Exception {
    var session = greeting(1, "read -r a; printf '{\"type\":\"do'");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("ends inside a line"), error.getMessage());
    assertTrue(error.getMessage().contains("exit code 0"), error.getMessage());
  }

  @Test
  void rubbishIsReportedWithTheExitCodeThatFollows() throws Exception {
    var session = greeting(1, "read -r a; echo rubbish; echo 'and why' >&2; exit 3");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("exit code 3"), error.getMessage());
    assertTrue(error.getMessage().contains("and why"), error.getMessage());
  }

  @Test
  void cancellingIsNoticedWhileFramesKeepComing() throws Exception {
    var cancelled = new AtomicBoolean();
    var flood = "read -r a; while :; do echo '{\"type\":\"metrics\",\"counters\":{}}'; done";
    try (var session = greeting(1, flood, cancelled::get)) {
      cancelled.set(true);
      assertThrows(CancellationException.class, session::next);
    }
  }

  @Test
  void theWindowHoldsByBytesToo() throws Exception {
    var inputs = IntStream.rangeClosed(1, 20).mapToObj(ScriptedWorker::input).toList();
    // Of the frames, 48 and 49 bytes long, two fit; the worker refuses a third as ours does.
    var script =
        """
        read -r a; read -r b
        n=0
        while :; do
          for id in $((n + 1)) $((n + 2)); do
            echo "{\\"type\\":\\"done\\",\\"id\\":$id,\\"status\\":\\"SUCCEEDED\\",\\"rows\\":0}"
          done
          n=$((n + 2))
          read -r a
          case $a in *end*) break ;; esac
          read -r b
        done
        echo "{\\"type\\":\\"bye\\",\\"inputs\\":$n,\\"rows\\":0,\\"errors\\":0}"
        """;
    var session = greeting(inputs, new Open.Window(8, 120), Patience.DEFAULT, script);
    var most = 0;
    try (session) {
      while (!(session.next() instanceof WorkerEvent.Finished)) {
        most = Math.max(most, session.unfinishedBytes());
      }
    }
    assertTrue(most > 0 && most <= 120, "unfinished bytes: " + most);
  }

  @Test
  void anInputThatIsTooLongForALineEndsInAnErrorOfItsOwn() throws Exception {
    var huge = new WorkerInput<>("x".repeat(2 << 20), 2);
    var inputs = List.of(ScriptedWorker.input(1), huge, ScriptedWorker.input(3));
    var events = drain(greeting(inputs, new Open.Window(8, 1 << 20), Patience.DEFAULT, ANSWER_ALL));
    assertEquals(5, events.size());
    assertTrue(
        events.stream().anyMatch(e -> e.startsWith("2 BAD_URL an input of 2,097,")),
        events.toString());
    assertTrue(events.containsAll(List.of("1:[1]", "1 done", "3:[2]", "3 done")));
  }

  @Test
  void aSilentWorkerIsLeft() throws Exception {
    var patience = new Patience(Duration.ofSeconds(10), Duration.ofMillis(300));
    var inputs = List.of(ScriptedWorker.input(1));
    var session = greeting(inputs, new Open.Window(8, 1 << 20), patience, "read -r a; sleep 60");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("has sent nothing for 300 ms"), error.getMessage());
    assertTrue(gone(session.pid()));
  }

  @Test
  void anyByteIsASignOfLife() throws Exception {
    var patience = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(1));
    var inputs = List.of(ScriptedWorker.input(1));
    var drip = "for i in 1 2 3 4 5; do printf ' '; sleep 0.4; done\n" + ANSWER_ALL;
    var session = greeting(inputs, new Open.Window(8, 1 << 20), patience, drip);
    assertEquals(List.of("1:[1]", "1 done"), drain(session));
  }

  @Test
  void aWorkerThatNeverGreetsIsLeft() throws Exception {
    var patience = new Patience(Duration.ofMillis(300), Duration.ofSeconds(10));
    var session =
        new WorkerSession<Integer>(
            ScriptedWorker.command("sleep 60"),
            new Open("numbers", List.of(), new TreeMap<>(), new Open.Window(8, 100), null),
            ScriptedWorker.input(1),
            () -> null,
            NEVER,
            patience);
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("has sent nothing for 300 ms"), error.getMessage());
  }

  @Test
  void aWorkerThatClosesItsInputAndStaysIsLeft() throws Exception {
    var heartbeat =
        "exec <&-; while :; do echo '{\"type\":\"metrics\",\"counters\":{}}'; sleep 0.2; done";
    var session = greeting(100_000, heartbeat);
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("closed its standard input"), error.getMessage());
    assertTrue(gone(session.pid()));
  }

  @Test
  void aChildStartedOnTermIsKilledToo() throws Exception {
    var session =
        greeting(
            1,
            "trap 'sleep 60 & wait' TERM; read -r a\necho '"
                + ROWS_OF_1
                + "'\nsleep 50 & wait; wait");
    assertInstanceOf(WorkerEvent.Rows.class, session.next());
    var worker = ProcessHandle.of(session.pid()).orElseThrow();
    var before = worker.descendants().toList();
    session.close();
    assertTrue(gone(session.pid()));
    before.forEach(child -> assertTrue(gone(child.pid())));
    assertTrue(
        ProcessHandle.allProcesses()
            .noneMatch(p -> p.info().commandLine().orElse("").equals("sleep 60")));
  }

  @Test
  void outputBehindByeIsAnError() throws Exception {
    var session =
        greeting(
            1,
            "read -r a; read -r end\nprintf '%s\\n' '"
                + ROWS_OF_1
                + "' '"
                + DONE_1
                + "' '{\"type\":\"bye\",\"inputs\":1,\"rows\":2,\"errors\":0}' '"
                + ROWS_OF_1
                + "'");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("goes on behind 'bye'"), error.getMessage());
  }

  @Test
  void anExitCodeAfterByeIsAnError() throws Exception {
    var session =
        greeting(
            1,
            "read -r a; read -r end\n"
                + say(ROWS_OF_1, DONE_1, "{\"type\":\"bye\",\"inputs\":1,\"rows\":2,\"errors\":0}")
                + "exit 4");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("failed after 'bye'"), error.getMessage());
    assertTrue(error.getMessage().contains("exit code 4"), error.getMessage());
  }

  @Test
  void aRowThatIsNotReadIsSkippedButCounted() throws Exception {
    try (var session =
        greeting(
            1,
            "read -r a; read -r end\n"
                + say(
                    ROWS_OF_1,
                    DONE_1,
                    "{\"type\":\"bye\",\"inputs\":1,\"rows\":2,\"errors\":0}"))) {
      assertInstanceOf(WorkerEvent.Rows.class, session.next());
      assertInstanceOf(WorkerEvent.Done.class, session.next());
      assertInstanceOf(WorkerEvent.Finished.class, session.next());
    }
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    var error =
        assertThrows(
            WorkerException.class,
            () -> WorkerProcess.start(List.of("/nowhere/worker"), new Mailbox(), 1_000));
    assertTrue(error.getMessage().contains("can't start the worker '/nowhere/worker'"));
  }

  @Test
  void theEnvironmentOfAWorkerIsEmpty() throws Exception {
    var session =
        greeting(1, "read -r a; test -z \"$HOME$USER$JAVA_HOME\" && echo clean >&2; exit 1");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().endsWith("clean"), error.getMessage());
  }
}
