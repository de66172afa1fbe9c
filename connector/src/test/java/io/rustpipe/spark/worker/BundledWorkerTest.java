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

final class BundledWorkerTest {

  private static final Platform PLATFORM = Platform.current();

  @TempDir private Path temp;

  @Test
  void theWorkerIsUnpackedOnceAndForThisUserOnly() throws IOException {
    var folder = temp.resolve("private");
    var binary = unpack(folder);
    var written = Files.getLastModifiedTime(binary);
    assertEquals(binary, unpack(folder));
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
    var binary = unpack(folder);
    var whole = Files.readAllBytes(binary);
    Files.write(binary, new byte[] {1, 2, 3});
    assertEquals(-1, Files.mismatch(unpack(folder), write(whole)));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(temp.resolve("expected"), bytes);
  }

  @Test
  void aPlatformWithoutWorkerIsNamed() {
    var error =
        assertThrows(
            IOException.class,
            () -> BundledWorker.unpack(new Platform("plan9", "mips"), new BinaryStore(temp)));
    assertTrue(error.getMessage().contains("no worker for 'plan9-mips'"), error.getMessage());
  }

  @Test
  void theDescriptionIsThatOfThisBuild() {
    var description = BundledWorker.load().description();
    assertEquals("rustpipe-worker", description.name());
    assertNotEquals(0, description.table("fetches").columns().size());
    assertNotEquals(0, description.table("entries").columns().size());
  }

  @Test
  void thePlanShowsVersionAndDigest() throws IOException {
    var digest = Sha256.of(unpack(temp.resolve("private")));
    var worker = BundledWorker.load();
    assertEquals(
        "the bundled worker %s (sha256 %s)"
            .formatted(worker.description().version(), digest.substring(0, 12)),
        worker.title());
  }

  @Test
  void theDescriptionIsForThePlatformOfTheBuild() {
    assertEquals(PLATFORM.toString(), BundledWorker.load().description().platform());
  }

  private static Path unpack(Path folder) throws IOException {
    return BundledWorker.unpack(PLATFORM, new BinaryStore(folder));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
