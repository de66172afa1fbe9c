package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests and a worker on a real HDFS of one node. */
class HdfsIT {
  @TempDir static java.nio.file.Path folder;
  private static MiniDFSCluster hdfs;
  private static FileSystem files;

  @BeforeAll
  static void startHdfs() throws IOException {
    var conf = new Configuration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    conf.set("dfs.namenode.rpc-bind-host", "127.0.0.1");
    hdfs = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    hdfs.waitClusterUp();
    files = hdfs.getFileSystem();
  }

  @AfterAll
  static void stopHdfs() {
    if (hdfs != null) {
      hdfs.shutdown();
    }
  }

  @Test
  void filesFoldersAndGlobs() throws IOException {
    write("/lists/a.txt", "http://a/1\n");
    write("/lists/b.txt", "http://b/1\n# none\n");

    assertEquals(List.of("http://a/1", "http://b/1"), urls(load("/lists")));
    assertEquals(List.of("http://b/1"), urls(load("/lists/b*")));
    assertEquals(
        List.of("http://a/1", "http://b/1"),
        urls(TestSpark.table("fetches").load(uri("/lists/a.txt"), uri("/lists/b.txt"))));
  }

  @Test
  void partitionedParquetWithFilter() {
    TestSpark.session()
        .sql("SELECT concat('http://a/', id) AS url, id % 2 AS day FROM range(10)")
        .write()
        .partitionBy("day")
        .parquet(uri("/days"));

    assertEquals(5, load("/days").where("day = 1").select("url").count());
    assertEquals(10, load("/days").select("url", "day").distinct().count());
  }

  @Test
  void worker() throws IOException {
    write("/lists/two.txt", "b\na\n");
    write("/bin/tool", "#!/bin/sh\n# of " + folder + "\nexec sort\n");
    Dataset<Row> lines =
        Programs.reader(uri("/bin/tool"))
            .option("protocol", "lines")
            .schema("url STRING")
            .load(uri("/lists/two.txt"));

    assertEquals(List.of("a", "b"), urls(lines));
    assertFailsNaming(() -> Programs.reader(uri("/bin/none")).load(uri("/lists")), "/bin/none");
  }

  private static Dataset<Row> load(String path) {
    return TestSpark.table("fetches").load(uri(path));
  }

  private static String uri(String path) {
    return files.getUri() + path;
  }

  private static void write(String path, String text) throws IOException {
    try (var out = files.create(new Path(path))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> urls(Dataset<Row> rows) {
    return rows.select("url").as(Encoders.STRING()).collectAsList().stream().sorted().toList();
  }
}
