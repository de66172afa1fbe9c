package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who else can change a program. */
final class ExposureTest {

  @TempDir private Path temp;
  private Path inner;
  private Path program;

  @BeforeEach
  void writeProgram() throws IOException {
    temp = temp.toRealPath();
    inner = Files.createDirectory(temp.resolve("inner"));
    program = TestPrograms.write(inner.resolve("program"), "#!/bin/sh\n");
    mode(temp, "rwxr-xr-x");
    mode(inner, "rwxr-xr-x");
  }

  @Test
  void whatOnlyItsOwnerMayWriteIsSafe() throws IOException {
    assertEquals(Optional.empty(), Exposure.of(program));
    assertEquals(Optional.empty(), Exposure.of(Path.of("/bin/sh")));
  }

  @Test
  void aFileThatOthersMayWriteIsNamed() throws IOException {
    mode(program, "rwxr-xrwx");
    assertExposed(program);
    mode(program, "rwxrwxr-x");
    assertExposed(program);
  }

  @Test
  void aFolderThatOthersMayWriteIsNamedHoweverFarAbove() throws IOException {
    mode(temp, "rwxrwxr-x");
    assertExposed(temp);
    mode(inner, "rwxrwxrwx");
    assertExposed(inner);
  }

  @Test
  void inAStickyFolderEntriesAreTheirOwnersAlone() throws IOException {
    Files.setAttribute(inner, "unix:mode", 01777);
    assertEquals(Optional.empty(), Exposure.of(program));
    mode(program, "rwxrwxrwx");
    assertExposed(program);
  }

  @Test
  void behindALinkBothWaysAreLookedAt() throws IOException {
    var safe = Files.createDirectory(temp.resolve("safe"));
    mode(safe, "rwxr-xr-x");
    var link = Files.createSymbolicLink(safe.resolve("link"), program);
    assertEquals(Optional.empty(), Exposure.of(link));
    mode(inner, "rwxrwxrwx");
    assertExposed(link, inner);
    mode(inner, "rwxr-xr-x");
    mode(safe, "rwxrwxrwx");
    assertExposed(link, safe);
  }

  @Test
  void everyLinkOnTheWayIsLookedAt() throws IOException {
    var between = Files.createDirectory(temp.resolve("between"));
    var second = Files.createSymbolicLink(between.resolve("second"), program);
    var first = Files.createSymbolicLink(inner.resolve("first"), second);
    mode(between, "rwxrwxrwx");
    assertExposed(first, between);
  }

  @Test
  void theWarningSaysWhatToDo() throws IOException {
    mode(inner, "rwxrwxrwx");
    var said = Exposure.of(program).orElseThrow().toString();
    for (var part :
        new String[] {
          "'" + inner + "' has mode rwxrwxrwx",
          "can have code run as user " + System.getProperty("user.name"),
          "chmod go-w '" + inner + "'"
        }) {
      assertTrue(said.contains(part), said);
    }
  }

  private void assertExposed(Path place) throws IOException {
    assertExposed(program, place);
  }

  private static void assertExposed(Path program, Path place) throws IOException {
    assertEquals(place, Exposure.of(program).orElseThrow().place());
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
