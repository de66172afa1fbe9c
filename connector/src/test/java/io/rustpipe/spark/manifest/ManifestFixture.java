package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.filter.RowFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Manifests in a temporary folder, and what a local Spark makes of them. */
abstract class ManifestFixture {
  static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.log.level", "ERROR")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  void gzip(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  Manifest open(String path, String... options) {
    return open(List.of(path), options);
  }

  Manifest open(List<String> paths, String... options) {
    Map<String, String> map = new HashMap<>();
    if (!paths.isEmpty()) {
      map.put(
          "paths",
          paths.stream()
              .map(path -> path.contains("://") ? path : folder.resolve(path).toString())
              .map(path -> "\"" + path + "\"")
              .collect(Collectors.joining(",", "[", "]")));
    }
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    return Manifest.open(RustpipeOptions.of(new CaseInsensitiveStringMap(map)));
  }

  void assertFailure(String expected, String path, String... options) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> open(path, options)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  static String ddl(Manifest manifest) {
    return Arrays.stream(manifest.columns().fields())
        .map(field -> field.name() + " " + field.dataType().sql())
        .collect(Collectors.joining(","));
  }

  static List<String> urls(Manifest manifest) throws IOException {
    ManifestPlan<ManifestReaderFactory> plan =
        manifest.plan(new String[0], RowFilter.NONE, manifest.partitions());
    List<String> urls = new ArrayList<>();
    for (ManifestSplit split : plan.splits()) {
      urls.addAll(urls(plan, split));
    }
    return urls;
  }

  static List<String> sorted(Manifest manifest) throws IOException {
    return urls(manifest).stream().sorted(Comparator.naturalOrder()).toList();
  }

  static List<Integer> shares(Manifest manifest, int tasks) throws IOException {
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(new String[0], RowFilter.NONE, tasks);
    List<Integer> shares = new ArrayList<>();
    for (ManifestSplit split : plan.splits()) {
      shares.add(urls(plan, split).size());
    }
    return shares;
  }

  static List<String> urls(ManifestPlan<ManifestReaderFactory> plan, ManifestSplit split)
      throws IOException {
    List<String> urls = new ArrayList<>();
    try (ManifestReader reader = sent(plan.readers()).reader(sent(split))) {
      while (reader.next()) {
        urls.add(reader.name());
      }
    }
    return urls;
  }

  static List<UnsafeRow> rows(Manifest manifest, String... wanted) throws IOException {
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(wanted, RowFilter.NONE, 1);
    List<UnsafeRow> rows = new ArrayList<>();
    for (ManifestSplit split : plan.splits()) {
      try (ManifestReader reader = sent(plan.readers()).reader(sent(split))) {
        while (reader.next()) {
          rows.add(reader.kept());
        }
      }
    }
    return rows;
  }

  static List<String> kept(Manifest manifest, String... wanted) throws IOException {
    StructType columns = manifest.columns();
    return rows(manifest, wanted).stream()
        .map(
            row ->
                IntStream.range(0, wanted.length)
                    .mapToObj(i -> String.valueOf(row.get(i, columns.apply(wanted[i]).dataType())))
                    .collect(Collectors.joining("|")))
        .toList();
  }

  /** As Spark sends things to executors. */
  @SuppressWarnings("unchecked")
  static <T> T sent(T value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }
}
