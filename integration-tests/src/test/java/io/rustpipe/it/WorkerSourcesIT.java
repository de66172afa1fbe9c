package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsHiding;
import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program of the user's by its path or by a URI: that it comes, and is the same one. Those that
 * Spark itself brings are in {@link ClusterIT}: what was given to a Spark stays with it for ever.
 */
class WorkerSourcesIT {
  private static final String OTHER = "0".repeat(64);

  @TempDir Path folder;
  private Programs programs;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    programs = new Programs(folder);
    server = TestServer.start();
  }

  @AfterEach
  void nothingIsLeft() {
    server.close();
    Workers.assertNoneWithinGrace();
  }

  @Test
  void aFileThatWasNotAddedIsNamedWithTheRemedy() {
    assertFailsNaming(
        () -> lines("nosuch.sh"), "option 'worker'", "no file 'nosuch.sh'", "sc.addFile");
  }

  @Test
  void aUriIsAWorkerInBothProtocols() throws IOException {
    assertEchoes(Programs.reader(programs.worker(Programs.ECHO).toUri().toString()));
    assertEquals(List.of("n1", "n2"), lines(cat().toUri().toString()));
  }

  @Test
  void aUriIsFetchedOnceHoweverManyTasksWantIt() throws Exception {
    byte[] bytes = Files.readAllBytes(cat());
    String url = server.serve("/cat", TestServer.body(bytes));
    Dataset<Row> rows = reader(url).option("partitions", 4).load(inputs(40));
    assertEquals(1, server.requests("/cat"), "the driver's");
    Files.delete(stored(sha256(bytes)));

    assertEquals(40, rows.collectAsList().size());
    assertEquals(40, rows.collectAsList().size());

    assertEquals(2, server.requests("/cat"));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(stored(sha256(bytes)))));
  }

  @Test
  void whatIsPinnedAndHereIsNotFetched() throws Exception {
    byte[] bytes = Files.readAllBytes(cat());
    String url = server.serve("/cat", TestServer.body(bytes));
    for (int i = 0; i < 3; i++) {
      assertEquals(2, reader(url).option("workerSha256", sha256(bytes)).load(inputs(2)).count());
    }

    assertEquals(1, server.requests("/cat"));
  }

  @Test
  void aPinThatHoldsIsQuietAndOneThatDoesNotStopsThePlanning() throws Exception {
    Path cat = cat();
    String right = sha256(Files.readAllBytes(cat));
    for (String worker : List.of(cat.toString(), cat.toUri().toString())) {
      DataFrameReader reader = reader(worker);
      String both = OTHER + "," + right.toUpperCase(Locale.ROOT);
      assertEquals(2, reader.option("workerSha256", both).load(inputs(2)).count());
      assertFailsNaming(
          () -> reader.option("workerSha256", OTHER).load(inputs(2)),
          "option 'worker'",
          "'" + worker + "' has sha256 " + right + " on this driver",
          "'workerSha256' demands " + OTHER);
    }
    assertFailsNaming(
        () -> Programs.reader(cat).option("workerSha256", OTHER).load(inputs(2)), OTHER);
  }

  @Test
  void aProgramThatChangedAfterPlanningIsRefusedBeforeItRuns() throws Exception {
    Path local = cat();
    Path remote = cat();
    Dataset<Row> byPath = reader(local.toString()).load(inputs(2));
    Dataset<Row> byUri = reader(remote.toUri().toString()).load(inputs(2));
    for (Dataset<Row> rows : List.of(byPath, byUri)) {
      assertEquals(2, rows.count());
    }
    // What was fetched is known by its digest, so here it has to be gone for the change to show.
    String before = sha256(Files.readAllBytes(remote));
    Files.delete(stored(before));

    for (Path file : List.of(local, remote)) {
      Files.writeString(file, "#!/bin/sh\ntouch '%s'; cat\n".formatted(folder.resolve("ran")));
    }

    String after = sha256(Files.readAllBytes(local));
    assertChanged(byPath, local.toString(), before, after);
    assertChanged(byUri, remote.toUri().toString(), before, after);
    assertTrue(Files.notExists(folder.resolve("ran")));
  }

  private static void assertChanged(Dataset<Row> rows, String worker, String before, String after) {
    assertFailsNaming(
        rows::collectAsList,
        "the worker '" + worker + "' is another one than when the query was planned",
        "sha256 " + after + " on this executor",
        before,
        "load the table anew");
  }

  @Test
  void theSettingsOfTheSessionReachDriverAndExecutors() throws Exception {
    Path cat = cat();
    var session = TestSpark.session();
    String uri = "vault:" + cat;
    session.conf().set("fs.vault.impl", Vault.class.getName());
    session.conf().set(Vault.KEY, Vault.SECRET);
    Dataset<Row> rows;
    try {
      rows = reader(uri).load(inputs(2));
    } finally {
      session.conf().unset("fs.vault.impl");
      session.conf().unset(Vault.KEY);
    }
    Files.delete(stored(sha256(Files.readAllBytes(cat))));

    assertEquals(2, rows.collectAsList().size());
    assertFailsHiding(() -> reader(uri).load(inputs(2)), "can't be fetched", Vault.SECRET);
  }

  /** A file system with a lock, whose key only the session has. */
  public static final class Vault extends RawLocalFileSystem {
    static final String KEY = "fs.vault.key";
    static final String SECRET = "hush";

    @Override
    public void initialize(URI uri, Configuration conf) throws IOException {
      if (!SECRET.equals(conf.get(KEY))) {
        throw new IOException("no key for the vault");
      }
      super.initialize(uri, conf);
    }

    @Override
    public URI getUri() {
      return URI.create("vault:///");
    }
  }

  @Test
  void aProgramThatOthersMayChangeIsWarnedOfOnceForEachRead() throws IOException {
    Path cat = cat();
    Files.setPosixFilePermissions(cat, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (var log = LogLines.open()) {
      assertEquals(
          8, reader(cat.toString()).option("partitions", 4).load(inputs(8)).collectAsList().size());

      List<String> lines = log.with("can be changed by others");
      assertEquals(1, lines.size(), lines::toString);
      for (String part :
          List.of("WARN the worker '" + cat + "'", "rwxrwxrwx", "run as user", "chmod go-w")) {
        assertTrue(lines.get(0).contains(part), lines.get(0));
      }
    }
  }

  @Test
  void whereCustomWorkersAreForbiddenNothingIsFetched() throws IOException {
    String url = server.serve("/cat", TestServer.body(Files.readAllBytes(cat())));
    List<String> workers = List.of("/nowhere/cat", "nosuch.sh", url);
    TestSpark.session(); // Without it there is no configuration yet.
    SparkEnv.get().conf().set("spark.rustpipe.customWorkers", "false");
    try {
      for (String worker : workers) {
        String forbidden = "'" + worker + "', but 'spark.rustpipe.customWorkers' is false";
        assertFailsNaming(() -> reader(worker).load(inputs(2)), forbidden);
        assertFailsNaming(() -> Programs.reader(worker).load(inputs(2)), forbidden);
      }
    } finally {
      SparkEnv.get().conf().remove("spark.rustpipe.customWorkers");
    }
    assertEquals(0, server.requests());
  }

  @Test
  void thePlanNamesTheWorkerAndItsDigest() throws IOException {
    Path worker = programs.worker(Programs.ECHO);
    String digest = sha256(Files.readAllBytes(worker)).substring(0, 12);
    String shown = "of the worker '%s' (sha256 %s)".formatted(worker, digest);

    assertTrue(plan(Programs.reader(worker).load(inputs(1))).contains(shown));
    Path cat = cat();
    digest = sha256(Files.readAllBytes(cat)).substring(0, 12);
    String lines = plan(reader(cat.toString()).load(inputs(1)));
    assertTrue(lines.contains("lines of '%s' (sha256 %s)".formatted(cat, digest)), lines);
    String bundled = plan(TestSpark.fetches(programs.inputs(1)));
    assertTrue(
        bundled.matches("(?s).*fetches of the bundled worker [0-9.]+ \\(sha256 [0-9a-f]{12}\\).*"),
        bundled);
  }

  @Test
  void aLibraryThatIsMissingIsNamedByTheLoader() throws IOException {
    Path orphan = folder.resolve("orphan");
    String program = Files.readString(Path.of("/bin/cat"), StandardCharsets.ISO_8859_1);
    Files.writeString(
        orphan, program.replace("libc.so.6", "libn.so.6"), StandardCharsets.ISO_8859_1);
    Files.setPosixFilePermissions(orphan, PosixFilePermissions.fromString("rwx------"));

    assertFailsNaming(
        () -> reader(orphan.toString()).load(inputs(2)).collectAsList(),
        "exit code 127",
        "libn.so.6: cannot open shared object file");
  }

  /** A program of this test's own, as far as its digest goes. */
  private Path cat() throws IOException {
    return programs.plain("# of " + folder + "\nexec cat\n");
  }

  private static DataFrameReader reader(String worker) {
    return Programs.reader(worker).option("protocol", "lines").schema("text STRING");
  }

  private List<String> lines(String worker) throws IOException {
    return texts(reader(worker).load(inputs(2)));
  }

  private void assertEchoes(DataFrameReader reader) throws IOException {
    assertEquals(List.of("n1", "n2"), texts(reader.load(inputs(2)).select("text")));
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  private String inputs(int count) throws IOException {
    return programs.inputs(count).toString();
  }

  private static Path stored(String sha256) {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "rustpipe-" + System.getProperty("user.name"),
        "program-" + sha256);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String plan(Dataset<Row> rows) {
    return rows.queryExecution().executedPlan().toString();
  }
}
