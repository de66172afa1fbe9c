package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.RustPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of any DataFrame through a worker: each has one outcome, however the query ends. */
class RustPipeIT {
  private static final String DEFAULTS = "spark.datasource.rustpipe.";

  private static final String FAIL_AT_N2 =
      """
      greet
      while next; do
        if [ "$url" = n2 ]; then fail BAD_INPUT; else row "$url"; fi
      done
      """;

  @TempDir Path folder;
  private Programs programs;

  @BeforeEach
  void nameThePrograms() throws IOException {
    programs = new Programs(folder);
    programs.sleep();
    Workers.assertNoneWithinGrace();
  }

  @AfterEach
  void nothingIsLeft() {
    Workers.assertNoneWithinGrace();
  }

  @Test
  void keptColumnsComeFirstThenTheWorkersThenErrors() throws IOException {
    Dataset<Row> piped = pipe(inputs(3), programs.worker(Programs.ECHO));

    assertEquals(
        List.of("id", "url", "text", "error_code", "error_message"), List.of(piped.columns()));
    assertEquals(
        List.of("[1,n1,n1,null,null]", "[2,n2,n2,null,null]", "[3,n3,n3,null,null]"), show(piped));
  }

  @Test
  void keepSaysWhichColumnsAndUnderWhichNames() throws IOException {
    Path worker = programs.worker(Programs.ECHO);

    assertEquals(
        List.of("number", "text", "error_code", "error_message"),
        List.of(pipe(inputs(1), worker, "keep", "ID AS number").columns()));
    assertEquals(
        List.of("[n1,null,null]", "[n2,null,null]"), show(pipe(inputs(2), worker, "keep", "none")));
    assertFailsNaming(
        () -> pipe(inputs(1), worker, "keep", "nr"), "the DataFrame has no column 'nr'", "'keep'");
  }

  @Test
  void aColumnOfTheTableGoesBeforeAKeptOneUnlessItIsAskedFor() throws IOException {
    Path worker = programs.worker(Programs.ECHO);
    Dataset<Row> inputs = inputs(1).selectExpr("id", "url", "'old' AS Text");

    assertEquals(
        List.of("id", "url", "text", "error_code", "error_message"),
        List.of(pipe(inputs, worker).columns()));
    assertFailsNaming(
        () -> pipe(inputs, worker, "keep", "id, text"),
        "the DataFrame's column 'Text' can't be kept as 'text'",
        "the table 'texts' has a column of that name",
        "keep = \"id, Text AS input_text\"");
    assertEquals(
        List.of("[1,old,n1,null,null]"),
        show(pipe(inputs, worker, "keep", "id, Text AS input_text")));
  }

  @Test
  void columnsOfTypesThatNoWorkerKnowsAreKept() throws IOException {
    Dataset<Row> odd =
        inputs(2)
            .selectExpr(
                "id", "url", "INTERVAL '1' DAY AS day", "TIMESTAMP_NTZ '1500-01-02 03:04:05' AS t");
    Path worker = programs.worker("string", reading("url", "string", false), Programs.ECHO);

    assertEquals(2, pipe(odd, worker).where("day = INTERVAL '24' HOUR AND year(t) = 1500").count());
    assertFailsNaming(
        () -> pipe(odd, programs.worker(Programs.ECHO)),
        "the DataFrame's column 'day' is of type INTERVAL DAY",
        "CAST");
  }

  @Test
  void anInputThatFailsIsWhatTheModeSays() throws IOException {
    Path worker = programs.worker(FAIL_AT_N2);

    assertEquals(
        List.of("[1,n1,n1,null,null]", "[2,n2,null,BAD_INPUT,not this one]", "[3,n3,n3,null,null]"),
        show(pipe(inputs(3), worker)));
    assertEquals(
        List.of("[1,n1,n1,null,null]", "[3,n3,n3,null,null]"),
        show(pipe(inputs(3), worker, "mode", "DROPMALFORMED")));
    assertFailsNaming(
        pipe(inputs(3), worker, "mode", "FAILFAST")::collectAsList,
        "InputFailedException",
        "n2: BAD_INPUT: not this one");
  }

  @Test
  void anInputThatKillsItsWorkerCostsOneRow() throws IOException {
    Path worker =
        programs.worker(
            "greet; while next; do [ \"$url\" = n250 ] && kill -SEGV $$; row \"$url\"; done");

    Dataset<Row> piped = pipe(inputs(500), worker).cache();

    assertEquals(499, piped.where("text = url AND error_code IS NULL").count());
    assertEquals(
        List.of("[250,WORKER_CRASH]"),
        show(piped.where("text IS NULL").select("id", "error_code")));
    piped.unpersist();
  }

