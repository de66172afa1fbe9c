package io.rustpipe.spark.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * A forward-only cursor over the bytes of one frame: strict JSON (RFC 8259), read in place, without
 * an object per value. It knows JSON and nothing of the protocol's fields or of Spark.
 *
 * <p>The caller walks the structure: after {@code enterArray} each {@code nextElement}, after
 * {@code enterObject} each {@code nextField} that returns true stands before a value, and that
 * value has to be read or skipped before the next call. A container is left by reading to its end.
 *
 * <p>Bytes that are not JSON, not UTF-8 or not what was asked for are a {@link
 * MalformedFrameException}. After {@link #rewind} the cursor can be used again.
 */
public final class JsonCursor {
  /** Levels that {@link #skipValue} goes down; one bit of a {@code long} each. */
  static final int MAX_DEPTH = 64;

  private static final byte[] NULL = "null".getBytes(UTF_8);
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] FALSE = "false".getBytes(UTF_8);
  private static final int AT_END = -1;

  private final JsonText text = new JsonText(this);
  private final JsonNumber number = new JsonNumber();
  private byte[] buffer = {};
  private int start;
  private int position;
  private int end;

  /** A container was entered, and none of its values was asked for yet: no comma is due. */
  private boolean entered;

  /**
   * Begins a frame.
   *
   * @param buffer holds the frame; it must not change while the frame is read
   * @param offset index of the frame's first byte
   * @param end index after the frame's last byte
   */
  public void reset(byte[] buffer, int offset, int end) {
    Objects.checkFromToIndex(offset, end, buffer.length);
    this.buffer = buffer;
    this.start = offset;
    this.end = end;
    rewind(offset);
  }

  /** Index in the buffer of the next byte to be read. */
  public int position() {
    return position;
  }

  /** Goes back to a {@link #position} taken before a value. */
  public void rewind(int position) {
    this.position = Objects.checkFromToIndex(position, end, buffer.length);
    this.entered = false;
  }

  /** Reads the brace that opens an object. */
  public void enterObject() throws MalformedFrameException {
    expect('{', "an object");
    entered = true;
  }

  /**
   * Goes on to the object's next field.
   *
   * @return true before the field's value, its name being the current text; false after the object
   */
  public boolean nextField() throws MalformedFrameException {
    if (ended('}')) {
      return false;
    }
    expectString("a field name");
    expect(':', "':'");
    return true;
  }

  /** Whether the field that {@link #nextField} just found has this name, which must be ASCII. */
  public boolean fieldIs(String asciiName) {
    return text.contentEquals(asciiName);
  }

  /** The name of the field that {@link #nextField} just found. */
  public String fieldName() {
    return text.toString();
  }

  /** Reads the bracket that opens an array. */
  public void enterArray() throws MalformedFrameException {
    expect('[', "an array");
    entered = true;
  }

  /**
   * Goes on to the array's next element.
   *
   * @return true before the element, false after the array
   */
  public boolean nextElement() throws MalformedFrameException {
    return !ended(']');
  }

  /** Whether the next value is a string. */
  public boolean isString() {
    return peek() == '"';
  }

  /** Reads {@code null} if that is the next value; otherwise stays. */
  public boolean readNull() throws MalformedFrameException {
    if (peek() != 'n') {
      return false;
    }
    expectLiteral(NULL);
    return true;
  }

  /** Reads {@code true} or {@code false}. */
  public boolean readBoolean() throws MalformedFrameException {
    switch (peek()) {
      case 't' -> {
        expectLiteral(TRUE);
        return true;
      }
      case 'f' -> {
        expectLiteral(FALSE);
        return false;
      }
      default -> throw unexpected("true or false");
    }
  }

  /** Reads an integer: no fraction, no exponent, and within the 64 bits of a {@code long}. */
  public long readLong() throws MalformedFrameException {
    int next = number.readInteger(buffer, skipWhitespace(), end);
    if (next < 0) {
      return readUnusualLong();
    }
    position = next;
    return number.integer();
  }

  /**
   * Reads an integer that may be as long as one can be, and finds out what is wrong with others.
   */
  private long readUnusualLong() throws MalformedFrameException {
    boolean negative = peek() == '-';
    int first = negative ? position + 1 : position;
    int at = first;
    // Summed up below zero, where there is room for Long.MIN_VALUE.
    long limit = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
    long value = 0;
    while (at < end && isDigit(buffer[at])) {
      int digit = buffer[at] - '0';
      if (value < Long.MIN_VALUE / 10 || value * 10 < limit + digit) {
        throw malformed("an integer beyond 64 bits");
      }
      value = value * 10 - digit;
      at++;
    }
    if (at > first + 1 && buffer[first] == '0') {
      // JSON knows no leading zeros: the number ends here, and what follows is out of place.
      at = first + 1;
      value = 0;
    }
    position = at;
    if (at == first || isFraction(at)) {
      throw unexpected("an integer");
    }
    return negative ? value : -value;
  }

  /** Reads a number of any form as the nearest double; infinity if it is too large for one. */
  public double readDouble() throws MalformedFrameException {
    int next = number.readReal(buffer, skipWhitespace(), end);
    if (next < 0) {
      return Double.parseDouble(readNumber());
    }
    position = next;
    return number.real();
  }

  /** Reads a number of any form and returns it as written. */
  public String readNumber() throws MalformedFrameException {
    int first = skipWhitespace();
    skipNumber("a number");
    return string(first);
  }

  /** Reads a string. */
  public String readString() throws MalformedFrameException {
    readText();
    return text.toString();
  }

  /**
   * Reads a string and keeps its content, escapes resolved, as the current text: valid UTF-8 in
   * {@link #textBuffer}, good until the next string or field name is read.
   */
  public void readText() throws MalformedFrameException {
    expectString("a string");
  }

  /** Holds the current text: the frame's own buffer, or another one if there were escapes. */
  public byte[] textBuffer() {
    return text.buffer();
  }

  /** Index of the current text's first byte. */
  public int textOffset() {
    return text.offset();
  }

  /** Length of the current text in bytes. */
  public int textLength() {
    return text.length();
  }

  /** Reads any value and returns its JSON as it stands in the frame. */
  public String readRaw() throws MalformedFrameException {
    int first = skipWhitespace();
    skipValue();
    return string(first);
  }

  /**
   * Reads any value, checks that it is JSON of at most {@value #MAX_DEPTH} levels, and drops it.
   */
  public void skipValue() throws MalformedFrameException {
    long objects = 0;
    int depth = 0;
    do {
      int kind = peek();
      switch (kind) {
        case '{', '[' -> {
          if (depth == MAX_DEPTH) {
            throw malformed("more than " + MAX_DEPTH + " levels of arrays and objects");
          }
          depth++;
          objects = objects << 1 | (kind == '{' ? 1 : 0);
          position++;
          entered = true;
        }
        case '"' -> readText();
        case 'n' -> expectLiteral(NULL);
        case 't' -> expectLiteral(TRUE);
        case 'f' -> expectLiteral(FALSE);
        default -> skipNumber("a value");
      }
      while (depth > 0 && !((objects & 1) == 1 ? nextField() : nextElement())) {
        depth--;
        objects >>>= 1;
      }
    } while (depth > 0);
  }

  /** Makes sure that nothing but white space is left. */
  public void expectEnd() throws MalformedFrameException {
    if (peek() != AT_END) {
      throw unexpected("the end of the line");
    }
  }

  /** An error at the current position, for a caller that finds a value's content wrong. */
  public MalformedFrameException malformed(String reason) {
    return malformedAt(position, reason);
  }

  MalformedFrameException malformedAt(int index, String reason) {
    return new MalformedFrameException(index - start, reason);
  }

  /** Reads the container's closing byte, or else the comma that is due before the next value. */
  private boolean ended(char close) throws MalformedFrameException {
    boolean commaDue = !entered;
    entered = false;
    int next = peek();
    if (next == close) {
      position++;
      return true;
    }
    if (commaDue) {
      if (next != ',') {
        throw unexpected("',' or '" + close + "'");
      }
      position++;
    }
    return false;
  }

  private void expect(char wanted, String name) throws MalformedFrameException {
    if (peek() != wanted) {
      throw unexpected(name);
    }
    position++;
  }

  private void expectString(String name) throws MalformedFrameException {
    expect('"', name);
    position = text.read(buffer, position, end);
  }

  private void expectLiteral(byte[] literal) throws MalformedFrameException {
    for (byte letter : literal) {
      if (position == end || buffer[position] != letter) {
        throw unexpected(new String(literal, UTF_8));
      }
      position++;
    }
  }

  private void skipNumber(String wanted) throws MalformedFrameException {
    if (peek() == '-') {
      position++;
    }
    if (position < end && buffer[position] == '0') {
      position++;
    } else {
      skipDigits(wanted);
    }
    if (position < end && buffer[position] == '.') {
      position++;
      skipDigits("a digit");
    }
    if (position < end && (buffer[position] | 0x20) == 'e') {
      position++;
      if (position < end && (buffer[position] == '+' || buffer[position] == '-')) {
        position++;
      }
      skipDigits("a digit");
    }
  }

  private void skipDigits(String wanted) throws MalformedFrameException {
    int first = position;
    while (position < end && isDigit(buffer[position])) {
      position++;
    }
    if (position == first) {
      throw unexpected(wanted);
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private boolean isFraction(int at) {
    return at < end && (buffer[at] == '.' || (buffer[at] | 0x20) == 'e');
  }

  /** The next byte that is not white space, which stays unread, or {@link #AT_END}. */
  private int peek() {
    int at = skipWhitespace();
    return at == end ? AT_END : buffer[at] & 0xff;
  }

  private int skipWhitespace() {
    // There seldom is any: one comparison has to do.
    while (position < end && buffer[position] <= ' ' && isWhitespace(buffer[position])) {
      position++;
    }
    return position;
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private String string(int from) {
    return new String(buffer, from, position - from, UTF_8);
  }

  private MalformedFrameException unexpected(String wanted) {
    String found =
        position == end
            ? "the end"
            : buffer[position] > ' ' && buffer[position] < 0x7f
                ? "'" + (char) buffer[position] + "'"
                : String.format("byte 0x%02x", buffer[position]);
    return malformed("expected " + wanted + ", found " + found);
  }
}
