package io.rustpipe.spark.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Cursors over all of some JSON, for tests. */
public final class Cursors {

  private Cursors() {}

  public static JsonCursor cursor(String json) {
    return cursor(json.getBytes(UTF_8));
  }

  public static JsonCursor cursor(byte[] json) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(json, 0, json.length);
    return cursor;
  }
}
