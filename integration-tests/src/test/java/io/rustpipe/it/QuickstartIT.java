package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The program behind {@code ./quickstart}, in a JVM of its own as a user starts it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuickstartIT {
  private Path temporary;
  private int exitCode;
  private String out;
  private String err;

  @BeforeAll
  void run(@TempDir Path folder) throws Exception {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    Path outFile = folder.resolve("out");
    Path errFile = folder.resolve("err");
    List<String> command =
        ChildJvm.command(
            List.of("-Djava.io.tmpdir=" + temporary),
            "io.rustpipe.quickstart.Quickstart",
            System.getProperty("rustpipe.root"));

    Process program =
        new ProcessBuilder(command)
            .redirectOutput(outFile.toFile())
            .redirectError(errFile.toFile())
            .start();
    try {
      assertTrue(program.waitFor(2, TimeUnit.MINUTES), "the quickstart doesn't end");
    } finally {
      program.destroyForcibly();
    }
    exitCode = program.exitValue();
    out = Files.readString(outFile, UTF_8);
    err = Files.readString(errFile, UTF_8);
  }

  @Test
  void succeeds() {
    assertEquals(0, exitCode, () -> out + err);
  }

  @Test
  void showsEachBrokenInputWithItsReason() {
    for (String row :
        List.of(
            "missing.tar.gz *\\|FAILED *\\|HTTP_STATUS",
            "page.tar.gz *\\|PARTIALLY_SUCCEEDED *\\|NOT_AN_ARCHIVE",
            "truncated.tar.gz *\\|PARTIALLY_SUCCEEDED *\\|BAD_GZIP")) {
      assertTrue(Pattern.compile(row).matcher(out).find(), () -> row + " is not in:\n" + out);
    }
  }

  @Test
  void numbersItsSteps() {
    List<String> headings =
        out.lines()
            .filter(line -> line.matches("\\d\\. .*"))
            .map(line -> line.substring(0, 1))
            .toList();

    assertEquals(List.of("1", "2", "3", "4", "5", "6", "7"), headings, out);
  }

  @Test
  void showsTheLargestFilesAndTheCratesWithABuildScript() {
    assertEquals(10, rows(between("4. ", "5. "), "\\|(crate|distribution) *\\|.*"), out);
    assertEquals(10, rows(between("5. ", "6. "), "\\|[a-z0-9_.+-]+-\\d[^|]*\\|\\d+ .*"), out);
  }

  private String between(String heading, String next) {
    return out.substring(out.indexOf("\n" + heading), out.indexOf("\n" + next));
  }

  private static long rows(String text, String pattern) {
    return text.lines().filter(line -> line.matches(pattern)).count();
  }

  @Test
  void showsTheCommandsForEveryShellAndLeavesNoProcess() {
    for (String shell : List.of("spark-shell", "pyspark", "spark-sql")) {
      assertTrue(out.contains("\n" + shell + " --jars /"), out);
    }
    assertTrue(out.contains("Processes left: 0"), out);
  }

  @Test
  void logsNothingButWarnings() {
    assertFalse(err.contains("INFO"), err);
    assertFalse(err.contains("ERROR"), err);
  }

  @Test
  void leavesNoFiles() throws IOException {
    try (var left = Files.list(temporary)) {
      assertEquals(List.of(), left.map(Path::getFileName).toList());
    }
  }
}
