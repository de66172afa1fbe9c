package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same from Python. */
class PySparkIT {
  /** Reads through a worker and prints the rows, or the exception as Python has it. */
  private static final String READ =
      """
      try:
          rows = (spark.read.format("rustpipe").option("worker", "%s").option("partitions", 1)
              .load("%s").select("text").collect())
          print("rows:", [row.text for row in rows])
      except Exception as e:
          print("exception:", e)
      """;

  /** Around the page's code: a table {@code releases} of one archive, and what comes of it. */
  private static final String PIPE =
      """
      spark.conf.set("spark.datasource.rustpipe.allowedNetworks", "127.0.0.0/8")
      (spark.createDataFrame([("a", "1", "%s", None)], "name string, version string, archive string, sha256 string")
          .createOrReplaceTempView("releases"))
      %s
      print("rows:", [tuple(row) for row in files.select("name", "version", "path").collect()])
      """;

  @TempDir Path folder;
  private Programs programs;
  private Python python;

  @BeforeEach
  void findPySpark() throws Exception {
    programs = new Programs(folder);
    python = Python.withPySpark(folder);
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
    List<String> blocks = new Page("docs/pipe.md").blocks("python");
    assertEquals(1, blocks.size());
    try (TestServer server = TestServer.start()) {
      String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(2)));

      String said = python.run(PIPE.formatted(url, blocks.get(0)), folder);

      assertTrue(said.contains("rows: [('a', '1', 'd/0'), ('a', '1', 'd/1')]"), said);
    }
  }

  private String read(Path worker) throws Exception {
    return python.run(READ.formatted(worker, programs.inputs(3)), folder);
  }
}
