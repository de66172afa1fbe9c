package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A place by which others than its owner can change a program: what they put there would run as
 * this user.
 *
 * @param place the program or a folder above it
 * @param found its owner, group and mode
 */
record Exposure(Path place, PosixFileAttributes found) {

  private static final Set<PosixFilePermission> WRITE =
      PosixFilePermissions.fromString("----w--w-");

  /** In a folder with this bit, only owners may rename or remove what is theirs. */
  private static final int STICKY = 01000;

  /** The first such place on the way to the program, over all links. */
  static Optional<Exposure> of(Path program) throws IOException {
    var places = new LinkedHashSet<Path>();
    // First, because it fails for links that lead nowhere or in a circle.
    var real = program.toRealPath();
    var end = program.toAbsolutePath();
    while (Files.isSymbolicLink(end)) {
      addWithFoldersAbove(end, places);
      end = end.resolveSibling(Files.readSymbolicLink(end));
    }
    addWithFoldersAbove(end, places);
    addWithFoldersAbove(real, places);
    for (var place : places) {
      var exposure = at(place);
      if (exposure.isPresent()) {
        return exposure;
      }
    }
    return Optional.empty();
  }

  private static void addWithFoldersAbove(Path end, Set<Path> places) {
    for (var place = end; place != null; place = place.getParent()) {
      places.add(place);
    }
  }

  private static Optional<Exposure> at(Path place) throws IOException {
    try {
      var found = Files.readAttributes(place, PosixFileAttributes.class);
      var isSticky = ((int) Files.getAttribute(place, "unix:mode") & STICKY) != 0;
      var isOpen =
          found.permissions().stream().anyMatch(WRITE::contains)
              && !(found.isDirectory() && isSticky);
      return isOpen ? Optional.of(new Exposure(place, found)) : Optional.empty();
    } catch (UnsupportedOperationException e) {
      // A file system without such rights.
      return Optional.empty();
    }
  }

  /** Says what is open to whom, and what to do. */
  @Override
  public String toString() {
    return "'%s' has mode %s and belongs to %s:%s: whoever else may write there can have code run as user %s; chmod go-w '%s', or put the program elsewhere"
        .formatted(
            place,
            PosixFilePermissions.toString(found.permissions()),
            found.owner().getName(),
            found.group().getName(),
            System.getProperty("user.name"),
            place);
  }
}
