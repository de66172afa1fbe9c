package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a manifest is said before a task runs, with the name of the thing. */
final class ManifestErrorsTest extends ManifestFixture {
  @ParameterizedTest
  @ValueSource(strings = {"gone.txt", "gone.parquet", "gone*.csv", "gone"})
  void missingFileIsNamed(String name) {
    Exception missing = assertThrows(Exception.class, () -> open(name));
    assertTrue(missing.getMessage().contains(name), missing.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"urls.txt", "urls.json", "urls.csv", "urls.parquet"})
  void fileThatMayNotBeReadIsNamed(String name) throws IOException {
    write(name, "http://a");
    assertFailure(
        "can't read the manifest's file 'denied:" + folder.resolve(name) + "': Permission denied",
        "denied://" + folder.resolve(name),
        "manifest.fs.denied.impl",
        DeniedFileSystem.class.getName());
  }

  @ParameterizedTest
  @CsvSource({"urls.parquet,urls.parquet is not a Parquet file", "urls.orc,invalid wire type"})
  void damagedColumnarFileIsNamed(String name, String why) throws IOException {
    write(name, "neither Parquet nor ORC ".repeat(100));
    assertFailure(
        "can't find out the columns of the manifest " + folder.resolve(name) + ": ", name);
    assertFailure(why, name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Url | url", "Name | name"})
  void namesThatDifferByCaseOnlyAreAnError(String one, String other) throws IOException {
    write("urls.json", "{\"url\":\"http://a\",\"%s\":1,\"%s\":\"http://b\"}".formatted(one, other));
    assertFailure(
        "has the columns '%s' and '%s', which are one name to Spark: set spark.sql.caseSensitive to true"
            .formatted(one, other),
        "urls.json");
  }

  @Test
  void sameGoesForParquet() throws IOException {
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      spark
          .sql("SELECT 'http://a' AS url, 'http://b' AS Url")
          .write()
          .parquet(folder.resolve("urls.parquet").toString());
      assertEquals("url STRING,Url STRING", ddl(open("urls.parquet")));
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
    assertFailure("has the columns 'url' and 'Url', which are one name", "urls.parquet");
  }

  @Test
  void emptyFolderIsAnEmptyManifest() throws IOException {
    Files.createDirectories(folder.resolve("urls.csv"));
    assertEquals("url STRING", ddl(open("urls.csv")));
  }
}
