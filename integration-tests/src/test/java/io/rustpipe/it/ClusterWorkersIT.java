package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Workers that {@code addFile} has brought to executors in JVMs of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterWorkersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Path folder;
  private Cluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    this.folder = folder;
    // Else queries of a session of SparkSession.builder() get no such files, since Spark 4.
    String shared = "spark.sql.artifact.isolation.enabled=false";
    cluster = Cluster.start(folder, Cluster.LOCAL, shared);
    cluster.addFile(Built.quotes());
    cluster.addFile(Built.program("rustpipe-worker"));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void tickersBecomeQuotes() throws Exception {
    // Some are turned away, but none for longer than the worker tries.
    try (var api = new QuotesApi(60)) {
      List<String> tickers = tickers(100);

      assertEquals(new Cluster.Outcome("done", expected(tickers)), quotes(api, tickers).await());
      cluster.assertNoWorkersWithinGrace();
    }
  }

  @Test
  void urlsBecomeEntries() throws Exception {
    try (var server = TestServer.start()) {
      var archive = TestServer.body(Archives.tarGz(10));
      var urls = new ArrayList<String>();
      for (int i = 0; i < 8; i++) {
        urls.add(server.serve("/" + i, archive));
      }
      Path manifest = Files.write(folder.resolve("urls.txt"), urls);
      var options =
          Map.of(
              "worker", "rustpipe-worker",
              "table", "entries",
              "partitions", "4",
              "allowedNetworks", "127.0.0.0/8");

      assertEquals(
          new Cluster.Outcome("done", "80"),
          cluster.query("count", false, manifest, options).await());
      cluster.assertNoWorkersWithinGrace();
    }
  }

  @Test
  void executorThatIsKilledHalfWayCostsNoRow() throws Exception {
    // So slow that it can't be over before the kill.
    try (var api = new QuotesApi(10_000, "100ms")) {
      List<String> tickers = tickers(300);
      var query = quotes(api, tickers);
      assertTrue(Workers.await(PATIENCE, () -> busy().size() == 2));

      cluster.executors().get(0).destroyForcibly();

      assertEquals(new Cluster.Outcome("done", expected(tickers)), query.await());
      cluster.assertNoWorkersWithinGrace();
    }
  }

  /** The executors that have a worker. */
  private List<ProcessHandle> busy() {
    return cluster.executors().stream()
        .filter(executor -> executor.descendants().anyMatch(Marked::runs))
        .toList();
  }

  private Cluster.Query quotes(QuotesApi api, List<String> tickers) throws IOException {
    var lines = new ArrayList<>(List.of("ticker"));
    lines.addAll(tickers);
    Path table = Files.write(Files.createTempFile(folder, "tickers", ".csv"), lines);
    return cluster.query(
        "quotes", false, table, Map.of("worker", "quotes", "api", api.url(), "concurrency", "4"));
  }

  private static List<String> tickers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "" + (char) ('A' + i % 26) + (char) ('A' + i / 26 % 26) + "X")
        .toList();
  }

  private static String expected(List<String> tickers) throws Exception {
    long volume = 0;
    try (var api = new QuotesApi(10_000)) {
      for (String ticker : tickers) {
        volume += api.quote(ticker).get("volume").asLong();
      }
    }
    return tickers.size() + " " + volume;
  }
}