  @Test
  void onlyPartitionsWithRowsHaveAWorker() throws IOException {
    Dataset<Row> spread = inputs(1).repartition(8);

    assertEquals(1, pipe(spread, programs.worker(Programs.ECHO)).collectAsList().size());

    assertEquals(1, programs.starts());
  }

  @Test
  void limitLeavesNoWorker() throws IOException {
    Path worker = programs.worker("greet; next; row one; next; row two; exec \"$here/sleep\" 1000");

    assertEquals(2, pipe(inputs(100), worker).takeAsList(2).size());
  }

  @Test
  void cancelEndsTheWorker() throws IOException {
    Path worker =
        programs.worker("greet; next; echo >> \"$here/hangs\"; exec \"$here/sleep\" 1000");
    var job = Job.start(false, pipe(inputs(1), worker)::count);
    programs.awaitFile("hangs");

    job.cancel();

    Workers.assertNoneWithinGrace();
    job.assertFails();
  }

  @Test
  void aFailureOfTheRowsThatGoInComesOutAsItIs() throws IOException {
    Dataset<Row> failing =
        inputs(100)
            .map((MapFunction<Row, String>) RustPipeIT::failAtN50, Encoders.STRING())
            .toDF("url");

    assertFailsNaming(
        pipe(failing, programs.worker(Programs.ECHO))::collectAsList,
        "IllegalStateException: as the test wants it");
  }

  private static String failAtN50(Row row) {
    if (row.getLong(0) == 50) {
      throw new IllegalStateException("as the test wants it");
    }
    return row.getString(1);
  }

  @Test
  void onePipeGoesThroughAnother() throws IOException {
    Path worker = programs.worker(Programs.ECHO);
    Dataset<Row> once = pipe(inputs(200), worker, "keep", "id").selectExpr("id", "text AS url");

    assertEquals(200, pipe(once, worker).where("text = concat('n', id)").count());
    assertEquals(2, programs.starts());
  }

  @Test
  void ofListedInputColumnsAreFoundInAnyCaseAndOthersStay() throws IOException {
    Path worker =
        programs.worker(
            "string",
            reading("url", "string", false),
            // Says what it got.
            "greet; while next; do row \"$(echo \"${frame#*'\"input\":'}\" | tr -d '\"')\"; done");

    assertEquals(
        List.of("[1,n1,{url:n1}},null,null]"),
        show(pipe(inputs(1).withColumnRenamed("url", "URL"), worker)));
  }

  @Test
  void anInputColumnThatIsMissingOrOfAnotherTypeIsAnErrorBeforeAnyTask() throws IOException {
    Path worker = programs.worker("string", reading("size", "bigint", false), Programs.ECHO);

    assertFailsNaming(
        () -> pipe(inputs(1).withColumnRenamed("id", "sizes"), worker),
        "no column 'size'; did you mean 'sizes'?",
        "the table 'texts' needs it as BIGINT",
        "AS");
    assertFailsNaming(
        () -> pipe(inputs(1).selectExpr("'1' AS size"), worker),
        "column 'size' is of type STRING",
        "the table 'texts' reads it as BIGINT",
        "CAST");
    // What is narrower is written alike.
    pipe(inputs(1).selectExpr("CAST(id AS SMALLINT) AS size"), worker);

    Path nullable = programs.worker("string", reading("size", "bigint", true), Programs.ECHO);
    assertFailsNaming(
        () -> pipe(inputs(1), nullable),
        "the DataFrame has none of the columns that the table 'texts' reads: size BIGINT");
  }

  @Test
  void aManifestCantFeedATableThatReadsOtherColumns() throws IOException {
    Path worker = programs.worker("string", reading("size", "bigint", false), Programs.ECHO);

    assertFailsNaming(
        () -> programs.read(worker, 1), "the input field 'size' as BIGINT", "RustPipe.pipe");
    Path optional = programs.worker("string", reading("size", "bigint", true), Programs.ECHO);
    assertEquals(1, programs.read(optional, 1).count());
  }

