package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.ANSWER_ALL;
import static io.rustpipe.spark.worker.ScriptedWorker.DONE_1;
import static io.rustpipe.spark.worker.ScriptedWorker.NEVER;
import static io.rustpipe.spark.worker.ScriptedWorker.ROWS_OF_1;
import static io.rustpipe.spark.worker.ScriptedWorker.drain;
import static io.rustpipe.spark.worker.ScriptedWorker.gone;
import static io.rustpipe.spark.worker.ScriptedWorker.greeting;
import static io.rustpipe.spark.worker.ScriptedWorker.greetingUnguarded;
import static io.rustpipe.spark.worker.ScriptedWorker.say;
import static io.rustpipe.spark.worker.ScriptedWorker.session;
import static io.rustpipe.spark.worker.ScriptedWorker.startOnce;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.Open;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a session makes of workers that end, hang, flood or linger; D-numbers are in {@code
 * docs/faults.md}.
 */
@Timeout(60)
final class WorkerFaultsTest {

  private static final String ROWS_FOREVER_CHILD =
      "sleep 60 &\nread -r a\n" + "echo '" + ROWS_OF_1 + "'\nwhile :; do sleep 1; done\n";

  @Test
  void aSessionThatAnotherThreadClosesIsCancelledAndBlamesNoWorker() throws Exception {
    var session = new AtomicReference<WorkerSession<Integer>>();
    var closer = new Thread(() -> session.get().close());
    session.set(session(1, "sleep 60", () -> startOnce(closer)));
    assertThrows(CancellationException.class, session.get()::next);
    closer.join();
    assertTrue(gone(session.get().pid()));
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

  @Test
  void d10_anEndlessProducerIsGoneAfterAnEarlyClose() throws Exception {
    var session = greeting(1, "read -r a; while :; do echo '" + ROWS_OF_1 + "'; done");
    assertInstanceOf(WorkerEvent.Rows.class, session.next());
    session.close();
    session.close();
    assertTrue(gone(session.pid()));
  }

  @Test
  void d12_theExitCodeOfAWorkerThatClosedItsOutputLongBeforeIsInTheError() throws Exception {
    var session = greeting(1, "read -r a; exec >&-; sleep 3; exit 7");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("ended without 'bye'"), error.getMessage());
    assertTrue(error.getMessage().contains("exit code 7"), error.getMessage());
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
  void aWorkerThatEndsInsideALineIsAnError() throws Exception {
    var session = greeting(1, "read -r a; printf '{\"type\":\"do'");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(
        error.getMessage().contains("without 'bye', inside a line: {\"type\":\"do"),
        error.getMessage());
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
  void aSilentWorkerIsLeft() throws Exception {
    var patience = patience(Duration.ofSeconds(10), Duration.ofMillis(300));
    var inputs = List.of(ScriptedWorker.input(1));
    var session = greeting(inputs, new Open.Window(8, 1 << 20), patience, "read -r a; sleep 60");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("has sent nothing for 300 ms"), error.getMessage());
    assertTrue(gone(session.pid()));
  }

  @Test
  void anyByteIsASignOfLife() throws Exception {
    var patience = patience(Duration.ofSeconds(10), Duration.ofSeconds(3));
    var inputs = List.of(ScriptedWorker.input(1));
    var drip = "for i in 1 2 3 4 5 6 7 8; do printf ' '; sleep 0.5; done\n" + ANSWER_ALL;
    var session = greeting(inputs, new Open.Window(8, 1 << 20), patience, drip);
    assertEquals(List.of("1:[1]", "1 done"), drain(session));
  }

  @Test
  void aWorkerThatNeverGreetsIsLeft() throws Exception {
    var patience = patience(Duration.ofMillis(300), Duration.ofSeconds(10));
    var session =
        new WorkerSession<Integer>(
            ScriptedWorker.command("sleep 60"),
            new Open("numbers", List.of(), new TreeMap<>(), new Open.Window(8, 100), null),
            ScriptedWorker.input(1),
            () -> null,
            NEVER,
            patience,
            "a test");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("has sent nothing for 300 ms"), error.getMessage());
  }

  @Test
  void withoutAGuardAWorkerThatClosesItsInputAndStaysIsLeft() throws Exception {
    // A guard keeps the pipe open, to count what is left in it.
    var heartbeat =
        "exec <&-; while :; do echo '{\"type\":\"metrics\",\"counters\":{}}'; sleep 0.2; done";
    var session = greetingUnguarded(100_000, heartbeat);
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().contains("closed its standard input"), error.getMessage());
    assertTrue(gone(session.pid()));
  }

  @Test
  void aChildStartedOnTermIsKilledToo() throws Exception {
    // A number of seconds that no other program sleeps, to find the child by.
    var seconds = "61." + ProcessHandle.current().pid();
    var session =
        greeting(
            1,
            "trap 'sleep "
                + seconds
                + " & wait' TERM; read -r a\n"
                + say(ROWS_OF_1)
                + "sleep 50 & wait; wait");
    assertInstanceOf(WorkerEvent.Rows.class, session.next());
    session.close();
    assertTrue(gone(session.pid()));
    assertEquals(
        List.of(),
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().orElse("").endsWith("sleep " + seconds))
            .toList());
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
  void aProgramThatIsNotThereIsNamed() {
    var error =
        assertThrows(
            WorkerException.class,
            () ->
                WorkerProcess.start(
                    new WorkerCommand(List.of("/nowhere/worker"), Map.of(), null),
                    new Mailbox(),
                    1_000,
                    "a test"));
    assertTrue(error.getMessage().contains("can't start the worker '/nowhere/worker'"));
  }

  private static Patience patience(Duration hello, Duration silence) {
    return new Patience(hello, silence, Duration.ofHours(1), 0);
  }
}
