package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a query ends, no process outlives it. */
class ProcessesIT {
  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void startServer() {
    server = TestServer.start();
    // What an earlier test has left is not this one's doing, and its time to go may not be up.
    Workers.assertNoneWithinGrace();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void queryToItsEndLeavesNoWorker() throws IOException {
    String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(10)));

    assertEquals(10, TestSpark.entries(manifest(url)).collectAsList().size());

    Workers.assertNoneWithinGrace();
  }

  @Test
  void queryWithoutInputsStartsNoWorker() throws Exception {
    Path manifest = Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
    var seen = new ArrayList<ProcessHandle>();

    var query = CompletableFuture.runAsync(() -> TestSpark.entries(manifest).collectAsList());
    Workers.await(
        Duration.ofSeconds(30),
        () -> {
          seen.addAll(Workers.running());
          return query.isDone();
        });
    query.get();

    assertEquals(0, seen.size());
  }

  @Test
  void limitEndsWorkersThatWaitForTheNetwork() throws IOException {
    Path manifest = manifestWithHangingUrl();

    // Two, because a limit bounds the inputs in flight as well, and one of the two hangs.
    assertEquals(2, entriesInOneTask(manifest).takeAsList(2).size());

    Workers.assertNoneWithinGrace();
  }

  @Test
  void cancelEndsWorkersThatWaitForTheNetwork() throws Exception {
    Path manifest = manifestWithHangingUrl();
    var context = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());

    var query =
        CompletableFuture.supplyAsync(
            () -> {
              context.setJobGroup("hanging", "waits for a server that never answers");
              return entriesInOneTask(manifest).count();
            });
    assertTrue(
        Workers.await(
            Duration.ofSeconds(30),
            () -> server.requests("/hanging") > 0 && !Workers.running().isEmpty()),
        "the query was to be in a download");
    context.cancelJobGroup("hanging");

    Workers.assertNoneWithinGrace();
    assertThrows(ExecutionException.class, () -> query.get(30, TimeUnit.SECONDS));
  }

  @Test
  void taskThatFailsEndsItsWorker() throws IOException {
    Path manifest = manifestWithHangingUrl();
    Dataset<String> failing =
        entriesInOneTask(manifest)
            .map((MapFunction<Row, String>) ProcessesIT::fail, Encoders.STRING());

    assertFailsNaming(failing::collectAsList, "as the test wants it");

    Workers.assertNoneWithinGrace();
  }

  @Test
  void failFastEndsTheWorker() throws IOException {
    Path manifest = manifestWithHangingUrl("/broken", "no archive".getBytes(US_ASCII));
    var entries =
        TestSpark.table("entries")
            .option("mode", "FAILFAST")
            .option("partitions", 1)
            .load(manifest.toString());

    assertFailsNaming(entries::collectAsList, "NOT_AN_ARCHIVE");

    Workers.assertNoneWithinGrace();
  }

  @Test
  void taskThatIsKilledEndsItsWorker() throws IOException {
    var programs = new Programs(folder);
    programs.sleep();
    Path worker =
        programs.worker("greet; next; echo $$ >> \"$here/hangs\"; exec \"$here/sleep\" 1000");
    var running = new ConcurrentLinkedQueue<Long>();
    var listener =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            running.add(start.taskInfo().taskId());
          }
        };
    var context = TestSpark.session().sparkContext();
    context.addSparkListener(listener);
    var query = Job.start(false, programs.read(worker, 1)::count);
    try {
      programs.awaitFile("hangs");
      List<ProcessHandle> first = new Marked(folder).alive();
      assertTrue(Workers.await(Duration.ofSeconds(30), () -> !running.isEmpty()));

      context.killTaskAttempt(running.remove(), false, "as a speculative copy that has lost");

      assertTrue(Workers.await(Workers.GRACE, () -> first.stream().noneMatch(Marked::runs)));
    } finally {
      // A killed task is started again.
      query.cancel();
      context.removeSparkListener(listener);
    }
    query.assertFails();
    Workers.assertNoneWithinGrace();
  }

  private static String fail(Row row) {
    throw new IllegalStateException("as the test wants it");
  }

  private static Dataset<Row> entriesInOneTask(Path manifest) {
    return TestSpark.table("entries").option("partitions", 1).load(manifest.toString());
  }

  private Path manifestWithHangingUrl() throws IOException {
    return manifestWithHangingUrl("/good", Archives.tarGz(1_000));
  }

  /** A URL that never is answered, and one that is as soon as the worker waits for the first. */
  private Path manifestWithHangingUrl(String path, byte[] body) throws IOException {
    return manifest(
        server.serve("/hanging", server.never()),
        server.serve(path, server.after("/hanging", TestServer.body(body))));
  }

  private Path manifest(String... urls) throws IOException {
    return Files.writeString(folder.resolve("urls.txt"), String.join("\n", urls));
  }
}
