package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's schema for a worker that knows its own: it picks and orders columns, and is checked. */
class DeclaredSchemaIT {
  @TempDir Path folder;
  private Path manifest;

  @BeforeEach
  void writeManifest() throws IOException {
    manifest = Files.writeString(folder.resolve("in.json"), "{\"url\":\"no url\",\"size\":7}\n");
  }

  @Test
  void theTableHasItsColumnsInItsOrder() {
    Dataset<Row> table = read("error_code STRING, SIZE BIGINT, attempts INT, Url STRING");

    assertArrayEquals(new String[] {"error_code", "SIZE", "attempts", "Url"}, table.columns());
    assertEquals("[BAD_URL,7,0,no url]", table.first().toString());
    assertEquals("[no url,7]", table.where("size = 7").select("url", "size").first().toString());
    assertEquals(1, table.count());
  }

  @Test
  void nullabilityIsIgnored() {
    Row row = read("url STRING NOT NULL, final_url STRING NOT NULL").first();

    assertEquals("[no url,null]", row.toString());
  }

  @Test
  void aColumnThatIsNotThereIsAnError() {
    assertFailsNaming(
        () -> read("url STRING, atempts INT"),
        "column 'atempts' of the given schema is none of the table 'fetches'",
        "did you mean 'attempts'?");
  }

  @Test
  void aColumnOfAnotherTypeIsAnErrorWithBothTypes() {
    assertFailsNaming(
        () -> read("url STRING, attempts STRING"), "column 'attempts'", "STRING", "INT");
    assertFailsNaming(() -> read("size INT"), "column 'size'", "INT", "BIGINT");
  }

  @Test
  void sqlNamesTheColumnsOfAView() {
    SparkSession spark = TestSpark.session();
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW codes (error_code STRING, url STRING) USING rustpipe OPTIONS (path '%s')"
            .formatted(manifest));

    assertEquals(
        List.of("[BAD_URL,no url]"),
        spark.sql("SELECT * FROM codes").collectAsList().stream().map(Row::toString).toList());
  }

  private Dataset<Row> read(String ddl) {
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .schema(StructType.fromDDL(ddl))
        .load(manifest.toString());
  }
}
