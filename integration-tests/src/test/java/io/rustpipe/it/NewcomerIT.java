package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer's way to a worker of their own: the commands and the code of the README, one after the
 * other as they stand there. Only the port of the API is a free one, and cargo may not go online:
 * what it needs it has from the build.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewcomerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** What cargo has built stays, or every run would take a minute more. */
  private static final Path KEPT = Page.ROOT.resolve("integration-tests/target/newcomer");

  private Page page;
  private Path project;
  private QuotesApi api;

  @BeforeAll
  void buildTheWorker(@TempDir Path home) throws Exception {
    page = new Page("README.md", "## Bring your own worker");
    Files.createSymbolicLink(home.resolve("rustpipe"), Page.ROOT);
    List<String> commands = page.blocks("sh");
    shell(home, commands.get(0));
    project = home.resolve("quotes");
    Files.writeString(project.resolve("src/main.rs"), page.blocks("rust").get(0));
    Files.createDirectories(KEPT);
    Files.createSymbolicLink(project.resolve("target"), KEPT);
    shell(project, commands.get(1));
    api = new QuotesApi(1_000);
  }

  @AfterAll
  void stop() throws IOException {
    if (api != null) {
      api.close();
    }
  }

  @Test
  void codeIsThatOfTheExample() throws IOException {
    Path example = Page.ROOT.resolve("worker-rs/examples/quotes/src/main.rs");
    assertEquals(Files.readString(example), page.blocks("rust").get(0));
    assertTrue(Files.readAllLines(example).size() <= 60);
  }

  @Test
  void apiIsThere() throws Exception {
    String command = page.blocks("sh").get(2).strip();
    String[] words = command.substring(command.indexOf("--bin ") + 6).split(" -- | ", -1);
    var program =
        new ProcessBuilder(Built.program(words[0]).toString(), words[1], words[2], "0").start();
    assertTrue(program.inputReader().readLine().startsWith("listening on http://127.0.0.1:"));
    program.getOutputStream().close();
    assertTrue(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void javaPrintsWhatIsShown(@TempDir Path classes) throws Exception {
    assertShown(Snippet.run(onFreePort(page.blocks("java").get(0)), project, classes));
  }

  @Test
  void pythonPrintsWhatIsShown(@TempDir Path folder) throws Exception {
    assertShown(Python.withPySpark(folder).run(onFreePort(page.blocks("python").get(0)), project));
  }

  private void assertShown(String said) {
    String shown = narrow(page.blocks("text").get(0));
    assertTrue(narrow(said.replace(String.valueOf(api.port()), "8080")).contains(shown), said);
  }

  /** A table whose columns are as wide as a port with fewer digits makes them, or with more. */
  private static String narrow(String table) {
    return table.replaceAll("-{2,}", "--").replaceAll(" {2,}", " ").replace(" |", "|");
  }

  private String onFreePort(String code) {
    return code.replace("8080", String.valueOf(api.port()));
  }

  private static void shell(Path folder, String commands) throws Exception {
    var builder =
        new ProcessBuilder("bash", "-euc", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("CARGO_NET_OFFLINE", "true");
    Process shell = builder.start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it doesn't end");
    assertEquals(0, shell.exitValue(), said);
  }
}
