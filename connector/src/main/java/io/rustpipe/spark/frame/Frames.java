package io.rustpipe.spark.frame;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the connector's frames and reads the worker's control frames. */
public final class Frames {

  /** The version of the protocol that this connector speaks. */
  public static final int VERSION = 1;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final byte[] END = line(MAPPER.createObjectNode().put("type", "end"));

  private Frames() {}

  /** The line of an {@code open} frame. */
  public static byte[] open(Open open) {
    var frame = MAPPER.createObjectNode().put("type", "open").put("version", VERSION);
    frame.put("table", open.table());
    var columns = frame.putArray("columns");
    open.columns().forEach(column -> columns.add(column.name()));
    frame.putArray("filters");
    var options = frame.putObject("options");
    open.options().forEach(options::put);
    frame
        .putObject("window")
        .put("inputs", open.window().inputs())
        .put("bytes", open.window().bytes());
    if (open.limit() != null) {
      frame.put("limit", open.limit());
    }
    return line(frame);
  }

  /**
   * The line of an {@code in} frame.
   *
   * @param input the input's fields, as one JSON object without a line feed
   * @param resume the token that a worker gave behind the rows that have come; null for an input
   *     that begins
   */
  public static byte[] in(long id, String input, String resume) {
    var token = resume == null ? "" : ",\"resume\":" + TextNode.valueOf(resume);
    var frame = "{\"type\":\"in\",\"id\":" + id + ",\"input\":" + input + token + "}\n";
    return frame.getBytes(StandardCharsets.UTF_8);
  }

  /** The line of an {@code end} frame. */
  public static byte[] end() {
    return END.clone();
  }

  /**
   * Reads a control frame.
   *
   * @throws IOException if the bytes are not a control frame of the protocol
   */
  public static FromWorker read(byte[] buffer, int offset, int length) throws IOException {
    return MAPPER.readValue(buffer, offset, length, FromWorker.class);
  }

  private static byte[] line(ObjectNode frame) {
    try {
      var json = MAPPER.writeValueAsBytes(frame);
      var line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
