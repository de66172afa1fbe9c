package io.rustpipe.spark.input;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Spark's values without parts as text: times are ISO 8601, in UTC, to the microsecond. */
public final class ValueText {
  private static final long MICROS = 1_000_000;
  private static final int NANOS_IN_MICRO = 1_000;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 6, 6, true)
          .toFormatter();

  private ValueText() {}

  /** Whether there is a text for values of this type. */
  public static boolean isKnown(DataType type) {
    return type instanceof StringType
        || type instanceof BooleanType
        || type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof FloatType
        || type instanceof DoubleType
        || type instanceof DecimalType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  /** The text of a value in Spark's own form, which is of a known type. */
  public static String of(Object value, DataType type) {
    if (type instanceof DateType) {
      return LocalDate.ofEpochDay((Integer) value).toString();
    } else if (type instanceof TimestampType) {
      return time((Long) value) + "Z";
    } else if (type instanceof TimestampNTZType) {
      return time((Long) value);
    } else if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal().toPlainString();
    }
    return value.toString();
  }

  private static String time(long micros) {
    var instant =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS_IN_MICRO);
    return TIME.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }
}
