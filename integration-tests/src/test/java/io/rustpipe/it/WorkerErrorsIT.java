package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told of a worker that fails: at the driver, in the rows, and in the log. */
class WorkerErrorsIT {
  private static final String CRASH_AT_N2 =
      """
      greet
      while next; do
        if [ "$url" = n2 ]; then
          echo 'no memory for n2' >&2
          kill -SEGV $$
        fi
        row "$url"
      done
      """;

  private static final String HANG_AT_N2 =
      """
      greet
      while next; do
        if [ "$url" = n2 ]; then
          exec "$here/sleep" 1000
        fi
        row "$url"
      done
      """;

  @TempDir Path folder;
  private Programs programs;
  private Marked marked;

  @BeforeEach
  void nameThePrograms() throws IOException {
    programs = new Programs(folder);
    programs.sleep();
    marked = new Marked(folder);
  }

  @AfterEach
  void nothingIsLeft() {
    marked.kill();
  }

  @Test
  void firstLineSaysWhatHappenedAndWhatToDo() throws IOException {
    Path worker = programs.worker("echo 'no licence for tuesdays' >&2; exit 3");

    List<String> lines = failure(Programs.reader(worker), 3).lines().toList();

    assertTrue(lines.get(0).contains("WorkerStartException: the worker has ended"), lines.get(0));
    assertTrue(lines.get(0).contains("run it by hand"), lines.get(0));
    assertTrue(lines.get(1).contains("while greeting"), lines.get(1));
    assertTrue(lines.get(2).contains(worker + " run'"), lines.get(2));
    assertTrue(lines.get(2).contains("exit code 3"), lines.get(2));
    assertTrue(lines.get(3).contains("no licence for tuesdays"), lines.get(3));
  }

  @Test
  void ofStandardErrorTheLast8KiBAreShown() throws IOException {
    Path worker =
        programs.worker("for i in $(seq 1000); do echo \"line $i of much\" >&2; done; exit 3");

    String message = failure(Programs.reader(worker), 3);

    assertTrue(message.contains("line 1000 of much"), message);
    assertTrue(message.contains("line 700 of much"), message);
    assertFalse(message.contains("line 100 of much"), message);
  }

