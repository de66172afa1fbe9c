package io.rustpipe.quickstart;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.rustpipe.spark.RustpipeDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A tour of rustpipe in under a minute, without leaving this machine.
 *
 * <p>Arguments: the folder of the checkout, and optionally {@code --serve}, which leaves out the
 * tour and keeps the archives served for a Spark of one's own.
 */
public final class Quickstart {
  /** What a manifest needs so that rustpipe may fetch from the server on loopback. */
  private static final String LOOPBACK = "127.0.0.1/32";

  private final Path root;
  private final Path scratch;
  private final CorpusServer server;
  private final Corpus corpus;

  private Quickstart(Path root, Path scratch, CorpusServer server) throws IOException {
    this.root = root;
    this.scratch = scratch;
    this.server = server;
    this.corpus = Corpus.find(root, root.resolve("integration-tests/target/distributions"));
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]).toRealPath();
    boolean serveOnly = Arrays.asList(arguments).contains("--serve");
    Path scratch = Files.createTempDirectory("rustpipe-quickstart-");
    // Where Spark and the connector put their files.
    System.setProperty("java.io.tmpdir", scratch.toString());
    // A hook, so that Ctrl-C leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(scratch)));
    try (CorpusServer server = CorpusServer.start()) {
      var quickstart = new Quickstart(root, scratch, server);
      if (serveOnly) {
        quickstart.serveUntilEnter();
      } else {
        quickstart.tour();
      }
    } finally {
      deleteTree(scratch);
    }
    if (!serveOnly) {
      heading(7, "Clean up");
      say("Spark and the server are stopped, and %s is deleted.", scratch);
      say("Processes left: %d", ProcessHandle.current().descendants().count());
    }
  }

  private void tour() throws Exception {
    Path manifest = scratch.resolve("manifest.jsonl");
    heading(1, "Serve archives on loopback and list their URLs in a manifest");
    prepare(manifest);

    heading(2, "Start Spark in this process");
    SparkSession spark = startSpark();
    say("Spark %s on local[*], and %s on its class path.", spark.version(), jar().getFileName());
    try {
      heading(3, "Table `fetches`: one row per URL, whatever happened to it");
      showFetches(read(spark, "fetches", manifest));

      Dataset<Row> entries = read(spark, "entries", manifest);
      heading(4, "Table `entries`: the ten largest files of all archives");
      showLargest(entries);

      heading(5, "SQL: which crates ship a build script, and how much comes with it");
      showBuildScripts(spark, entries);
    } finally {
      spark.stop();
    }

    heading(6, "Try it in a Spark of your own");
    say("Keep the archives served in one terminal:");
    say("");
    say("  ./quickstart --serve");
    say("");
    say("It prints these commands again; run one of them in another terminal.");
    showCommands(served());
  }

  private void serveUntilEnter() throws Exception {
    Path manifest = served();
    Files.createDirectories(manifest.getParent());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(manifest.getParent())));
    prepare(manifest);
    say("%nRun one of these in another terminal:");
    showCommands(manifest);
    say("");
    say("Enter or Ctrl-C ends it.");
    int key;
    do {
      key = System.in.read();
    } while (key >= 0 && key != '\n');
  }

  /** Where {@code --serve} puts its manifest: a fixed place, so that the commands are exact. */
  private Path served() {
    return root.resolve("integration-tests/target/served/manifest.jsonl");
  }

  private void prepare(Path manifest) throws IOException {
    var lines = new ArrayList<String>();
    for (Corpus.Tarball crate : corpus.crates()) {
      lines.add(line(server.serve("/crates/" + crate.name(), crate.file()), "crate"));
    }
    for (Corpus.Tarball distribution : corpus.distributions()) {
      String url = server.serve("/distributions/" + distribution.name(), distribution.file());
      lines.add(line(url, "distribution"));
    }
    List<String> broken = broken();
    broken.forEach(url -> lines.add(line(url, "broken")));
    Files.write(manifest, lines);

    long bytes = corpus.all().stream().mapToLong(Corpus.Tarball::size).sum();
    say(
        "%d crates from cargo's cache and %d distributions from Maven (%.1f MB), and %d broken:",
        corpus.crates().size(), corpus.distributions().size(), bytes / 1e6, broken.size());
    say("a missing file, a truncated archive and a page that is no archive.");
    say("");
    say("Manifest: %s", manifest);
    say("  %s", lines.get(0));
    say("  ... %d more lines", lines.size() - 2);
    say("  %s", lines.get(lines.size() - 1));
  }

  private List<String> broken() throws IOException {
    byte[] whole = Files.readAllBytes(corpus.distributions().get(0).file());
    Path truncated =
        Files.write(scratch.resolve("truncated.tar.gz"), Arrays.copyOf(whole, whole.length / 2));
    Path page = Files.writeString(scratch.resolve("page.tar.gz"), "<html>please log in</html>\n");
    return List.of(
        server.url("/broken/missing.tar.gz"),
        server.serve("/broken/truncated.tar.gz", truncated),
        server.serve("/broken/page.tar.gz", page));
  }

  private static String line(String url, String kind) {
    return "{\"url\":\"%s\",\"kind\":\"%s\"}".formatted(url, kind);
  }

  private SparkSession startSpark() {
    return SparkSession.builder()
        .appName("rustpipe quickstart")
        .master("local[*]")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", scratch.resolve("warehouse").toString())
        .config("spark.sql.shuffle.partitions", 4)
        .getOrCreate();
  }

  private static Dataset<Row> read(SparkSession spark, String table, Path manifest) {
    return spark
        .read()
        .format("rustpipe")
        .option("table", table)
        .option("keep", "kind")
        .option("allowedNetworks", LOOPBACK)
        .load(manifest.toString());
  }

  private static void showFetches(Dataset<Row> fetches) {
    // Every action fetches again; this table is looked at three times.
    fetches.persist();
    long start = System.nanoTime();
    fetches
        .groupBy("kind", "status", "error_code")
        .agg(
            count(lit(1)).as("urls"),
            sum("bytes_downloaded").as("bytes_downloaded"),
            sum("entry_count").as("entries"))
        .orderBy("kind", "status", "error_code")
        .show(false);
    sayTime(start);
    say("");
    say("All broken ones, and five others:");
    say("");
    fetches
        .orderBy(when(col("kind").equalTo("broken"), 0).otherwise(1), col("url"))
        .selectExpr(
            "regexp_extract(url, '[^/]+$', 0) AS file",
            "status",
            "error_code",
            "http_status",
            "entry_count",
            "left(sha256, 12) AS sha256")
        .limit(8)
        .show(false);
    for (Row row :
        fetches
            .where("kind = 'broken'")
            .orderBy("url")
            .selectExpr("regexp_extract(url, '[^/]+$', 0)", "error_message")
            .collectAsList()) {
      say("%s: %s", row.getString(0), row.getString(1));
    }
    fetches.unpersist();
  }

  private static void showLargest(Dataset<Row> entries) {
    long start = System.nanoTime();
    entries
        .where("entry_type = 'REGULAR' AND kind <> 'broken'")
        .orderBy(col("size").desc(), col("path"))
        .selectExpr("kind", "path", "size", "date(mtime) AS modified")
        .limit(10)
        .show(false);
    sayTime(start);
  }

  private static void showBuildScripts(SparkSession spark, Dataset<Row> entries) {
    entries.createOrReplaceTempView("entries");
    String query =
        """
        SELECT substring_index(path, '/', 1) AS crate,
               max(CASE WHEN path LIKE '%/build.rs' AND path NOT LIKE '%/%/%' THEN size END)
                 AS build_script_bytes,
               count(*) AS files,
               sum(size) AS bytes
        FROM entries
        WHERE kind = 'crate' AND entry_type = 'REGULAR'
        GROUP BY crate
        HAVING build_script_bytes IS NOT NULL
        ORDER BY build_script_bytes DESC, crate
        """;
    say("%s", query.indent(2).stripTrailing());
    say("");
    long start = System.nanoTime();
    Dataset<Row> crates = spark.sql(query).persist();
    say("%d crates have one. The largest:", crates.count());
    say("");
    crates.show(10, false);
    sayTime(start);
    crates.unpersist();
  }

  private void showCommands(Path manifest) throws URISyntaxException {
    Path jar = jar();
    say(
        """

        spark-shell --jars %1$s
          val fetches = spark.read.format("rustpipe").option("table", "fetches").option("keep", "kind").option("allowedNetworks", "%3$s").load("%2$s")
          fetches.groupBy("kind", "status", "error_code").count().show()

        pyspark --jars %1$s
          entries = spark.read.format("rustpipe").options(table="entries", keep="kind", allowedNetworks="%3$s").load("%2$s")
          entries.orderBy("size", ascending=False).select("path", "size").show(10, False)

        spark-sql --jars %1$s
          CREATE TEMPORARY VIEW entries USING rustpipe OPTIONS (table 'entries', keep 'kind', allowedNetworks '%3$s', path '%2$s');
          SELECT kind, count(DISTINCT url) AS archives, sum(size) AS bytes FROM entries GROUP BY kind;\
        """,
        jar, manifest, LOOPBACK);
  }

  private static Path jar() throws URISyntaxException {
    return Path.of(
        RustpipeDataSource.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void heading(int number, String text) {
    String title = number + ". " + text;
    say("%n%s%n%s%n", title, "-".repeat(title.length()));
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  private static void sayTime(long startNanos) {
    say("Took %.1f s.", (System.nanoTime() - startNanos) / 1e9);
  }

  /** Spark must not be at work in a folder that is being deleted. */
  private static void endEarly(Path scratch) {
    SparkSession.getDefaultSession()
        .foreach(
            spark -> {
              spark.stop();
              return null;
            });
    deleteTree(scratch);
  }

  private static void deleteTree(Path folder) {
    if (Files.notExists(folder)) {
      return;
    }
    try (var found = Files.walk(folder)) {
      for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("could not delete " + folder + ": " + e.getMessage());
    }
  }
}
