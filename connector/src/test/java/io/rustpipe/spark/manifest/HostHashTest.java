package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostHashTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://Example.com/a        | example.com",
        "https://example.com         | example.com",
        "http://example.com:8080/a   | example.com",
        "http://u:p@ss@example.com/a | example.com",
        "http://example.com?q=a@b    | example.com",
        "http://example.com#x/y      | example.com",
        "http://example.com\\a@b     | example.com",
        "http://example.com./        | example.com",
        "http://[2001:DB8::1]:80/a   | [2001:db8::1",
        "not a url                   | not a url",
        "http://                     | http://",
        "http:///a                   | http:///a",
        "example.com/a               | example.com/a",
      })
  void hostIsFoundWhateverStandsAroundIt(String url, String host) {
    assertEquals(host, HostHash.host(url));
  }

  @Test
  void hostsAreSpreadEvenlyEnough() {
    int[] perTask = new int[8];
    IntStream.range(0, 8_000).forEach(i -> perTask[HostHash.task("http://host" + i + "/", 8)]++);
    for (int count : perTask) {
      assertTrue(count > 800 && count < 1_200, count + " of 8000");
    }
  }

  @Test
  void rowsWithoutAUrlHaveATaskToo() {
    assertEquals(HostHash.task(null, 5), HostHash.task(null, 5));
  }
}
