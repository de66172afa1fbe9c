package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rustpipe.spark.filter.RowFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IntegrityColumnTest extends ManifestFixture {
  @Test
  void digestGoesWithItsUrl() throws IOException {
    write("urls.csv", "url,Sum\nhttp://a,sha512-x\nhttp://b,\n");
    Manifest manifest = open("urls.csv", "integrityColumn", "sum");
    assertEquals(Arrays.asList("sha512-x", null), digests(manifest));
  }

  @Test
  void digestNeedNotBeKept() throws IOException {
    write("urls.csv", "url,sum\nhttp://a,sha512-x\n");
    Manifest manifest = open("urls.csv", "integrityColumn", "sum", "keep", "none");
    assertEquals("url STRING", ddl(manifest));
    assertEquals(List.of("sha512-x"), digests(manifest));
  }

  @Test
  void withoutTheOptionNothingIsExpected() throws IOException {
    write("urls.csv", "url,integrity\nhttp://a,sha512-x\n");
    assertEquals(Arrays.asList((String) null), digests(open("urls.csv")));
  }

  @Test
  void textManifestHasNone() throws IOException {
    write("urls.txt", "http://a\n");
    assertFailure(
        "is text, which has URLs only, but the option 'integrityColumn' is 'sum': leave it out",
        "urls.txt",
        "integrityColumn",
        "sum");
  }

  @Test
  void columnHasToBeThereAndAString() throws IOException {
    write("urls.json", "{\"url\":\"http://a\",\"sum\":1}");
    assertFailure(
        "has no column 'sums'; did you mean 'sum'? columns: sum, url; the option 'integrityColumn'"
            + " names it",
        "urls.json",
        "integrityColumn",
        "sums");
    assertFailure(
        "is of type BIGINT, but a digest is a string;", "urls.json", "integrityColumn", "sum");
  }

  private static List<String> digests(Manifest manifest) throws IOException {
    ManifestPlan<ManifestReaderFactory> plan = manifest.plan(new String[0], RowFilter.NONE, 1);
    List<String> digests = new ArrayList<>();
    for (ManifestSplit split : plan.splits()) {
      try (ManifestReader reader = sent(plan.readers()).reader(sent(split))) {
        while (reader.next()) {
          digests.add(new ObjectMapper().readTree(reader.json()).path("integrity").textValue());
        }
      }
    }
    return digests;
  }
}
