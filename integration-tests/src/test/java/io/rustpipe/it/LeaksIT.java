package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries in a row leave nothing behind, and a query that waits does not grow. */
class LeaksIT {
  /** What the rows of {@link #FLOOD} are together: 2,000 of 64 KiB. */
  private static final long FLOOD_ROWS = 2_000;

  private static final String FLOOD =
      """
      greet
      next
      text=$(head -c 65536 /dev/zero | tr '\\0' x)
      while [ $answered -lt 2000 ]; do
        answered=$((answered + 1))
        printf '{"type":"rows","id":1,"rows":[["%s"]]}\\n' "$text"
      done
      echo '{"type":"done","id":1,"status":"SUCCEEDED","rows":2000}'
      read -r frame
      echo '{"type":"bye","inputs":1,"rows":2000,"errors":0}'
      """;

  /** Much less than the flood, and more than the lines that may wait for the task thread. */
  private static final long GROWTH = 48 << 20;

  /** The consumer in the task, and the test that holds it up. */
  private static volatile CountDownLatch held = new CountDownLatch(0);

  @TempDir Path folder;
  private Programs programs;
  private TestServer server;

  @BeforeEach
  void nameThePrograms() {
    programs = new Programs(folder);
    server = TestServer.start();
  }

  @AfterEach
  void nothingIsLeft() {
    held.countDown();
    server.close();
    new Marked(folder).kill();
  }

  @Test
  void aThousandQueriesLeaveNothingBehind() throws Exception {
    String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(2)));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));

    try (var jvm =
        ChildJvm.start(
            folder,
            List.of("-Xmx1g", "-Djava.io.tmpdir=" + temporary),
            ManyQueries.class,
            programs.worker(Programs.ECHO).toString(),
            programs.inputs(2).toString(),
            Files.writeString(folder.resolve("urls.txt"), url).toString())) {
      assertEquals(0, jvm.awaitExit(Duration.ofMinutes(10)), jvm::said);
    }
  }

  @Test
  void consumerThatStopsBlocksTheWorkerAndNothingGrows() throws Exception {
    held = new CountDownLatch(1);
    Dataset<Integer> lengths =
        programs
            .read(programs.worker(FLOOD), 1)
            .select("text")
            .map((MapFunction<Row, Integer>) LeaksIT::lengthWhenReleased, Encoders.INT());
    long heapBefore = heap();
    var query = Job.start(false, lengths::collectAsList);
    assertTrue(Workers.await(Duration.ofMinutes(1), () -> programs.starts() == 1));
    Path worker = Path.of("/proc", programs.linesOf("started").get(0));
    awaitBlocked(worker);
    long heap = heap();
    long resident = resident(worker);
    long written = written(worker);
    assertTrue(heap < heapBefore + GROWTH, heapBefore + " grew to " + heap);

    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));

    assertEquals(written, written(worker), "it was blocked all the time");
    assertTrue(resident(worker) <= resident, "it does not grow");
    assertTrue(heap() < heap + GROWTH, heap + " grew to " + heap());
    held.countDown();
    List<Integer> rows = query.get();
    assertEquals(FLOOD_ROWS, rows.size());
    assertTrue(rows.stream().allMatch(length -> length == 65_536));
  }

  private static int lengthWhenReleased(Row row) throws InterruptedException {
    held.await();
    return row.getString(0).length();
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Waits until a whole second goes by without a byte written. */
  private static void awaitBlocked(Path process) {
    var last = new long[] {-1, 0};
    assertTrue(
        Workers.await(
            Duration.ofMinutes(1),
            () -> {
              long written = written(process);
              if (written != last[0]) {
                last[0] = written;
                last[1] = System.nanoTime();
              }
              return written > 0 && System.nanoTime() - last[1] > TimeUnit.SECONDS.toNanos(1);
            }));
  }

  private static long written(Path process) {
    return number(process.resolve("io"), "wchar: ");
  }

  private static long resident(Path process) {
    return number(process.resolve("status"), "VmRSS:");
  }

  private static long number(Path file, String name) {
    try (var lines = Files.lines(file)) {
      String line = lines.filter(l -> l.startsWith(name)).findFirst().orElseThrow();
      return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
