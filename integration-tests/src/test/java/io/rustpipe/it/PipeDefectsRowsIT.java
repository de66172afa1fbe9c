package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that {@code RDD.pipe} or {@code TRANSFORM} lose, change or hand over too early, and that are
 * safe here. The numbers are those of {@code docs/faults.md}. Each test shows Spark's own behaviour
 * first, so that the claim stays checked.
 */
class PipeDefectsRowsIT {
  private static final int MANY = 1_000_000;

  @TempDir Path folder;
  private Programs programs;

  @BeforeEach
  void nameThePrograms() {
    programs = new Programs(folder);
  }

  @AfterEach
  void nothingIsLeft() {
    new Marked(folder).kill();
  }

  @Test
  void d1_programThatReadsOneLineAndExitsIsAnError() throws IOException {
    Path program = programs.plain("read -r line; echo \"$line\"; exit 0");
    assertEquals(List.of("n1"), RddPipe.pipe(program, MANY).collect());
    assertFailsNaming(programs.lines(program, MANY)::collectAsList, "exit code 0", "unread");

    Path worker = programs.worker("greet; next; row \"$url\"; exit 0");
    assertFailsNaming(
        restartedTwice(worker, MANY)::count, "ended without 'bye'", "unfinished", "exit code 0");
  }

  @Test
  void d2_programThatClosesItsInputUnreadIsAnError() throws IOException {
    Path program = programs.plain("exec 0<&-; echo one; exit 0");
    assertEquals(List.of("one"), RddPipe.pipe(program, MANY).collect());
    assertFailsNaming(programs.lines(program, MANY)::collectAsList, "exit code 0", "unread");

    Path worker = programs.worker("greet; exec 0<&-; exit 0");
    assertFailsNaming(
        programs.read(worker, MANY)::count, "ended without 'bye'", "unfinished", "exit code 0");
  }

  @Test
  void d11_valueOfAnotherTypeIsAnErrorAndNotNull() throws IOException {
    Path program = programs.plain("while read -r line; do echo x1; done");
    assertEquals("[[null]]", RddPipe.transform(program, 1, "INT").collectAsList().toString());
    Path object = programs.plain("echo '{\"text\":\"x1\"}'; cat > /dev/null");
    var lines = Programs.reader(object).option("protocol", "lines");
    String manifest = programs.inputs(1).toString();
    assertFailsNaming(lines.schema("text INT").load(manifest)::collectAsList, "text", "x1");
    assertEquals(
        "[[null,{\"text\":\"x1\"}]]",
        lines.schema("text INT, _corrupt_record STRING").load(manifest).collectAsList().toString());

    Path worker = programs.worker("int", "greet; next; row x1; next");
    assertFailsNaming(
        programs.read(worker, 1)::collectAsList, "input 1 (n1)", "column 'text'", "int", "x1");
  }

  @Test
  void d12_programThatClosesItsOutputAndFailsLaterIsAnError() throws IOException {
    String closesAndFails = "exec 1>&-; sleep %d; echo 'out of luck' >&2; exit 7";
    Path program = programs.plain("cat > /dev/null; " + closesAndFails.formatted(3));
    assertEquals(List.of(), RddPipe.transform(program, 10, "STRING").collectAsList());
    assertFailsNaming(programs.lines(program, 10)::collectAsList, "exit code 7", "out of luck");

    Path worker = programs.worker("greet; next; " + closesAndFails.formatted(1));
    assertFailsNaming(
        restartedTwice(worker, 10)::count, "ended without 'bye'", "exit code 7", "out of luck");
  }

