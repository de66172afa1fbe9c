package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.connector.read.InputPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StripingTest {
  private static final long MIB = 1 << 20;

  private record Files(int index) implements InputPartition {}

  @Test
  void nothingToReadNeedsNoTask() {
    assertEquals(List.of(), Striping.split(List.of(), 4));
  }

  @Test
  void everyTaskReadsAllOfASmallManifestHoweverSparkSplitsIt() {
    List<ManifestSplit> splits = Striping.split(parts(4 * MIB, MIB, 1), 200);
    assertEquals(200, splits.size());
    for (int task = 0; task < 200; task++) {
      ManifestSplit split = splits.get(task);
      assertEquals(List.of(new Files(0), new Files(1), new Files(2)), split.files());
      assertEquals(200, split.stripes());
      assertEquals(task, split.stripe());
    }
  }

  @Test
  void noTaskReadsMuchMoreThanItsShareOfALargeManifest() {
    long[] sizes = LongStream.range(0, 10_000).map(i -> 1000).toArray();
    for (ManifestSplit split : Striping.split(parts(sizes), 200)) {
      assertTrue(split.files().size() <= 201, split.files().size() + " files");
    }
  }

  @Test
  void tasksGoWhereTheBytesAre() {
    long[] sizes = new long[101];
    Arrays.fill(sizes, MIB);
    sizes[0] = 900 * MIB;
    List<ManifestSplit> splits = Striping.split(parts(sizes), 50);
    assertEquals(45, splits.stream().filter(s -> s.files().contains(new Files(0))).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 1000})
  void everyFileHasAllItsStripesReadOnce(int tasks) {
    Random random = new Random(tasks);
    for (int round = 0; round < 200; round++) {
      long[] sizes =
          random.longs(1 + random.nextInt(60), 0, 1 + (MIB << random.nextInt(10))).toArray();
      List<ManifestSplit> splits = Striping.split(parts(sizes), tasks);
      assertEquals(tasks, splits.size());
      Map<InputPartition, int[]> readers = new HashMap<>();
      for (ManifestSplit split : splits) {
        for (InputPartition files : split.files()) {
          readers.computeIfAbsent(files, f -> new int[split.stripes()])[split.stripe()]++;
        }
      }
      assertEquals(sizes.length, readers.size());
      readers.values().forEach(count -> assertTrue(Arrays.stream(count).allMatch(n -> n == 1)));
    }
  }

  @Test
  void emptyFilesAreReadToo() {
    assertEquals(3, Striping.split(parts(0, 0), 3).size());
  }

  private static List<FilePart> parts(long... sizes) {
    return IntStream.range(0, sizes.length)
        .mapToObj(i -> new FilePart(new Files(i), sizes[i], 1))
        .toList();
  }
}
