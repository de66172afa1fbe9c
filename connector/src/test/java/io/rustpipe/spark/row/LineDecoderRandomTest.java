package io.rustpipe.spark.row;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects are read as Spark's own JSON source reads them, where both take them. */
final class LineDecoderRandomTest {
  private static final int ROWS = 500;

  private static final StructType SCHEMA =
      StructType.fromDDL(
          "b BOOLEAN, y TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, t STRING,"
              + " n DECIMAL(20, 4), day DATE, at TIMESTAMP, x BINARY, a ARRAY<INT>,"
              + " o STRUCT<p: STRING, q: STRUCT<r: BIGINT>>, m MAP<STRING, ARRAY<STRING>>");

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "Europe/Berlin")
            .config("spark.log.level", "ERROR")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void rowsAreThoseOfSpark(long seed) throws IOException {
    var random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      lines.add(object(random));
    }
    var sparks =
        spark
            .read()
            .schema(SCHEMA)
            .option("mode", "FAILFAST")
            .json(spark.createDataset(lines, Encoders.STRING()))
            .queryExecution()
            .executedPlan()
            .executeCollect();
    var decoder = new LineDecoder(SCHEMA, SCHEMA, ZoneId.of("Europe/Berlin"));
    var normalized = UnsafeProjection.create(SCHEMA);
    assertEquals(ROWS, sparks.length);
    for (int i = 0; i < ROWS; i++) {
      byte[] line = lines.get(i).getBytes(StandardCharsets.UTF_8);
      InternalRow ours = decoder.decode(line, 0, line.length);
      assertEquals(sparks[i], normalized.apply(ours), lines.get(i));
    }
  }

  private static String object(Random random) throws IOException {
    var mapper = new ObjectMapper();
    ObjectNode object = mapper.createObjectNode();
    List<Runnable> fields =
        new ArrayList<>(
            List.of(
                () -> object.put("b", random.nextBoolean()),
                () -> object.put("y", (byte) random.nextInt()),
                () -> object.put("s", (short) random.nextInt()),
                () -> object.put("i", random.nextInt()),
                () -> object.put("l", random.nextLong() >> random.nextInt(64)),
                () -> object.put("f", random.nextFloat()),
                () -> object.put("d", random.nextGaussian() * Math.pow(10, random.nextInt(20))),
                () -> object.put("t", text(random)),
                () -> object.put("n", new BigDecimal(new BigInteger(60, random), 4)),
                () -> object.put("day", LocalDate.ofEpochDay(random.nextInt(40_000)).toString()),
                () -> object.put("at", time(random)),
                () -> object.put("x", text(random).getBytes(StandardCharsets.UTF_8)),
                () -> object.putArray("a").add(random.nextInt()).addNull(),
                () ->
                    object
                        .putObject("o")
                        .put("unknown", 1)
                        .put("p", text(random))
                        .putObject("q")
                        .put("r", random.nextLong()),
                () -> object.putObject("m").putNull("k").putArray(text(random)).add("v"),
                () -> object.putArray("unknown").addObject().put("a", 1)));
    java.util.Collections.shuffle(fields, random);
    fields.subList(0, random.nextInt(fields.size() + 1)).forEach(Runnable::run);
    return mapper.writeValueAsString(object);
  }

  private static String time(Random random) {
    var instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
    return switch (random.nextInt(3)) {
      case 0 -> instant.toString();
      case 1 -> instant.atZone(ZoneId.of("+05:30")).toOffsetDateTime().toString();
      default -> instant.toString().replace("T", " ").replace("Z", "");
    };
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          random.nextInt(4) == 0 ? 0x1f600 + random.nextInt(50) : 1 + random.nextInt(0x7ff));
    }
    return text.toString();
  }
}
