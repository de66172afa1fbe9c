package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses inside a network can't be reached by way of a manifest, unless the user opens them. */
class AddressesIT {
  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void startServer() {
    server = TestServer.start();
    server.serve("/", TestServer.body(Archives.tarGz(1)));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void innerAddressesAreBlockedHoweverTheyAreWritten() throws IOException {
    List<String> hosts =
        List.of(
            "127.0.0.1",
            "localhost",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "0.0.0.0",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "[fe80::1]",
            "[fc00::1]");
    Path manifest =
        Files.write(
            folder.resolve("urls.txt"),
            hosts.stream().map(host -> "http://" + host + ":" + server.port() + "/").toList());

    List<Row> rows =
        TestSpark.session()
            .read()
            .format("rustpipe")
            .load(manifest.toString())
            .select("url", "status", "error_code", "error_message")
            .collectAsList();

    assertEquals(hosts.size(), rows.size());
    for (Row row : rows) {
      assertEquals("FAILED", row.getString(1), row::toString);
      assertEquals("BLOCKED_ADDRESS", row.getString(2), row::toString);
      assertTrue(row.getString(3).contains("allowedNetworks"), row::toString);
    }
    assertEquals(0, server.requests());
  }

  @Test
  void redirectToAnInnerAddressIsBlocked() throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("urls.txt"),
            server.serve("/hop", TestServer.redirect("http://10.0.0.1/x.tar.gz")));

    assertEquals("[BLOCKED_ADDRESS]", errorCode(manifest));
  }

  @Test
  void anOpenedNetworkIsOpenAndNoOther() throws IOException {
    Path manifest = Files.writeString(folder.resolve("urls.txt"), server.url("/"));

    assertEquals("[null]", errorCode(manifest));
    assertEquals(
        "[BLOCKED_ADDRESS]",
        TestSpark.session()
            .read()
            .format("rustpipe")
            .option("allowedNetworks", "10.0.0.0/8, 127.0.0.2")
            .load(manifest.toString())
            .select("error_code")
            .first()
            .toString());
  }

  private static String errorCode(Path manifest) {
    return TestSpark.fetches(manifest).select("error_code").first().toString();
  }
}
