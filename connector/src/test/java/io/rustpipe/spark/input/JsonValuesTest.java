package io.rustpipe.spark.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** The two notations, and what has none. */
final class JsonValuesTest {
  private static final StructType TYPE =
      StructType.fromDDL(
          "t TIMESTAMP, d DATE, n DECIMAL(38,2), m MAP<STRING, INT>, s STRUCT<z: BIGINT, a:"
              + " BINARY>, l ARRAY<DOUBLE>");

  private static final InternalRow ROW =
      row(
          -1L,
          -141_428,
          Decimal.apply(new BigDecimal("123456789012345678901234567890.10"), 38, 2),
          new ArrayBasedMapData(
              new GenericArrayData(new Object[] {UTF8String.fromString("k")}),
              new GenericArrayData(new Object[] {null})),
          row(Long.MIN_VALUE, new byte[] {-1, 0}),
          new GenericArrayData(new Object[] {0.1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY}));

  @Test
  void peopleGetTextsAndObjects() throws IOException {
    assertEquals(
        """
        {"t":"1969-12-31T23:59:59.999999Z","d":"1582-10-14","n":123456789012345678901234567890.10,\
        "m":{"k":null},"s":{"z":-9223372036854775808,"a":"/wA="},"l":[0.1,-0.0,"NaN","-Infinity"]}\
        """,
        json(JsonValues.NAMED));
  }

  @Test
  void framesHaveNumbersAndPairsButStructsByName() throws IOException {
    assertEquals(
        """
        {"t":-1,"d":-141428,"n":"123456789012345678901234567890.10",\
        "m":[["k",null]],"s":{"z":-9223372036854775808,"a":"/wA="},"l":[0.1,-0.0,"NaN","-Infinity"]}\
        """,
        json(JsonValues.FRAMES));
  }

  @Test
  void aFloatIsTheShortestTextOfItself() throws IOException {
    var text = new StringWriter();
    try (var out = new JsonFactory().createGenerator(text)) {
      JsonValues.FRAMES.write(
          out,
          new GenericArrayData(new Object[] {0.1f, 16777216f, Float.MIN_VALUE}),
          DataType.fromDDL("ARRAY<FLOAT>"));
    }
    assertEquals("[0.1,1.6777216E7,1.4E-45]", text.toString());
  }

  @Test
  void aTypeWithoutValuesIsAnErrorThatNamesThePart() {
    var type = StructType.fromDDL("a ARRAY<STRUCT<i: INTERVAL DAY>>");
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> JsonValues.FRAMES.requireKnown("c", type));
    assertTrue(
        error
            .getMessage()
            .startsWith("the DataFrame's column 'c.a.element.i' is of type INTERVAL DAY"),
        error.getMessage());

    // A time without a zone has a text, but no number that says what it is.
    var local = DataType.fromDDL("TIMESTAMP_NTZ");
    JsonValues.NAMED.requireKnown("c", local);
    assertThrows(IllegalArgumentException.class, () -> JsonValues.FRAMES.requireKnown("c", local));
  }

  @Test
  void keysMayBeOfAnyTypeInFramesAndOfThoseWithATextElsewhere() {
    var type = DataType.fromDDL("MAP<STRUCT<a: BINARY>, INT>");
    JsonValues.FRAMES.requireKnown("c", type);
    assertThrows(IllegalArgumentException.class, () -> JsonValues.NAMED.requireKnown("c", type));
  }

  private static InternalRow row(Object... values) {
    return new GenericInternalRow(values);
  }

  private static String json(JsonValues notation) throws IOException {
    var text = new StringWriter();
    try (var out = new JsonFactory().createGenerator(text)) {
      notation.write(out, ROW, TYPE);
    }
    return text.toString();
  }
}
