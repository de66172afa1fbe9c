package io.rustpipe.spark.manifest;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.compress.CompressionInputStream;

/**
 * All frames of a zstd file, one after the other.
 *
 * <p>Not the library's own stream: that one takes a file for whole which is cut within any frame
 * but the first, if the frame before it ends in the same buffer.
 *
 * <p>The decoder refuses a frame that wants to look back more than 128 MiB, its default and what
 * the zstd program reads unless it is told otherwise.
 */
final class ZstdStream extends CompressionInputStream {
  /** A block, the unit in which zstd decodes, is at most that large. In bytes. */
  private static final int BUFFER = 128 << 10;

  private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();
  private final byte[] chunk = new byte[BUFFER];
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(BUFFER).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(BUFFER).limit(0);

  /** Whether all that was decoded so far is whole frames. */
  private boolean atFrameEnd = true;

  /** Whether the decoder may have more to give without more input. */
  private boolean filled;

  ZstdStream(InputStream in) throws IOException {
    super(in);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!plain.hasRemaining()) {
      boolean needsInput = !compressed.hasRemaining() && (atFrameEnd || !filled);
      if (needsInput && !refill()) {
        return -1;
      }
      decode();
    }
    int count = Math.min(length, plain.remaining());
    plain.get(bytes, offset, count);
    return count;
  }

  private boolean refill() throws IOException {
    int count = in.read(chunk);
    if (count < 0) {
      if (!atFrameEnd) {
        throw new EOFException("the zstd file ends within a frame: it is cut off");
      }
      return false;
    }
    compressed.clear().put(chunk, 0, count).flip();
    return true;
  }

  private void decode() throws IOException {
    plain.clear();
    try {
      atFrameEnd = decoder.decompressDirectByteBufferStream(plain, compressed);
    } catch (ZstdException e) {
      throw failure(e);
    }
    filled = !plain.hasRemaining();
    plain.flip();
  }

  /** The library's versions differ in the sign of the code, and in whether they have a message. */
  private static IOException failure(ZstdException e) {
    long code = Math.abs(e.getErrorCode());
    return new IOException(
        code == Zstd.errFrameParameterWindowTooLarge()
            ? "the zstd file needs a window of more than 128 MiB: compress it with --long=27 or"
                + " less"
            : "the zstd file is damaged: " + Zstd.getErrorName(-code),
        e);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void resetState() {
    throw new UnsupportedOperationException("a zstd stream can't begin again in its middle");
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      decoder.close();
    }
  }
}
