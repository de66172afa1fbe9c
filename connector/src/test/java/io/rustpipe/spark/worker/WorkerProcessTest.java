package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.ScriptedWorker.gone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker's process, with a guard and without. Scripts tell process ids in lines of output. */
@Timeout(60)
final class WorkerProcessTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Mailbox mailbox = new Mailbox();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void d8_aChildThatHoldsStdoutEndsWithTheWorker(boolean guarded) throws Exception {
    var worker = start("sleep 60 & echo $!; exec sleep 60", guarded);
    var child = pids(1).get(0);
    worker.close();
    assertTrue(gone(child));
  }

  @Test
  void d8_aChildWhoseParentHasGoneEndsWithTheWorker() throws Exception {
    // The substitution ends with the subshell: from then on the child has no parent of the
    // worker's.
    var worker = start("pid=$(sleep 60 >/dev/null & echo $!); echo $pid; read -r go", true);
    var orphan = pids(1).get(0);
    worker.close();
    assertTrue(gone(orphan));
  }

  @Test
  void d8_aChildInASessionOfItsOwnEndsWithTheWorker() throws Exception {
    var worker = start("(setsid sh -c 'echo $$; exec sleep 60' &); read -r go; exit 0", true);
    var orphan = pids(1).get(0);
    mailbox.endOutbox();
    assertTrue(worker.waitFor(LONG));
    assertTrue(gone(orphan));
    assertEquals(0, worker.account().ending().exitCode());
    worker.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void d9_aWorkerDeafToEverythingIsGoneInTwoSeconds(boolean guarded) throws Exception {
    var worker =
        start(
            "trap '' TERM INT HUP; echo $$; sleep 60 & echo $!; while :; do sleep 1; done",
            guarded);
    var pids = pids(2);
    var start = System.nanoTime();
    worker.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2_000);
    pids.forEach(pid -> assertTrue(gone(pid)));
    assertFalse(worker.isAlive());
  }

  @Test
  void aGuardThatDoesNotAnswerIsKilledWithWhatItHasInItsCare() throws Exception {
    var worker = start("trap '' TERM; echo $$; while :; do sleep 1; done", true);
    var program = pids(1).get(0);
    signal("STOP", worker.pid());
    var start = System.nanoTime();
    worker.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2_000);
    assertTrue(gone(program));
    assertTrue(gone(worker.pid()));
  }

  @Test
  void aReportThatIsReadLateCountsAllTheSame() throws Exception {
    // On a machine without a free core the pump comes to read the report long after the guard's
    // end: here it is written then.
    var guard = Files.createTempFile("late-guard", ".sh");
    try {
      Files.writeString(
          guard,
          """
          #!/bin/sh
          echo here >&2
          read go
          (sleep 0.5; echo 'rustpipe-guard {"unread_bytes":7}' >&2) >/dev/null &
          exit 0
          """);
      assertTrue(guard.toFile().setExecutable(true));
      var command = new WorkerCommand(List.of("/bin/true"), Map.of(), guard);
      try (var worker = WorkerProcess.start(command, mailbox, 1 << 20, "test")) {
        // The JDK closes the pipe at the end of its process under a pump that has not begun to
        // read.
        while (!worker.account().stderr().contains("here")) {
          assertTrue(worker.isAlive());
        }
        mailbox.send("go\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(7, worker.account().ending().unreadBytes());
      }
    } finally {
      Files.delete(guard);
    }
  }

  @Test
  void d15_whatAKilledJvmLeavesIsGone() throws Exception {
    var jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledJvm.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = jvm.inputReader()) {
      var folder = Path.of(lines.readLine());
      var pids = List.of(Long.valueOf(lines.readLine()), Long.valueOf(lines.readLine()));
      pids.forEach(pid -> assertTrue(ProcessHandle.of(pid).isPresent()));
      assertTrue(Files.exists(folder));
      jvm.destroyForcibly();
      pids.forEach(pid -> assertTrue(gone(pid)));
      assertTrue(vanished(folder));
    }
  }

  /** Starts a worker with a child and a grandchild in sessions of their own, and never ends. */
  static final class KilledJvm {
    private KilledJvm() {}

    public static void main(String[] arguments) throws Exception {
      var mailbox = new Mailbox();
      var script =
          "trap '' TERM; pwd; echo $$; setsid sh -c 'trap \"\" TERM; echo $$; sleep 60' & wait";
      ScriptedWorker.command(script).launcher("a test").start(mailbox, 1_000);
      for (var told = 0; told < 3; ) {
        mailbox.await(false, 100);
        for (var lines = mailbox.poll(); lines != null; lines = mailbox.poll()) {
          var text = new String(lines.head(lines.length()), StandardCharsets.UTF_8);
          System.out.print(text);
          told += (int) text.lines().count();
        }
        System.out.flush();
      }
      Thread.sleep(LONG.toMillis());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkerHasAFolderOfItsOwnUntilItEnds(boolean guarded) throws Exception {
    var worker = start("pwd; ls -ld . | cut -c1-10; mkdir a; echo x > a/b; ln -s /etc c", guarded);
    var told = lines(2);
    var folder = Path.of(told.get(0));
    assertTrue(folder.getFileName().toString().startsWith(WorkFolder.PREFIX), told.get(0));
    assertEquals("drwx------", told.get(1));
    assertTrue(worker.waitFor(LONG));
    // Without a guard it is the connector that removes it.
    assertEquals(!guarded, Files.exists(folder));
    worker.close();
    assertFalse(Files.exists(folder));
  }

  @Test
  void aFolderIsRemovedWhenTheGuardWasKilled() throws Exception {
    var worker = start("pwd; exec sleep 60", true);
    var folder = Path.of(lines(1).get(0));
    signal("KILL", worker.pid());
    assertTrue(worker.waitFor(LONG));
    assertTrue(Files.exists(folder));
    worker.close();
    assertFalse(Files.exists(folder));
  }

  @Test
  void aWorkerThatCanNotBeStartedLeavesNoFolder() throws Exception {
    var before = allFolders();
    var nowhere = new WorkerCommand(List.of("/nowhere/worker"), Map.of(), null);
    assertThrows(
        WorkerStartException.class, () -> nowhere.launcher("a test").start(mailbox, 1_000));
    assertEquals(before, allFolders());
  }

  @Test
  void whatAWorkerLeftUnreadIsCounted() throws Exception {
    var worker = start("read -r first; read -r second; exit 3", true);
    // In one piece: a pipe that the worker has left takes no more.
    mailbox.send("line 1234\n".repeat(10).getBytes(StandardCharsets.UTF_8));
    mailbox.endOutbox();
    assertTrue(worker.waitFor(LONG));
    var ending = worker.account().ending();
    assertEquals(3, ending.exitCode());
    assertEquals(80, ending.unreadBytes());
    assertTrue(ending.peakMemoryBytes() > 100_000, ending.toString());
    assertEquals("", worker.account().stderr());
    worker.close();
  }

  @Test
  void withoutAGuardNobodyKnows() throws Exception {
    var worker = start("exit 3", false);
    assertTrue(worker.waitFor(LONG));
    var ending = worker.account().ending();
    assertEquals(3, ending.exitCode());
    assertNull(ending.unreadBytes());
    assertNull(ending.peakMemoryBytes());
    worker.close();
  }

  @Test
  void aKilledWorkersMemoryIsShown() throws Exception {
    var worker = start("echo reason >&2; kill -s KILL $$", true);
    assertTrue(worker.waitFor(LONG));
    var account = worker.account().toString();
    assertTrue(account.contains("exit code 137 (SIGKILL) at a peak of "), account);
    assertTrue(account.endsWith("ends with:\nreason"), account);
    worker.close();
  }

  @Test
  void theEndOfAWorkerThatIsSeenToEndCostsNoGrace() throws Exception {
    var worker = start("exit 0", true);
    assertTrue(worker.waitFor(LONG));
    var start = System.nanoTime();
    worker.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(Limits.DEFAULT_GRACE) < 0);
  }

  private Worker start(String script, boolean guarded) throws IOException {
    return ScriptedWorker.command(script, guarded).launcher("a test").start(mailbox, 1_000);
  }

  /** The next lines of output. */
  private List<String> lines(int count) throws Exception {
    var told = new ArrayList<String>();
    while (told.size() < count && !mailbox.ended()) {
      mailbox.await(false, 100);
      for (var lines = mailbox.poll(); lines != null; lines = mailbox.poll()) {
        new String(lines.head(lines.length()), StandardCharsets.UTF_8).lines().forEach(told::add);
      }
    }
    assertEquals(count, told.size(), told.toString());
    return told;
  }

  private List<Long> pids(int count) throws Exception {
    return lines(count).stream().map(Long::valueOf).toList();
  }

  private static void signal(String name, long pid) throws Exception {
    var kill = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid).start();
    assertEquals(0, kill.waitFor());
  }

  private static boolean vanished(Path folder) throws InterruptedException {
    var deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (Files.exists(folder)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(10);
    }
    return true;
  }

  private static List<Path> allFolders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(WorkFolder.PREFIX))
          .sorted()
          .toList();
    }
  }
}
