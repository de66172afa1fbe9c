package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.worker.BundledWorker;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitOptionsTest {
  @Test
  void boundsDefaultsAndWordsAreThoseOfTheWorker() {
    // The networks are a list here and text there.
    var common =
        RustpipeOptions.ALL.stream()
            .filter(option -> workers().containsKey(option.name()))
            .filter(option -> !option.name().equals("allowedNetworks"))
            .toList();

    assertEquals(
        lines(
            common.stream()
                .map(option -> workers().get(option.name()))
                .map(o -> line(o.name(), o.type(), o.defaultValue(), o.description() + "."))),
        lines(
            common.stream().map(o -> line(o.name(), o.type(), o.defaultValue(), o.description()))));
  }

  @Test
  void limitsAreTheWorkersNumericOptions() {
    assertEquals(
        LimitOptions.ALL.stream().map(OptionSpec::name).sorted().toList(),
        workers().values().stream()
            .filter(option -> option.type().matches("(int|time|bytes), .*"))
            .map(Description.Option::name)
            .filter(name -> !name.equals("concurrency"))
            .sorted()
            .toList());
  }

  @Test
  void onlyWhatIsGivenGoesToTheWorker() {
    assertEquals(Map.of("concurrency", "64"), options().workerOptions(workers().keySet()));
    assertEquals(
        Map.of("concurrency", "64", "idleTimeout", "500ms", "maxBodyBytes", "256MiB"),
        options("IDLETIMEOUT", "500 MS", "maxBodyBytes", "268435456")
            .workerOptions(workers().keySet()));
  }

  @ParameterizedTest
  @CsvSource({
    "idleTimeout, 90s, 90s",
    "idleTimeout, 60s, 1m",
    "idleTimeout, 3600000ms, 1h",
    "idleTimeout, ' 1 h ', 1h",
    "retryAfterCap, 0s, 0ms",
    "maxBodyBytes, 1, 1",
    "maxBodyBytes, 1023, 1023",
    "maxBodyBytes, 1024kib, 1MiB",
    "maxBodyBytes, 1TiB, 1TiB",
    "minBytesPerSecond, 0, 0",
    "maxEntries, 1000000, 1000000",
  })
  void valueIsANumberWithAUnit(String name, String value, String canonical) {
    assertEquals(canonical, options(name, value).workerOptions(workers().keySet()).get(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "idleTimeout | 30 | a time from 1ms to 1h: a whole number and ms, s, m or h",
        "idleTimeout | 0s | a time from 1ms to 1h: a whole number and ms, s, m or h",
        "idleTimeout | 61m | a time from 1ms to 1h: a whole number and ms, s, m or h",
        "idleTimeout | 1.5s | a time from 1ms to 1h: a whole number and ms, s, m or h",
        "idleTimeout | 30 seconds | a time from 1ms to 1h: a whole number and ms, s, m or h",
        "idleTimeout | 999999999999999999h | a time from 1ms to 1h: a whole number and ms, s, m or"
            + " h",
        "maxBodyBytes | 1GB | a size from 1 to 1TiB: a whole number of bytes, or one and KiB, MiB,"
            + " GiB or TiB",
        "maxBodyBytes | -1 | a size from 1 to 1TiB: a whole number of bytes, or one and KiB, MiB,"
            + " GiB or TiB",
        "maxBodyBytes | '' | a size from 1 to 1TiB: a whole number of bytes, or one and KiB, MiB,"
            + " GiB or TiB",
        "maxRatio | 0 | a whole number from 1 to 1000000",
        "maxRatio | 99999999999999999999 | a whole number from 1 to 1000000",
        "retries | 3s | a whole number from 0 to 100",
      })
  void badValueNamesOptionValueAndWhatIsAllowed(String name, String value, String expected) {
    assertEquals(
        "option '%s' is '%s'; expected %s".formatted(name, value, expected), failure(name, value));
  }

  @Test
  void misspeltLimitIsGuessed() {
    assertEquals(
        "unknown option 'maxRedirect'; did you mean 'maxRedirects'? options: path",
        failure("maxRedirect", "1").split(",", 2)[0]);
  }

  @Test
  void badDefaultOfTheSessionSaysWhereItCameFrom() {
    SQLConf conf = SQLConf.get();
    conf.setConfString("spark.datasource.rustpipe.retries", "often");
    try {
      assertEquals(
          "option 'retries' (set by the session configuration"
              + " 'spark.datasource.rustpipe.retries') is 'often'; expected a whole number from 0"
              + " to 100",
          failure("retries", "often"));
    } finally {
      conf.unsetConf("spark.datasource.rustpipe.retries");
    }
  }

  private static Map<String, Description.Option> workers() {
    return BundledWorker.load().description().options().stream()
        .collect(Collectors.toMap(Description.Option::name, Function.identity()));
  }

  private static String line(String name, String type, String byDefault, String description) {
    return "%s (%s, %s): %s".formatted(name, type, byDefault, description);
  }

  private static String lines(Stream<String> lines) {
    return lines.collect(Collectors.joining("\n"));
  }

  private static String failure(String name, String value) {
    return assertThrows(IllegalArgumentException.class, () -> options(name, value)).getMessage();
  }

  private static RustpipeOptions options(String... nameAndValue) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < nameAndValue.length; i += 2) {
      map.put(nameAndValue[i], nameAndValue[i + 1]);
    }
    return RustpipeOptions.of(new CaseInsensitiveStringMap(map));
  }
}
