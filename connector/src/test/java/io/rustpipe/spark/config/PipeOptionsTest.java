package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of a pipe, which are those of a read without the manifest's. */
final class PipeOptionsTest {
  private static final String PREFIX = "spark.datasource.rustpipe.";

  @AfterEach
  void forgetDefaults() {
    for (var name : new String[] {"mode", "concurrency", "urlColumn", "protocol", "manifest.sep"}) {
      SQLConf.get().unsetConf(PREFIX + name);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path | a.txt | the DataFrame has the inputs",
        "paths | [\"a.txt\"] | the DataFrame has the inputs",
        "urlColumn | link | AS url",
        "integrityColumn | digest | AS integrity",
        "partitions | 4 | repartition it",
        "partitioning | host | repartition it",
        "manifestFormat | json | read the files with spark.read()",
        "manifestSchema | a INT | read the files with spark.read()",
        "manifest.header | true | read the files with spark.read()",
        "pathGlobFilter | *.gz | read the files with spark.read()",
        "recursiveFileLookup | true | read the files with spark.read()",
        "inputColumn | a | needs a manifest",
        "linesPerInput | 1 | needs a manifest",
        "allowEarlyExit | true | needs a manifest",
      })
  void whatIsAboutManifestsOrLinesSaysWhatToDoInstead(String name, String value, String instead) {
    var message = failure(Map.of(name, value));

    assertTrue(message.startsWith("option '" + name + "' is not for RustPipe.pipe"), message);
    assertTrue(message.contains(instead), message);
  }

  @Test
  void linesAreRefusedWithTheReason() {
    var message = failure(Map.of("protocol", "lines", "worker", "/bin/cat"));

    assertTrue(message.contains("'protocol' is 'lines'"), message);
    assertTrue(message.contains("no ids"), message);
    assertEquals(
        Protocol.RUSTPIPE, RustpipeOptions.ofPipe(Map.of("protocol", "rustpipe")).protocol());
  }

  @Test
  void theRestIsAsForARead() {
    var options =
        RustpipeOptions.ofPipe(
            Map.of("Worker", "/opt/w", "keep", "a AS b", "mode", "failfast", "greeting", "hi"));

    assertEquals(Optional.of("/opt/w"), options.worker());
    assertEquals(ErrorMode.FAILFAST, options.mode());
    assertEquals(Map.of("greeting", "hi"), options.workerOptions(List.of("greeting")));
    assertTrue(
        failure(Map.of("keeep", "a")).startsWith("unknown option 'keeep'; did you mean 'keep'?"));
  }

  @Test
  void theSessionsDefaultsFillInWhatSaysSomethingHere() {
    SQLConf.get().setConfString(PREFIX + "mode", "FAILFAST");
    SQLConf.get().setConfString(PREFIX + "concurrency", "2");
    SQLConf.get().setConfString(PREFIX + "urlColumn", "link");
    SQLConf.get().setConfString(PREFIX + "manifest.sep", ";");

    var options = RustpipeOptions.ofPipe(Map.of("Concurrency", "3"));

    assertEquals(ErrorMode.FAILFAST, options.mode());
    assertEquals(3, options.concurrency());
    assertFalse(options.urlColumn().isPresent());
    assertEquals(Map.of(), options.manifestReaderOptions());
  }

  @Test
  void linesAsTheSessionsDefaultAreRefusedUnlessThePipeSaysOtherwise() {
    SQLConf.get().setConfString(PREFIX + "protocol", "lines");

    assertTrue(failure(Map.of("worker", "/w")).contains("'protocol' is 'lines'"));
    RustpipeOptions.ofPipe(Map.of("worker", "/w", "protocol", "rustpipe"));
  }

  private static String failure(Map<String, String> options) {
    return assertThrows(IllegalArgumentException.class, () -> RustpipeOptions.ofPipe(options))
        .getMessage();
  }
}
