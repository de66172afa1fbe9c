package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.DocsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program of the user's says of itself, and every way in which it can fail to. */
@Timeout(30)
final class CustomWorkerTest {

  @TempDir private Path folder;

  @Test
  void aProgramIsAskedWithItsArguments() throws Exception {
    var script =
        "[ \"$1|$2|$3\" = '-v|a b|describe' ] || exit 9\necho '" + description("1") + "'\n";
    var worker = ask(program(script), List.of("-v", "a b"), Map.of());
    assertEquals("entries", worker.defaultTable().name());
    assertEquals("concurrency", worker.description().options().get(0).name());
    assertEquals(List.of(worker.program().name(), "-v", "a b", "run"), worker.command().words());
  }

  @Test
  void theLineFeedBehindADescriptionMayBeMissing() throws Exception {
    var worker = ask(program("printf '" + description("1") + "'\n"), List.of(), Map.of());
    assertEquals("entries", worker.defaultTable().name());
  }

  @Test
  void workersAreEqualIfProgramArgumentsAndDescriptionAre() throws Exception {
    var program = program("echo '" + description("1") + "'\n");
    var worker = ask(program, List.of(), Map.of());
    assertEquals(worker, ask(program, List.of(), Map.of()));
    assertNotEquals(worker, ask(program, List.of("-v"), Map.of()));
    assertNotEquals(
        worker,
        ask(
            program("echo '" + description("1").replace("1.2.3", "1.2.4") + "'\n"),
            List.of(),
            Map.of()));
  }

  @Test
  void onlyPathLanguageAndTimeZoneReachItsEnvironment() throws IOException {
    // A shell sets variables of its own; these are what every Java process of a build has besides.
    assertTrue(System.getenv().containsKey("HOME"));
    assertFails(
        program("echo \"home=$HOME path=$PATH\" >&2\nexit 1\n"),
        "home= path=" + System.getenv("PATH"));
  }

  @Test
  void givenVariablesReachItTooAndAreNotShown() throws Exception {
    var script =
        "[ \"$API_KEY|$LANG\" = 's e=cret|xx' ] || exit 9\necho '" + description("1") + "'\n";
    var environment = Map.of("API_KEY", "s e=cret", "LANG", "xx");
    var worker = ask(program(script), List.of(), environment);
    assertEquals("s e=cret", worker.command().environment().get("API_KEY"));
    assertTrue(worker.toString().contains("[API_KEY, LANG]"), worker.toString());
    assertFalse(worker.toString().contains("s e=cret"), worker.toString());
    assertFalse(worker.command().toString().contains("s e=cret"));
    assertNotEquals(
        worker, new CustomWorker(worker.program(), List.of(), Map.of(), worker.description()));
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    assertFails("/nowhere/worker", "there is no worker '/nowhere/worker' on this driver");
  }

  @Test
  void aProgramWhoseLibraryIsMissingShowsWhatTheLoaderSays() throws IOException {
    var patched = TestPrograms.withoutItsLibrary(folder);
    assertFails(
        patched.toString(),
        "exit code 127",
        TestPrograms.MISSING_LIBRARY + ": cannot open shared object file");
  }

  @Test
  void theProgramThatDescribedItselfIsTheOneThatMayRun() throws Exception {
    var path = program("echo '" + description("1") + "'\n");
    var worker = ask(path, List.of(), Map.of());
    Files.writeString(Path.of(path), "#!/bin/sh\necho another\n");
    var error = assertThrows(IOException.class, worker::command);
    assertTrue(error.getMessage().contains("another one than when the query was planned"));
  }

  @Test
  void aFailureShowsExitCodeAndTheEndOfStderr() throws IOException {
    assertFails(
        program("echo 'no licence' >&2\nexit 7\n"),
        "failed when it was asked to describe itself",
        "exit code 7",
        "no licence");
  }

  @Test
  void outputThatIsNoDescriptionIsShown() throws IOException {
    assertFails(
        program("echo 'usage: worker FILE'\n"),
        "not the description of a worker",
        "the line begins: usage: worker FILE");
    assertFails(program("echo '{\"name\":\"x\"}'\n"), "not the description of a worker", "version");
    assertFails(program("exit 0\n"), "not the description of a worker");
  }

  @Test
  void anotherVersionOfTheProtocolIsRefused() throws IOException {
    assertFails(
        program("echo '" + description("2,3") + "'\n"),
        "speaks versions [2, 3] of the protocol, the connector version 1");
  }

  @Test
  void endlessOutputIsCutOff() throws IOException {
    assertFails(
        program("while echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; do :; done\n"), "limit");
    assertFails(program("exec cat /dev/zero\n"), "limit of 1,048,576 bytes");
  }

  @Test
  void aProgramThatHangsIsKilledWithWhatItStarted() throws Exception {
    var pids = folder.resolve("pids");
    var program = program("sleep 60 &\necho $$ $! > " + pids + "\nwait\n");
    var command = new WorkerCommand(List.of(program), Map.of("PATH", "/bin:/usr/bin"), null);
    var error =
        assertThrows(WorkerException.class, () -> Describing.ask(command, Duration.ofSeconds(1)));
    assertTrue(
        error.getMessage().contains("has not described itself within 1000 ms"), error.getMessage());
    for (var pid : Files.readString(pids).strip().split(" ", -1)) {
      assertTrue(ScriptedWorker.gone(Long.parseLong(pid)), pid);
    }
  }

  private static String description(String versions) throws IOException {
    return DocsPage.fenced("protocol.md", "describe")
        .get(0)
        .replace("\"protocol\":[1]", "\"protocol\":[" + versions + "]");
  }

  private String program(String script) throws IOException {
    var file = Files.createTempFile(folder, "worker", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private static CustomWorker ask(
      String program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    return CustomWorker.ask(
        Program.find(new LocalProgram(program), List.of()), arguments, environment);
  }

  private static void assertFails(String program, String... parts) {
    var error = assertThrows(IOException.class, () -> ask(program, List.of(), Map.of()));
    for (var part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }
}
