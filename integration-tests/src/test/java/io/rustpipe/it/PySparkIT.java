package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same from Python. Skipped unless the {@code python3} on the path has the PySpark of this
 * Spark, which is some 450 MB: {@code pip install pyspark==<version>}.
 */
class PySparkIT {
  private static final String VERSION = System.getProperty("rustpipe.spark.version");

  /** Reads through a worker and prints the rows, or the exception as Python has it. */
  private static final String READ =
      """
      import sys
      from pyspark.sql import SparkSession

      jar, worker, manifest = sys.argv[1:]
      spark = (SparkSession.builder.master("local[1]").config("spark.jars", jar)
          .config("spark.ui.enabled", False).config("spark.driver.host", "127.0.0.1").getOrCreate())
      try:
          rows = (spark.read.format("rustpipe").option("worker", worker).option("partitions", 1)
              .load(manifest).select("text").collect())
          print("rows:", [row.text for row in rows])
      except Exception as e:
          print("exception:", e)
      """;

  /** Around the page's code: a table {@code releases} of one archive, and what comes of it. */
  private static final String PIPE =
      """
      import sys
      from pyspark.sql import SparkSession

      jar, url = sys.argv[1:]
      spark = (SparkSession.builder.master("local[1]").config("spark.jars", jar)
          .config("spark.ui.enabled", False).config("spark.driver.host", "127.0.0.1").getOrCreate())
      spark.conf.set("spark.datasource.rustpipe.allowedNetworks", "127.0.0.0/8")
      (spark.createDataFrame([("a", "1", url, None)], "name string, version string, archive string, sha256 string")
          .createOrReplaceTempView("releases"))
      %s
      print("rows:", [tuple(row) for row in files.select("name", "version", "path").collect()])
      """;

  @TempDir Path folder;
  private Programs programs;

  @BeforeEach
  void findPySpark() throws Exception {
    programs = new Programs(folder);
    String found = python("-c", "import pyspark; print(pyspark.__version__)").strip();
    assumeTrue(
        found.endsWith(VERSION),
        "no python3 with pyspark %s on the path, but: %s"
            .formatted(VERSION, found.substring(found.lastIndexOf('\n') + 1)));
  }

  @AfterEach
  void nothingIsLeft() {
    new Marked(folder).kill();
  }

  @Test
  void rowsReachPython() throws Exception {
    assertEquals(
        List.of("rows: ['n1', 'n2', 'n3']"),
        read(programs.worker(Programs.ECHO)).lines().filter(l -> l.startsWith("rows")).toList());
  }

  @Test
  void reasonOfAFailureReachesPython() throws Exception {
    Path worker = programs.worker("echo 'no licence for tuesdays' >&2; exit 3");

    String said = read(worker);

    String exception = said.substring(Math.max(0, said.indexOf("exception:")));
    for (String part :
        List.of(
            "the worker has ended",
            "run it by hand",
            worker + " run",
            "exit code 3",
            "no licence for tuesdays")) {
      assertTrue(exception.contains(part), said);
    }
  }

  @Test
  void codeOfThePageOnPipesDoesWhatItSays() throws Exception {
    List<List<String>> blocks = DocsBlocks.of("pipe.md", "python");
    assertEquals(1, blocks.size());
    try (TestServer server = TestServer.start()) {
      String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(2)));
      Path script =
          Files.writeString(
              folder.resolve("pipe.py"), PIPE.formatted(String.join("\n", blocks.get(0))));

      String said = python(script.toString(), jar(), url);

      assertTrue(said.contains("rows: [('a', '1', 'd/0'), ('a', '1', 'd/1')]"), said);
    }
  }

  private String read(Path worker) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("read.py"), READ);
    return python(script.toString(), jar(), worker.toString(), programs.inputs(3).toString());
  }

  private static String jar() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/rustpipe-spark-[^/]*\\.jar"))
        .findAny()
        .orElseThrow();
  }

  /** What Python says, on both of its outputs. */
  private String python(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "python", ".out");
    Process python;
    try {
      python =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return e.getMessage();
    }
    try {
      assertTrue(python.waitFor(5, TimeUnit.MINUTES), "it doesn't end");
    } finally {
      python.descendants().forEach(ProcessHandle::destroyForcibly);
      python.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
