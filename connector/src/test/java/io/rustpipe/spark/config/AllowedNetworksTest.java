package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedNetworksTest {
  @Test
  void addressesAreRangesOfOne() {
    assertEquals(
        List.of("127.0.0.1/32", "10.0.0.0/8", "0:0:0:0:0:0:0:1/128", "fd00:0:0:0:0:0:0:0/8"),
        AllowedNetworks.parse("127.0.0.1 ,10.0.0.0/8, ::1,fd00::/8"));
  }

  @Test
  void nothingIsNoNetwork() {
    assertEquals(List.of(), AllowedNetworks.parse(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "example.org/8",
        "10.0.0.0/33",
        "10.0.0/8",
        "010.0.0.1",
        "0x7f.0.0.1",
        "2130706433",
        "256.1.1.1",
        "::1/129",
        "1:2:3",
        ":::",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "::ffff:a00:1",
        "[::1]",
        "10.0.0.1/",
        "/8",
        "10.0.0.1/8/8",
        "10.0.0.1,,10.0.0.2",
        "10.0.0.1,",
        "a:b.example.org",
        "10.0.0.0/-1"
      })
  void anythingElseIsAnErrorThatNamesIt(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> AllowedNetworks.parse(text))
            .getMessage();
    assertTrue(message.endsWith("is neither (host names are not looked up)"), message);
  }
}