  @Test
  void theBundledWorkerTakesTheColumnsUrlAndIntegrity() {
    try (TestServer server = TestServer.start()) {
      String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(3)));
      Dataset<Row> archives =
          TestSpark.session()
              .sql("SELECT 7 AS id, '%s' AS url, 'sha256-AAAA' AS other".formatted(url));
      var options = Map.of("table", "entries", "allowedNetworks", "127.0.0.0/8");

      assertEquals(
          List.of("[7,d/0]", "[7,d/1]", "[7,d/2]"),
          show(RustPipe.pipe(archives, options).select("id", "path")));
      Dataset<Row> wrong =
          archives.selectExpr("id", "url", "concat('sha1-', base64('x'), 'x') AS integrity");
      assertEquals(
          List.of("[7]"),
          show(RustPipe.pipe(wrong, options).where("error_code IS NOT NULL").select("id")));
      assertFailsNaming(
          () -> RustPipe.pipe(archives.select("id"), options),
          "none of the columns that the table 'entries' reads: url STRING, integrity STRING");
    }
  }

  @Test
  void whatIsAboutManifestsOrLinesIsRefused() throws IOException {
    Path worker = programs.worker(Programs.ECHO);

    assertFailsNaming(
        () -> pipe(inputs(1), worker, "partitions", "4"), "'partitions'", "repartition it");
    assertFailsNaming(() -> pipe(inputs(1), worker, "urlColumn", "link"), "AS url");
    assertFailsNaming(() -> pipe(inputs(1), worker, "protocol", "lines"), "'protocol' is 'lines'");
  }

  @Test
  void settingsOfTheDataFramesSessionAreDefaults() throws IOException {
    SparkSession session = TestSpark.session().newSession();
    session.conf().set(DEFAULTS + "worker", programs.worker(FAIL_AT_N2).toString());
    session.conf().set(DEFAULTS + "mode", "DROPMALFORMED");
    // Of reads, and no more.
    session.conf().set(DEFAULTS + "partitions", "4");
    session.conf().set(DEFAULTS + "manifest.header", "false");
    Dataset<Row> inputs = session.sql("SELECT concat('n', id) AS url FROM range(1, 4)");

    assertEquals(List.of("[n1]", "[n3]"), show(RustPipe.pipe(inputs, Map.of()).select("text")));
    assertEquals(3, RustPipe.pipe(inputs, Map.of("MODE", "PERMISSIVE")).count());
  }

  @Test
  void anAdministratorCanForbidWorkersOfUsers() throws IOException {
    Path worker = programs.worker(Programs.ECHO);
    SparkEnv.get().conf().set("spark.rustpipe.customWorkers", "false");
    try {
      assertFailsNaming(() -> pipe(inputs(1), worker), "spark.rustpipe.customWorkers");
    } finally {
      SparkEnv.get().conf().remove("spark.rustpipe.customWorkers");
    }
  }

  @Test
  void rowsOfAStreamGoThroughAsThoseOfATable() throws Exception {
    Path worker = programs.worker(Programs.ECHO);
    Path in = Files.createDirectory(folder.resolve("in"));
    Files.writeString(
        in.resolve("1.json"), "{\"id\":1,\"url\":\"n1\"}\n{\"id\":2,\"url\":\"n2\"}\n");
    Dataset<Row> stream =
        TestSpark.session().readStream().schema("id BIGINT, url STRING").json(in.toString());

    var query =
        pipe(stream, worker)
            .writeStream()
            .format("memory")
            .queryName("piped")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .start();
    try {
      query.processAllAvailable();
      assertEquals(
          List.of("[1,n1,n1,null,null]", "[2,n2,n2,null,null]"),
          show(TestSpark.session().table("piped")));
    } finally {
      query.stop();
    }
    assertFalse(query.isActive());
    assertTrue(query.exception().isEmpty());
  }

  /** In one partition, {@code id} from 1 on and {@code url} n1, n2 and so on. */
  private static Dataset<Row> inputs(int count) {
    return TestSpark.session().range(1, count + 1, 1, 1).selectExpr("id", "concat('n', id) AS url");
  }

  private static Dataset<Row> pipe(Dataset<Row> inputs, Path worker, String... more) {
    var options = new HashMap<String, String>();
    options.put("worker", worker.toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return RustPipe.pipe(inputs, options);
  }

  /** What a description says of a table that reads this field. */
  private static String reading(String field, String type, boolean nullable) {
    return """
    "rows_per_input":"many","input":[{"name":"%s","type":"%s","nullable":%s,"comment":""}]\
    """
        .formatted(field, type, nullable);
  }

  private static List<String> show(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }
}
