package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Spark with executors in JVMs of their own: driver, master and Spark's workers are one child
 * JVM, see {@link ClusterDriver}, which starts the executors as children of its own.
 */
final class Cluster implements AutoCloseable {
  static final String LOCAL = "local-cluster[2,1,1024]";

  /** Two executors that think of each other as on another host. */
  static final String TWO_HOSTS = "two-hosts";

  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  /** How long a cluster may take for anything at all: it is five JVMs on what machine there is. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** How a query ended: {@code done} or {@code failed}, with its result or the exception's text. */
  record Outcome(String how, String text) {}

  /** A query that runs, whose id is also that of its job group. */
  record Query(String id, CompletableFuture<Outcome> outcome) {
    Outcome await() {
      try {
        return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("the query has no end", e);
      }
    }
  }

  private final Process driver;
  private final Path log;
  private final PrintStream requests;
  private final Map<String, CompletableFuture<Outcome>> outcomes = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();

  private Cluster(Process driver, Path log) {
    this.driver = driver;
    this.log = log;
    this.requests = new PrintStream(driver.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts it in a folder of its own. */
  static Cluster start(Path folder, String master, String... settings) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "spark.master=" + master,
                "spark.rustpipe.test.folder=" + folder,
                "spark.ui.enabled=false",
                "spark.driver.host=127.0.0.1",
                "spark.driver.bindAddress=127.0.0.1",
                "spark.sql.shuffle.partitions=2",
                "spark.sql.warehouse.dir=" + folder.resolve("warehouse"),
                "spark.task.maxFailures=2",
                "spark.executor.memory=512m",
                "spark.executor.extraJavaOptions=" + String.join(" ", ChildJvm.sparkFlags())));
    all.addAll(List.of(settings));
    Path log = folder.resolve("driver.log");
    var builder =
        new ProcessBuilder(
                ChildJvm.command(
                    List.of("-Xmx512m"), ClusterDriver.class.getName(), all.toArray(String[]::new)))
            .directory(folder.toFile())
            .redirectError(log.toFile());
    builder.environment().put("SPARK_HOME", sparkHome(folder.resolve("spark-home")).toString());
    builder.environment().put("SPARK_DIST_CLASSPATH", classPath());
    builder.environment().put("SPARK_SCALA_VERSION", scalaVersion());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    var cluster = new Cluster(builder.start(), log);
    var ready = cluster.expect("ready");
    var reader = new Thread(cluster::readOutcomes, "cluster-outcomes");
    reader.setDaemon(true);
    reader.start();
    ready.await();
    return cluster;
  }

  /** What a distribution has at least; what else it has is on the class path. */
  private static Path sparkHome(Path home) throws IOException {
    Files.createDirectories(home.resolve("jars"));
    Files.writeString(home.resolve("RELEASE"), "for tests\n");
    return home;
  }

  /** That of this JVM, but for the HDFS of the tests, which has another Hadoop in it. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("minicluster"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String scalaVersion() {
    String version = scala.util.Properties.versionNumberString();
    return version.substring(0, version.lastIndexOf('.'));
  }

  /** Starts a query. See {@link ClusterDriver} for what there is. */
  Query query(String what, boolean interrupt, Path manifest, Map<String, String> options) {
    var words = new ArrayList<>(List.of(what, String.valueOf(interrupt), manifest.toString()));
    options.forEach((name, value) -> words.add(name + "=" + value));
    return request(words.toArray(String[]::new));
  }

  /** Hands a file to every executor. */
  void addFile(Path file) {
    Outcome outcome = request("addFile", file.toString()).await();
    assertTrue(outcome.how().equals("done"), outcome::text);
  }

  void cancel(Query query) {
    request("cancel", query.id()).await();
  }

  void stop() {
    request("stop").await();
  }

  /** What the executors have started. */
  List<ProcessHandle> workers() {
    return executors().stream().flatMap(ProcessHandle::descendants).filter(Marked::runs).toList();
  }

  void assertNoWorkersWithinGrace() {
    assertTrue(
        Workers.await(Workers.GRACE, () -> workers().isEmpty()),
        () -> "still running: " + workers().stream().map(Marked::commandLine).toList());
  }

  /** The JVMs of the executors. */
  List<ProcessHandle> executors() {
    return driver
        .toHandle()
        .descendants()
        .filter(process -> Marked.commandLine(process).contains(EXECUTOR))
        .toList();
  }

  private Query request(String... words) {
    var query = expect(String.valueOf(lastId.incrementAndGet()));
    requests.println(query.id() + "\t" + String.join("\t", words));
    return query;
  }

  private Query expect(String id) {
    var outcome = new CompletableFuture<Outcome>();
    outcomes.put(id, outcome);
    return new Query(id, outcome);
  }

  private void readOutcomes() {
    try (BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split("\t", -1);
        String text = new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8);
        outcomes.remove(words[0]).complete(new Outcome(words[1], text));
      }
    } catch (IOException e) {
      // Its end shows below.
    }
    var gone = new IllegalStateException("the driver is gone; it said:\n" + said());
    outcomes.values().forEach(outcome -> outcome.completeExceptionally(gone));
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends it, executors and all, without asking. */
  @Override
  public void close() {
    List<ProcessHandle> executors = executors();
    driver.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
    assertTrue(Workers.await(PATIENCE, () -> executors.stream().noneMatch(ProcessHandle::isAlive)));
  }
}
