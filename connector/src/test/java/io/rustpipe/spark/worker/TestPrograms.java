package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that a test takes for programs. */
final class TestPrograms {

  /** As long as the name that it takes the place of. */
  static final String MISSING_LIBRARY = "libn.so.6";

  private static final String LIBRARY = "libc.so.6";

  private TestPrograms() {}

  /** A file that may be executed, whatever is in it. */
  static Path write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  static Path write(Path file, String text) throws IOException {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A program of this system's, made to need a library that is nowhere. */
  static Path withoutItsLibrary(Path folder) throws IOException {
    var text = new String(Files.readAllBytes(Path.of("/bin/true")), StandardCharsets.ISO_8859_1);
    assumeTrue(text.contains(LIBRARY), "/bin/true does not need " + LIBRARY);
    return write(
        folder.resolve("orphan"),
        text.replace(LIBRARY, MISSING_LIBRARY).getBytes(StandardCharsets.ISO_8859_1));
  }
}
