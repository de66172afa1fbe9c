package io.rustpipe.spark.frame;

/**
 * Reads numbers as they nearly always are, in one pass without an object: up to 18 digits, with a
 * sign and a decimal point perhaps. What is unusual or wrong it leaves to the cursor.
 */
final class JsonNumber {
  /** So many digits are within 64 bits, whichever they are. */
  private static final int SAFE_DIGITS = 18;

  private static final long EIGHT_DIGITS = 100_000_000;

  /** Up to here every integer is a double. */
  private static final long MAX_EXACT = 1L << 53;

  /** Powers of ten that are doubles without rounding, as many as there can be digits. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  private long integer;
  private double real;

  /** What {@link #readInteger} read. */
  long integer() {
    return integer;
  }

  /** What {@link #readReal} read. */
  double real() {
    return real;
  }

  /**
   * Reads an integer.
   *
   * @return index after it; -1 if what begins here is not a usual one
   */
  int readInteger(byte[] buffer, int start, int end) {
    boolean negative = start < end && buffer[start] == '-';
    int first = negative ? start + 1 : start;
    int at = first;
    long value = 0;
    while (at <= end - Long.BYTES && at <= first + Long.BYTES) {
      long word = Words.word(buffer, at);
      if (!Words.isDigits(word)) {
        break;
      }
      value = value * EIGHT_DIGITS + Words.digits(word);
      at += Long.BYTES;
    }
    while (at < end && at < first + SAFE_DIGITS && isDigit(buffer[at])) {
      value = value * 10 + (buffer[at++] - '0');
    }
    integer = negative ? -value : value;
    return isWhole(buffer, first, at, end) ? at : -1;
  }

  /**
   * Reads the double nearest to a number.
   *
   * @return index after it; -1 if what begins here is not a usual one
   */
  int readReal(byte[] buffer, int start, int end) {
    boolean negative = start < end && buffer[start] == '-';
    int first = negative ? start + 1 : start;
    int at = first;
    int point = -1;
    long value = 0;
    while (at < end && at < first + SAFE_DIGITS) {
      byte b = buffer[at];
      if (isDigit(b)) {
        value = value * 10 + (b - '0');
      } else if (b == '.' && point < 0) {
        point = at;
      } else {
        break;
      }
      at++;
    }
    if (value > MAX_EXACT
        || !isWhole(buffer, first, point < 0 ? at : point, point < 0 ? end : point)
        || (point >= 0 && (at == point + 1 || goesOn(buffer, at, end)))) {
      return -1;
    }
    // Both are exact, so that the quotient is rounded once, to the nearest.
    double absolute = point < 0 ? value : value / POWERS_OF_TEN[at - point - 1];
    real = negative ? -absolute : absolute;
    return at;
  }

  /** Whether these are the digits of an integer, without leading zeros, and no more of it. */
  private static boolean isWhole(byte[] buffer, int first, int last, int end) {
    return last > first
        && (buffer[first] != '0' || last == first + 1)
        && !goesOn(buffer, last, end);
  }

  private static boolean goesOn(byte[] buffer, int at, int end) {
    return at < end && (isDigit(buffer[at]) || buffer[at] == '.' || (buffer[at] | 0x20) == 'e');
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
