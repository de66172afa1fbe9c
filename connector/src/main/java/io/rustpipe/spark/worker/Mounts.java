package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the kernel says of file systems, so that an error can name the one that is to blame. */
final class Mounts {

  private static final Path TABLE = Path.of("/proc/self/mounts");

  private Mounts() {}

  /** Where the file's file system is mounted, if that is a place from which nothing may be run. */
  static Optional<Path> noexecAbove(Path file) {
    try {
      return noexecAbove(file.toRealPath(), Files.readAllLines(TABLE));
    } catch (IOException e) {
      // Not Linux, or not to be seen: then there is no name for it.
      return Optional.empty();
    }
  }

  /**
   * The same by a given table.
   *
   * @param table lines of device, place, type, options and two numbers; of two for one place the
   *     later one counts
   */
  static Optional<Path> noexecAbove(Path realPath, List<String> table) {
    Path nearest = null;
    var noexec = false;
    for (var line : table) {
      var words = line.split(" ", -1);
      var place = Path.of(unescaped(words[1]));
      if (realPath.startsWith(place)
          && (nearest == null || place.getNameCount() >= nearest.getNameCount())) {
        nearest = place;
        noexec = List.of(words[3].split(",", -1)).contains("noexec");
      }
    }
    return noexec ? Optional.of(nearest) : Optional.empty();
  }

  /** The kernel writes blanks and the like as three octal digits. */
  private static String unescaped(String place) {
    return place
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
