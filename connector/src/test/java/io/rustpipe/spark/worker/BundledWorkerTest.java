package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BundledWorkerTest {

  private static final String PLATFORM = BundledWorker.load().description().platform();

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-aarch64",
    "Mac OS X, aarch64, macos-aarch64",
    "Windows 11, amd64, windows-x86_64",
    "Linux, riscv64, linux-riscv64",
  })
  void platformsAreNamedAsTheBuildNamesThem(String os, String arch, String platform) {
    assertEquals(platform, BundledWorker.platform(os, arch));
  }

  @Test
  void theWorkerIsUnpackedOnceAndForThisUserOnly() throws IOException {
    var folder = temp.resolve("private");
    var binary = BundledWorker.unpack(PLATFORM, folder);
    var written = Files.getLastModifiedTime(binary);
    assertEquals(binary, BundledWorker.unpack(PLATFORM, folder));
    assertEquals(written, Files.getLastModifiedTime(binary));
    assertEquals("rwx------", mode(folder));
    assertEquals("rwx------", mode(binary));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing is left of the unpacking");
    }
  }

  @Test
  void aDamagedBinaryIsReplacedBeforeItIsStarted() throws IOException {
    var folder = temp.resolve("private");
    var binary = BundledWorker.unpack(PLATFORM, folder);
    var whole = Files.readAllBytes(binary);
    Files.write(binary, new byte[] {1, 2, 3});
    assertEquals(-1, Files.mismatch(BundledWorker.unpack(PLATFORM, folder), write(whole)));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(temp.resolve("expected"), bytes);
  }

  @Test
  void aFolderThatOthersMayWriteToIsRefused() throws IOException {
    var folder = Files.createDirectory(temp.resolve("shared"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var error = assertThrows(IOException.class, () -> BundledWorker.unpack(PLATFORM, folder));
    assertTrue(error.getMessage().contains("must be a folder of user"), error.getMessage());
    assertTrue(error.getMessage().contains("rwxrwxrwx"), error.getMessage());
  }

  @Test
  void aLinkInThePlaceOfTheFolderIsRefused() throws IOException {
    var target = Files.createDirectory(temp.resolve("target"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    var link = Files.createSymbolicLink(temp.resolve("link"), target);
    assertThrows(IOException.class, () -> BundledWorker.unpack(PLATFORM, link));
  }

  @Test
  void aPlatformWithoutWorkerIsNamed() {
    var error =
        assertThrows(
            IOException.class, () -> BundledWorker.unpack("plan9-mips", temp.resolve("p")));
    assertTrue(error.getMessage().contains("no worker for 'plan9-mips'"), error.getMessage());
  }

  @Test
  void theDescriptionIsThatOfThisBuild() {
    var description = BundledWorker.load().description();
    assertEquals("rustpipe-worker", description.name());
    assertNotEquals(0, description.table("fetches").columns().size());
    assertNotEquals(0, description.table("entries").columns().size());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