  @Test
  void brokenFrameNamesItsInput() throws IOException {
    Path worker =
        programs.worker(
            """
            greet
            next
            row one
            next
            echo '{"type":"rows","id":2,"rows":[[7]],"done":{"status":"SUCCEEDED","rows":1}}'
            next
            """);

    String message = failure(Programs.reader(worker), 2);

    for (String part : List.of("ProtocolException", "input 2 (n2)", "column 'text'", "[[7]]")) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aTableOfOneRowForEachInputHasItsErrorsByTheMode() throws IOException {
    Path worker =
        programs.worker(
            "string",
            "\"rows_per_input\":\"one\"",
            """
            greet
            while next; do
              if [ "$url" = n2 ]; then fail BAD_INPUT; else row "$url"; fi
            done
            """);

    assertEquals(
        List.of("[n1,n1,null,null]", "[n2,null,BAD_INPUT,not this one]", "[n3,n3,null,null]"),
        rows(Programs.reader(worker)));
    // Whatever is selected.
    assertEquals(
        2,
        Programs.reader(worker)
            .option("mode", "DROPMALFORMED")
            .load(programs.inputs(3).toString())
            .select("text")
            .collectAsList()
            .size());
    assertTrue(
        failure(Programs.reader(worker).option("mode", "FAILFAST"), 3).contains("n2: BAD_INPUT"));
  }

  private List<String> rows(DataFrameReader reader) throws IOException {
    return reader.load(programs.inputs(3).toString()).orderBy("url").collectAsList().stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void inputThatCrashesTheWorkerIsARowThatSaysHow() throws IOException {
    Row row = failedRow(Programs.reader(programs.worker(CRASH_AT_N2)));

    assertEquals("WORKER_CRASH", row.getAs("error_code"));
    String message = row.getAs("error_message");
    for (String part : List.of("SIGSEGV", "attempt 3", "no memory for n2")) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void modesTreatItAsAnyOtherFailure() throws IOException {
    Path worker = programs.worker(CRASH_AT_N2);

    List<Row> kept =
        Programs.reader(worker)
            .option("mode", "DROPMALFORMED")
            .load(programs.inputs(3).toString())
            .select("text")
            .collectAsList();
    assertEquals("[[n1], [n3]]", kept.toString());

    String message = failure(Programs.reader(worker).option("mode", "FAILFAST"), 3);
    for (String part : List.of("(n2)", "WORKER_CRASH", "SIGSEGV", "no memory for n2")) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void inputThatSilencesTheWorkerIsARowThatNamesTheLimit() throws IOException {
    Row row =
        failedRow(Programs.reader(programs.worker(HANG_AT_N2)).option("workerTimeout", "500ms"));

    assertEquals("WORKER_TIMEOUT", row.getAs("error_code"));
    String message = row.getAs("error_message");
    assertTrue(message.contains("'workerTimeout'"), message);
    marked.assertGoneWithinGrace();
  }

  @Test
  void inputThatHangsInAWorkerThatIsWellEndsByItself() throws IOException {
    // Its heart beats, and it never answers the second.
    Path worker =
        programs.worker(
            """
            window=1
            greet
            while next; do
              if [ "$url" = n2 ]; then
                while "$here/sleep" 0.1; do echo '{"type":"metrics","counters":{}}'; done
              fi
              row "$url"
            done
            """);
    Row row = failedRow(Programs.reader(worker).option("inputTimeout", "2s"));

    assertEquals("WORKER_TIMEOUT", row.getAs("error_code"));
    String message = row.getAs("error_message");
    assertTrue(message.contains("'inputTimeout'"), message);
    marked.assertGoneWithinGrace();
  }

  @Test
  void framesForTheLogReachItWithTheirLevelAndTheTask() throws IOException {
    Path worker =
        programs.worker(
            """
            greet
            echo '{"type":"log","level":"warn","message":"the moon is full"}'
            while next; do row "$url"; done
            """);

    try (var log = LogLines.open()) {
      assertEquals(2, programs.read(worker, 2).count());

      List<String> lines = log.with("the moon is full");
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(
          lines.get(0).matches("WARN \\[.*task \\d.*\\] worker.*: the moon is full"), lines.get(0));
    }
  }

  @Test
  void linesOfStandardErrorReachTheLogWithTheTask() throws IOException {
    Path worker = programs.worker("echo 'WARN the tide is high' >&2\n" + Programs.ECHO);

    try (var log = LogLines.open()) {
      assertEquals(2, programs.read(worker, 2).count());

      List<String> lines = log.with("the tide is high");
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(
          lines.get(0).matches("WARN \\[.*task \\d.*\\] worker \\d+: .*the tide is high"),
          lines.get(0));
    }
  }

  /** The message of the driver's exception, without its causes. */
  private String failure(DataFrameReader reader, int inputs) throws IOException {
    String manifest = programs.inputs(inputs).toString();
    return assertThrows(SparkException.class, () -> reader.load(manifest).collectAsList())
        .getMessage();
  }

  /** The one failed row of three inputs, which is the second's. */
  private Row failedRow(DataFrameReader reader) throws IOException {
    List<Row> rows = reader.load(programs.inputs(3).toString()).collectAsList();
    assertEquals(
        List.of("n1", "n3"),
        rows.stream()
            .filter(row -> row.getAs("error_code") == null)
            .map(row -> row.<String>getAs("text"))
            .toList());
    List<Row> failed = rows.stream().filter(row -> row.getAs("error_code") != null).toList();
    assertEquals(1, failed.size(), rows::toString);
    assertEquals("n2", failed.get(0).getAs("url"));
    return failed.get(0);
  }
}
