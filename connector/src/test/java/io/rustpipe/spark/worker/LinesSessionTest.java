package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.NEVER;
import static io.rustpipe.spark.worker.ScriptedWorker.command;
import static io.rustpipe.spark.worker.ScriptedWorker.gone;
import static io.rustpipe.spark.worker.ScriptedWorker.startOnce;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.worker.LinesSession.Inputs;
import io.rustpipe.spark.worker.LinesSession.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a session makes of programs that only read and write lines; D-numbers are in {@code
 * docs/faults.md}.
 */
@Timeout(60)
final class LinesSessionTest {

  private static final Rules STRICT = new Rules(OptionalInt.empty(), false, null);
  private static final Rules LENIENT = new Rules(OptionalInt.empty(), true, null);
  private static final Rules ONE_TO_ONE = new Rules(OptionalInt.of(1), false, null);

  @Test
  void everyLineGoesInAndEveryLineComesOut() throws Exception {
    assertEquals(
        IntStream.rangeClosed(1, 200_000).mapToObj(String::valueOf).toList(),
        drain(session(200_000, "cat", ONE_TO_ONE)));
  }

  @Test
  void aProgramThatAnswersAtTheEndIsFedToTheEnd() throws Exception {
    assertEquals(List.of("500000"), drain(session(500_000, "wc -l", STRICT)));
  }

  @Test
  void aLastLineWithoutALineFeedIsALine() throws Exception {
    assertEquals(List.of("a", "b"), drain(session(1, "cat >/dev/null; printf 'a\\nb'", STRICT)));
    assertEquals(List.of("b"), drain(session(1, "cat >/dev/null; printf b", ONE_TO_ONE)));
  }

  @Test
  void butNotOfAProgramThatWasCutOff() throws Exception {
    var session = session(1, "printf 'a\\nb'; kill -KILL $$", STRICT);
    assertTrue(session.next());
    assertEquals("a", current(session));
    assertThrows(WorkerCrashException.class, session::next);
    session.close();
  }

  @Test
  void emptyLinesAreLines() throws Exception {
    assertEquals(List.of("", "", ""), drain(session(3, "sed 's/.*//'", ONE_TO_ONE)));
  }

  @Test
  void d13_aCarriageReturnIsPartOfItsLine() throws Exception {
    assertEquals(
        List.of("a\rb", "c\r"),
        drain(session(1, "cat >/dev/null; printf 'a\\rb\\nc\\r\\n'", STRICT)));
  }

  @Test
  void d1_exitBeforeAllInputIsSentIsAnError() throws Exception {
    var error = failure(session(1_000_000, "head -n 1", STRICT));
    assertInstanceOf(WorkerCrashException.class, error);
    assertNames(error, "exit code 0", "left input unread", "there are more", "'allowEarlyExit'");
  }

  @Test
  void d2_aProgramThatClosesItsInputUnreadIsAnError() throws Exception {
    var error = failure(session(1_000_000, "exec <&-; echo done; exit 0", STRICT));
    assertNames(error, "exit code 0", "left input unread");
  }

  @Test
  void d2_alsoIfItGoesOn() throws Exception {
    // A guard keeps the pipe open, to count what is left in it.
    var unguarded = command("exec <&-; sleep 30", false);
    var error =
        failure(new LinesSession(unguarded, line(1), inputs(1_000_000), STRICT, NEVER, "a test"));
    assertNames(error, "closed its standard input and goes on", "'allowEarlyExit'");
  }

  @Test
  void anEarlyExitMayBeAllowed() throws Exception {
    assertEquals(List.of("1"), drain(session(1_000_000, "head -n 1", LENIENT)));
  }

  @Test
  void butNeverAFailure() throws Exception {
    assertNames(failure(session(1_000_000, "head -n 1; exit 4", LENIENT)), "exit code 4");
  }

  @Test
  void aProgramThatReadsAllAndDoesNotWaitForTheEndIsFine() throws Exception {
    assertEquals(List.of("1", "2", "3"), drain(session(3, "head -n 3", STRICT)));
  }

  @Test
  void d1_alsoIfTheInputFitsIntoThePipe() throws Exception {
    // It stays until all has been written, so that only the guard knows.
    var error = failure(session(3, "read -r one; echo $one; read -r two; sleep 0.3", STRICT));
    assertNames(error, "it was given 3 lines, 2 bytes of which it never read", "'allowEarlyExit'");
  }

