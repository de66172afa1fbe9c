package io.rustpipe.spark.row;

import static io.rustpipe.spark.frame.Cursors.cursor;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RowDecoderTest {
  private static final StructType NONE = new StructType();
  private static final UnsafeRow NO_VALUES = new UnsafeRow(0);

  @Test
  void aRowIsThePrefixThenTheWorkersValuesThenNulls() throws IOException {
    StructType prefix = StructType.fromDDL("url string, rank int, tags array<string>");
    StructType suffix = StructType.fromDDL("error_code string, error_message string");
    var decoder = new RowDecoder(prefix, StructType.fromDDL("path string, size bigint"), suffix);
    UnsafeRow input = unsafeRow(prefix, UTF8String.fromString("https://example.org"), 7, null);

    UnsafeRow row = decoder.decode(cursor("[\"a/README.md\",512]"), input);

    assertEquals(7, row.numFields());
    assertEquals("https://example.org", row.getString(0));
    assertEquals(7, row.getInt(1));
    assertTrue(row.isNullAt(2));
    assertEquals("a/README.md", row.getString(3));
    assertEquals(512, row.getLong(4));
    assertTrue(row.isNullAt(5));
    assertTrue(row.isNullAt(6));
  }

  @Test
  void theRowObjectIsReusedAndNothingOfTheRowBeforeIsLeft() throws IOException {
    var decoder = decoder("a string, b bigint, c array<int>");
    UnsafeRow first = decoder.decode(cursor("[\"long enough to matter\",1,[1,2,3]]"), NO_VALUES);
    UnsafeRow copy = first.copy();
    UnsafeRow second = decoder.decode(cursor("[null,null,null]"), NO_VALUES);
    assertSame(first, second);
    for (int i = 0; i < 3; i++) {
      assertTrue(second.isNullAt(i));
    }
    assertEquals(copy, decoder.decode(cursor("[\"long enough to matter\",1,[1,2,3]]"), NO_VALUES));
  }

  @Test
  void rowsOfAFrameAreReadOneAfterTheOther() throws IOException {
    var decoder = decoder("a bigint");
    JsonCursor rows = cursor("[[1],[2],[3]]");
    rows.enterArray();
    for (long i = 1; rows.nextElement(); i++) {
      assertEquals(i, decoder.decode(rows, NO_VALUES).getLong(0));
    }
    rows.expectEnd();
  }

  @Test
  void aRowWithoutColumnsIsAnEmptyArray() throws IOException {
    var decoder = new RowDecoder(NONE, NONE, NONE);
    assertEquals(0, decoder.decode(cursor("[]"), NO_VALUES).numFields());
    assertRowError(decoder, "[1]", "row: expected an array of 0 values, found one more: 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bigint|\"x1\"",
        "bigint|1.5",
        "bigint|true",
        "bigint|9223372036854775808",
        "bigint|[1]",
        "int|2147483648",
        "int|-2147483649",
        "smallint|32768",
        "tinyint|-129",
        "date|3000000000",
        "timestamp|\"2024-01-01\"",
        "string|1",
        "string|{}",
        "string|[\"a\"]",
        "boolean|\"true\"",
        "boolean|1",
        "double|\"1.5\"",
        "double|\"inf\"",
        "double|1e999",
        "double|false",
        "float|1e39",
        "float|\"nan\"",
        "binary|\"AA\"",
        "binary|\"AA=A\"",
        "binary|\"A A=\"",
        "binary|1",
        "decimal(5,2)|1.5",
        "decimal(5,2)|\"1.234\"",
        "decimal(5,2)|\"1234.5\"",
        "decimal(5,2)|\"1e3\"",
        "decimal(38,0)|\"1E999999999\"",
        "decimal(5,2)|\"\"",
        "decimal(5,2)|\"x\"",
        "array<int>|1",
        "array<int>|{}",
        "map<string,int>|{\"a\":1}",
        "map<string,int>|[[\"a\"]]",
        "map<string,int>|[[\"a\",1,2]]",
        "map<string,int>|[\"a\"]",
      })
  void aValueOfAnotherKindNamesTheColumnTheTypeAndTheValue(String type, String json) {
    assertRowError(
        decoder("before int, c " + type),
        "[1," + json + "]",
        "column 'c': expected " + type + ", found " + json);
  }

  @Test
  void anErrorWithinAValueNamesThePart() {
    var errors = decoder("errors array<struct<stage:string,offset:bigint>>");
    assertRowError(
        errors,
        "[[[\"s\",1],[\"t\",\"x1\"]]]",
        "column 'errors.element.offset': expected bigint, found \"x1\"");
    assertRowError(
        errors,
        "[[[\"s\"]]]",
        "column 'errors.element': expected an array of 2 values,"
            + " found only 1 of them: no errors.element.offset");
    assertRowError(
        errors, "[[3]]", "column 'errors.element': expected an array of 2 values, found 3");
    var map = decoder("m map<string,int>");
    assertRowError(map, "[[[1,2]]]", "column 'm.key': expected string, found 1");
    assertRowError(
        map, "[[[null,2]]]", "column 'm.key': expected string that is not null, found null");
    assertRowError(map, "[[[\"a\",\"b\"]]]", "column 'm.value': expected int, found \"b\"");
  }

  @Test
  void nullWhereTheTypeHasNoneIsRefused() throws IOException {
    StructType schema =
        new StructType()
            .add("n", DataTypes.IntegerType, false)
            .add("a", DataTypes.createArrayType(DataTypes.StringType, false), true);
    var decoder = new RowDecoder(NONE, schema, NONE);
    assertTrue(decoder.decode(cursor("[1,null]"), NO_VALUES).isNullAt(1));
    assertRowError(decoder, "[null,null]", "column 'n': expected int that is not null, found null");
    assertRowError(
        decoder, "[1,[null]]", "column 'a.element': expected string that is not null, found null");
  }

  @Test
  void theNumberOfValuesMustFit() {
    var decoder = decoder("a int, b int");
    assertRowError(decoder, "[]", "row: expected an array of 2 values, found only 0 of them: no a");
    assertRowError(
        decoder, "[1]", "row: expected an array of 2 values, found only 1 of them: no b");
    assertRowError(
        decoder,
        "[1,2,{\"x\":3}]",
        "row: expected an array of 2 values, found one more: {\"x\":3}");
    assertRowError(decoder, "null", "row: expected an array of 2 values, found null");
    assertRowError(decoder, "{\"a\":1}", "row: expected an array of 2 values, found {\"a\":1}");
  }

  @Test
  void aLongValueIsShortenedInTheMessage() {
    assertRowError(
        decoder("c int"),
        "[\"" + "x".repeat(98) + "😀tail\"]",
        "column 'c': expected int, found \"" + "x".repeat(98) + "... (106 characters)");
  }

  @Test
  void theErrorNamesTheColumnForThePrograms() {
    var error =
        assertThrows(
            RowFormatException.class,
            () -> decoder("a int, b int").decode(cursor("[1,\"x\"]"), NO_VALUES));
    assertEquals("b", error.column());
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] row = "[\"a\u00ffb\"]".getBytes(ISO_8859_1);
    var error =
        assertThrows(
            MalformedFrameException.class,
            () -> decoder("c string").decode(cursor(row), NO_VALUES));
    assertEquals(3, error.position());
  }

  @Test
  void aValueThatIsNotJsonIsAFrameErrorAndNotTheColumns() {
    for (String row :
        new String[] {"[tru]", "[1.]", "[01]", "[-]", "[\"\\ud83d\"]", "[1 2]", "[;]"}) {
      for (String type : new String[] {"bigint", "string", "array<int>", "double", "boolean"}) {
        var decoder = decoder("c " + type);
        assertThrows(IOException.class, () -> decoder.decode(cursor(row), NO_VALUES));
        if (!row.equals("[1 2]") && !row.equals("[01]")) {
          assertThrows(
              MalformedFrameException.class,
              () -> decoder.decode(cursor(row), NO_VALUES),
              type + " from " + row);
        }
      }
    }
  }

  @Test
  void numbersOfAllFormsAreRead() throws IOException {
    var decoder = decoder("d double, f float");
    double[][] expected = {
      {0.1, 16777217},
      {-0.0, 1e-46},
      {1e300, -2.5e-3},
      {Double.NaN, Double.NaN},
      {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}
    };
    String[] rows = {
      "[0.1,16777217]",
      "[-0.0,1e-46]",
      "[1E+300,-2.5e-3]",
      "[\"NaN\",\"NaN\"]",
      "[\"Infinity\",\"-Infinity\"]"
    };
    for (int i = 0; i < rows.length; i++) {
      UnsafeRow row = decoder.decode(cursor(rows[i]), NO_VALUES);
      assertEquals(expected[i][0], row.getDouble(0));
      assertEquals((float) expected[i][1], row.getFloat(1));
    }
  }

  @Test
  void aFloatIsRoundedOnce() throws IOException {
    // As a double this is exactly half way between two floats, and would be rounded down.
    String number = "1.00000005960464477540";
    UnsafeRow row = decoder("f float").decode(cursor("[" + number + "]"), NO_VALUES);
    assertEquals(Float.parseFloat(number), row.getFloat(0));
    assertTrue((float) Double.parseDouble(number) != row.getFloat(0));
  }

  @Test
  void decimalsAreExact() throws IOException {
    var decoder = decoder("a decimal(5,2), b decimal(38,10), c decimal(20,0)");
    UnsafeRow row =
        decoder.decode(
            cursor("[\"-123.4\",\"1234567890123456789012345678.0123456789\",\"007\"]"), NO_VALUES);
    assertEquals("-123.40", row.getDecimal(0, 5, 2).toString());
    assertEquals("1234567890123456789012345678.0123456789", row.getDecimal(1, 38, 10).toString());
    assertEquals("7", row.getDecimal(2, 20, 0).toString());
    assertEquals(
        "1.50",
        decoder.decode(cursor("[\"1.5000\",null,null]"), NO_VALUES).getDecimal(0, 5, 2) + "");
  }

  @Test
  void binaryIsBase64() throws IOException {
    var decoder = decoder("b binary");
    assertArrayEquals(
        new byte[] {0, (byte) 255, 62},
        decoder.decode(cursor("[\"AP8+\"]"), NO_VALUES).getBinary(0));
    assertArrayEquals(new byte[] {0}, decoder.decode(cursor("[\"AA==\"]"), NO_VALUES).getBinary(0));
    assertArrayEquals(new byte[0], decoder.decode(cursor("[\"\"]"), NO_VALUES).getBinary(0));
  }

  @Test
  void anErrorRowHasItsInputAndTheErrorOnly() {
    StructType prefix = StructType.fromDDL("url string");
    var decoder =
        new RowDecoder(
            prefix,
            StructType.fromDDL("path string, size bigint"),
            StructType.fromDDL("error_code string, error_message string"));
    UnsafeRow input = unsafeRow(prefix, UTF8String.fromString("u"));
    UnsafeRow row = decoder.failure(input, "BAD_GZIP", "bad header: ü");
    assertEquals("u", row.getString(0));
    assertTrue(row.isNullAt(1));
    assertTrue(row.isNullAt(2));
    assertEquals("BAD_GZIP", row.getString(3));
    assertEquals("bad header: ü", row.getString(4));
  }

  @Test
  void anErrorRowFillsTheWorkersOwnStatusAndErrorColumns() {
    var decoder =
        decoder("final_url string, error_message string, status string, error_code string");
    UnsafeRow row = decoder.failure(NO_VALUES, "WORKER_CRASH", "SIGSEGV");
    assertTrue(row.isNullAt(0));
    assertEquals("SIGSEGV", row.getString(1));
    assertEquals("FAILED", row.getString(2));
    assertEquals("WORKER_CRASH", row.getString(3));
  }

  @Test
  void anErrorRowNeedsNoErrorColumns() {
    assertTrue(decoder("size bigint").failure(NO_VALUES, "DNS", "no such host").isNullAt(0));
  }

  @Test
  void aTypeThatTheProtocolLacksIsRefusedAtOnce() {
    StructType schema = new StructType().add("i", DataTypes.CalendarIntervalType);
    var error =
        assertThrows(IllegalArgumentException.class, () -> new RowDecoder(NONE, schema, NONE));
    assertEquals("column 'i': the protocol has no values of type interval", error.getMessage());
  }

  @Test
  void aPrefixOfAnotherWidthIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> decoder("a int").decode(cursor("[1]"), new UnsafeRow(1)));
  }

  @Test
  void everyTruncationIsAFrameError() {
    var decoder =
        decoder(
            "s string, i int, d double, b boolean, x binary, a array<string>,"
                + " m map<string,array<int>>, t struct<p:decimal(5,2),q:string>");
    String text =
        "[\"a\\n\\ud83d\\ude00ü\",-12,1.5e3,true,\"AAAA\",[\"a\",null],"
            + "[[\"k\",[1,2]],[\"l\",[]]],[\"1.25\",\"q\"]]";
    byte[] row = text.getBytes(UTF_8);
    for (int length = 0; length < row.length; length++) {
      byte[] cut = Arrays.copyOf(row, length);
      assertThrows(
          MalformedFrameException.class,
          () -> decoder.decode(cursor(cut), NO_VALUES),
          "length " + length);
    }
  }

  private static void assertRowError(RowDecoder decoder, String row, String message) {
    var error =
        assertThrows(RowFormatException.class, () -> decoder.decode(cursor(row), NO_VALUES), row);
    assertEquals(message, error.getMessage());
  }

  private static RowDecoder decoder(String ddl) {
    return new RowDecoder(NONE, StructType.fromDDL(ddl), NONE);
  }

  private static UnsafeRow unsafeRow(StructType schema, Object... values) {
    return UnsafeProjection.create(schema).apply(new GenericInternalRow(values)).copy();
  }
}