  @Test
  void d13_carriageReturnWithinALineDoesNotEndIt() throws IOException {
    Path program = programs.plain("printf 'a\\rb\\n'");
    assertEquals(List.of("a", "b"), RddPipe.pipe(program, 1).collect());
    Path reading = programs.plain("cat > /dev/null; printf 'a\\rb\\n'");
    assertEquals(
        List.of("a\rb"),
        programs.lines(reading, 1).select("text").as(Encoders.STRING()).collectAsList());

    // Between two tokens it is space to JSON; within a string it has to be escaped.
    Path worker =
        programs.worker(
            """
            greet
            next
            printf '{"type":"rows",\\r"id":1,"rows":[["a\\\\rb"]],\\r"done":{"status":"SUCCEEDED","rows":1}}\\n'
            answered=1
            next
            """);
    assertEquals(
        List.of("a\rb"),
        programs.read(worker, 1).select("text").as(Encoders.STRING()).collectAsList());
  }

  @Test
  void d14_limitHandsOverNoMoreInputsThanRowsAreWanted() throws IOException {
    // Deaf to Spark's TERM, so that all it was given can be counted.
    Path program =
        programs.plain(
            "trap '' TERM; read -r line; echo \"$line\"; cat >> \"$here/piped\"; : >"
                + " \"$here/end\"");
    assertEquals(List.of("n1"), RddPipe.pipe(program, MANY).take(1));
    programs.awaitFile("end");
    assertTrue(programs.linesOf("piped").size() > 1_000, "all that fits into the pipes");

    Path worker =
        programs.worker(
            """
            greet
            while next; do
              echo "$url" >> "$here/inputs"
              row "$url"
            done
            """);
    Dataset<Row> rows = programs.read(worker, MANY);
    assertEquals(1, rows.takeAsList(1).size());
    assertEquals(List.of("n1"), programs.linesOf("inputs"));

    // Five are unfinished at most, and as each is answered another takes its place.
    assertEquals(5, rows.takeAsList(5).size());
    assertTrue(programs.linesOf("inputs").size() <= 1 + 2 * 5);
  }

  @Test
  void d16_inputThatCrashesTheWorkerCostsItselfAlone() throws IOException {
    String crash = "case $url in n501) kill -SEGV $$ ;; esac";
    Path program = programs.plain("while read -r url; do " + crash + "; echo \"$url\"; done");
    assertFailsNaming(RddPipe.pipe(program, 1_000)::collect, "status 139");

    Path worker =
        programs.worker(
            """
            greet
            while next; do
              %s
              echo "$url" >> "$here/answered"
              row "$url"
            done
            """
                .formatted(crash));
    List<Row> rows = programs.read(worker, 1_000).collectAsList();

    List<String> good =
        IntStream.rangeClosed(1, 1_000).filter(i -> i != 501).mapToObj(i -> "n" + i).toList();
    assertEquals(
        good,
        rows.stream()
            .filter(row -> row.getAs("error_code") == null)
            .map(row -> row.<String>getAs("text"))
            .toList());
    List<Row> bad = rows.stream().filter(row -> row.getAs("error_code") != null).toList();
    assertEquals(1, bad.size(), bad::toString);
    assertEquals("n501", bad.get(0).getAs("url"));
    assertEquals("WORKER_CRASH", bad.get(0).getAs("error_code"));
    String message = bad.get(0).getAs("error_message");
    assertTrue(message.contains("SIGSEGV"), message);
    assertEquals(good, programs.linesOf("answered"), "each was answered once");
  }

  @Test
  void d19_taskWithoutInputsStartsNoProcess() throws IOException {
    Path program = programs.plain("echo started");
    assertEquals(List.of("started", "started"), RddPipe.pipeNothing(program, 2).collect());
    assertEquals(List.of(), programs.lines(program, 0).collectAsList());

    Path worker = programs.worker(Programs.ECHO);
    assertEquals(List.of(), programs.read(worker, 0).collectAsList());
    assertEquals(0, programs.starts());
    assertEquals(1, programs.read(worker, 1).count());
    assertEquals(1, programs.starts(), "a start is counted");
  }

  /** Spares the time of the restarts that a worker has by default. */
  private Dataset<Row> restartedTwice(Path worker, int inputs) throws IOException {
    return Programs.reader(worker)
        .option("workerRestarts", 2)
        .load(programs.inputs(inputs).toString());
  }
}
