package io.rustpipe.it;

import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LongSummaryStatistics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How URLs are shared out over tasks: by number, however few bytes they are. */
class PartitionsIT {
  private static final int URLS = 50_000;

  @TempDir Path folder;

  @Test
  void oneFileIsSharedOutEvenly() throws IOException {
    var sizes = sizes(TestSpark.table("fetches").option("partitions", 7).load(urls(1)));

    assertEquals(7, sizes.getCount());
    assertEquals(URLS, sizes.getSum());
    assertEquals(URLS / 7, sizes.getMin());
    assertEquals(URLS / 7 + 1, sizes.getMax());
  }

  @Test
  void noUrlIsReadTwice() throws IOException {
    var fetches = TestSpark.table("fetches").option("partitions", 7).load(urls(1));

    assertEquals(URLS, fetches.agg(countDistinct("url")).first().getLong(0));
  }

  @Test
  void fewerPartitionsThanFilesReadAllFiles() throws IOException {
    var sizes = sizes(TestSpark.table("fetches").option("partitions", 2).load(urls(5)));

    assertEquals(2, sizes.getCount());
    assertEquals(URLS, sizes.getSum());
  }

  @Test
  void partitionsFollowTheClusterByDefault() throws IOException {
    var sizes = sizes(TestSpark.table("fetches").load(urls(1)));

    assertEquals(TestSpark.PARALLELISM, sizes.getCount());
    assertEquals(URLS, sizes.getSum());
  }

  @Test
  void hostsStayTogetherIfAsked() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      lines.add("http://host" + i % 20 + ".example/" + i);
    }
    Path manifest = Files.write(folder.resolve("hosts.txt"), lines);
    var fetches =
        TestSpark.table("fetches")
            .option("partitions", 7)
            .option("partitioning", "host")
            .load(manifest.toString());

    var tasksOfHosts =
        fetches
            .selectExpr("parse_url(url, 'HOST') AS host", "spark_partition_id() AS task", "url")
            .groupBy("host")
            .agg(countDistinct("task"), countDistinct("url"))
            .collectAsList();

    assertEquals(20, tasksOfHosts.size());
    for (Row host : tasksOfHosts) {
      assertEquals("[1,50]", "[" + host.getLong(1) + "," + host.getLong(2) + "]");
    }
    assertTrue(sizes(fetches).getCount() > 4);
  }

  /** The URL and its place need no request, so that none is made. */
  private static LongSummaryStatistics sizes(Dataset<Row> fetches) {
    return fetches.select("url").groupBy(spark_partition_id()).count().collectAsList().stream()
        .mapToLong(row -> row.getLong(1))
        .summaryStatistics();
  }

  private String urls(int files) throws IOException {
    for (int file = 0; file < files; file++) {
      var lines = new ArrayList<String>();
      for (int i = file; i < URLS; i += files) {
        lines.add("http://127.0.0.1:1/" + i);
      }
      Files.write(folder.resolve(file + ".txt"), lines);
    }
    return folder.toString();
  }
}
