package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rustpipe.spark.RustPipe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code examples/}, started as their pages tell a user to. */
class ExampleWorkersIT {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("rustpipe.root"), "examples").toAbsolutePath().normalize();

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Workers.assertNoneWithinGrace();
  }

  @Test
  void bashCountsTheWordsOfEachLine() throws IOException {
    List<Row> counts =
        lineStats()
            .load(text("the quick brown fox\n\nschöne Grüße").toString())
            .orderBy("characters")
            .collectAsList();

    assertEquals(
        List.of("[0,0,0]", "[2,12,6]", "[4,19,5]"), counts.stream().map(Row::toString).toList());
  }

  @Test
  void bashAnswersEveryLineOfAnyTask() throws IOException {
    Row sums =
        lineStats()
            .option("partitions", 3)
            .load(text("two words\n".repeat(300)).toString())
            .agg(sum("words"), sum("characters"))
            .first();

    assertEquals("[600,2700]", sums.toString());
  }

  @Test
  void pythonReadsPackageUrls() {
    List<Row> purls =
        piped(
                "purl",
                "python/purls.py",
                "pkg:npm/%40angular/core@17.0.0",
                "pkg:deb/debian/curl@7.50.3-1?arch=i386",
                "left-pad")
            .select("namespace", "name", "version", "error_code")
            .orderBy("name")
            .collectAsList();

    assertEquals(
        List.of(
            "[null,null,null,BAD_INPUT]",
            "[@angular,core,17.0.0,null]",
            "[debian,curl,7.50.3-1,null]"),
        purls.stream().map(Row::toString).toList());
  }

  @Test
  void perlReadsLinesOfALog() {
    List<Row> requests =
        piped(
                "line",
                "perl/requests.pl",
                "127.0.0.1 - ann [29/Feb/2024:13:00:00 +0100] \"GET /index.html HTTP/1.1\" 200 512",
                "no request")
            .selectExpr("user", "CAST(at AS STRING)", "path", "status", "bytes", "error_code")
            .orderBy("user")
            .collectAsList();

    assertEquals(
        List.of(
            "[null,null,null,null,null,BAD_INPUT]",
            "[ann,2024-02-29 12:00:00,/index.html,200,512,null]"),
        requests.stream().map(Row::toString).toList());
  }

  /** Python and Perl come with most systems, but not with all. */
  private static Dataset<Row> piped(String column, String worker, String... values) {
    String language = worker.startsWith("python") ? "python3" : "perl";
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, language))),
        "there is no " + language);
    var rows = TestSpark.session().createDataset(List.of(values), Encoders.STRING()).toDF(column);
    return RustPipe.pipe(rows, Map.of("worker", EXAMPLES.resolve(worker).toString()));
  }

  @Test
  void quotesKeepEveryRuleOfTheProtocol() throws Exception {
    try (var api = new QuotesApi(10_000)) {
      Process conformance =
          new ProcessBuilder(
                  Built.program("rustpipe-conformance").toString(),
                  "--input",
                  "{\"ticker\":\"ACME\"}",
                  "--input",
                  "{\"ticker\":\"INIT\"}",
                  "--option",
                  "api=" + api.url(),
                  "--",
                  Built.quotes().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(conformance.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, conformance.waitFor(), said);
    }
  }

  private static DataFrameReader lineStats() {
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .option("protocol", "lines")
        .option("worker", EXAMPLES.resolve("bash/line-stats.sh").toString())
        .option("linesPerInput", 1)
        .option("mode", "FAILFAST")
        .schema("words INT, characters INT, longest INT");
  }

  private Path text(String content) throws IOException {
    return Files.writeString(folder.resolve("in.txt"), content);
  }
}
