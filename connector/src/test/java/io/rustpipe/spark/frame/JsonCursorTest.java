package io.rustpipe.spark.frame;

import static io.rustpipe.spark.frame.Cursors.cursor;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonCursorTest {
  private static final String FRAME =
      "{\"type\":\"rows\",\"id\":7,\"new\":{\"a\":[1,{}]},\"rows\":[[\"p\",null],[]],\"ok\":true}";

  @Test
  void walksAFrame() throws MalformedFrameException {
    JsonCursor cursor = cursor(FRAME);
    cursor.enterObject();
    assertTrue(cursor.nextField());
    assertTrue(cursor.fieldIs("type"));
    assertFalse(cursor.fieldIs("typ"));
    assertFalse(cursor.fieldIs("tyqe"));
    assertEquals("rows", cursor.readString());
    assertTrue(cursor.nextField());
    assertEquals("id", cursor.fieldName());
    assertEquals(7, cursor.readLong());
    assertTrue(cursor.nextField());
    assertTrue(cursor.fieldIs("new"));
    cursor.skipValue();
    assertTrue(cursor.nextField());
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    assertTrue(cursor.isString());
    assertFalse(cursor.readNull());
    assertEquals("p", cursor.readString());
    assertTrue(cursor.nextElement());
    assertTrue(cursor.readNull());
    assertFalse(cursor.nextElement());
    assertTrue(cursor.nextElement());
    assertEquals("[]", cursor.readRaw());
    assertFalse(cursor.nextElement());
    assertTrue(cursor.nextField());
    assertTrue(cursor.readBoolean());
    assertFalse(cursor.nextField());
    cursor.expectEnd();
    assertEquals(FRAME.length(), cursor.position());
  }

  @Test
  void readsOnlyItsPartOfTheBuffer() throws MalformedFrameException {
    byte[] buffer = "xx[12]34".getBytes(UTF_8);
    JsonCursor cursor = new JsonCursor();
    cursor.reset(buffer, 2, 6);
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    assertEquals(12, cursor.readLong());
    assertFalse(cursor.nextElement());
    cursor.expectEnd();
    cursor.reset(buffer, 3, 4);
    assertEquals(1, cursor.readLong());
    assertThrows(IndexOutOfBoundsException.class, () -> cursor.reset(buffer, 3, 9));
  }

  @Test
  void whiteSpaceMayBeAnywhereBetweenTokens() throws MalformedFrameException {
    JsonCursor cursor = cursor(" {\r\n\t\"a\" : [ 1 , null ] , \"b\" : -2 } \r\n");
    cursor.enterObject();
    assertTrue(cursor.nextField());
    assertEquals("[ 1 , null ]", cursor.readRaw());
    assertTrue(cursor.nextField());
    assertEquals(-2, cursor.readLong());
    assertFalse(cursor.nextField());
    cursor.expectEnd();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 9, 10, 1234567890123L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1})
  void longsAreExact(long value) throws MalformedFrameException {
    assertEquals(value, cursor(Long.toString(value)).readLong());
  }

  @Test
  void longsOfEveryLengthAreExactWhateverFollows() throws MalformedFrameException {
    var random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      long value = random.nextLong() >> random.nextInt(Long.SIZE);
      for (String behind : new String[] {"", ",", "]", " ,123456789"}) {
        JsonCursor cursor = cursor(value + behind);
        assertEquals(value, cursor.readLong());
        assertEquals(Long.toString(value).length(), cursor.position());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "1",
        "10",
        "0.1",
        "0.000001",
        "-12.5",
        "1e0",
        "1E+2",
        "1.5e-3",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0",
        "0.9007199254740993",
        "123456789012345678",
        "1234567890123456789",
        "12345678901234567890123",
        "0.1234567890123456",
        "0.12345678901234567",
        "1.7976931348623157e308",
        "4.9e-324",
        "2.2250738585072012e-308",
        "0.3",
        "1.10",
        "100.00",
        "33.333333333333336",
        "1e400",
        "-1e400"
      })
  void doublesAreTheNearest(String json) throws MalformedFrameException {
    assertDouble(json);
  }

  @Test
  void doublesOfEveryLengthAreTheNearest() throws MalformedFrameException {
    var random = new Random(4);
    for (int round = 0; round < 20_000; round++) {
      assertDouble(Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62))));
      assertDouble(random.nextLong(1L << random.nextInt(1, 62)) + "." + random.nextInt(1_000_000));
      assertDouble(Float.toString(random.nextFloat()));
    }
  }

  private static void assertDouble(String json) throws MalformedFrameException {
    long expected = Double.doubleToRawLongBits(Double.parseDouble(json));
    for (String behind : new String[] {"", ",", "]", " "}) {
      JsonCursor cursor = cursor(json + behind);
      assertEquals(expected, Double.doubleToRawLongBits(cursor.readDouble()), json);
      assertEquals(json.length(), cursor.position(), json);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", ".5", "5.", "5.e3", "-.5", "1e", "1e+", "x", "\"1\"", "null", "+1", "NaN"
      })
  void whatIsNoNumberIsRefused(String json) {
    assertThrows(MalformedFrameException.class, () -> cursor(json).readDouble());
  }

  @Test
  void numbersEndWhereJsonEndsThem() throws MalformedFrameException {
    for (String json : new String[] {"00", "01", "01.5", "1.2.3", "1-2", "12-", "1.5-"}) {
      JsonCursor cursor = cursor(json);
      cursor.readDouble();
      assertThrows(MalformedFrameException.class, cursor::expectEnd, json);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "92233720368547758070",
        "1.0",
        "1e3",
        "1E3",
        "-",
        "",
        "x",
        "\"1\"",
        "true",
        "+1",
        ".5"
      })
  void whatIsNoLongIsRefused(String json) {
    assertThrows(MalformedFrameException.class, () -> cursor(json).readLong());
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "-01", "00"})
  void leadingZerosAreRefused(String json) throws MalformedFrameException {
    JsonCursor cursor = cursor(json);
    assertEquals(0, cursor.readLong());
    assertThrows(MalformedFrameException.class, cursor::expectEnd);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "plain, plain",
    "exactly8, exactly8",
    "'/\\/', //",
    "'\\u0041\\u00e9\\u20AC', Aé€",
    "'a\\ud83d\\ude00b', a😀b",
    "'größe 中文 😀', größe 中文 😀",
  })
  void stringsAreResolved(String inner, String expected) throws MalformedFrameException {
    assertEquals(expected, cursor('"' + inner + '"').readString());
  }

  @Test
  void everyShortEscapeIsResolved() throws MalformedFrameException {
    assertEquals(
        "\"\\/\b\f\n\r\t\0 end", cursor("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000 end\"").readString());
  }

  @Test
  void aLongStringWithManyEscapesIsResolved() throws MalformedFrameException {
    String expected = "line of text\n".repeat(1000);
    assertEquals(expected, cursor('"' + expected.replace("\n", "\\n") + '"').readString());
  }

  @Test
  void everyByteOfAWordIsLookedAt() {
    for (int length = 0; length < 24; length++) {
      for (int bad = 0; bad < length; bad++) {
        for (char c : new char[] {0, '\n', 0x1f, 0x80, 0xbf, 0xc0, 0xff}) {
          String inner = "~".repeat(bad) + c + "~".repeat(length - bad - 1);
          int expected = bad + 1;
          JsonCursor cursor = cursor(('"' + inner + '"').getBytes(ISO_8859_1));
          var error = assertThrows(MalformedFrameException.class, cursor::readText, inner);
          assertEquals(expected, error.position(), inner);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", "c080", "c1bf", "e08080", "e09fbf", "eda080", "edbfbf", "f0808080", "f08fbfbf",
        "f4908080", "f5808080", "ff", "c3", "e282", "f09f98", "c341", "e28241", "e24182"
      })
  void whatIsNotUtf8IsRefused(String hex) {
    byte[] content = HexFormat.of().parseHex(hex);
    byte[] json = ('"' + new String(content, ISO_8859_1) + '"').getBytes(ISO_8859_1);
    assertThrows(MalformedFrameException.class, () -> cursor(json).readText());
  }

  @Test
  void everyCodePointIsRead() throws MalformedFrameException {
    for (int codePoint = ' '; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint != '"' && codePoint != '\\' && !isSurrogate(codePoint)) {
        String text = Character.toString(codePoint);
        assertEquals(text, cursor('"' + text + '"').readString());
      }
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud83d",
        "\\ude00",
        "\\ud83d\\ud83d",
        "\\ud83dx",
        "\\ud83d\\n",
        "\\ude00\\ud83d",
        "\\u12",
        "\\u12g4",
        "\\u+123",
        "\\x41",
        "\\'",
        "\\U0041",
        "\\"
      })
  void badEscapesAreRefused(String inner) {
    assertThrows(MalformedFrameException.class, () -> cursor('"' + inner + '"').readText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1]",
        "nul",
        "nullx",
        "tru",
        "falsy",
        "NaN",
        "Infinity",
        "-",
        "1.",
        ".1",
        "1e",
        "1e+",
        "-a",
        "'a'",
        "\"a",
        "]",
        "}",
        "[1],",
        "1 2",
        "\u00a0 1",
        "\ufeff1",
        "// x\n1",
        "[/**/]"
      })
  void whatIsNotJsonIsRefused(String json) {
    assertThrows(MalformedFrameException.class, () -> skipAll(cursor(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "1.5",
        "1e5",
        "1E+5",
        "12.50e-3",
        "[]",
        "{}",
        "[[],{}]",
        "\"\""
      })
  void whatIsJsonIsSkipped(String json) throws MalformedFrameException {
    skipAll(cursor(json));
  }

  @Test
  void nestingIsBounded() throws MalformedFrameException {
    skipAll(cursor("[".repeat(64) + "]".repeat(64)));
    skipAll(cursor("{\"a\":[".repeat(32) + "]}".repeat(32)));
    String deep = "[".repeat(1_000_000);
    var error = assertThrows(MalformedFrameException.class, () -> cursor(deep).skipValue());
    assertEquals(64, error.position());
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] frame = FRAME.getBytes(UTF_8);
    for (int length = 0; length < frame.length; length++) {
      JsonCursor cursor = cursor(Arrays.copyOf(frame, length));
      assertThrows(MalformedFrameException.class, () -> skipAll(cursor), "length " + length);
    }
  }

  @Test
  void mutatedFramesAreJudgedAsJacksonJudgesThem() {
    JsonMapper jackson =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    Random random = new Random(42);
    byte[] source = FRAME.replace("7", "-7.5e1").replace("p", "a\\nb\\u00e9").getBytes(UTF_8);
    String alphabet = "{}[],:\"\\ntrue-+.eE019 \n\u0001";
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] frame = source.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        frame[random.nextInt(frame.length)] =
            (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      boolean valid = isValid(frame);
      assertEquals(jacksonAccepts(jackson, frame), valid, () -> new String(frame, UTF_8));
      refused += valid ? 0 : 1;
    }
    assertTrue(refused > 1000 && refused < 49_000, refused + " refused");
  }

  @Test
  void anErrorSaysWhereAndWhat() {
    JsonCursor cursor = new JsonCursor();
    cursor.reset("xxx[1;2]".getBytes(UTF_8), 3, 8);
    var error = assertThrows(MalformedFrameException.class, cursor::skipValue);
    assertEquals("malformed at byte 2: expected ',' or ']', found ';'", error.getMessage());
  }

  @Test
  void aCursorGoesBackToAValue() throws MalformedFrameException {
    JsonCursor cursor = cursor("[[1,x],2]");
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    int value = cursor.position();
    assertThrows(MalformedFrameException.class, cursor::skipValue);
    cursor.rewind(value);
    cursor.enterArray();
    assertTrue(cursor.nextElement());
    assertEquals(1, cursor.readLong());
  }

  private static boolean isValid(byte[] json) {
    try {
      skipAll(cursor(json));
      return true;
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  private static boolean jacksonAccepts(JsonMapper jackson, byte[] json) {
    try {
      // An empty document is a missing node to Jackson, not an error.
      return !jackson.readTree(json).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void skipAll(JsonCursor cursor) throws MalformedFrameException {
    cursor.skipValue();
    cursor.expectEnd();
  }
}
