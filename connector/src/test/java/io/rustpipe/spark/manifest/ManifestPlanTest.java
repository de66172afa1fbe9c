package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.filter.RowFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestPlanTest extends ManifestFixture {
  @ParameterizedTest
  @ValueSource(strings = {"empty.txt", "empty.json", "folder", "folder.json"})
  void emptyManifestNeedsNoTask(String path) throws IOException {
    write("empty.txt", "");
    write("empty.json", "");
    Files.createDirectories(folder.resolve("folder"));
    Files.createDirectories(folder.resolve("folder.json"));
    Manifest manifest = open(path);
    assertEquals("url STRING", ddl(manifest));
    assertEquals(List.of(), manifest.plan(new String[] {"url"}, RowFilter.NONE, 4).splits());
  }

  @Test
  void objectsWithoutColumnsAreInputsWithoutUrl() throws IOException {
    write("urls.json", "{}\n{}\n");
    assertEquals(Arrays.asList(null, null), urls(open("urls.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"urls.txt", "urls.txt.gz", "urls.jsonl"})
  void sharesOfOneFileDifferByAtMostOne(String name) throws IOException {
    boolean json = name.endsWith("jsonl");
    List<String> all = IntStream.range(0, 50_000).mapToObj(i -> "http://h/" + i).toList();
    String text =
        all.stream()
            .map(url -> json ? "{\"url\":\"" + url + "\"}\n" : url + "\n")
            .collect(Collectors.joining());
    if (name.endsWith("gz")) {
      gzip(name, text);
    } else {
      write(name, text);
    }
    Manifest manifest = open(name);
    List<Integer> shares = shares(manifest, 7);
    assertEquals(List.of(7143, 7143, 7143, 7143, 7143, 7143, 7142), shares);
    assertEquals(all.stream().sorted().toList(), sorted(manifest));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,5", "3,1", "3,2", "3,3", "3,7", "5,10", "4,6"})
  void everyInputHasExactlyOneTask(int files, int tasks) throws IOException {
    List<String> all = new ArrayList<>();
    for (int file = 0; file < files; file++) {
      StringBuilder text = new StringBuilder("# comment\n");
      for (int i = 0; i < 100 + file; i++) {
        all.add("http://" + file + "/" + i);
        text.append(all.get(all.size() - 1)).append("\n");
      }
      write("many/" + file + ".txt", text.toString());
    }
    spark.conf().set("spark.sql.files.openCostInBytes", String.valueOf(1L << 40));
    try {
      ManifestPlan<ManifestReaderFactory> plan =
          open("many").plan(new String[0], RowFilter.NONE, tasks);
      assertEquals(tasks, plan.splits().size());
      List<String> read = new ArrayList<>();
      for (ManifestSplit split : plan.splits()) {
        read.addAll(urls(plan, split));
      }
      assertEquals(all.stream().sorted().toList(), read.stream().sorted().toList());
    } finally {
      spark.conf().unset("spark.sql.files.openCostInBytes");
    }
  }

  @Test
  void sharesAreExactWhateverSparkMakesOfTheFile() throws IOException {
    write("urls.txt", "http://host/\n".repeat(5_000));
    spark.conf().set("spark.sql.files.maxPartitionBytes", "50000");
    try {
      Manifest manifest = open("urls.txt");
      assertEquals(
          2, manifest.plan(new String[0], RowFilter.NONE, 2).splits().get(0).files().size());
      assertEquals(List.of(2500, 2500), shares(manifest, 2));
      assertEquals(List.of(1667, 1667, 1666), shares(manifest, 3));
    } finally {
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void parallelismIsTheDefaultNumberOfTasks() throws IOException {
    write("urls.txt", "http://a");
    assertEquals(2, open("urls.txt").partitions());
    assertEquals(9, open("urls.txt", "partitions", "9").partitions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"count", "host"})
  void sharesAreEvenWhateverTheFilterLeavesOut(String partitioning) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      text.append("{\"url\":\"http://h").append(i % 2).append("/\",\"n\":").append(i).append("}\n");
    }
    write("urls.json", text.toString());
    Manifest manifest = open("urls.json", "partitioning", partitioning);
    RowFilter filter =
        manifest.filter(
            new Predicate(
                "<", new Expression[] {Expressions.column("n"), Expressions.literal(100L)}));
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(new String[] {"url"}, filter, 3);
    assertNotEquals(plan, manifest.plan(new String[] {"url"}, RowFilter.NONE, 3));
    List<Integer> read = new ArrayList<>();
    long skipped = 0;
    for (ManifestSplit split : plan.splits()) {
      try (ManifestReader reader = sent(plan.readers()).reader(sent(split))) {
        int inputs = 0;
        while (reader.next()) {
          inputs++;
          assertEquals(reader.name(), reader.kept().getString(0));
        }
        read.add(inputs);
        skipped += reader.skipped();
      }
    }
    assertEquals(900, skipped);
    assertEquals(100, read.stream().mapToInt(Integer::intValue).sum());
    if (partitioning.equals("count")) {
      assertEquals(List.of(34, 33, 33), read);
    }
  }

  @Test
  void filterLooksAtTheUrlAsItIsSent() throws IOException {
    write("urls.txt", "  http://a  \nhttp://b\n");
    Manifest manifest = open("urls.txt");
    RowFilter filter =
        manifest.filter(
            new Predicate(
                "=",
                new Expression[] {
                  Expressions.column("url"),
                  new LiteralValue<>(UTF8String.fromString("http://a"), DataTypes.StringType)
                }));
    assertFalse(filter.isEmpty());
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(new String[0], filter, 1);
    assertEquals(List.of("http://a"), urls(plan, plan.splits().get(0)));
  }

  @Test
  void everyHostHasOneTaskIfTheUserSaysSo() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append("http://HOST").append(i % 40).append(":8").append(i % 3).append("/").append(i);
      text.append("\n");
    }
    write("urls.txt", text.toString());
    Manifest manifest = open("urls.txt", "partitioning", "host");
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(new String[0], RowFilter.NONE, 7);
    assertEquals(7, plan.splits().size());
    Map<String, Integer> taskOf = new HashMap<>();
    int inputs = 0;
    for (int task = 0; task < 7; task++) {
      for (String url : urls(plan, plan.splits().get(task))) {
        inputs++;
        Integer other = taskOf.put(HostHash.host(url), task);
        assertTrue(other == null || other == task, url);
      }
    }
    assertEquals(2_000, inputs);
    assertEquals(40, taskOf.size());
    assertTrue(Set.copyOf(taskOf.values()).size() > 4, taskOf.toString());
    assertNotEquals(plan, open("urls.txt").plan(new String[0], RowFilter.NONE, 7));
    assertNotEquals(manifest, open("urls.txt"));
  }

  @Test
  void plansOfTheSameInputsAreEqual() throws IOException {
    write("urls.json", "{\"a\":1,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json", "keep", "*");
    ManifestPlan<ManifestReaderFactory> plan =
        manifest.plan(new String[] {"url"}, RowFilter.NONE, 2);
    assertEquals(manifest, open("urls.json", "keep", "*"));
    assertEquals(
        plan, open("urls.json", "keep", "*").plan(new String[] {"url"}, RowFilter.NONE, 2));
    assertEquals(
        plan.hashCode(),
        open("urls.json", "keep", "*").plan(new String[] {"url"}, RowFilter.NONE, 2).hashCode());
    assertNotEquals(plan, manifest.plan(new String[] {"url", "a"}, RowFilter.NONE, 2));
    assertNotEquals(plan, manifest.plan(new String[] {"url"}, RowFilter.NONE, 3));
    write("urls.json", "{\"a\":1,\"url\":\"http://a\"}\n{\"a\":2,\"url\":\"http://b\"}");
    assertNotEquals(manifest, open("urls.json", "keep", "*"));
    assertNotEquals(
        plan, open("urls.json", "keep", "*").plan(new String[] {"url"}, RowFilter.NONE, 2));
  }

  @Test
  void columnThatIsNotOfferedCannotBePlanned() throws IOException {
    write("urls.txt", "http://a");
    Manifest manifest = open("urls.txt");
    assertThrows(
        IllegalArgumentException.class,
        () -> manifest.plan(new String[] {"value"}, RowFilter.NONE, 1));
  }

  // Reading

  @Test
  void keptRowsAreCopies() throws IOException {
    write("urls.txt", "http://a\nhttp://bb\n");
    ManifestPlan<ManifestReaderFactory> plan =
        open("urls.txt").plan(new String[] {"url"}, RowFilter.NONE, 1);
    try (ManifestReader reader = plan.readers().reader(plan.splits().get(0))) {
      assertTrue(reader.next());
      UnsafeRow first = reader.kept();
      assertTrue(reader.next());
      assertEquals("http://bb", reader.kept().getString(0));
      assertEquals("http://a", first.getString(0));
      assertFalse(reader.next());
      assertFalse(reader.next());
    }
  }

  @Test
  void readerMayBeClosedEarlyAndTwice() throws IOException {
    write("urls.txt", "http://a\nhttp://b\n");
    ManifestPlan<ManifestReaderFactory> plan =
        open("urls.txt").plan(new String[0], RowFilter.NONE, 1);
    ManifestReader reader = plan.readers().reader(plan.splits().get(0));
    assertTrue(reader.next());
    reader.close();
    reader.close();
    assertEquals("http://a", reader.name());
  }
}
