package io.rustpipe.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The program of a {@link ChildJvm}, so that all that is counted is its own: runs queries in a row
 * and tells what there was after the first hundred, and what there is after a thousand more. They
 * end well, by a LIMIT or by a failure. Arguments: a worker of the user's that echoes, a manifest
 * of two inputs for it, and a manifest of two entries for the bundled one.
 */
final class ManyQueries {
  private static final int FIRST = 100;
  private static final int MORE = 1_000;

  /** Pools of Spark's and of the JDK's come and go; what a query leaves comes a thousand times. */
  private static final int NOISE = 20;

  /** Threads of pools that nobody uses end within a minute. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  /** What a JVM has of the things that leak. */
  private record Holding(
      List<String> threads, List<String> files, List<String> processes, List<String> temporary) {
    static Holding now() {
      return new Holding(
          Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList(),
          list(Path.of("/proc/self/fd")),
          ProcessHandle.current()
              .descendants()
              .filter(Marked::runs)
              .map(Marked::commandLine)
              .toList(),
          list(Path.of(System.getProperty("java.io.tmpdir"))));
    }

    boolean noMoreThan(Holding before) {
      return threads.size() <= before.threads.size() + NOISE
          && files.size() <= before.files.size() + NOISE
          && processes.isEmpty()
          && temporary.equals(before.temporary);
    }

    private static List<String> list(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files.map(ManyQueries::show).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private ManyQueries() {}

  public static void main(String[] arguments) {
    run(arguments, FIRST);
    var before = Holding.now();
    run(arguments, MORE);
    boolean settled = Workers.await(SETTLING, () -> Holding.now().noMoreThan(before));
    System.out.println("before: " + before);
    System.out.println("after: " + Holding.now());
    System.exit(settled ? 0 : 1);
  }

  private static void run(String[] arguments, int queries) {
    Path worker = Path.of(arguments[0]);
    for (int i = 0; i < queries; i++) {
      var echoed = Programs.reader(worker).load(arguments[1]);
      switch (i % 4) {
        case 0 -> require(echoed.collectAsList().size() == 2);
        case 1 -> require(echoed.takeAsList(1).size() == 1);
        case 2 -> require(fails(echoed.selectExpr("assert_true(text = 'n1')")));
        default -> require(TestSpark.entries(Path.of(arguments[2])).collectAsList().size() == 2);
      }
    }
  }

  private static boolean fails(Dataset<Row> query) {
    try {
      query.collectAsList();
      return false;
    } catch (Exception e) {
      return true;
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("a query has another result than it must have");
    }
  }

  private static String show(Path file) {
    try {
      return file.getFileName()
          + (Files.isSymbolicLink(file) ? " " + Files.readSymbolicLink(file) : "");
    } catch (IOException e) {
      return file.getFileName() + " closed";
    }
  }
}
