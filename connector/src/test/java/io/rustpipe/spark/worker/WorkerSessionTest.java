package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.ANSWER_ALL;
import static io.rustpipe.spark.worker.ScriptedWorker.DONE_1;
import static io.rustpipe.spark.worker.ScriptedWorker.NEVER;
import static io.rustpipe.spark.worker.ScriptedWorker.NO_RESTART;
import static io.rustpipe.spark.worker.ScriptedWorker.ROWS_OF_1;
import static io.rustpipe.spark.worker.ScriptedWorker.drain;
import static io.rustpipe.spark.worker.ScriptedWorker.greeting;
import static io.rustpipe.spark.worker.ScriptedWorker.say;
import static io.rustpipe.spark.worker.ScriptedWorker.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.DocsPage;
import io.rustpipe.spark.frame.Open;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conversation with a worker, and what a frame against the protocol does to it. */
@Timeout(60)
final class WorkerSessionTest {

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
            NEVER,
            NO_RESTART,
            "a test");
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
            + " | 'rows' must come before 'done' and 'resume'",
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
    var session = greeting(inputs, new Open.Window(8, 120), NO_RESTART, script);
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
    var huge = new WorkerInput<>("huge", "{\"text\":\"" + "x".repeat(2 << 20) + "\"}", 2);
    var inputs = List.of(ScriptedWorker.input(1), huge, ScriptedWorker.input(3));
    var events = drain(greeting(inputs, new Open.Window(8, 1 << 20), NO_RESTART, ANSWER_ALL));
    assertEquals(5, events.size());
    assertTrue(
        events.stream()
            .anyMatch(e -> e.matches("2 BAD_INPUT an input of 2,097,.* begins: .\"text\":\"x+")),
        events.toString());
    assertTrue(events.containsAll(List.of("1:[1]", "1 done", "3:[3]", "3 done")));
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
  void theEnvironmentOfAWorkerIsEmpty() throws Exception {
    var session =
        greeting(1, "read -r a; test -z \"$HOME$USER$JAVA_HOME\" && echo clean >&2; exit 1");
    var error = assertThrows(WorkerException.class, () -> drain(session));
    assertTrue(error.getMessage().endsWith("clean"), error.getMessage());
  }
}
