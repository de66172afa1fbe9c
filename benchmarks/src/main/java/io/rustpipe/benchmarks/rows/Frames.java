package io.rustpipe.benchmarks.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.Random;
import org.apache.spark.sql.types.StructType;

/**
 * The frames that are decoded: rows like those of {@code entries}, about 247 bytes each, 256 KiB a
 * frame, the same ones in every run.
 */
final class Frames {
  static final StructType SCHEMA =
      StructType.fromDDL(
          "entry_index bigint, path string, relative_path string, entry_type string, size bigint,"
              + " mode int, mtime timestamp, link_target string, sha256 string");

  static final int ROWS_PER_FRAME = 1061;

  private static final int FRAMES = 32;
  private static final int SHA256_BYTES = 32;

  private Frames() {}

  static byte[][] generate() {
    var random = new Random(1);
    byte[][] frames = new byte[FRAMES][];
    for (int i = 0; i < FRAMES; i++) {
      frames[i] = frame(random, i);
    }
    return frames;
  }

  private static byte[] frame(Random random, int id) {
    var frame = new StringBuilder("{\"type\":\"rows\",\"id\":").append(id).append(",\"rows\":[");
    for (int row = 0; row < ROWS_PER_FRAME; row++) {
      frame.append(row == 0 ? "[" : ",[");
      appendRow(frame, random, row);
      frame.append(']');
    }
    return frame.append("]}").toString().getBytes(UTF_8);
  }

  private static void appendRow(StringBuilder frame, Random random, int row) {
    String relative =
        "src/js/" + "component-".repeat(2 + random.nextInt(4)) + random.nextLong(1L << 40) + ".js";
    boolean link = random.nextInt(50) == 0;
    byte[] digest = new byte[SHA256_BYTES];
    random.nextBytes(digest);
    frame
        .append(row)
        .append(",\"package-1.0.")
        .append(row % 10)
        .append('/')
        .append(relative)
        .append("\",\"")
        .append(relative)
        .append("\",\"")
        .append(link ? "SYMLINK" : "REGULAR")
        .append("\",")
        .append(random.nextInt(1 << random.nextInt(1, 24)))
        .append(",420,")
        .append(1_600_000_000_000_000L + random.nextLong(100_000_000_000_000L))
        .append(link ? ",\"../elsewhere\",\"" : ",null,\"")
        .append(HexFormat.of().formatHex(digest))
        .append('"');
  }
}
