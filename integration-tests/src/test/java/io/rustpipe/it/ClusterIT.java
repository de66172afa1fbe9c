package io.rustpipe.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own: however a query or an executor ends, no process outlives it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String HANG = "echo $$ >> \"$here/hangs\"; exec \"$here/sleep\" 1000\n";

  private Cluster cluster;
  private Programs programs;
  private TestServer server;

  @BeforeAll
  void startCluster(@TempDir Path folder) throws IOException {
    cluster = Cluster.start(folder, Cluster.LOCAL);
  }

  @AfterAll
  void endCluster() {
    cluster.close();
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    programs = new Programs(folder);
    programs.sleep();
    server = TestServer.start();
  }

  @AfterEach
  void nothingIsLeft() {
    server.close();
    new Marked(programs.folder()).kill();
  }

  @Test
  void queryRunsOnBothExecutors() throws IOException {
    var query = entries(archives(8, TestServer.body(Archives.tarGz(10))));

    assertEquals(new Cluster.Outcome("done", "80"), query.await());
    cluster.assertNoWorkersWithinGrace();
  }

  @Test
  void rowsOfADataFrameGoThroughWorkersOnBothExecutors() throws IOException {
    Path worker = programs.worker(Programs.ECHO);
    var query =
        cluster.query("pipe", false, programs.inputs(100), Map.of("worker", worker.toString()));

    assertEquals(new Cluster.Outcome("done", "100"), query.await());
    assertNothingLeft();
  }

  @Test
  void limitEndsAWorkerThatHangs() throws IOException {
    var query = custom("take", false, "greet; next; row one\n" + HANG, 2);

    assertEquals(new Cluster.Outcome("done", "1"), query.await());
    assertNothingLeft();
  }

  @Test
  void failingTaskEndsAWorkerThatHangs() throws IOException {
    var query = custom("fail", false, "greet; next; row one\n" + HANG, 2);

    Cluster.Outcome outcome = query.await();
    assertEquals("failed", outcome.how());
    assertTrue(outcome.text().contains("as the test wants it"), outcome::text);
    assertNothingLeft();
  }

  @Test
  void cancelEndsWorkersThatHang() throws IOException {
    cancelEndsWorkersThatHang(false);
  }

  @Test
  void cancelWithInterruptsEndsWorkersThatHang() throws IOException {
    cancelEndsWorkersThatHang(true);
  }

  private void cancelEndsWorkersThatHang(boolean interrupt) throws IOException {
    var query = custom("count", interrupt, "greet; next\n" + HANG, 2);
    awaitHanging(2);

    cluster.cancel(query);

    assertNothingLeft();
    assertEquals("failed", query.await().how());
  }

  @Test
  void killedExecutorTakesItsWorkersAlongAndItsTasksAreDoneElsewhere() throws IOException {
    var open = new CountDownLatch(1);
    var archive = TestServer.body(Archives.tarGz(10));
    Path manifest =
        archives(
            8,
            (connection, request) -> {
              open.await();
              archive.write(connection, request);
            });
    var query = entries(manifest);
    Workers.await(
        PATIENCE, () -> IntStream.range(0, 8).allMatch(i -> server.requests("/" + i) > 0));
    ProcessHandle executor = cluster.executors().get(0);
    List<ProcessHandle> workers = executor.descendants().toList();
    assertTrue(workers.size() > 0);

    executor.destroyForcibly();

    assertTrue(Workers.await(Workers.GRACE, () -> workers.stream().noneMatch(Marked::runs)));
    open.countDown();
    assertEquals(new Cluster.Outcome("done", "80"), query.await());
    cluster.assertNoWorkersWithinGrace();
  }

  @Test
  void reasonOfAFailureReachesTheDriver() throws IOException {
    var query = custom("count", false, "echo 'no licence for tuesdays' >&2; exit 3", 1);

    Cluster.Outcome outcome = query.await();
    assertEquals("failed", outcome.how());
    for (String part :
        List.of(programs.folder().toString(), "exit code 3", "no licence for tuesdays")) {
      assertTrue(outcome.text().contains(part), outcome::text);
    }
    assertNothingLeft();
  }

  @Test
  void stoppedContextEndsWorkersThatHang(@TempDir Path folder) throws IOException {
    stoppedContextEndsWorkersThatHang(folder, Cluster.LOCAL);
  }

  @Test
  void stoppedContextWithoutExecutorsEndsWorkersThatHang(@TempDir Path folder) throws IOException {
    stoppedContextEndsWorkersThatHang(folder, "local[2]");
  }

  private void stoppedContextEndsWorkersThatHang(Path folder, String master) throws IOException {
    try (var other = Cluster.start(folder, master)) {
      var query = custom(other, "count", false, "greet; next\n" + HANG, 2);
      awaitHanging(2);

      other.stop();

      assertNothingLeft();
      assertEquals("failed", query.await().how());
    }
  }

  @Test
  void killedExecutorTakesAlongWhatItsWorkersHaveStarted() throws IOException {
    // A child, one that has left the session, and a worker that does not read its input.
    String family = "\"$here/sleep\" 1000 & setsid \"$here/sleep\" 1000 &\n";
    var query = custom("count", false, "greet; next\n" + family + HANG, 2);
    awaitHanging(2);
    List<ProcessHandle> trees = new Marked(programs.folder()).alive();
    assertTrue(trees.size() >= 6);

    cluster.executors().forEach(ProcessHandle::destroyForcibly);

    assertTrue(Workers.await(Workers.GRACE, () -> trees.stream().noneMatch(Marked::runs)));
    // It hangs again elsewhere.
    cluster.cancel(query);
    assertNothingLeft();
  }

  @Test
  void copyThatLosesASpeculationEndsItsWorker(@TempDir Path folder) throws IOException {
    try (var other =
        Cluster.start(
            folder,
            Cluster.TWO_HOSTS,
            "spark.speculation=true",
            "spark.speculation.multiplier=1.1",
            "spark.speculation.quantile=0.5")) {
      // The first to have it hangs, the second answers.
      String straggle = "[ \"$url\" != n1 ] || ! mkdir \"$here/straggler\" || { " + HANG + "}\n";
      var query =
          custom(other, "count", false, "greet; while next; do\n" + straggle + "row one; done", 4);

      assertEquals(new Cluster.Outcome("done", "4"), query.await());
      assertEquals(1, programs.linesOf("hangs").size());
      assertEquals(5, programs.starts());
      assertNothingLeft();
    }
  }

  @Test
  void programThatSparkOrAUriBringsRunsOnEveryExecutor(@TempDir Path folder) throws IOException {
    // No input is answered before there is one on each executor, which has a core only.
    String meet =
        "echo >> '%1$s/met'; while [ \"$(wc -l < '%1$s/met')\" -lt 2 ]; do sleep 0.05; done\n"
            .formatted(programs.folder());
    Path worker = programs.worker("greet; while next; do\n" + meet + "row \"$url\"; done");
    String name = worker.getFileName().toString();
    Path fetched = Files.createDirectory(folder.resolve("fetched"));
    try (var other =
        Cluster.start(
            folder,
            Cluster.LOCAL,
            "spark.files=" + worker,
            "spark.local.dir=" + folder.resolve("local"),
            "spark.executor.defaultJavaOptions=-Djava.io.tmpdir=" + fetched)) {
      assertEquals(new Cluster.Outcome("done", "8"), program(other, Map.of("worker", name)));
      String pin = "0".repeat(64);
      assertRefused(
          program(other, Map.of("worker", name, "workerSha256", pin)),
          "the worker '" + name + "' has sha256",
          pin);

      Files.delete(programs.folder().resolve("met"));
      String url = server.serve("/tool", TestServer.body(Files.readAllBytes(worker)));
      assertEquals(new Cluster.Outcome("done", "8"), program(other, Map.of("worker", url)));
      // The driver's, and of the executors here, which have one folder, perhaps both at once.
      int requests = server.requests("/tool");
      assertTrue(requests == 2 || requests == 3, () -> requests + " requests");

      // Executors have their own copies of what was added.
      Files.writeString(copyOfTheDriver(folder.resolve("local"), name), "\n# later", APPEND);
      assertRefused(
          program(other, Map.of("worker", name)),
          "the worker '" + name + "' is another one than when the query was planned",
          "on this executor");
    }
  }

  private Cluster.Outcome program(Cluster where, Map<String, String> options) throws IOException {
    var all = new HashMap<>(options);
    all.put("partitions", "8");
    return where.query("count", false, programs.inputs(8), all).await();
  }

  private static void assertRefused(Cluster.Outcome outcome, String... parts) {
    assertEquals("failed", outcome.how());
    for (String part : parts) {
      assertTrue(outcome.text().contains(part), outcome::text);
    }
  }

  private static Path copyOfTheDriver(Path local, String name) throws IOException {
    try (var files = Files.walk(local)) {
      return files
          .filter(file -> file.getFileName().toString().equals(name))
          .filter(file -> file.toString().contains("userFiles"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void assertNothingLeft() {
    new Marked(programs.folder()).assertGoneWithinGrace();
  }

  private void awaitHanging(int workers) {
    assertTrue(Workers.await(PATIENCE, () -> programs.linesOf("hangs").size() == workers));
  }

  private Cluster.Query entries(Path manifest) {
    return cluster.query(
        "count",
        false,
        manifest,
        Map.of("table", "entries", "partitions", "2", "allowedNetworks", "127.0.0.0/8"));
  }

  private Cluster.Query custom(String what, boolean interrupt, String script, int inputs)
      throws IOException {
    return custom(cluster, what, interrupt, script, inputs);
  }

  /** A task for each input. */
  private Cluster.Query custom(
      Cluster where, String what, boolean interrupt, String script, int inputs) throws IOException {
    Path worker = programs.worker(script);
    return where.query(
        what,
        interrupt,
        programs.inputs(inputs),
        Map.of("worker", worker.toString(), "partitions", String.valueOf(inputs)));
  }

  private Path archives(int count, TestServer.Answer answer) throws IOException {
    var urls = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      urls.add(server.serve("/" + i, answer));
    }
    return Files.write(programs.folder().resolve("urls.txt"), urls);
  }
}
