package io.rustpipe.spark.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides file partitions among tasks by the number of inputs.
 *
 * <p>Spark splits files by bytes, but a manifest is tiny in bytes and huge in work. So several
 * tasks read the same files, and each takes every k-th input: their shares differ by at most one.
 * Up to {@link #READ_BY_ALL} that goes for the whole manifest. Reading a larger one in every task
 * would cost too much; it is cut into strands of consecutive partitions, each with a number of
 * tasks after its bytes.
 */
final class Striping {
  /** Half a million URLs, which a task reads in less than half a second. In bytes. */
  private static final long READ_BY_ALL = 32L << 20;

  /** What opening a file costs, in bytes that could be read meanwhile: as Spark itself has it. */
  private static final long OPEN_COST = 4L << 20;

  /**
   * A strand is worth the shares of at least so many tasks: with fewer, rounding to whole tasks
   * makes shares more uneven; with more, every task reads more that is not its own.
   */
  private static final int TASKS_PER_STRAND = 4;

  private Striping() {}

  /** One split a task, or none if there is nothing to read. */
  static List<ManifestSplit> split(List<FilePart> parts, int tasks) {
    long allBytes = parts.stream().mapToLong(Striping::bytes).sum();
    long allCost = parts.stream().mapToLong(Striping::cost).sum();
    long strandCost = Math.max(READ_BY_ALL, allCost / tasks * TASKS_PER_STRAND);
    List<ManifestSplit> splits = new ArrayList<>();
    List<FilePart> strand = new ArrayList<>();
    long costOfStrand = 0;
    long bytesSoFar = 0;
    for (FilePart part : parts) {
      strand.add(part);
      costOfStrand += cost(part);
      bytesSoFar += bytes(part);
      int tasksSoFar = (int) Math.round((double) tasks * bytesSoFar / allBytes);
      boolean large = costOfStrand > strandCost;
      boolean last = bytesSoFar == allBytes;
      // What comes after a strand needs at least one task, too.
      if (last || (large && tasksSoFar > splits.size() && tasksSoFar < tasks)) {
        splits.addAll(stripes(strand, tasksSoFar - splits.size()));
        strand.clear();
        costOfStrand = 0;
      }
    }
    return splits;
  }

  /** One split a task, each with all there is to read; none if that is nothing. */
  static List<ManifestSplit> readByAll(List<FilePart> parts, int tasks) {
    return parts.isEmpty() ? List.of() : stripes(parts, tasks);
  }

  private static List<ManifestSplit> stripes(List<FilePart> strand, int stripes) {
    var files = strand.stream().map(FilePart::files).toList();
    List<ManifestSplit> splits = new ArrayList<>();
    for (int stripe = 0; stripe < stripes; stripe++) {
      splits.add(new ManifestSplit(files, stripes, stripe));
    }
    return splits;
  }

  /** Never 0, so that every partition gets to be somebody's. */
  private static long bytes(FilePart part) {
    return part.bytes() + 1;
  }

  private static long cost(FilePart part) {
    return part.bytes() + part.fileCount() * OPEN_COST;
  }
}
