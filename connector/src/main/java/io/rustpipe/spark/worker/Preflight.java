package io.rustpipe.spark.worker;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The look at a program before it is started. The errors that come of starting one that can't run
 * name neither the file nor the reason; these name both, and what to do.
 *
 * @param name how the user calls the program
 * @param file where it is on this machine
 */
record Preflight(String name, Path file) {

  private static final Set<PosixFilePermission> EXECUTE =
      PosixFilePermissions.fromString("--x--x--x");

  /**
   * Fails if there is no file that can be read: of such a one nothing can be said.
   *
   * @throws IOException whose message says what to do
   */
  void requireFile(Machine.Side side) throws IOException {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(
          "there is no worker '%s' on this %s: the driver and every executor need it at that path; a URI of a file system that all can reach, or a file given by sc.addFile or --files, is brought to them"
              .formatted(name, side));
    } catch (AccessDeniedException e) {
      throw new IOException(
          "the worker %s is in a folder that this user may not enter: chmod +x that folder"
              .formatted(shown()),
          e);
    }
    if (!found.isRegularFile()) {
      throw new IOException(
          "the worker %s is %s and no file: name the program itself"
              .formatted(shown(), found.isDirectory() ? "a folder" : "a device or pipe"));
    }
    if (!Files.isReadable(file)) {
      throw new IOException(
          "the worker %s may not be read by this user, so its digest can't be checked: chmod +r '%s'"
              .formatted(shown(), file));
    }
  }

  /**
   * Fails if it can't run on the machine.
   *
   * @throws IOException whose message says what it is and what to do
   */
  void requireRunnable(Machine machine) throws IOException {
    var obstacle = Executable.of(file).obstacle(machine);
    if (obstacle.isPresent()) {
      throw new IOException("the worker %s %s".formatted(shown(), obstacle.get()));
    }
    if (!Files.isExecutable(file)) {
      throw new IOException("the worker %s %s".formatted(shown(), denial()));
    }
  }

  private String denial() throws IOException {
    PosixFileAttributes found;
    try {
      found = Files.readAttributes(file, PosixFileAttributes.class);
    } catch (UnsupportedOperationException e) {
      return "may not be executed by this user";
    }
    var mount = Mounts.noexecAbove(file);
    if (found.permissions().stream().noneMatch(EXECUTE::contains)) {
      return "is no file that may be executed: chmod +x '%s'".formatted(file);
    }
    if (mount.isPresent()) {
      return "is on the file system '%s', which is mounted noexec: nothing on it may be executed, put it elsewhere"
          .formatted(mount.get());
    }
    return "may not be executed by this user: it belongs to %s with mode %s"
        .formatted(found.owner().getName(), PosixFilePermissions.toString(found.permissions()));
  }

  private String shown() {
    return name.equals(file.toString()) ? "'" + name + "'" : "'%s' (%s)".formatted(name, file);
  }
}