  @Test
  void d3_aHangingProgramIsLeftAtOnceWhenTheTaskIsCancelled() throws Exception {
    var cancelled = new AtomicBoolean();
    var session = session(1, "sleep 60", STRICT, cancelled::get);
    var start = System.nanoTime();
    cancelled.set(true);
    assertThrows(CancellationException.class, session::next);
    session.close();
    assertTrue(gone(session.pid()));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2_000);
  }

  @Test
  void d3_alsoWhileItSwallowsInput() throws Exception {
    var asked = new AtomicInteger();
    var endless =
        new LinesSession(
            command("cat >/dev/null").launcher("a test"),
            line(1),
            () -> line(2),
            STRICT,
            () -> asked.incrementAndGet() > 50);
    assertThrows(CancellationException.class, endless::next);
    endless.close();
    assertTrue(gone(endless.pid()));
  }

  @Test
  void d3_alsoWithTheThreadInterrupted() throws Exception {
    var session = session(1, "trap '' TERM; sleep 60", STRICT);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, session::next);
    Thread.currentThread().interrupt();
    session.close();
    assertTrue(Thread.interrupted(), "close() keeps the interrupt for its caller");
    assertTrue(gone(session.pid()));
  }

  @Test
  void aSessionThatAnotherThreadClosesIsCancelledAndBlamesNoProgram() throws Exception {
    var session = new AtomicReference<LinesSession>();
    var closer = new Thread(() -> session.get().close());
    session.set(session(1, "sleep 60", STRICT, () -> startOnce(closer)));
    assertThrows(CancellationException.class, session.get()::next);
    closer.join();
    assertTrue(gone(session.get().pid()));
  }

  @Test
  void d6_exitCodeAndLastWordsAreInTheError() throws Exception {
    var error = failure(session(1, "cat; echo 'no space left on device' >&2; exit 3", STRICT));
    assertNames(error, "exit code 3", "no space left on device", "1 lines in and 1 lines out");
  }

  @Test
  void d7_aSignalIsNamed() throws Exception {
    assertNames(failure(session(1, "kill -SEGV $$", STRICT)), "exit code 139 (SIGSEGV)");
  }

  @Test
  void d8_aChildThatHoldsStdoutDoesNotHoldTheTask() throws Exception {
    var start = System.nanoTime();
    assertEquals(List.of("1"), drain(session(1, "sleep 30 &\ncat", STRICT)));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10);
  }

  @Test
  void d8_norTakesItTheLastLineAlong() throws Exception {
    assertEquals(List.of("1", "a"), drain(session(1, "sleep 30 &\ncat; printf a", STRICT)));
  }

  @Test
  void d9_aProgramDeafToTermIsKilled() throws Exception {
    var session = session(1, "trap '' TERM; cat; while :; do sleep 1; done", STRICT);
    assertTrue(session.next());
    session.close();
    assertTrue(gone(session.pid()));
  }

  @Test
  void d10_anEndlessProducerIsEnded() throws Exception {
    var session = session(1, "yes", STRICT);
    assertTrue(session.next());
    session.close();
    assertTrue(gone(session.pid()));
  }

  @Test
  void d12_aProgramThatClosesItsOutputAndFailsIsAnError() throws Exception {
    assertNames(failure(session(1, "exec >&-; sleep 3; exit 7", STRICT)), "exit code 7");
  }

  @Test
  void d12_alsoIfItGoesOn() throws Exception {
    var impatient = new Rules(OptionalInt.empty(), false, Duration.ofSeconds(1));
    var session = session(1, "exec >&-; sleep 60", impatient);
    assertNames(failure(session), "closed its standard output and goes on for more than 1000 ms");
    assertTrue(gone(session.pid()));
  }

  @Test
  void d17_aFloodOnStderrBlocksNobody() throws Exception {
    var flood = "head -c 67108864 /dev/zero | tr '\\0' e >&2; echo last words >&2; cat";
    assertEquals(List.of("1"), drain(session(1, flood, STRICT)));
    assertNames(failure(session(1, flood + "; exit 9", STRICT)), "exit code 9", "last words");
  }

  @Test
  void d18_aLineWithoutEndIsAnErrorThatNamesTheLimit() throws Exception {
    var error = failure(session(1, "head -c 1073741824 /dev/zero", STRICT));
    assertInstanceOf(ProtocolException.class, error);
    assertNames(error, "longer than the limit of 16,777,216 bytes");
  }

  @Test
  void tooManyLinesAreSeenAsTheyCome() throws Exception {
    var session = session(2, "while :; do echo x; done", ONE_TO_ONE);
    assertNames(failure(session), "3 lines already for the 2", "'linesPerInput' is 1");
  }

  @Test
  void tooFewLinesAreSeenAtTheEnd() throws Exception {
    assertNames(
        failure(session(3, "sed 1d", ONE_TO_ONE)), "2 lines in all for the 3", "'linesPerInput'");
  }

  @Test
  void severalLinesForEachCanBePromised() throws Exception {
    var two = new Rules(OptionalInt.of(2), false, null);
    assertEquals(List.of("1", "1", "2", "2"), drain(session(2, "sed p", two)));
    assertNames(failure(session(2, "cat", two)), "2 lines in all for the 2");
  }

  @Test
  void silenceIsForeverUnlessSaidOtherwise() throws Exception {
    assertEquals(List.of("1"), drain(session(1, "sleep 1; cat", STRICT)));
    var impatient = new Rules(OptionalInt.empty(), false, Duration.ofMillis(200));
    assertInstanceOf(WorkerTimeoutException.class, failure(session(1, "sleep 60; cat", impatient)));
  }

  @Test
  void aFailureOfTheInputsIsPassedOn() throws Exception {
    var session =
        new LinesSession(
            command("cat").launcher("a test"),
            line(1),
            () -> {
              throw new IOException("the manifest is gone");
            },
            STRICT,
            NEVER);
    try (session) {
      assertEquals(
          "the manifest is gone", assertThrows(IOException.class, session::next).getMessage());
    }
  }

  @Test
  void aProgramThatDoesNotReadHoldsLittleOfTheInput() throws Exception {
    var taken = new AtomicLong();
    var before = new AtomicLong();
    var turnsWithoutAny = new AtomicInteger();
    BooleanSupplier noMoreIsTaken =
        () ->
            before.getAndSet(taken.get()) == taken.get()
                ? turnsWithoutAny.incrementAndGet() > 10
                : turnsWithoutAny.getAndSet(0) < 0;
    var session =
        new LinesSession(
            command("sleep 60").launcher("a test"),
            line(1),
            () -> {
              taken.addAndGet(1 << 10);
              return new byte[1 << 10];
            },
            STRICT,
            noMoreIsTaken);
    assertThrows(CancellationException.class, session::next);
    session.close();
    assertTrue(taken.get() < 1 << 20, taken + " bytes");
  }

  private static LinesSession session(int inputs, String script, Rules rules) throws IOException {
    return session(inputs, script, rules, NEVER);
  }

  private static LinesSession session(
      int inputs, String script, Rules rules, BooleanSupplier cancelled) throws IOException {
    return new LinesSession(command(script), line(1), inputs(inputs), rules, cancelled, "a test");
  }

  /** Behind the first. */
  private static Inputs inputs(int count) {
    var last = new AtomicInteger(1);
    return () -> last.get() == count ? null : line(last.incrementAndGet());
  }

  private static byte[] line(int number) {
    return (number + "\n").getBytes(UTF_8);
  }

  private static List<String> drain(LinesSession session) throws Exception {
    var lines = new ArrayList<String>();
    try (session) {
      while (session.next()) {
        lines.add(current(session));
      }
      assertTrue(gone(session.pid()), "the program is gone with the last line");
    }
    return lines;
  }

  private static String current(LinesSession session) {
    return new String(session.buffer(), session.from(), session.to() - session.from(), UTF_8);
  }

  private static WorkerException failure(LinesSession session) {
    try (session) {
      return assertThrows(WorkerException.class, () -> drain(session));
    }
  }

  private static void assertNames(Exception error, String... parts) {
    for (var part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    assertFalse(error.getMessage().lines().findFirst().orElse("").isBlank());
  }
}
