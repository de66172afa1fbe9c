package io.rustpipe.spark.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at a time. A frame's bytes are looked at one by one nowhere else, because
 * that alone would cost as much as all that is done with them.
 */
public final class Words {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A byte with this factor is one in each of a word's eight bytes. */
  static final long EACH_BYTE = 0x0101010101010101L;

  static final long TOP_BITS = EACH_BYTE << 7;

  private Words() {}

  /** The word that begins at the index, its first byte lowest. */
  static long word(byte[] bytes, int at) {
    return (long) WORD.get(bytes, at);
  }

  /**
   * Marks of the bytes that are below a value up to 0x80: their top bits. A borrow may mark more
   * bytes, but only above one that is below the value, so the lowest mark is exact.
   */
  static long below(long word, int value) {
    return word - EACH_BYTE * value & ~word & TOP_BITS;
  }

  /** Marks of the bytes that have a value; exact as far as those of {@link #below}. */
  static long equal(long word, int value) {
    return below(word ^ EACH_BYTE * value, 1);
  }

  /** How many bytes stand before the lowest mark. */
  static int before(long marks) {
    return Long.numberOfTrailingZeros(marks) >>> 3;
  }

  /** The first index of a byte; {@code to} if it is not there. */
  public static int indexOf(byte[] bytes, int from, int to, byte wanted) {
    var at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      var marks = equal(word(bytes, at), wanted);
      if (marks != 0) {
        return at + before(marks);
      }
    }
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  /** The last index of a byte; -1 if it is not there. */
  public static int lastIndexOf(byte[] bytes, int from, int to, byte wanted) {
    var end = to;
    while (end - from >= Long.BYTES && equal(word(bytes, end - Long.BYTES), wanted) == 0) {
      end -= Long.BYTES;
    }
    var at = end - 1;
    while (at >= from && bytes[at] != wanted) {
      at--;
    }
    return at >= from ? at : -1;
  }

  /** Are all eight bytes decimal digits? */
  static boolean isDigits(long word) {
    // The upper half of a digit's byte is 3, and still is after six is added.
    var upper = 0xf0f0f0f0f0f0f0f0L;
    return ((word & upper) | (word + EACH_BYTE * 6 & upper) >>> 4) == EACH_BYTE * 0x33;
  }

  /** The number that eight decimal digits are: pairs are joined, then pairs of those, then both. */
  static long digits(long word) {
    var ones = word - EACH_BYTE * '0';
    var pairs = ones * 10 + (ones >>> 8) & 0x00ff00ff00ff00ffL;
    var fours = pairs * 100 + (pairs >>> 16) & 0x0000ffff0000ffffL;
    return (fours * 10_000 + (fours >>> 32)) & 0xffffffffL;
  }
}
