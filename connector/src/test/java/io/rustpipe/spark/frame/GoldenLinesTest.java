package io.rustpipe.spark.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rustpipe.spark.DocsPage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The lines that {@code docs/protocol.md} shows are what this side writes and reads. */
final class GoldenLinesTest {

  private static List<String> lines(String fence) throws IOException {
    return DocsPage.fenced("protocol.md", fence);
  }

  @Test
  void theConnectorsFramesAreWrittenAsShown() throws IOException {
    var open =
        new Open(
            "entries",
            List.of(new Open.Column("path", "string"), new Open.Column("size", "bigint")),
            new TreeMap<>(Map.of("concurrency", "64")),
            new Open.Window(64, 4 << 20),
            10);
    var written =
        List.of(
            text(Frames.open(open)),
            text(Frames.in(1, "{\"url\":\"https://example.org/a.tar.gz\"}", null)),
            text(Frames.end()));
    assertEquals(lines("connector"), written);
  }

  private static String text(byte[] line) {
    assertEquals('\n', line[line.length - 1]);
    return new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
  }

  @Test
  void everyControlFrameOfAWorkerIsReadAsShown() throws IOException {
    var types = new TreeSet<String>();
    for (var line : lines("worker")) {
      if (!line.startsWith("{\"type\":\"rows\"")) {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        var frame = Frames.read(bytes, 0, bytes.length);
        types.add(frame.getClass().getSimpleName());
        // As trees: the order of fields is the writer's own affair.
        assertEquals(Frames.MAPPER.readTree(line), written(frame));
      }
    }
    assertEquals(new TreeSet<>(List.of("Hello", "Done", "Failed", "Metrics", "Log", "Bye")), types);
  }

  private static JsonNode written(FromWorker frame) throws IOException {
    return Frames.MAPPER.readTree(
        Frames.MAPPER.writerFor(FromWorker.class).writeValueAsString(frame));
  }

  @Test
  void rowsFramesAreReadInPlaceAsShown() throws IOException {
    var rows = new ArrayList<String>();
    for (var line : lines("worker")) {
      if (line.startsWith("{\"type\":\"rows\"")) {
        var cursor = Cursors.cursor(line);
        cursor.enterObject();
        while (cursor.nextField()) {
          if (cursor.fieldIs("rows")) {
            cursor.enterArray();
            while (cursor.nextElement()) {
              rows.add(cursor.readRaw());
            }
          } else {
            cursor.skipValue();
          }
        }
        cursor.expectEnd();
      }
    }
    assertEquals(
        List.of("[\"a/README.md\",512]", "[\"a/src/lib.rs\",null]", "[\"b/Cargo.toml\",88]"), rows);
  }

  @Test
  void aTableThatListsNoInputTakesWhateverThereIs() throws IOException {
    var line = lines("describe").get(0);
    var without = line.replaceFirst("\"input\":\\[[^\\]]*\\],", "");
    assertFalse(without.equals(line));

    var description =
        Description.read(new ByteArrayInputStream(without.getBytes(StandardCharsets.UTF_8)));

    assertEquals(List.of(), description.table("entries").input());
  }

  @Test
  void aDescriptionThatLacksAnythingElseIsAnErrorThatNamesIt() throws IOException {
    var line = lines("describe").get(0).replace("\"nullable\":false,", "");

    var error =
        assertThrows(
            IOException.class,
            () ->
                Description.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8))));

    assertTrue(error.getMessage().contains("'nullable'"), error.getMessage());
  }

  @Test
  void theDescriptionIsReadAsShown() throws IOException {
    for (var line : lines("describe")) {
      var description =
          Description.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
      var table = description.table("ENTRIES");
      assertEquals(Description.RowsPerInput.MANY, table.rowsPerInput());
      assertEquals(
          new Description.Column(
              "path", "string", false, "Name as stored in the archive", "entries"),
          table.columns().get(0));
    }
  }

  @Test
  void aTableThatTheWorkerLacksIsAnErrorThatListsWhatItHas() throws IOException {
    var line = lines("describe").get(0);
    var description =
        Description.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
    var error = assertThrows(IllegalArgumentException.class, () -> description.table("entrys"));
    assertTrue(error.getMessage().contains("'entrys'"), error.getMessage());
    assertTrue(error.getMessage().contains("has: entries"), error.getMessage());
  }
}
