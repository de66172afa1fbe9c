package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MountsTest {

  private static final List<String> TABLE =
      List.of(
          "/dev/a / ext4 rw,relatime 0 0",
          "tmpfs /tmp tmpfs rw,nosuid,noexec 0 0",
          "tmpfs /tmp/run tmpfs rw 0 0",
          "/dev/b /my\\040disk ext4 rw,noexec 0 0",
          "/dev/c /late ext4 rw,noexec 0 0",
          "/dev/d /late ext4 rw 0 0");

  @Test
  void theNearestMountDecides() {
    assertEquals(Optional.of(Path.of("/tmp")), noexec("/tmp/program"));
    assertEquals(Optional.empty(), noexec("/tmp/run/program"));
    assertEquals(Optional.empty(), noexec("/tmpfile"));
  }

  @Test
  void aPlaceMayHaveBlanksInItsName() {
    assertEquals(Optional.of(Path.of("/my disk")), noexec("/my disk/program"));
  }

  @Test
  void ofTwoMountsInOnePlaceTheLaterIsSeen() {
    assertEquals(Optional.empty(), noexec("/late/program"));
  }

  private static Optional<Path> noexec(String path) {
    return Mounts.noexecAbove(Path.of(path), TABLE);
  }
}
