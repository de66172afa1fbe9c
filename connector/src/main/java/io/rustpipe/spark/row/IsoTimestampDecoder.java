package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/**
 * {@code timestamp} as {@code 2024-02-29T12:00:00.123456Z}. A blank may stand for the T, the offset
 * may be left out, and so may be seconds, their fraction, or all behind the date, as in Spark's own
 * JSON source. What is finer than a microsecond is cut off, as there: many programs write
 * nanoseconds.
 */
final class IsoTimestampDecoder implements ValueDecoder {
  private static final long MICROS = 1_000_000;
  private static final int NANOS_IN_MICRO = 1_000;

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalEnd()
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private final ZoneId zone;

  /**
   * @param zone of times without an offset
   */
  IsoTimestampDecoder(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException {
    try {
      var instant = instant(FORMAT.parse(cursor.readString().replaceFirst(" ", "T")));
      writer.write(
          ordinal,
          Math.addExact(
              Math.multiplyExact(instant.getEpochSecond(), MICROS),
              instant.getNano() / NANOS_IN_MICRO));
    } catch (DateTimeException | ArithmeticException e) {
      throw cursor.malformed("not a timestamp such as 2024-02-29T12:00:00.123456Z");
    }
  }

  private Instant instant(TemporalAccessor time) {
    if (time.isSupported(ChronoField.OFFSET_SECONDS)) {
      return Instant.from(time);
    }
    return time.isSupported(ChronoField.NANO_OF_DAY)
        ? LocalDateTime.from(time).atZone(zone).toInstant()
        : LocalDate.from(time).atStartOfDay(zone).toInstant();
  }
}
