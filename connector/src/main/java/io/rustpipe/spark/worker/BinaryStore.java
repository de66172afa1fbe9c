package io.rustpipe.spark.worker;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that only this user can enter, with programs under names made of their SHA-256: what
 * comes from a jar or from another machine is started from here.
 *
 * <p>A program appears in it by an atomic rename, whole or not at all, and its digest is verified
 * each time that it is asked for.
 */
record BinaryStore(Path folder) {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /**
   * One for each program that was ever wanted, so that tasks that want it together wait for one.
   */
  private static final ConcurrentHashMap<Path, Object> LOCKS = new ConcurrentHashMap<>();

  /** Where a program's bytes come from. */
  interface Content {
    InputStream open() throws IOException;
  }

  /** Looks at a program's digest before it is taken for a program. */
  interface Check {
    /**
     * Looks at a digest.
     *
     * @throws IOException if it is not the one that is wanted; the message says what to do
     */
    void accept(String sha256) throws IOException;
  }

  /**
   * A program of this machine.
   *
   * @param sha256 its digest, which was found just now
   */
  record Stored(Path path, String sha256) {}

  /** The store of this user on this machine. */
  static BinaryStore ofUser() {
    var name = "rustpipe-" + System.getProperty("user.name");
    return new BinaryStore(Path.of(System.getProperty("java.io.tmpdir"), name).toAbsolutePath());
  }

  /** The program with this digest, which is brought here if it isn't here, or not whole. */
  Stored get(String name, String sha256, Content content, Check check) throws IOException {
    var file = folder.resolve(name + "-" + sha256);
    synchronized (LOCKS.computeIfAbsent(file, any -> new Object())) {
      makePrivate();
      return isWhole(file, sha256)
          ? executable(new Stored(file, sha256))
          : add(name, content, check);
    }
  }

  /** Brings a program here whose digest is not known before. */
  Stored add(String name, Content content, Check check) throws IOException {
    makePrivate();
    var partial = Files.createTempFile(folder, name, ".partial", ownerOnly());
    try {
      var sha256 = write(content, partial);
      check.accept(sha256);
      var file = folder.resolve(name + "-" + sha256);
      if (!isWhole(file, sha256)) {
        // The partial file was made as the umask wants it.
        Files.setPosixFilePermissions(partial, OWNER_ONLY);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return executable(new Stored(file, sha256));
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String write(Content content, Path file) throws IOException {
    try (var in = content.open();
        var out = Files.newOutputStream(file)) {
      return Sha256.copying(in, out);
    }
  }

  private static boolean isWhole(Path file, String sha256) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && sha256.equals(Sha256.of(file));
  }

  private static Stored executable(Stored stored) throws IOException {
    if (!Files.isExecutable(stored.path())) {
      throw new IOException(
          "'%s' can't be executed%s; set java.io.tmpdir to a folder that allows it"
              .formatted(
                  stored.path(),
                  Mounts.noexecAbove(stored.path())
                      .map(": the file system '%s' is mounted noexec"::formatted)
                      .orElse("")));
    }
    return stored;
  }

  /**
   * A folder in a place that everybody may write to is trusted only if it is this user's own and
   * closed to others.
   */
  private void makePrivate() throws IOException {
    try {
      Files.createDirectory(folder, ownerOnly());
    } catch (FileAlreadyExistsException e) {
      var found =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var uid = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      var self = new UnixSystem();
      if (!found.isDirectory()
          || !uid.equals((int) self.getUid())
          || !found.permissions().equals(OWNER_ONLY)) {
        throw new IOException(
            "'%s' must be a folder of user %s with mode 0700, but it belongs to %s with mode %s; remove it, or set java.io.tmpdir to a private folder"
                .formatted(
                    folder,
                    self.getUsername(),
                    found.owner().getName(),
                    PosixFilePermissions.toString(found.permissions())),
            e);
      }
    }
  }

  private static FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(OWNER_ONLY);
  }
}
