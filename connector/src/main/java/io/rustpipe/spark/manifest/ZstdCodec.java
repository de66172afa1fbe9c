package io.rustpipe.spark.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;

/**
 * Lets Spark's line readers read {@code .zst}. Hadoop's own codec for it needs a native Hadoop,
 * which is seldom there; this one uses the library that Spark brings. Hadoop makes it by its name,
 * which {@link ReaderOptions} puts into the configuration of the reader.
 */
public final class ZstdCodec implements CompressionCodec {
  static final String ENDING = "zst";

  /** For Hadoop. */
  public ZstdCodec() {}

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new ZstdStream(in);
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor)
      throws IOException {
    return createInputStream(in);
  }

  /** None, as the stream decompresses by itself. */
  @Override
  public Class<? extends Decompressor> getDecompressorType() {
    return null;
  }

  @Override
  public Decompressor createDecompressor() {
    return null;
  }

  @Override
  public String getDefaultExtension() {
    return "." + ENDING;
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) {
    throw new UnsupportedOperationException("manifests are read, not written");
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) {
    return createOutputStream(out);
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    return null;
  }

  @Override
  public Compressor createCompressor() {
    return null;
  }
}
