package io.rustpipe.spark.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads the content of JSON strings as UTF-8. A string without escapes, which is nearly every one,
 * is checked eight bytes at a time and left where it is; one with escapes is rebuilt in a buffer
 * that is kept for the next one.
 */
final class JsonText {
  private static final String UNTERMINATED = "the line ends within a string";

  private final JsonCursor cursor;
  private byte[] buffer = {};
  private int offset;
  private int length;
  private byte[] unescaped = new byte[256];
  private int unescapedLength;

  JsonText(JsonCursor cursor) {
    this.cursor = cursor;
  }

  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  boolean contentEquals(String ascii) {
    if (ascii.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer[offset + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return new String(buffer, offset, length, UTF_8);
  }

  /**
   * Reads a string whose opening quote is just before {@code first}.
   *
   * @return index after the closing quote
   */
  int read(byte[] frame, int first, int end) throws MalformedFrameException {
    int stop = skipPlain(frame, first, end);
    if (frame[stop] == '"') {
      set(frame, first, stop - first);
      return stop + 1;
    }
    unescapedLength = 0;
    int run = first;
    while (frame[stop] == '\\') {
      append(frame, run, stop);
      run = readEscape(frame, stop + 1, end);
      stop = skipPlain(frame, run, end);
    }
    append(frame, run, stop);
    set(unescaped, 0, unescapedLength);
    return stop + 1;
  }

  private void set(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /** Index of the next quote or backslash; what is before it is valid text. */
  private int skipPlain(byte[] frame, int first, int end) throws MalformedFrameException {
    int at = first;
    // Bits that words had above ASCII, so that text without any is not looked at again.
    long seen = 0;
    long marks = 0;
    while (at <= end - Long.BYTES) {
      long word = Words.word(frame, at);
      seen |= word;
      marks = special(word);
      if (marks != 0) {
        at += Words.before(marks);
        break;
      }
      at += Long.BYTES;
    }
    if (marks == 0) {
      while (at < end && special(frame[at] & 0xffL) << 56 == 0) {
        seen |= (long) frame[at] << 56;
        at++;
      }
    }
    if ((seen & Words.TOP_BITS) != 0) {
      requireUtf8(frame, first, at);
    }
    if (at == end) {
      throw cursor.malformedAt(at, UNTERMINATED);
    }
    if (frame[at] < ' ') {
      throw cursor.malformedAt(
          at, String.format("control character 0x%02x in a string", frame[at]));
    }
    return at;
  }

  /** Marks of the bytes that end plain text: quote, backslash, control characters. */
  private static long special(long word) {
    return Words.below(word, ' ') | Words.equal(word, '"') | Words.equal(word, '\\');
  }

  private void requireUtf8(byte[] frame, int first, int end) throws MalformedFrameException {
    int invalid = Utf8.invalidAt(frame, first, end);
    if (invalid >= 0) {
      throw cursor.malformedAt(
          invalid, String.format("byte 0x%02x starts no UTF-8 character", frame[invalid]));
    }
  }

  /** Appends what the escape stands for whose backslash is just before {@code at}. */
  private int readEscape(byte[] frame, int at, int end) throws MalformedFrameException {
    if (at == end) {
      throw cursor.malformedAt(at, UNTERMINATED);
    }
    switch (frame[at]) {
      case 'u' -> {
        return readUnicodeEscape(frame, at + 1, end);
      }
      case '"', '\\', '/' -> appendByte(frame[at]);
      case 'n' -> appendByte('\n');
      case 'r' -> appendByte('\r');
      case 't' -> appendByte('\t');
      case 'b' -> appendByte('\b');
      case 'f' -> appendByte('\f');
      default -> throw cursor.malformedAt(at, "unknown escape in a string");
    }
    return at + 1;
  }

  private int readUnicodeEscape(byte[] frame, int at, int end) throws MalformedFrameException {
    char unit = readCodeUnit(frame, at, end);
    if (!Character.isSurrogate(unit)) {
      appendCodePoint(unit);
      return at + 4;
    }
    boolean another = at + 5 < end && frame[at + 4] == '\\' && frame[at + 5] == 'u';
    char low = Character.isHighSurrogate(unit) && another ? readCodeUnit(frame, at + 6, end) : 0;
    if (!Character.isLowSurrogate(low)) {
      throw cursor.malformedAt(at, "half of a surrogate pair in a string");
    }
    appendCodePoint(Character.toCodePoint(unit, low));
    return at + 10;
  }

  private char readCodeUnit(byte[] frame, int at, int end) throws MalformedFrameException {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < end ? Character.digit(frame[i], 16) : -1;
      if (digit < 0) {
        throw cursor.malformedAt(Math.min(i, end), "an escape without four hexadecimal digits");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  private void appendCodePoint(int codePoint) {
    if (codePoint < 0x80) {
      appendByte(codePoint);
    } else {
      byte[] utf8 = Character.toString(codePoint).getBytes(UTF_8);
      append(utf8, 0, utf8.length);
    }
  }

  private void appendByte(int value) {
    reserve(1);
    unescaped[unescapedLength++] = (byte) value;
  }

  private void append(byte[] from, int first, int end) {
    int size = end - first;
    reserve(size);
    System.arraycopy(from, first, unescaped, unescapedLength, size);
    unescapedLength += size;
  }

  private void reserve(int size) {
    if (size > unescaped.length - unescapedLength) {
      unescaped = Arrays.copyOf(unescaped, Math.max(unescapedLength + size, 2 * unescaped.length));
    }
  }
}
