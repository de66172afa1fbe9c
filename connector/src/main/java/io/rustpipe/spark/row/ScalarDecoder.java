package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;

/** The types without parts or parameters, as the protocol writes their values. */
enum ScalarDecoder implements ValueDecoder {
  STRING(Long.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      cursor.readText();
      write(writer, ordinal, cursor.textBuffer(), cursor.textOffset(), cursor.textLength());
    }
  },
  BOOLEAN(Byte.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      writer.write(ordinal, cursor.readBoolean());
    }
  },
  BYTE(Byte.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      writer.write(ordinal, (byte) readInteger(cursor, Byte.MIN_VALUE, Byte.MAX_VALUE));
    }
  },
  SHORT(Short.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      writer.write(ordinal, (short) readInteger(cursor, Short.MIN_VALUE, Short.MAX_VALUE));
    }
  },
  /** {@code int}, and {@code date} as days since 1970-01-01. */
  INT(Integer.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      writer.write(ordinal, (int) readInteger(cursor, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
  },
  /** {@code bigint}, and {@code timestamp} as microseconds since 1970-01-01 UTC. */
  LONG(Long.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      writer.write(ordinal, cursor.readLong());
    }
  },
  FLOAT(Float.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      if (cursor.isString()) {
        writer.write(ordinal, (float) readNonFinite(cursor));
      } else {
        // Not by way of a double: rounding twice can miss the nearest float.
        float value = Float.parseFloat(cursor.readNumber());
        writer.write(ordinal, (float) requireFinite(cursor, value));
      }
    }
  },
  DOUBLE(Double.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      if (cursor.isString()) {
        writer.write(ordinal, readNonFinite(cursor));
      } else {
        writer.write(ordinal, requireFinite(cursor, cursor.readDouble()));
      }
    }
  },
  /** Base64 with padding. */
  BINARY(Long.BYTES) {
    @Override
    public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
        throws MalformedFrameException {
      cursor.readText();
      // The JDK's decoder takes text without its padding as well.
      if (cursor.textLength() % 4 != 0) {
        throw cursor.malformed("base64 without padding");
      }
      try {
        ByteBuffer base64 =
            ByteBuffer.wrap(cursor.textBuffer(), cursor.textOffset(), cursor.textLength());
        ByteBuffer bytes = Base64.getDecoder().decode(base64);
        writer.write(ordinal, bytes.array(), bytes.arrayOffset(), bytes.limit());
      } catch (IllegalArgumentException e) {
        throw cursor.malformed("not base64: " + e.getMessage());
      }
    }
  };

  private final int slotBytes;

  ScalarDecoder(int slotBytes) {
    this.slotBytes = slotBytes;
  }

  @Override
  public int slotBytes() {
    return slotBytes;
  }

  /**
   * Does what the writer's own method does, without the call of {@code Unsafe.copyMemory}, which
   * takes longer than a short string.
   */
  private static void write(
      UnsafeWriter writer, int ordinal, byte[] bytes, int offset, int length) {
    int padded = ByteArrayMethods.roundNumberOfBytesToNearestWord(length);
    writer.grow(padded);
    int start = writer.cursor();
    if (padded > length) {
      Platform.putLong(writer.getBuffer(), start + padded - Long.BYTES, 0L);
    }
    System.arraycopy(bytes, offset, writer.getBuffer(), start - Platform.BYTE_ARRAY_OFFSET, length);
    writer.increaseCursor(length);
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, start);
    writer.increaseCursor(padded - length);
  }

  private static long readInteger(JsonCursor cursor, long min, long max)
      throws MalformedFrameException {
    long value = cursor.readLong();
    if (value < min || value > max) {
      throw cursor.malformed("an integer beyond " + min + " to " + max);
    }
    return value;
  }

  private static double readNonFinite(JsonCursor cursor) throws MalformedFrameException {
    return switch (cursor.readString()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw cursor.malformed("neither a number nor NaN, Infinity or -Infinity");
    };
  }

  private static double requireFinite(JsonCursor cursor, double value)
      throws MalformedFrameException {
    if (Double.isInfinite(value)) {
      throw cursor.malformed("a number too large for its type");
    }
    return value;
  }
}
