package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.worker.BinaryStore.Content;
import io.rustpipe.spark.worker.BinaryStore.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder of programs: its name is trust. */
@Timeout(30)
final class BinaryStoreTest {

  private static final byte[] BYTES = "a program".getBytes(StandardCharsets.UTF_8);

  /** What sha256sum says of these bytes. */
  private static final String DIGEST =
      "d69ea8cda2433733c1ce02de65da8f48e6a3dbba6bb18876a2062908e54ef7cb";

  private final AtomicInteger opened = new AtomicInteger();
  private final Content content =
      () -> {
        opened.incrementAndGet();
        return new ByteArrayInputStream(BYTES);
      };

  @TempDir private Path temp;

  @Test
  void aProgramIsKnownByItsDigestAndForThisUserOnly() throws IOException {
    var store = new BinaryStore(temp.resolve("private"));

    var added = store.add("p", content, sha256 -> {});

    assertEquals(DIGEST, added.sha256());
    assertEquals(store.folder().resolve("p-" + DIGEST), added.path());
    assertArrayEquals(BYTES, Files.readAllBytes(added.path()));
    assertEquals("rwx------", mode(store.folder()));
    assertEquals("rwx------", mode(added.path()));
  }

  @Test
  void whatIsThereIsNotBroughtAgain() throws IOException {
    var store = new BinaryStore(temp.resolve("private"));
    var added = store.add("p", content, sha256 -> {});

    assertEquals(added, store.get("p", DIGEST, content, sha256 -> {}));
    assertEquals(1, opened.get());
  }

  @Test
  void aDamagedProgramIsBroughtAgain() throws IOException {
    var store = new BinaryStore(temp.resolve("private"));
    var added = store.add("p", content, sha256 -> {});
    Files.write(added.path(), new byte[] {1});

    assertEquals(added, store.get("p", DIGEST, content, sha256 -> {}));
    assertArrayEquals(BYTES, Files.readAllBytes(added.path()));
  }

  @Test
  void tasksThatWantAProgramTogetherWaitForOneFetch() throws Exception {
    var store = new BinaryStore(temp.resolve("private"));
    var threads = Executors.newFixedThreadPool(8);
    try {
      var tasks = new ArrayList<Callable<Stored>>();
      for (var i = 0; i < 8; i++) {
        tasks.add(() -> store.get("p", DIGEST, content, sha256 -> {}));
      }
      for (Future<Stored> stored : threads.invokeAll(tasks)) {
        assertEquals(DIGEST, stored.get().sha256());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, opened.get());
  }

  @Test
  void whatIsRefusedLeavesNothingBehind() throws IOException {
    var store = new BinaryStore(temp.resolve("private"));
    var error =
        assertThrows(
            IOException.class,
            () ->
                store.add(
                    "p",
                    content,
                    sha256 -> {
                      throw new IOException("not " + sha256);
                    }));
    assertEquals("not " + DIGEST, error.getMessage());
    try (var files = Files.list(store.folder())) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aFolderThatOthersMayWriteToIsRefused() throws IOException {
    var folder = Files.createDirectory(temp.resolve("shared"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var error =
        assertThrows(
            IOException.class, () -> new BinaryStore(folder).add("p", content, sha256 -> {}));
    assertTrue(error.getMessage().contains("must be a folder of user"), error.getMessage());
    assertTrue(error.getMessage().contains("rwxrwxrwx"), error.getMessage());
  }

  @Test
  void aLinkInThePlaceOfTheFolderIsRefused() throws IOException {
    var target = Files.createDirectory(temp.resolve("target"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    var link = Files.createSymbolicLink(temp.resolve("link"), target);
    assertThrows(IOException.class, () -> new BinaryStore(link).add("p", content, sha256 -> {}));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
