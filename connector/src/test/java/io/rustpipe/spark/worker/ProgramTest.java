package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Where a program comes from, and that it is the same one everywhere. */
final class ProgramTest {

  private static final Machine EXECUTOR = Machine.here(Machine.Side.EXECUTOR, "/bin:/usr/bin");
  private static final String OTHER = "0".repeat(64);

  @TempDir private Path folder;
  private Path file;
  private String sha256;

  @BeforeEach
  void writeProgram() throws IOException {
    // Of this test alone: the store is the user's.
    file = TestPrograms.write(folder.resolve("tool"), "#!/bin/sh\n# of " + folder + "\n");
    sha256 = Sha256.of(file);
  }

  @Test
  void theFormOfTheNameSaysWhereItComesFrom() throws IOException {
    assertEquals(new LocalProgram("/usr/bin/awk"), source("/usr/bin/awk"));
    assertEquals(new AddedProgram("tool.sh"), source("tool.sh"));
    for (var uri : List.of("hdfs://name:8020/tool", "file:/tool", "s3a://bucket/tool")) {
      assertEquals(uri, assertInstanceOf(RemoteProgram.class, source(uri)).name());
    }
  }

  @Test
  void aRelativePathIsRefused() {
    assertFails(() -> source("bin/tool"), "'bin/tool' needs an absolute path", "sc.addFile");
  }

  @Test
  void aPasswordInAUriIsRefusedAndNotShown() {
    var error = assertFails(() -> source("ftp://me:secret@host/tool"), "password", "fs.*");
    assertFalse(error.getMessage().contains("secret"), error.getMessage());
  }

  @Test
  void aProgramOfThisMachineRunsWhereItIs() throws IOException {
    var program = Program.find(source(file.toString()), List.of());
    assertEquals(sha256, program.sha256());
    assertEquals(file, program.file(EXECUTOR));
    assertEquals("'%s' (sha256 %.12s)".formatted(file, sha256), program.title());
  }

  @Test
  void aProgramBehindALinkIsKnownByWhatItIsAndStartedByTheLink() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link"), file);
    var program = Program.find(source(link.toString()), List.of(sha256));
    assertEquals(link, program.file(EXECUTOR));
  }

  @Test
  void aProgramThatChangedAfterPlanningIsRefused() throws IOException {
    var program = Program.find(source(file.toString()), List.of());
    var changed = change();
    assertFails(
        () -> program.file(EXECUTOR),
        "'" + file + "'",
        "another one than when the query was planned",
        "sha256 " + changed + " on this executor",
        sha256,
        "load the table anew",
        "'workerSha256'");
    assertNotEquals(program, Program.find(source(file.toString()), List.of()));
  }

  @Test
  void aPinIsDemandedOfTheDriver() {
    assertFails(
        () -> Program.find(source(file.toString()), List.of(OTHER)),
        "'" + file + "' has sha256 " + sha256 + " on this driver",
        "'workerSha256' demands " + OTHER);
  }

  @Test
  void aPinIsDemandedOfEveryExecutor() throws IOException {
    var program = Program.find(source(file.toString()), List.of(OTHER, sha256));
    assertEquals(file, program.file(EXECUTOR));
    var changed = change();
    assertFails(
        () -> program.file(EXECUTOR),
        changed + " on this executor",
        "'workerSha256' demands " + OTHER + " or " + sha256);
  }

  @Test
  void ofSeveralPinsEachMachineMayHaveItsOwn() throws IOException {
    var before = sha256;
    var after = change();
    Files.writeString(file, "#!/bin/sh\n# of " + folder + "\n");
    var program = Program.find(source(file.toString()), List.of(before, after));
    change();
    assertEquals(file, program.file(EXECUTOR));
  }

  @Test
  void whatAUriNamesIsFetchedForThisUserOnly() throws IOException {
    var program = Program.find(source(file.toUri().toString()), List.of());
    var stored = program.file(EXECUTOR);
    assertEquals(BinaryStore.ofUser().folder().resolve("program-" + sha256), stored);
    assertEquals(-1, Files.mismatch(file, stored));
    Files.delete(file);
    assertEquals(stored, program.file(EXECUTOR), "it is here, and known by its digest");
    Files.delete(stored);
  }

  @Test
  void whatChangedBehindAUriIsRefusedWhereItIsFetchedAnew() throws IOException {
    var program = Program.find(source(file.toUri().toString()), List.of());
    Files.delete(BinaryStore.ofUser().folder().resolve("program-" + sha256));
    var changed = change();
    assertFails(
        () -> program.file(EXECUTOR),
        "'" + file.toUri() + "'",
        "sha256 " + changed + " on this executor",
        sha256);
    assertTrue(Files.notExists(BinaryStore.ofUser().folder().resolve("program-" + changed)));
  }

  @Test
  void aPinOfAUriIsDemandedBeforeItIsKept() throws IOException {
    var uri = file.toUri().toString();
    assertFails(() -> Program.find(source(uri), List.of(OTHER)), sha256, "demands " + OTHER);
    assertFails(() -> Program.find(source(uri), List.of(OTHER, "1".repeat(64))), sha256, OTHER);
    assertTrue(Files.notExists(BinaryStore.ofUser().folder().resolve("program-" + sha256)));
  }

  @Test
  void whatAUriDoesNotReachIsNamed() {
    assertFails(
        () -> Program.find(source("file:/nowhere/tool"), List.of()),
        "'file:/nowhere/tool' can't be fetched by this driver",
        "does not exist");
    assertFails(() -> Program.find(source("nosuch://host/tool"), List.of()), "nosuch");
    assertFails(
        () -> Program.find(source("hdfs://h ost:x/tool"), List.of()), "hdfs://h ost:x/tool");
  }

  @Test
  void aProgramThatCannotRunHereIsRefusedBeforeItIsStarted() throws IOException {
    Files.writeString(file, "echo\n");
    var program = Program.find(source(file.toString()), List.of());
    assertFails(() -> program.file(EXECUTOR), "is a text");
  }

  private String change() throws IOException {
    Files.writeString(file, "#!/bin/sh\n# changed, of " + folder + "\n");
    return Sha256.of(file);
  }

  private static ProgramSource source(String worker) throws IOException {
    return ProgramSource.of(worker, () -> Configuration::new);
  }

  private static IOException assertFails(Executable action, String... parts) {
    var error = assertThrows(IOException.class, action);
    for (var part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    return error;
  }
}
