package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes and threads that {@code RDD.pipe} leaves behind or waits for, and that end with the
 * query here. The numbers are those of {@code docs/faults.md}. Each test shows Spark's own
 * behaviour first, so that the claim stays checked, and ends itself what Spark has left.
 */
class PipeDefectsProcessesIT {
  /** Tells the test that it is here, and hangs. */
  private static final String HANG = ": > \"$here/hangs\"; exec \"$here/sleep\" 1000\n";

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
  void d3_cancelEndsAHangingProgram() throws IOException {
    cancelEndsAHangingProgram(false);
  }

  @Test
  void d3_cancelWithInterruptsEndsAHangingProgram() throws IOException {
    cancelEndsAHangingProgram(true);
  }

  private void cancelEndsAHangingProgram(boolean interrupt) throws IOException {
    var piped = Job.start(interrupt, RddPipe.pipe(programs.plain(HANG), 1)::collect);
    programs.awaitFile("hangs");
    piped.cancel();
    piped.assertFails();
    assertFalse(marked.goneWithinGrace(), "Spark's program lives on");
    assertFalse(Job.freesTaskThreads(RddPipe.CODE), "and a task of Spark's waits for it");
    marked.kill();
    Files.delete(folder.resolve("hangs"));

    var read =
        Job.start(interrupt, programs.read(programs.worker("greet; next; " + HANG), 1)::count);
    programs.awaitFile("hangs");
    read.cancel();
    marked.assertGoneWithinGrace();
    assertTrue(Job.freesTaskThreads("io.rustpipe"), "no task waits for it");
    read.assertFails();
  }

  @Test
  void d8_grandchildThatHoldsTheOutputIsNotWaitedFor() throws Exception {
    // In the background, so that it is nobody's child as soon as the program ends.
    String leave = ": > \"$here/left\"; \"$here/sleep\" 1000 &\n";
    Path program = programs.plain(leave + "cat");
    var piped = Job.start(false, RddPipe.pipe(program, 3)::collect);
    programs.awaitFile("left");
    assertTrue(piped.goesOn(), "Spark waits for it");
    marked.kill();
    assertEquals(3, piped.get().size());

    assertEquals(3, programs.lines(program, 3).collectAsList().size());
    marked.assertGoneWithinGrace();

    assertEquals(3, programs.read(programs.worker(leave + Programs.ECHO), 3).count());
    marked.assertGoneWithinGrace();
  }

  @Test
  void d9_programThatIgnoresTermIsKilled() throws IOException {
    String deaf = "trap '' TERM PIPE\n";
    Path program = programs.plain(deaf + "echo one\n" + HANG);
    assertEquals(List.of("one"), RddPipe.pipe(program, 1).take(1));
    assertFalse(marked.goneWithinGrace(), "Spark's program lives on");
    marked.kill();

    assertEquals(1, programs.lines(program, 10).takeAsList(1).size());
    marked.assertGoneWithinGrace();

    Path worker = programs.worker(deaf + "greet; next; row one\n" + HANG);
    assertEquals(1, programs.read(worker, 10).takeAsList(1).size());
    marked.assertGoneWithinGrace();
  }

  @Test
  void d10_limitEndsAnEndlessProducer() throws Exception {
    Path program = programs.plain(": > \"$here/produces\"; while echo y; do :; done");
    var transformed =
        Job.start(false, RddPipe.transform(program, 1, "STRING").limit(1)::collectAsList);
    programs.awaitFile("produces");
    assertEquals(1, transformed.get().size());
    assertFalse(marked.goneWithinGrace(), "Spark's program produces on");
    marked.kill();

    assertEquals(1, programs.lines(program, 10).limit(1).collectAsList().size());
    marked.assertGoneWithinGrace();

    Path worker =
        programs.worker(
            """
            greet
            next
            while echo '{"type":"rows","id":1,"rows":[["y"]]}'; do :; done
            """);
    assertEquals(1, programs.read(worker, 10).limit(1).collectAsList().size());
    marked.assertGoneWithinGrace();
  }

  @Test
  void d15_killedJvmTakesItsProgramsAlong() throws Exception {
    Path program = programs.plain(HANG);
    kill("pipe", program);
    assertFalse(marked.goneWithinGrace(), "Spark's program lives on");
    marked.kill();

    // It reads no more, so that the end of its input tells it nothing.
    kill("read", programs.worker("greet; next; " + HANG));
    marked.assertGoneWithinGrace();
    try (var left = Files.list(folder.resolve("tmp"))) {
      assertEquals(
          List.of(), left.filter(file -> file.toString().contains("rustpipe-work-")).toList());
    }
  }

  /** Kills a JVM whose query hangs in the program. */
  private void kill(String how, Path program) throws Exception {
    Path manifest = programs.inputs(1);
    try (var jvm =
        ChildJvm.start(
            folder,
            List.of("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp"))),
            ChildQuery.class,
            how,
            program.toString(),
            manifest.toString())) {
      programs.awaitFile("hangs");
      jvm.process().destroyForcibly();
      jvm.awaitExit(Duration.ofSeconds(30));
    }
    Files.delete(folder.resolve("hangs"));
  }
}
