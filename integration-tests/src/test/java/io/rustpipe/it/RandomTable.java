package io.rustpipe.it;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Random schemas of all types that the protocol has, and random rows with many odd values. */
final class RandomTable {
  private static final long MICROS = 1_000_000;

  /** The days that the calendar of {@code java.sql} doesn't have, and some around them. */
  private static final int GAP = (int) LocalDate.of(1582, 10, 1).toEpochDay();

  /** Types that may be keys: those of whose values no two are equal that are not the same. */
  private static final List<DataType> KEYS =
      List.of(
          DataTypes.StringType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.BooleanType,
          DataTypes.DateType,
          DataTypes.TimestampType,
          DataTypes.createDecimalType(38, 18));

  private static final List<DataType> OTHERS =
      List.of(
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.FloatType,
          DataTypes.DoubleType,
          DataTypes.BinaryType,
          DataTypes.createDecimalType(9, 2),
          DataTypes.createDecimalType(38, 0));

  private static final List<String> NAMES =
      List.of("plain", "od`d", "a.b", "\"q\\", "Größe😀", "type");

  private final Random random;

  RandomTable(long seed) {
    this.random = new Random(seed);
  }

  /** Columns with names of many kinds. */
  StructType schema() {
    var schema = new StructType();
    for (int i = random.nextInt(8); i >= 0; i--) {
      schema = schema.add(NAMES.get(i % NAMES.size()) + i, type(3));
    }
    return schema;
  }

  List<Row> rows(StructType schema, int count) {
    return IntStream.range(0, count).mapToObj(i -> row(schema)).toList();
  }

  private Row row(StructType schema) {
    return RowFactory.create(
        IntStream.range(0, schema.size())
            .mapToObj(i -> valueOrNull(schema.apply(i).dataType()))
            .toArray());
  }

  private DataType type(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(6)) {
      case 1 -> DataTypes.createArrayType(type(depth - 1));
      case 2 -> DataTypes.createMapType(one(KEYS), type(depth - 1));
      case 3 -> {
        var struct = new StructType();
        for (int i = random.nextInt(4); i >= 0; i--) {
          // Not in the order of their names.
          struct = struct.add("f" + i, type(depth - 1));
        }
        yield struct;
      }
      default -> one(random.nextBoolean() ? KEYS : OTHERS);
    };
  }

  private <T> T one(List<T> among) {
    return among.get(random.nextInt(among.size()));
  }

  private Object valueOrNull(DataType type) {
    return random.nextInt(6) == 0 ? null : value(type);
  }

  private Object value(DataType type) {
    if (type instanceof DecimalType decimal) {
      return decimal(decimal);
    } else if (type instanceof ArrayType array) {
      var list = new ArrayList<Object>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(valueOrNull(array.elementType()));
      }
      return list;
    } else if (type instanceof MapType map) {
      Map<Object, Object> pairs = new LinkedHashMap<>();
      for (int i = random.nextInt(7); i > 0; i--) {
        pairs.put(value(map.keyType()), valueOrNull(map.valueType()));
      }
      return pairs;
    } else if (type instanceof StructType struct) {
      return row(struct);
    }
    return switch (type.typeName()) {
      case "string" -> text();
      case "byte" -> (byte) integer();
      case "short" -> (short) integer();
      case "integer" -> (int) integer();
      case "long" -> integer();
      case "boolean" -> random.nextBoolean();
      case "float" ->
          random.nextInt(3) == 0
              ? one(
                  List.of(
                      Float.NaN, -0.0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.MAX_VALUE))
              : Float.valueOf(Float.intBitsToFloat(random.nextInt()));
      case "double" ->
          random.nextInt(3) == 0
              ? one(
                  List.of(
                      Double.NaN,
                      -0.0,
                      Double.MIN_VALUE,
                      Double.NEGATIVE_INFINITY,
                      Double.MAX_VALUE))
              : Double.valueOf(Double.longBitsToDouble(random.nextLong()));
      case "date" -> LocalDate.ofEpochDay(day());
      case "timestamp" -> instant();
      case "binary" -> {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      default -> throw new IllegalArgumentException(type.typeName());
    };
  }

  private BigDecimal decimal(DecimalType type) {
    var largest = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
    var digits =
        switch (random.nextInt(4)) {
          case 0 -> largest;
          case 1 -> BigInteger.ZERO;
          default -> new BigInteger(random.nextInt(largest.bitLength()), random);
        };
    return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), type.scale());
  }

  /** Of any magnitude, and the ends of all. */
  private long integer() {
    return random.nextInt(4) == 0
        ? one(List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, (long) Integer.MIN_VALUE))
        : random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private int day() {
    return switch (random.nextInt(4)) {
      case 0 -> GAP + random.nextInt(20);
      case 1 -> random.nextInt();
      default -> random.nextInt(40_000) - 10_000;
    };
  }

  private Instant instant() {
    var micros =
        switch (random.nextInt(3)) {
          case 0 -> (GAP + random.nextInt(20)) * 86_400L * MICROS + random.nextInt();
          case 1 -> integer();
          default -> random.nextLong() >> 11;
        };
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> one(List.of((int) '"', (int) '\\', 0x2028, 0x7f));
            case 2 -> 0x1F600 + random.nextInt(0x40);
            case 3 -> random.nextInt(0xd800);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }
}
