package io.rustpipe.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty thousand URLs, of which a tenth fails in ten ways: every row is compared with what the
 * server has written down.
 */
class TwentyThousandUrlsIT {
  private static final Verdict.Rules RULES =
      new Verdict.Rules(2, 3, FaultyCorpus.MAX_BODY_BYTES, "127.0.0.");

  private static final Map<String, String> FOUR_TASKS =
      Map.of("partitions", "4", "concurrency", "64");

  /** Of many rows that differ, so many are shown. */
  private static final int SHOWN = 5;

  @TempDir Path folder;
  private LedgerServer server;
  private Path manifest;

  @BeforeEach
  void startServer() throws IOException {
    server = LedgerServer.start(exchange -> FaultyCorpus.play(exchange, server.port()));
    var urls =
        new ArrayList<>(IntStream.range(0, FaultyCorpus.INPUTS).mapToObj(this::url).toList());
    // Else one task would get all that stall.
    Collections.shuffle(urls, new Random(1));
    manifest = Files.write(folder.resolve("urls.txt"), urls);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** How the inputs are divided. */
  static Stream<Map<String, String>> divisions() {
    return Stream.of(
        Map.of("partitions", "1", "concurrency", "256"),
        FOUR_TASKS,
        Map.of("partitions", "4", "concurrency", "64", "partitioning", "host"));
  }

  @ParameterizedTest
  @MethodSource("divisions")
  void fetchesHasOneRowForEachUrlAndTheLedgerJustifiesIt(Map<String, String> division)
      throws InterruptedException {
    List<Row> rows =
        table("fetches", division)
            .select(
                "url",
                "status",
                "error_code",
                "http_status",
                "attempts",
                "bytes_downloaded",
                "sha256")
            .collectAsList();

    var ledger = server.closeAndShow();
    var byUrl = rows.stream().collect(toMap(row -> row.getString(0), row -> row));
    assertEquals(FaultyCorpus.INPUTS, rows.size());
    compare(
        ledger,
        url -> byUrl.get(url).mkString(" "),
        (verdict, url) -> url + " " + verdict.fetch(byUrl.get(url).getAs("bytes_downloaded")));
    assertEveryRetryAfterWasHonoured(ledger);
    assertEquals(
        tenFaults(),
        rows.stream()
            .filter(row -> row.getAs("error_code") != null)
            .collect(groupingBy(row -> row.<String>getAs("error_code"), counting())));
  }

  @Test
  void entriesHasTheEntriesOfEachUrlAndOneErrorRowForEachThatFails() throws InterruptedException {
    List<Row> rows =
        table("entries", FOUR_TASKS)
            .selectExpr("url", "concat(path, ' ', size)", "error_code")
            .collectAsList();

    var ledger = server.closeAndShow();
    var byUrl = rows.stream().collect(groupingBy(row -> row.getString(0)));
    assertEquals(FaultyCorpus.INPUTS, byUrl.size());
    compare(
        ledger,
        url -> entries(byUrl.get(url)) + " " + errors(byUrl.get(url)),
        (verdict, url) -> verdict.entries(entries(byUrl.get(url))));
  }

  private Dataset<Row> table(String table, Map<String, String> division) {
    return TestSpark.table(table)
        .option("allowedNetworks", FaultyCorpus.NETWORKS)
        .option("idleTimeout", "1s")
        .option("retries", RULES.retries())
        .option("retryBase", "1ms")
        .option("retryCap", "10ms")
        .option("maxRedirects", RULES.maxRedirects())
        .option("maxBodyBytes", RULES.maxBodyBytes())
        .options(division)
        .load(manifest.toString());
  }

  private String url(int input) {
    return FaultyCorpus.url(input, server.port());
  }

  private static List<String> entries(List<Row> rows) {
    return rows.stream().filter(row -> row.isNullAt(2)).map(row -> row.getString(1)).toList();
  }

  /** The codes of all error rows, where there should be at most one. */
  private static String errors(List<Row> rows) {
    var codes = rows.stream().filter(row -> !row.isNullAt(2)).map(row -> row.getString(2)).toList();
    return codes.isEmpty() ? "null" : String.join(" and ", codes);
  }

  /** Compares each URL's rows with what the ledger justifies; shows the first that differ. */
  private void compare(
      Map<String, List<Exchange>> ledger,
      Function<String, String> actual,
      BiFunction<Verdict, String, String> expected) {
    var differences = new ArrayList<String>();
    for (int input = 0; input < FaultyCorpus.INPUTS; input++) {
      var url = url(input);
      var exchanges = ledger.getOrDefault(String.valueOf(input), List.of());
      var justified =
          exchanges.isEmpty()
              ? "never asked for"
              : expected.apply(Verdict.of(exchanges, RULES), url);
      if (!justified.equals(actual.apply(url))) {
        differences.add(
            "%s%n  the row: %s%n  justified: %s%n  the ledger: %s"
                .formatted(url, actual.apply(url), justified, exchanges));
      }
    }
    assertTrue(
        differences.isEmpty(),
        () ->
            differences.size()
                + " URLs differ, among them\n"
                + String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size()))));
  }

  private static void assertEveryRetryAfterWasHonoured(Map<String, List<Exchange>> ledger) {
    for (List<Exchange> exchanges : ledger.values()) {
      for (int i = 0; i + 1 < exchanges.size(); i++) {
        String seconds = exchanges.get(i).header("Retry-After");
        if (seconds != null) {
          var asked = Duration.ofSeconds(Long.parseLong(seconds));
          long waited = exchanges.get(i + 1).receivedNanos() - exchanges.get(i).receivedNanos();
          assertTrue(waited >= asked.toNanos(), () -> waited + " ns in " + exchanges);
        }
      }
    }
  }

  /** What the corpus promises, lest a corpus without faults pass. */
  private static Map<String, Long> tenFaults() {
    return Stream.of(
            "BAD_GZIP",
            "BLOCKED_ADDRESS",
            "CONNECT",
            "HTTP_STATUS",
            "NOT_AN_ARCHIVE",
            "RATE_LIMITED",
            "TIMEOUT",
            "TOO_LARGE",
            "TOO_MANY_REDIRECTS",
            "TRUNCATED")
        .collect(toMap(code -> code, code -> FaultyCorpus.INPUTS / 100L));
  }
}
