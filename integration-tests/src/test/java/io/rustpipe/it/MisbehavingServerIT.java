package io.rustpipe.it;

import static io.rustpipe.it.TestServer.body;
import static io.rustpipe.it.TestServer.bodyAnnouncedAs;
import static io.rustpipe.it.TestServer.first;
import static io.rustpipe.it.TestServer.raw;
import static io.rustpipe.it.TestServer.redirect;
import static io.rustpipe.it.TestServer.reset;
import static io.rustpipe.it.TestServer.status;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a server does, each URL ends in one row that says so. */
class MisbehavingServerIT {
  private static final byte[] ARCHIVE = Archives.tarGz(40);

  /** Path, and the status and error code that its row has to have. */
  private final Map<String, String> expected = new TreeMap<>();

  @TempDir Path folder;
  private TestServer server;
  private Path manifest;

  @BeforeEach
  void startServer() throws IOException {
    server = TestServer.start();
    expect("/good", "SUCCEEDED null", body(ARCHIVE));
    expect("/missing", "FAILED HTTP_STATUS", status("404 Not Found", ""));
    expect("/forbidden", "FAILED HTTP_STATUS", status("403 Forbidden", ""));
    expect("/always-500", "FAILED HTTP_STATUS", status("500 Internal Server Error", ""));
    expect("/twice-500", "SUCCEEDED null", first(2, status("500 Oops", ""), body(ARCHIVE)));
    expect(
        "/busy-once",
        "SUCCEEDED null",
        first(1, status("429 Too Many Requests", "Retry-After: 1\r\n"), body(ARCHIVE)));
    expect("/always-busy", "FAILED RATE_LIMITED", status("429 Too Many Requests", ""));
    expect("/cut", "FAILED TRUNCATED", bodyAnnouncedAs(ARCHIVE.length, half(ARCHIVE)));
    expect(
        "/cut-once",
        "SUCCEEDED null",
        first(1, bodyAnnouncedAs(ARCHIVE.length, half(ARCHIVE)), body(ARCHIVE)));
    expect("/chunked-cut", "FAILED TRUNCATED", raw(chunkedWithoutEnd()));
    expect("/reset", "FAILED TRUNCATED", reset(ARCHIVE));
    expect("/reset-once", "SUCCEEDED null", first(1, reset(ARCHIVE), body(ARCHIVE)));
    expect("/no-answer", "FAILED CONNECT", raw(new byte[0]));
    expect("/not-http", "FAILED CONNECT", raw("SSH-2.0-OpenSSH_9\r\n".getBytes(US_ASCII)));
    expect("/dripping", "SUCCEEDED null", dripping(ARCHIVE));
    expect("/redirect", "SUCCEEDED null", redirect("/good"));
    expect("/redirect-loop", "FAILED TOO_MANY_REDIRECTS", redirect("/redirect-loop"));
    expect("/redirect-nowhere", "FAILED HTTP_STATUS", status("302 Found", ""));
    expect("/redirect-to-file", "FAILED BAD_SCHEME", redirect("file:///etc/passwd"));
    expect(
        "/announces-less",
        "PARTIALLY_SUCCEEDED BAD_GZIP",
        bodyAnnouncedAs(ARCHIVE.length / 2, ARCHIVE));
    expect("/announces-too-much", "FAILED TOO_LARGE", bodyAnnouncedAs(1L << 40, ARCHIVE));
    expect("/empty", "PARTIALLY_SUCCEEDED NOT_AN_ARCHIVE", status("200 OK", ""));
    expect("/page", "PARTIALLY_SUCCEEDED NOT_AN_ARCHIVE", body("<html>".getBytes(US_ASCII)));
    expect("/half-archive", "PARTIALLY_SUCCEEDED BAD_GZIP", body(half(ARCHIVE)));
    expect(
        "/unknown-encoding", "FAILED BAD_ENCODING", status("200 OK", "Content-Encoding: br\r\n"));
    manifest =
        Files.write(
            folder.resolve("urls.txt"), expected.keySet().stream().map(server::url).toList());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void fetchesHasOneRowForEachUrlWithTheRightVerdict() {
    var actual = new TreeMap<String, String>();
    for (Row row :
        TestSpark.fetches(manifest).select("url", "status", "error_code").collectAsList()) {
      String path = row.getString(0).substring(server.url("").length());
      // A second row for a URL shows as a difference.
      actual.merge(path, row.getString(1) + " " + row.getString(2), (a, b) -> a + " and " + b);
    }

    assertEquals(lines(expected), lines(actual));
  }

  @Test
  void messageOfAFailureNamesUrlAndStatus() throws IOException {
    String message = fetch("/missing").getAs("error_message");

    assertTrue(message.contains(server.url("/missing")) && message.contains("404"), message);
  }

  @Test
  void entriesHasOneErrorRowForEachUrlThatFails() {
    List<Row> rows =
        TestSpark.entries(manifest)
            .where("error_code IS NOT NULL")
            .groupBy("url")
            .count()
            .where("count = 1")
            .collectAsList();

    long failures =
        expected.values().stream().filter(verdict -> !verdict.endsWith(" null")).count();
    assertEquals(failures, rows.size());
  }

  @Test
  void entriesOfRetriedDownloadsAreWholeAndComeOnce() {
    List<Row> rows =
        TestSpark.entries(manifest)
            .where("error_code IS NULL AND url LIKE '%-once'")
            .groupBy("url")
            .agg(Map.of("path", "count", "entry_index", "max"))
            .collectAsList();

    assertEquals(3, rows.size());
    for (Row row : rows) {
      assertEquals(40L, row.<Long>getAs("count(path)"), row::toString);
      assertEquals(39L, row.<Long>getAs("max(entry_index)"), row::toString);
    }
  }

  @Test
  void attemptsAndFinalUrlTellWhatItTook() throws IOException {
    Row flaky = fetch("/twice-500");
    Row redirected = fetch("/redirect");

    assertEquals(3, flaky.<Integer>getAs("attempts"));
    assertEquals(server.url("/good"), redirected.getAs("final_url"));
    assertNotNull(redirected.getAs("fetched_at"));
  }

  private Row fetch(String path) throws IOException {
    Path one = Files.writeString(folder.resolve("one.txt"), server.url(path));
    return TestSpark.fetches(one).first();
  }

  private void expect(String path, String verdict, TestServer.Answer answer) {
    server.serve(path, answer);
    expected.put(path, verdict);
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] chunkedWithoutEnd() {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n".getBytes(US_ASCII);
  }

  /** The whole body, a few bytes at a time. */
  private static TestServer.Answer dripping(byte[] body) {
    return (connection, request) -> {
      TestServer.write(connection, "200 OK", TestServer.length(body.length), new byte[0]);
      for (int from = 0; from < body.length; from += 64) {
        connection.getOutputStream().write(body, from, Math.min(64, body.length - from));
        LockSupport.parkNanos(20_000_000);
      }
    };
  }

  private static String lines(Map<String, String> verdicts) {
    return String.join("\n", verdicts.entrySet().stream().map(Map.Entry::toString).toList());
  }
}
