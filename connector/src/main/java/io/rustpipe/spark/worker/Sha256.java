package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files, as 64 lower-case hexadecimal digits: by these a program is known. */
final class Sha256 {

  private static final int BUFFER_BYTES = 128 << 10;

  private Sha256() {}

  /** The digest of a file; links are followed. */
  static String of(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      return copying(bytes, OutputStream.nullOutputStream());
    }
  }

  /** Copies to the end, and gives the digest of what was copied. */
  static String copying(InputStream from, OutputStream to) throws IOException {
    var digesting = new DigestInputStream(from, digest());
    var buffer = new byte[BUFFER_BYTES];
    for (var count = digesting.read(buffer); count >= 0; count = digesting.read(buffer)) {
      to.write(buffer, 0, count);
    }
    return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
