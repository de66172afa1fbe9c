package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The {@code python3} on the path with the PySpark of this Spark. Tests that need it are skipped
 * where it is not there, because it is some 450 MB: {@code pip install pyspark==<version>}.
 */
final class Python {
  private static final String VERSION = System.getProperty("rustpipe.spark.version");

  /** A session with the jar, as {@code spark}. */
  private static final String SESSION =
      """
      from pyspark.sql import SparkSession

      spark = (SparkSession.builder.master("local[1]").config("spark.jars", "%s")
          .config("spark.ui.enabled", False).config("spark.driver.host", "127.0.0.1").getOrCreate())
      """;

  private final Path folder;

  private Python(Path folder) {
    this.folder = folder;
  }

  /** Skips the test where there is none. */
  static Python withPySpark(Path folder) throws IOException, InterruptedException {
    var python = new Python(folder);
    String found = python.say("import pyspark; print(pyspark.__version__)", folder).strip();
    assumeTrue(
        found.endsWith(VERSION),
        "no python3 with pyspark %s on the path, but: %s"
            .formatted(VERSION, found.substring(found.lastIndexOf('\n') + 1)));
    return python;
  }

  /** What a script says that finds a session, on both of its outputs. */
  String run(String script, Path where) throws IOException, InterruptedException {
    return say(SESSION.formatted(jar()) + script, where);
  }

  private String say(String script, Path where) throws IOException, InterruptedException {
    Path file = Files.writeString(Files.createTempFile(folder, "script", ".py"), script);
    Path output = Files.createTempFile(folder, "python", ".out");
    Process python;
    try {
      python =
          new ProcessBuilder(List.of("python3", file.toString()))
              .directory(where.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return e.getMessage();
    }
    try {
      assertTrue(python.waitFor(5, TimeUnit.MINUTES), "it doesn't end");
    } finally {
      python.descendants().forEach(ProcessHandle::destroyForcibly);
      python.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static String jar() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/rustpipe-spark-[^/]*\\.jar"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .findAny()
        .orElseThrow();
  }
}
