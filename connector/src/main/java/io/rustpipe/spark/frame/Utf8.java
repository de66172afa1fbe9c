package io.rustpipe.spark.frame;

/** Which bytes are UTF-8: Unicode's table 3-7, without overlong forms and surrogates. */
public final class Utf8 {
  private Utf8() {}

  /** The index of the first byte that is no part of a UTF-8 character; -1 if all are. */
  public static int invalidAt(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (at <= to - Long.BYTES && (Words.word(bytes, at) & Words.TOP_BITS) == 0) {
        at += Long.BYTES;
        continue;
      }
      int size = bytes[at] >= 0 ? 1 : multiByteSize(bytes, at, to);
      if (size == 0) {
        return at;
      }
      at += size;
    }
    return -1;
  }

  /** Bytes of the character beyond ASCII that starts here; 0 if none does. */
  private static int multiByteSize(byte[] bytes, int first, int end) {
    int lead = bytes[first] & 0xff;
    int second = first + 1 < end ? bytes[first + 1] & 0xff : 0;
    int size;
    boolean valid;
    if (lead < 0xe0) {
      size = 2;
      valid = lead >= 0xc2 && isContinuation(second);
    } else if (lead < 0xf0) {
      size = 3;
      // Neither overlong forms nor surrogates.
      valid =
          isContinuation(second)
              && (lead != 0xe0 || second >= 0xa0)
              && (lead != 0xed || second < 0xa0);
    } else {
      size = 4;
      // Neither overlong forms nor anything above U+10FFFF.
      valid =
          lead <= 0xf4
              && isContinuation(second)
              && (lead != 0xf0 || second >= 0x90)
              && (lead != 0xf4 || second < 0x90);
    }
    for (int at = first + 2; valid && at < first + size; at++) {
      valid = at < end && isContinuation(bytes[at]);
    }
    return valid ? size : 0;
  }

  private static boolean isContinuation(int b) {
    return (b & 0xc0) == 0x80;
  }
}
