package io.rustpipe.spark.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.MalformedFrameException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of any program as rows. */
final class LineDecoderTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void fieldsAreFoundByNameInAnyOrder() throws IOException {
    var row = row("a INT, b STRING", "{\"b\":\"x\",\"other\":[1,{\"a\":2}],\"a\":7}");

    assertEquals(7, row.getInt(0));
    assertEquals("x", row.getString(1));
  }

  @Test
  void namesAreComparedExactly() throws IOException {
    var row = row("`größe` INT, a INT, A INT", "{\"gr\\u00f6\\u00dfe\":1,\"A\":2}");

    assertEquals(1, row.getInt(0));
    assertTrue(row.isNullAt(1));
    assertEquals(2, row.getInt(2));
  }

  @Test
  void whatIsMissingIsNullAlsoAfterARowThatHadIt() throws IOException {
    var decoder = decoder("a INT, b STRING");
    decode(decoder, "{\"a\":1,\"b\":\"x\"}");
    var row = decode(decoder, "{\"b\":null}");

    assertTrue(row.isNullAt(0));
    assertTrue(row.isNullAt(1));
  }

  @Test
  void whatMustNotBeNullMustBeThere() {
    assertMalformed("a INT NOT NULL", "{}", "column 'a': expected int that is not null");
    assertMalformed("a INT NOT NULL", "{\"a\":null}", "column 'a': expected int that is not null");
    assertMalformed(
        "s STRUCT<a: INT NOT NULL>", "{\"s\":{}}", "column 's.a': expected int that is not null");
  }

  @Test
  void aFieldThatIsThereTwiceIsMalformed() {
    assertMalformed("a INT", "{\"a\":1,\"a\":2}", "column 'a': expected one value");
    assertMalformed("m MAP<STRING, INT>", "{\"m\":{\"k\":1,\"k\":2}}", "column 'm'");
  }

  @Test
  void structsAndMapsAreObjects() throws IOException {
    var row =
        row(
            "s STRUCT<a: INT, b: ARRAY<STRUCT<c: STRING>>>, m MAP<STRING, STRUCT<d: DOUBLE>>",
            "{\"m\":{\"k\":{\"d\":1.5},\"l\":null},\"s\":{\"b\":[{\"c\":\"x\"},{},null]}}");

    var struct = row.getStruct(0, 2);
    assertTrue(struct.isNullAt(0));
    assertEquals("x", struct.getArray(1).getStruct(0, 1).getUTF8String(0).toString());
    assertTrue(struct.getArray(1).getStruct(1, 1).isNullAt(0));
    assertTrue(struct.getArray(1).isNullAt(2));
    var map = row.getMap(1);
    assertEquals("k", map.keyArray().getUTF8String(0).toString());
    assertEquals(1.5, map.valueArray().getStruct(0, 1).getDouble(0));
    assertTrue(map.valueArray().isNullAt(1));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T12:00:00Z, 2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00.123456Z, 2024-02-29T12:00:00.123456Z",
    "2024-02-29T12:00:00.123456789Z, 2024-02-29T12:00:00.123456Z",
    "2024-02-29 12:00:00+02:00, 2024-02-29T10:00:00Z",
    "2024-02-29T12:00:00-0130, 2024-02-29T13:30:00Z",
    "2024-02-29T12:00, 2024-02-29T11:00:00Z",
    "2024-07-01, 2024-06-30T22:00:00Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
  })
  void timesAreIso8601AndOfTheSessionsZoneIfTheyNameNone(String written, String meant)
      throws IOException {
    var row = row("t TIMESTAMP", "{\"t\":\"" + written + "\"}");

    assertEquals(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(meant)), row.getLong(0));
  }

  @Test
  void datesAreIso8601() throws IOException {
    assertEquals(
        LocalDate.of(2024, 2, 29).toEpochDay(), row("d DATE", "{\"d\":\"2024-02-29\"}").getInt(0));
  }

  @Test
  void decimalsAreNumbersOrStrings() throws IOException {
    for (var written : new String[] {"12.50", "\"12.50\"", "1.25e1"}) {
      assertEquals(
          "12.50",
          row("d DECIMAL(10, 2)", "{\"d\":" + written + "}").getDecimal(0, 10, 2).toString());
    }
  }

  @Test
  void notANumberAndInfinityAreStrings() throws IOException {
    assertTrue(Double.isNaN(row("d DOUBLE", "{\"d\":\"NaN\"}").getDouble(0)));
    assertEquals(Double.NEGATIVE_INFINITY, row("d DOUBLE", "{\"d\":\"-Infinity\"}").getDouble(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT             | \"x1\"",
        "INT             | 2147483648",
        "INT             | 1.5",
        "TINYINT         | 128",
        "DOUBLE          | \"1.5\"",
        "DOUBLE          | 1e999",
        "BOOLEAN         | \"true\"",
        "STRING          | 1",
        "DECIMAL(3, 1)   | 1.25",
        "DECIMAL(3, 1)   | 123.5",
        "TIMESTAMP       | 1700000000",
        "TIMESTAMP       | \"yesterday\"",
        "TIMESTAMP       | \"2023-02-29T00:00:00Z\"",
        "DATE            | \"2023-02-29\"",
        "DATE            | 19000",
        "BINARY          | \"not base64!\"",
        "ARRAY<INT>      | {}",
        "STRUCT<a: INT>  | [1]",
        "MAP<STRING,INT> | [[\"k\", 1]]",
      })
  void aValueOfAnotherTypeIsMalformed(String type, String value) {
    assertMalformed("c " + type + ", other INT", "{\"c\":" + value + "}", "column 'c': expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[1]", "1", "\"a\"", "{\"a\":1} x", "{\"a\":1"})
  void aLineThatIsNoObjectIsMalformed(String line) {
    var decoder = decoder("a INT, b INT");
    assertThrows(IOException.class, () -> decode(decoder, line));
  }

  @Test
  void afterAMalformedLineTheNextIsReadAsEver() throws IOException {
    var decoder = decoder("a INT, b STRUCT<c: INT>");
    assertThrows(RowFormatException.class, () -> decode(decoder, "{\"a\":1,\"b\":{\"c\":\"x\"}}"));
    var row = decode(decoder, "{\"b\":{\"c\":2},\"a\":3}");

    assertEquals(3, row.getInt(0));
    assertEquals(2, row.getStruct(1, 1).getInt(0));
  }

  @Test
  void oneStringColumnTakesTheLine() throws IOException {
    assertEquals("{\"a\":1}\r", row("line STRING", "{\"a\":1}\r").getString(0));
    assertEquals("", row("line STRING", "").getString(0));
    assertTrue(LineDecoder.isText(StructType.fromDDL("l STRING, _corrupt_record STRING")));
    assertFalse(LineDecoder.isText(StructType.fromDDL("l STRING, m STRING")));
    assertFalse(LineDecoder.isText(StructType.fromDDL("l INT")));
  }

  @Test
  void aLineThatIsNoTextIsMalformed() {
    var decoder = decoder("line STRING");
    var bytes = new byte[] {'a', (byte) 0xff};
    var error = assertThrows(MalformedFrameException.class, () -> decoder.decode(bytes, 0, 2));
    assertEquals("malformed at byte 1: byte 0xff starts no UTF-8 character", error.getMessage());
  }

  @Test
  void theCorruptRecordIsNullInAGoodRowWhateverTheLineCallsSo() throws IOException {
    var row = row("_corrupt_record STRING, a INT", "{\"_corrupt_record\":\"mine\",\"a\":1}");

    assertTrue(row.isNullAt(0));
    assertEquals(1, row.getInt(1));
  }

  @Test
  void norDoesItMakeALineMalformedThatThereIsNoCorruptRecord() throws IOException {
    assertEquals(1, row("a INT, _corrupt_record STRING NOT NULL", "{\"a\":1}").getInt(0));
  }

  @Test
  void aMalformedLineIsTheCorruptRecord() {
    var decoder = decoder("a INT NOT NULL, _corrupt_record STRING, d DECIMAL(30, 2)");
    var row = decoder.corrupt("no json".getBytes(UTF_8), 3, 7);

    assertTrue(row.isNullAt(0));
    assertEquals("json", row.getString(1));
    assertTrue(row.isNullAt(2));
  }

  @Test
  void onlyWantedColumnsAreLookedAt() throws IOException {
    var schema = StructType.fromDDL("a INT, b INT");
    var one = new LineDecoder(schema, StructType.fromDDL("b INT"), BERLIN);
    assertEquals(2, decode(one, "{\"a\":\"x1\",\"b\":2}").getInt(0));

    var none = new LineDecoder(schema, new StructType(), BERLIN);
    assertEquals(0, decode(none, "no json").numFields());
  }

  @Test
  void aTypeWithoutJsonIsAnErrorAtOnce() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> decoder("m MAP<INT, INT>, a INT"));
    assertTrue(error.getMessage().contains("its keys must be STRING"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> decoder("a INTERVAL DAY"));
  }

  @Test
  void aFieldThatIsDeclaredTwiceIsAnErrorAtOnce() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> decoder("s STRUCT<a: INT, a: INT>"));
    assertEquals("the given schema has the field 'a' twice in 's'", error.getMessage());
  }

  private static void assertMalformed(String ddl, String line, String part) {
    var error = assertThrows(RowFormatException.class, () -> row(ddl, line));
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  private static UnsafeRow row(String ddl, String line) throws IOException {
    return decode(decoder(ddl), line);
  }

  private static LineDecoder decoder(String ddl) {
    var schema = StructType.fromDDL(ddl);
    return new LineDecoder(schema, schema, BERLIN);
  }

  private static UnsafeRow decode(LineDecoder decoder, String line) throws IOException {
    var bytes = ("#" + line + "\n").getBytes(UTF_8);
    return decoder.decode(bytes, 1, bytes.length - 1);
  }
}
