package io.rustpipe.spark.frame;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WordsTest {
  private static final int LONGEST = 40;

  @Test
  void aByteIsFoundWhereverItIsAndWhateverIsAroundIt() {
    for (int around : new int[] {0, 1, '\n' - 1, '\n' + 1, 0x7f, 0x80, '\n' | 0x80, 0xff}) {
      for (int length = 0; length <= LONGEST; length++) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) around);
        assertEquals(length, Words.indexOf(bytes, 0, length, (byte) '\n'));
        assertEquals(-1, Words.lastIndexOf(bytes, 0, length, (byte) '\n'));
        for (int at = 0; at < length; at++) {
          bytes[at] = '\n';
          assertEquals(at, Words.indexOf(bytes, 0, length, (byte) '\n'));
          assertEquals(at, Words.lastIndexOf(bytes, 0, length, (byte) '\n'));
          bytes[at] = (byte) around;
        }
      }
    }
  }

  @Test
  void ofSeveralTheFirstAndTheLastAreFound() {
    var random = new Random(1);
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = new byte[random.nextInt(LONGEST)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i += 1 + random.nextInt(9)) {
        bytes[i] = '\n';
      }
      int from = random.nextInt(bytes.length + 1);
      int to = random.nextInt(from, bytes.length + 1);
      int first = from;
      while (first < to && bytes[first] != '\n') {
        first++;
      }
      int last = to - 1;
      while (last >= from && bytes[last] != '\n') {
        last--;
      }
      assertEquals(first, Words.indexOf(bytes, from, to, (byte) '\n'));
      assertEquals(last >= from ? last : -1, Words.lastIndexOf(bytes, from, to, (byte) '\n'));
    }
  }

  @Test
  void eightDigitsAreTheirNumber() {
    var random = new Random(2);
    for (int round = 0; round < 10_000; round++) {
      int number = random.nextInt(100_000_000);
      long word = Words.word("%08d".formatted(number).getBytes(US_ASCII), 0);
      assertTrue(Words.isDigits(word));
      assertEquals(number, Words.digits(word));
    }
    assertEquals(99_999_999, Words.digits(Words.word("99999999".getBytes(US_ASCII), 0)));
  }

  @Test
  void everyOtherByteIsNoDigitInEveryPlace() {
    for (int at = 0; at < Long.BYTES; at++) {
      byte[] bytes = "09090909".getBytes(US_ASCII);
      for (int value = 0; value < 256; value++) {
        bytes[at] = (byte) value;
        boolean digits = Words.isDigits(Words.word(bytes, 0));
        if (value >= '0' && value <= '9') {
          assertTrue(digits);
        } else {
          assertFalse(digits, "byte " + value + " at " + at);
        }
      }
    }
  }
}
