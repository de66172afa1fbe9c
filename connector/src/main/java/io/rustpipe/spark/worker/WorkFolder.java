package io.rustpipe.spark.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which one worker works: of its own, for this user only, and gone when it is.
 *
 * @param path its place below {@code java.io.tmpdir}
 */
record WorkFolder(Path path) {

  /** With this JVM's process id, by which people find whose it is. */
  static final String PREFIX = "rustpipe-work-%d-".formatted(ProcessHandle.current().pid());

  private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

  /** Makes one; the JDK lets only its owner enter it. */
  static WorkFolder create() throws IOException {
    return new WorkFolder(Files.createTempDirectory(PREFIX));
  }

  File file() {
    return path.toFile();
  }

  /** Removes it with all in it; nothing happens if that was done already. */
  void remove() {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(path, new Removal());
    } catch (IOException e) {
      LOG.warn("a worker's folder '{}' can't be removed: remove it by hand", path, e);
    }
  }

  /** Doesn't follow links. What vanishes under it, the guard has removed. */
  private static final class Removal extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      if (e != null && !(e instanceof NoSuchFileException)) {
        throw e;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
