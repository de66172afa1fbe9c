package io.rustpipe.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The tarballs that a build of this project leaves on the machine: the crates of the worker's lock
 * file, out of cargo's cache, and the distributions that Maven copied.
 *
 * @param crates sorted by name
 * @param distributions sorted by name
 */
public record Corpus(List<Tarball> crates, List<Tarball> distributions) {
  private static final Pattern LOCKED_CRATE =
      Pattern.compile(
          """
          name = "([^"]+)"
          version = "([^"]+)"
          source = "registry\\+[^"]+"
          checksum = "([0-9a-f]{64})"
          """);

  /**
   * A file to serve.
   *
   * @param name the file's name
   * @param file where it is
   * @param publishedSha256 the digest in the lock file, null for a distribution
   */
  public record Tarball(String name, Path file, String publishedSha256) {
    /** The length of the file in bytes. */
    public long size() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Finds the tarballs.
   *
   * @param root the folder of the checkout
   * @param distributions the folder that Maven copied the distributions to
   * @throws IOException if a folder can't be read, or if a crate of the lock file isn't cached
   */
  public static Corpus find(Path root, Path distributions) throws IOException {
    return new Corpus(crates(root.resolve("worker-rs/Cargo.lock")), distributions(distributions));
  }

  /** Crates and distributions in one list. */
  public List<Tarball> all() {
    var all = new ArrayList<>(crates);
    all.addAll(distributions);
    return all;
  }

  private static List<Tarball> crates(Path lockFile) throws IOException {
    Map<String, Path> cached = cachedCrates();
    var crates = new ArrayList<Tarball>();
    var locked = LOCKED_CRATE.matcher(Files.readString(lockFile));
    while (locked.find()) {
      String name = locked.group(1) + "-" + locked.group(2) + ".crate";
      Path file = cached.get(name);
      if (file == null) {
        throw new IOException(
            "%s, named by %s, is not in cargo's cache; run: cargo fetch --locked"
                .formatted(name, lockFile));
      }
      crates.add(new Tarball(name, file, locked.group(3)));
    }
    return List.copyOf(crates);
  }

  private static Map<String, Path> cachedCrates() throws IOException {
    String home = System.getenv("CARGO_HOME");
    Path cache =
        (home == null ? Path.of(System.getProperty("user.home"), ".cargo") : Path.of(home))
            .resolve("registry/cache");
    var files = new TreeMap<String, Path>();
    try (DirectoryStream<Path> registries = Files.newDirectoryStream(cache)) {
      for (Path registry : registries) {
        files.putAll(filesIn(registry, "*.crate"));
      }
    }
    return files;
  }

  private static List<Tarball> distributions(Path folder) throws IOException {
    return filesIn(folder, "*.tar.gz").entrySet().stream()
        .map(file -> new Tarball(file.getKey(), file.getValue(), null))
        .toList();
  }

  private static Map<String, Path> filesIn(Path folder, String glob) throws IOException {
    var files = new TreeMap<String, Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      found.forEach(file -> files.put(file.getFileName().toString(), file));
    }
    return files;
  }
}
