package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of this machine that can't run on it, and what is said of them. */
@Timeout(60)
final class PreflightTest {

  private static final Machine HERE = Machine.here(Machine.Side.EXECUTOR, "/bin:/usr/bin");

  @TempDir private Path folder;

  @Test
  void aScriptAndALinkToAProgramMayRun() throws IOException {
    var script = TestPrograms.write(folder.resolve("script"), "#!/bin/sh\n");
    look(script.toString(), script);
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/bin/true"));
    look(link.toString(), link);
  }

  @Test
  void aFileThatIsNotThereIsNamedWithTheWaysToBringIt() {
    var nowhere = Path.of("/nowhere/worker");
    assertFails(nowhere, "no worker '/nowhere/worker' on this executor", "sc.addFile", "URI");
  }

  @Test
  void aLinkToNothingIsNoFile() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/nowhere"));
    assertFails(link, "no worker '" + link + "' on this executor");
  }

  @Test
  void aFolderAndADeviceAreNoFiles() {
    assertFails(folder, "is a folder and no file");
    assertFails(Path.of("/dev/null"), "is a device or pipe and no file");
  }

  @Test
  void aMissingRightIsNamedWithTheCommandThatGivesIt() throws IOException {
    var script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    assertFails(script, "no file that may be executed", "chmod +x '" + script + "'");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    assertFails(TestPrograms.write(folder.resolve("empty"), ""), "is an empty file");
  }

  @Test
  void halfOfAProgramIsNamed() throws IOException {
    var whole = Files.readAllBytes(Path.of("/bin/true"));
    var half = new byte[whole.length / 2];
    System.arraycopy(whole, 0, half, 0, half.length);
    assertFails(TestPrograms.write(folder.resolve("half"), half), "was cut off or damaged");
  }

  @Test
  void aProgramIsNamedAsTheUserCallsItWithItsPlace() throws IOException {
    var file = TestPrograms.write(folder.resolve("text"), "echo\n");
    var error = assertThrows(IOException.class, () -> look("tool", file));
    assertTrue(error.getMessage().startsWith("the worker 'tool' (" + file + ") is a text"));
  }

  /** Root may do all but this, so it takes a file system of the test's own. */
  @Test
  void aFileSystemThatAllowsNoProgramsIsNamed() throws Exception {
    assumeTrue(run("true").equals("0"), "this user may not mount anything");
    var program = folder.resolve("program");
    var script =
        "mount -t tmpfs -o noexec tmpfs '%1$s' && cp /bin/true '%2$s' && exec '%3$s' -cp '%4$s' '%5$s' '%2$s'"
            .formatted(
                folder,
                program,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                classPath(),
                Looking.class.getName());

    var said = run(script);

    assertTrue(
        said.startsWith(
            "the worker '%s' is on the file system '%s', which is mounted noexec"
                .formatted(program, folder.toRealPath())),
        said);
    assertTrue(said.endsWith("\n0"), said);
  }

  /** The look in a JVM of its own, which sees other file systems. */
  static final class Looking {
    private Looking() {}

    public static void main(String[] arguments) {
      try {
        look(arguments[0], Path.of(arguments[0]));
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** What the script says among mounts of its own, and behind that its exit code. */
  private static String run(String script) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("unshare", "--mount", "sh", "-c", script)
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return "no unshare";
    }
    try (var output = process.getInputStream()) {
      var said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return said + process.exitValue();
    }
  }

  private static String classPath() throws Exception {
    return String.join(
        ":",
        List.of(
            Path.of(Preflight.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString(),
            Path.of(PreflightTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString()));
  }

  private static void look(String name, Path file) throws IOException {
    var preflight = new Preflight(name, file);
    preflight.requireFile(HERE.side());
    preflight.requireRunnable(HERE);
  }

  private static void assertFails(Path file, String... parts) {
    var error = assertThrows(IOException.class, () -> look(file.toString(), file));
    for (var part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    assertEquals(1, error.getMessage().lines().count());
  }
}
