package io.rustpipe.spark.worker;

import com.github.luben.zstd.ZstdInputStream;
import io.rustpipe.spark.frame.Description;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The worker that the jar carries: its description for the driver, its binary for the executors.
 *
 * <p>The binary is unpacked once into the {@link BinaryStore}; its digest is verified before every
 * start.
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
  public String title() {
    var platform = Platform.current();
    return "the bundled worker %s%s"
        .formatted(
            description.version(),
            carries(platform) ? " (sha256 %.12s)".formatted(expectedDigest(platform)) : "");
  }

  @Override
  public WorkerCommand command() throws IOException {
    var platform = Platform.current();
    var binary = unpack(platform, BinaryStore.ofUser());
    return new WorkerCommand(
        List.of(binary.toString(), "run"), Map.of(), canGuard(platform) ? binary : null);
  }

  /**
   * The binary in its role as guard of other programs; null where it can't be one.
   *
   * @throws IOException if it can't be started here; the message says what to do
   */
  static Path guard() throws IOException {
    var platform = Platform.current();
    return canGuard(platform) && carries(platform) ? unpack(platform, BinaryStore.ofUser()) : null;
  }

  /** Only Linux lets a process inherit orphans and wait for its parent. */
  private static boolean canGuard(Platform platform) {
    return platform.isLinux();
  }

  private static boolean carries(Platform platform) {
    return BundledWorker.class.getResource(digestResource(platform)) != null;
  }

  private static String digestResource(Platform platform) {
    return platform + "/" + BINARY + ".sha256";
  }

  static Path unpack(Platform platform, BinaryStore store) throws IOException {
    if (!carries(platform)) {
      throw new IOException(
          "this jar carries no worker for '%s'; build it on that platform with 'mvn package'"
              .formatted(platform));
    }
    var digest = expectedDigest(platform);
    return store
        .get(
            BINARY,
            digest,
            () -> new ZstdInputStream(resource(platform + "/" + BINARY + ".zst")),
            written -> {
              if (!digest.equals(written)) {
                throw new IOException(
                    "the unpacked worker has sha256 %s, the jar says %s; the jar or the disk is damaged"
                        .formatted(written, digest));
              }
            })
        .path();
  }

  private static String expectedDigest(Platform platform) {
    try (var sha256 = resource(digestResource(platform))) {
      return new String(sha256.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
