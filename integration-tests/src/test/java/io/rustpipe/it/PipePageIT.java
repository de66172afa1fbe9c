package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.RustPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of {@code docs/pipe.md}, which is here word by word, does what the page says. */
class PipePageIT {
  private static final String NETWORKS = "spark.datasource.rustpipe.allowedNetworks";

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();
  private TestServer server;
  private String archive;

  @BeforeEach
  void serve() {
    server = TestServer.start();
    archive = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(2)));
    spark.conf().set(NETWORKS, "127.0.0.0/8");
  }

  @AfterEach
  void nothingIsLeft() {
    spark.conf().unset(NETWORKS);
    server.close();
    Workers.assertNoneWithinGrace();
  }

  @Test
  void blocksOfThePageAreHere() throws IOException {
    String own =
        dense(
            Files.readString(
                Page.ROOT.resolve(
                    "integration-tests/src/test/java/io/rustpipe/it/PipePageIT.java")));
    List<String> blocks = new Page("docs/pipe.md").blocks("java");
    assertEquals(2, blocks.size());
    for (String code : blocks) {
      assertTrue(own.contains(dense(code)), () -> "no test runs\n" + code);
    }
  }

  @Test
  void rowsOfATableBecomeRowsOfTheirArchives() {
    spark
        .sql(
            "SELECT 'a' AS name, '1' AS version, '%s' AS archive, null AS sha256"
                .formatted(archive))
        .selectExpr("name", "version", "archive", "CAST(sha256 AS STRING) AS sha256")
        .createOrReplaceTempView("releases");

    Dataset<Row> releases =
        spark
            .table("releases")
            .selectExpr("name", "version", "archive AS url", "sha256 AS integrity");
    Dataset<Row> files =
        RustPipe.pipe(releases, Map.of("table", "entries", "keep", "name, version"));

    assertEquals(
        List.of("[a,1,d/0]", "[a,1,d/1]"),
        files.select("name", "version", "path").orderBy("path").collectAsList().stream()
            .map(Row::toString)
            .toList());
  }

  @Test
  void rowsOfEachBatchOfAStreamGoThrough() throws Exception {
    String arriving = Files.createDirectory(folder.resolve("arriving")).toString();
    String fetched = folder.resolve("fetched").toString();
    String checkpoint = folder.resolve("checkpoint").toString();
    Files.writeString(Path.of(arriving, "1.json"), line("first"));

    StreamingQuery query =
        spark
            .readStream()
            .schema("name STRING, url STRING")
            .json(arriving)
            .writeStream()
            .foreachBatch(
                (VoidFunction2<Dataset<Row>, Long>)
                    (batch, number) ->
                        RustPipe.pipe(batch, Map.of("keep", "name"))
                            .write()
                            .mode("append")
                            .parquet(fetched))
            .option("checkpointLocation", checkpoint)
            .start();

    try {
      query.processAllAvailable();
      Files.writeString(Path.of(arriving, "2.json"), line("second"));
      query.processAllAvailable();
    } finally {
      query.stop();
    }
    assertEquals(
        List.of("[first,SUCCEEDED]", "[second,SUCCEEDED]"),
        spark
            .read()
            .parquet(fetched)
            .select("name", "status")
            .orderBy("name")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList());
  }

  private String line(String name) {
    return "{\"name\":\"%s\",\"url\":\"%s\"}\n".formatted(name, archive);
  }

  /** Without what separates words and lines, so that a page may break lines where it likes. */
  private static String dense(String code) {
    return code.replaceAll("\\s", "");
  }
}
