package io.rustpipe.spark.row;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jackson writes is decoded to the very bytes that Spark makes of the same values. */
final class RandomRowsTest {
  private static final int ROWS = 50;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void decodedRowsAreByteForByteThoseOfSpark(long seed) throws IOException {
    var rows = new RandomRows(seed);
    StructType worker = rows.schema(12, 3);
    var decoder = new RowDecoder(new StructType(), worker, new StructType());
    UnsafeProjection spark = UnsafeProjection.create(worker);
    for (int i = 0; i < ROWS; i++) {
      InternalRow row = rows.row(worker);
      byte[] json = rows.json(worker, row);
      JsonCursor cursor = cursor(json, json.length);
      UnsafeRow decoded = decoder.decode(cursor, new UnsafeRow(0));
      cursor.expectEnd();
      assertArrayEquals(spark.apply(row).getBytes(), decoded.getBytes(), worker::catalogString);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void inputColumnsOfAnyTypeArriveUnchanged(long seed) throws IOException {
    var rows = new RandomRows(seed);
    StructType prefix = rows.schema(8, 3);
    StructType worker = rows.schema(4, 1);
    StructType suffix = StructType.fromDDL("error_code string");
    var decoder = new RowDecoder(prefix, worker, suffix);
    StructType whole = concat(concat(prefix, worker), suffix);
    UnsafeProjection input = UnsafeProjection.create(prefix);
    UnsafeProjection expected = UnsafeProjection.create(whole);
    UnsafeProjection normalized = UnsafeProjection.create(whole);
    for (int i = 0; i < ROWS; i++) {
      InternalRow kept = rows.row(prefix);
      InternalRow row = rows.row(worker);
      byte[] json = rows.json(worker, row);
      UnsafeRow decoded = decoder.decode(cursor(json, json.length), input.apply(kept));
      var joined = new JoinedRow(new JoinedRow(kept, row), new GenericInternalRow(1));
      assertEquals(expected.apply(joined), normalized.apply(decoded), whole::catalogString);

      UnsafeRow failed = decoder.failure(input.apply(kept), "DNS", "no such host");
      var nulls = new GenericInternalRow(worker.length());
      var code = new GenericInternalRow(new Object[] {UTF8String.fromString("DNS")});
      var error = new JoinedRow(new JoinedRow(kept, nulls), code);
      assertEquals(expected.apply(error), normalized.apply(failed), whole::catalogString);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void everyTruncationIsAFrameError(long seed) {
    var rows = new RandomRows(seed);
    StructType worker = rows.schema(6, 3);
    var decoder = new RowDecoder(new StructType(), worker, new StructType());
    byte[] json = rows.json(worker, rows.row(worker));
    for (int length = 0; length < json.length; length++) {
      JsonCursor cursor = cursor(json, length);
      assertThrows(MalformedFrameException.class, () -> decoder.decode(cursor, new UnsafeRow(0)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44, 45, 46, 47, 48, 49, 50})
  void damagedRowsAreRefusedOrDecodedAndNothingElse(long seed) {
    var rows = new RandomRows(seed);
    var random = new Random(seed);
    StructType worker = rows.schema(8, 3);
    var decoder = new RowDecoder(new StructType(), worker, new StructType());
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] json = rows.json(worker, rows.row(worker));
      for (int change = random.nextInt(3); change >= 0; change--) {
        json[random.nextInt(json.length)] = (byte) random.nextInt(256);
      }
      JsonCursor cursor = cursor(json, json.length);
      try {
        decoder.decode(cursor, new UnsafeRow(0));
        cursor.expectEnd();
      } catch (MalformedFrameException | RowFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 500, refused + " refused");
  }

  private static StructType concat(StructType first, StructType second) {
    StructType all = first;
    for (StructField field : second.fields()) {
      all = all.add(field);
    }
    return all;
  }

  private static JsonCursor cursor(byte[] json, int length) {
    JsonCursor cursor = new JsonCursor();
    // What comes after a frame in its buffer must not help it.
    byte[] buffer = Arrays.copyOf(json, json.length + 16);
    cursor.reset(buffer, 0, length);
    return cursor;
  }
}
