package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled worker is killed, as by the kernel for want of memory: what that costs a query. */
class CrashRecoveryIT {
  /** Rows of several frames, from a body that is too long to be read in one piece. */
  private static final int FILES = 20_000;

  private static final AtomicInteger ROWS_SEEN = new AtomicInteger();

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    ROWS_SEEN.set(0);
    server = TestServer.start();
  }

  @AfterEach
  void nothingIsLeft() {
    server.close();
    Workers.assertNoneWithinGrace();
  }

  @Test
  void rowsGoOnBehindThoseThatHaveLeft() throws Exception {
    byte[] archive = Archives.tarGzOfNoise(FILES, 512);

    List<String> rows = rowsWithAKillInTheMiddle(archive, archive);

    assertEquals(names(FILES), rows);
    assertEquals(2, server.requests("/large"));
  }

  @Test
  void bodyThatHasChangedEndsBehindTheRowsThatHaveLeft() throws Exception {
    byte[] archive = Archives.tarGzOfNoise(FILES, 512);
    byte[] other = Archives.tarGzOfNoise(FILES, 510);

    List<String> rows = rowsWithAKillInTheMiddle(archive, other);

    int left = rows.size() - 1;
    assertTrue(left > 0 && left < FILES, () -> left + " rows");
    assertEquals(names(left), rows.subList(0, left));
    assertEquals("CONTENT_CHANGED", rows.get(left));
  }

  @Test
  void inputThatKillsEveryWorkerCostsItselfAlone() throws IOException {
    String poison = server.serve("/poison", (connection, request) -> killWorkers());
    var urls = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      urls.add(server.serve("/good/" + i, TestServer.body(Archives.tarGz(3))));
    }
    urls.add(20, poison);
    Path manifest = Files.write(folder.resolve("urls.txt"), urls);

    for (String table : List.of("fetches", "entries")) {
      Dataset<Row> query =
          TestSpark.table(table).option("partitions", 1).load(manifest.toString()).cache();
      List<Row> failed = query.where("error_code IS NOT NULL").collectAsList();

      assertEquals(1, failed.size(), failed::toString);
      assertEquals(poison, failed.get(0).getAs("url"));
      assertEquals("WORKER_CRASH", failed.get(0).getAs("error_code"));
      assertTrue(
          failed.get(0).<String>getAs("error_message").contains("exit code 137 (SIGKILL)"),
          failed::toString);
      long each = table.equals("fetches") ? 1 : 3;
      assertEquals(
          List.of(40L, 40 * each),
          Arrays.asList(
              query.where("error_code IS NULL").select("url").distinct().count(),
              query.where("error_code IS NULL").count()));
      query.unpersist();
    }
    // Two if it was alone by then, three at most; for each of the two tables.
    int requests = server.requests("/poison");
    assertTrue(requests >= 4 && requests <= 6, () -> requests + " workers killed");
  }

  /** The names of an archive's entries, and of an error its code. */
  private List<String> rowsWithAKillInTheMiddle(byte[] first, byte[] then) throws Exception {
    var release = new CountDownLatch(1);
    TestServer.Answer half =
        (connection, request) -> {
          byte[] most = Arrays.copyOf(first, first.length / 10 * 7);
          TestServer.write(connection, "200 OK", TestServer.length(first.length), most);
          release.await();
        };
    String url = server.serve("/large", TestServer.first(1, half, TestServer.body(then)));
    Path manifest = Files.writeString(folder.resolve("url.txt"), url);
    var query =
        CompletableFuture.supplyAsync(
            () ->
                TestSpark.entries(manifest)
                    .select("path", "size", "mtime", "mode", "anomalies", "sha256", "error_code")
                    .map((MapFunction<Row, String>) CrashRecoveryIT::seen, Encoders.STRING())
                    .collectAsList());
    assertTrue(Workers.await(Duration.ofSeconds(30), () -> ROWS_SEEN.get() > 0), "no row has come");
    killWorkers();
    List<String> rows = query.get(60, TimeUnit.SECONDS);
    release.countDown();
    return rows;
  }

  private static String seen(Row row) {
    ROWS_SEEN.incrementAndGet();
    String path = row.getAs("path");
    return path == null ? row.getAs("error_code") : path;
  }

  /** What has no children is a worker; what has is its guard. */
  private static void killWorkers() {
    Workers.running().stream()
        .filter(process -> process.children().findAny().isEmpty())
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "noise/" + i).toList();
  }
}
