package io.rustpipe.spark.worker;

import com.github.luben.zstd.ZstdInputStream;
import com.sun.security.auth.module.UnixSystem;
import io.rustpipe.spark.frame.Description;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The worker that the jar carries: its description for the driver, its binary for the executors.
 *
 * <p>The binary is unpacked once into a folder that only this user can enter, under a name made of
 * its SHA-256, by an atomic rename; its digest is verified before every start.
 */
public record BundledWorker(Description description) implements WorkerBinary {

  private static final String BINARY = "rustpipe-worker";
  private static final String DEFAULT_TABLE = "fetches";

  /** The worker as the jar describes it: known on any platform, without running it. */
  public static BundledWorker load() {
    try (var json = resource("description.json")) {
      return new BundledWorker(Description.read(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Description.Table defaultTable() {
    return description.table(DEFAULT_TABLE);
  }

  @Override
  public WorkerCommand command() throws IOException {
    var binary = unpack(platform(), folder());
    return new WorkerCommand(
        List.of(binary.toString(), "run"), Map.of(), canGuard(platform()) ? binary : null);
  }

  /**
   * The binary in its role as guard of other programs; null where it can't be one.
   *
   * @throws IOException if it can't be started here; the message says what to do
   */
  static Path guard() throws IOException {
    return canGuard(platform()) && carries(platform()) ? unpack(platform(), folder()) : null;
  }

  /** Only Linux lets a process inherit orphans and wait for its parent. */
  private static boolean canGuard(String platform) {
    return platform.startsWith("linux-");
  }

  private static boolean carries(String platform) {
    return BundledWorker.class.getResource(digestResource(platform)) != null;
  }

  private static String digestResource(String platform) {
    return platform + "/" + BINARY + ".sha256";
  }

  private static String platform() {
    return platform(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /**
   * Operating system and architecture as the worker's build names them, for example {@code
   * linux-x86_64}.
   */
  static String platform(String osName, String osArch) {
    var name = osName.toLowerCase(Locale.ROOT);
    var os = name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name;
    var arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "arm64", "aarch64" -> "aarch64";
          default -> osArch;
        };
    return os + "-" + arch;
  }

  private static Path folder() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "rustpipe-" + System.getProperty("user.name"));
  }

  static synchronized Path unpack(String platform, Path folder) throws IOException {
    var digest = expectedDigest(platform);
    privateFolder(folder);
    var binary = folder.resolve(BINARY + "-" + digest);
    if (!Files.exists(binary, LinkOption.NOFOLLOW_LINKS) || !digest.equals(digest(binary))) {
      write(platform, folder, binary, digest);
    }
    if (!Files.isExecutable(binary)) {
      throw new IOException(
          "'%s' can't be executed, most likely because its file system is mounted noexec; set java.io.tmpdir to a folder that allows it"
              .formatted(binary));
    }
    return binary;
  }

  private static String expectedDigest(String platform) throws IOException {
    try (var sha256 = resource(digestResource(platform))) {
      return new String(sha256.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (FileNotFoundException e) {
      throw new IOException(
          "this jar carries no worker for '%s'; build it on that platform with 'mvn package'"
              .formatted(platform),
          e);
    }
  }

  /**
   * A folder in a place that everybody may write to is trusted only if it is this user's own and
   * closed to others.
   */
  private static void privateFolder(Path folder) throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
    } catch (FileAlreadyExistsException e) {
      var found =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var uid = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      var self = new UnixSystem();
      if (!found.isDirectory()
          || !uid.equals((int) self.getUid())
          || !found.permissions().equals(ownerOnly)) {
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

  private static void write(String platform, Path folder, Path binary, String digest)
      throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    var partial = Files.createTempFile(folder, BINARY, ".partial", ownerOnly);
    try {
      try (var packed = new ZstdInputStream(resource(platform + "/" + BINARY + ".zst"))) {
        Files.copy(packed, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwx------"));
      var written = digest(partial);
      if (!digest.equals(written)) {
        throw new IOException(
            "the unpacked worker has sha256 %s, the jar says %s; the jar or the disk is damaged"
                .formatted(written, digest));
      }
      Files.move(partial, binary, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String digest(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        var digesting = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
      var buffer = new byte[128 << 10];
      while (digesting.read(buffer) >= 0) {
        // The digest is fed by reading.
      }
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static InputStream resource(String name) throws FileNotFoundException {
    var stream = BundledWorker.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException("no resource '%s' in the rustpipe jar".formatted(name));
    }
    return stream;
  }
}
