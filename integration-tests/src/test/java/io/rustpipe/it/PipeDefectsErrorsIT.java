package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsHiding;
import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that kill a task of {@code RDD.pipe} and reasons that it hides, and what becomes of them
 * here. The numbers are those of {@code docs/faults.md}. Each test shows Spark's own behaviour
 * first, so that the claim stays checked.
 */
class PipeDefectsErrorsIT {
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
  void d4_byteThatIsNotUtf8OnStandardErrorDoesNotMatter() throws IOException {
    String complain = "printf 'caf\\351 closed\\n' >&2\n";
    // The sleep gives Spark's thread time to choke on it before the program ends.
    Path program = programs.plain(complain + "sleep 1; exec cat");
    assertFailsNaming(RddPipe.pipe(program, 3)::collect, "MalformedInputException");
    assertEquals(3, programs.lines(program, 3).count());

    assertEquals(3, programs.read(programs.worker(complain + Programs.ECHO), 3).count());
    Path failing = programs.worker(complain + "exit 3");
    assertFailsNaming(programs.read(failing, 3)::count, "caf\uFFFD closed");
  }

  @Test
  void d5_byteThatIsNotUtf8InAStringIsAnErrorThatNamesTheInput() throws IOException {
    Path program = programs.plain("read -r line; printf 'caf\\351\\n'");
    assertFailsNaming(RddPipe.pipe(program, 1)::collect, "MalformedInputException");
    assertFailsNaming(programs.lines(program, 1)::collectAsList, "line 1", "0xe9", "UTF-8");

    Path worker = programs.worker("greet; next; row \"$(printf 'caf\\351')\"; next");
    assertFailsNaming(
        programs.read(worker, 1)::collectAsList, "row 1 of input 1 (n1)", "byte 0xe9", "UTF-8");
  }

  @Test
  void d6_reasonOnStandardErrorReachesTheUser() throws IOException {
    String fail = "echo 'no licence for tuesdays' >&2; exit 3";
    Path program = programs.plain(fail);
    assertFailsHiding(RddPipe.pipe(program, 1)::collect, "status 3", "tuesdays");
    assertFailsNaming(
        programs.lines(program, 1)::collectAsList,
        program.toString(),
        "exit code 3",
        "no licence for tuesdays");

    Path worker = programs.worker(fail);
    assertFailsNaming(
        programs.read(worker, 1)::count, worker + " run", "exit code 3", "no licence for tuesdays");
  }

  @Test
  void d7_signalIsCalledByItsName() throws IOException {
    Path program = programs.plain("kill -SEGV $$");
    assertFailsHiding(RddPipe.pipe(program, 1)::collect, "status 139", "SEGV");
    assertFailsNaming(programs.lines(program, 1)::collectAsList, "SIGSEGV");

    Path worker = programs.worker("kill -SEGV $$");
    assertFailsNaming(programs.read(worker, 1)::count, "SIGSEGV");
  }

  /**
   * Without {@code RDD.pipe}, which reads standard error in a thread of its own today, and copies
   * it to the executor's.
   */
  @Test
  void d17_floodOnStandardErrorFlowsAndItsEndIsKept() throws IOException {
    String flood = "head -c 67108864 /dev/zero | tr '\\0' x >&2; echo 'the end' >&2\n";

    assertEquals(3, programs.lines(programs.plain(flood + "exec cat"), 3).count());
    assertEquals(3, programs.read(programs.worker(flood + Programs.ECHO), 3).count());
    assertFailsNaming(
        programs.read(programs.worker(flood + "exit 3"), 3)::count, "exit code 3", "the end");
  }

  @Test
  void d18_lineWithoutAnEndIsAnErrorThatNamesTheLimit() throws Exception {
    String line = "head -c 1073741824 /dev/zero | tr '\\0' x\n";
    // In a JVM of its own with less memory than the line has: Spark's does not survive that.
    var piped = fail("pipe", programs.plain(line));
    assertTrue(piped.contains("OutOfMemoryError"), piped);

    Path worker = programs.worker("greet; next\n" + line);
    var read = fail("read", worker, programs.inputs(1));
    assertTrue(read.contains("16,777,216 bytes"), read);
    assertFalse(read.contains("OutOfMemoryError"), read);
  }

  /** What a JVM says that fails with a query. */
  private String fail(String how, Path... files) throws Exception {
    var arguments = Stream.concat(Stream.of(how), Stream.of(files).map(Path::toString));
    try (var jvm =
        ChildJvm.start(
            folder, List.of("-Xmx600m"), ChildQuery.class, arguments.toArray(String[]::new))) {
      assertNotEquals(0, jvm.awaitExit(Duration.ofMinutes(5)));
      return jvm.said();
    }
  }
}
