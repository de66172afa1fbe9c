package io.rustpipe.spark.worker;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file's first bytes say of it, and what is said where it can't run. */
final class ExecutableTest {

  private static final Machine LINUX = machine("Linux", "amd64");
  private static final Machine MAC = machine("Mac OS X", "aarch64");
  private static final String NONE = "";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "62, 0, amd64",
    "62, 3, amd64",
    "183, 0, aarch64",
    "243, 0, riscv64",
    "258, 0, loongarch64",
    "21, 0, ppc64le",
  })
  void aLinuxProgramRunsWhereItWasBuiltFor(short machine, byte abi, String arch)
      throws IOException {
    assertRuns(elf64(LITTLE_ENDIAN, machine, abi, NONE), machine("Linux", arch));
  }

  @Test
  void aBigEndianProgramIsReadAsSuch() throws IOException {
    assertRuns(elf64(BIG_ENDIAN, 22, 0, NONE), machine("Linux", "s390x"));
  }

  @Test
  void anotherArchitectureIsNamedWithTheTargetToBuildFor() throws IOException {
    assertObstacle(
        elf64(LITTLE_ENDIAN, 183, 0, NONE),
        LINUX,
        "is a Linux aarch64 executable, this executor is Linux x86-64",
        "build it for x86_64-unknown-linux-gnu or -musl");
    assertObstacle(
        elf64(LITTLE_ENDIAN, 62, 0, NONE),
        new Machine(Machine.Side.DRIVER, Platform.of("Linux", "aarch64"), null),
        "is a Linux x86-64 executable, this driver is Linux aarch64",
        "build it for aarch64-unknown-linux-gnu");
    assertObstacle(elf64(LITTLE_ENDIAN, 4711, 0, NONE), LINUX, "Linux machine 4711 executable");
  }

  @Test
  void anotherSystemIsNamed() throws IOException {
    var linux = elf64(LITTLE_ENDIAN, 62, 0, NONE);
    assertObstacle(
        linux, MAC, "is a Linux x86-64 executable, this executor is macOS", "aarch64-apple-darwin");
    assertObstacle(
        elf64(LITTLE_ENDIAN, 62, 9, NONE), LINUX, "is a freebsd x86-64 executable", "Linux x86-64");
  }

  @Test
  void whatIsBuiltFor32BitsRunsOnTheirSuccessor() throws IOException {
    assertRuns(elf32(3), LINUX);
    assertObstacle(elf32(3), machine("Linux", "aarch64"), "is a Linux x86 executable");
    assertObstacle(elf32(40), LINUX, "is a Linux arm executable");
    assertObstacle(elf32(62), LINUX, "is a Linux x32 executable");
  }

  @Test
  void aLoaderThatIsNotThereIsNamed() throws IOException {
    assertObstacle(
        elf64(LITTLE_ENDIAN, 62, 0, "/nix/store/abc/ld-linux-x86-64.so.2"),
        LINUX,
        "needs the loader '/nix/store/abc/ld-linux-x86-64.so.2', which this executor does not have",
        "link it statically",
        "x86_64-unknown-linux-musl");
    assertRuns(elf64(LITTLE_ENDIAN, 62, 0, "/bin/sh"), LINUX);
  }

  @Test
  void aLibraryOrAnObjectFileIsNoProgram() throws IOException {
    var library = elf64(LITTLE_ENDIAN, 62, 0, NONE);
    Arrays.fill(library, 24, 32, (byte) 0);
    assertObstacle(library, LINUX, "is a shared library and no program");
    var object = elf64(LITTLE_ENDIAN, 62, 0, NONE);
    object[16] = 1;
    assertObstacle(object, LINUX, "is an object file and no program");
  }

  @ParameterizedTest
  @CsvSource({"5", "16", "63", "64", "119", "120", "200"})
  void aProgramWithoutItsEndIsSaidToBeCut(int length) throws IOException {
    var whole = elf64(LITTLE_ENDIAN, 62, 0, "/bin/sh");
    assertTrue(length < whole.length);
    assertObstacle(Arrays.copyOf(whole, length), LINUX, "was cut off or damaged", "copy it again");
  }

  @Test
  void numbersThatPointNowhereAreDamage() throws IOException {
    var table = elf64(LITTLE_ENDIAN, 62, 0, NONE);
    ByteBuffer.wrap(table).order(LITTLE_ENDIAN).putLong(32, Long.MAX_VALUE);
    assertObstacle(table, LINUX, "was cut off or damaged");
    var negative = elf64(LITTLE_ENDIAN, 62, 0, NONE);
    ByteBuffer.wrap(negative).order(LITTLE_ENDIAN).putLong(32, -1);
    assertObstacle(negative, LINUX, "was cut off or damaged");
  }

  @Test
  void aMacProgramIsReadInBothOrders() throws IOException {
    var arm = bytes(LITTLE_ENDIAN, 0xfeedfacf, 0x0100000c);
    assertRuns(arm, MAC);
    assertObstacle(arm, LINUX, "is a macOS aarch64 executable, this executor is Linux x86-64");
    assertObstacle(bytes(BIG_ENDIAN, 0xfeedface, 7), LINUX, "is a macOS x86 executable");
  }

  @Test
  void aNewerMacTranslatesProgramsOfTheOlder() throws IOException {
    var intel = bytes(LITTLE_ENDIAN, 0xfeedfacf, 0x01000007);
    assertRuns(intel, MAC);
    var arm = bytes(LITTLE_ENDIAN, 0xfeedfacf, 0x0100000c);
    assertObstacle(arm, machine("Mac OS X", "x86_64"), "build it for x86_64-apple-darwin");
  }

  @Test
  void aFatProgramIsAllThatIsInIt() throws IOException {
    var fat =
        bytes(BIG_ENDIAN, 0xcafebabe, 2, 0x01000007, 3, 4096, 10, 12, 0x0100000c, 0, 8192, 10, 14);
    assertRuns(fat, MAC);
    assertRuns(fat, machine("Mac OS X", "x86_64"));
    assertObstacle(fat, LINUX, "is a macOS aarch64 and x86-64 executable");
    assertObstacle(Arrays.copyOf(fat, 20), LINUX, "was cut off or damaged");
  }

  @Test
  void aJavaClassIsNoFatProgram() throws IOException {
    assertObstacle(bytes(BIG_ENDIAN, 0xcafebabe, 61, 0, 0), MAC, "is a Java class and no program");
  }

  @Test
  void aWindowsProgramIsNamed() throws IOException {
    assertObstacle(
        pe(0x8664),
        LINUX,
        "is a Windows x86-64 executable, this executor is Linux x86-64",
        "x86_64-unknown-linux-gnu or -musl");
    assertObstacle(pe(0xaa64), LINUX, "is a Windows aarch64 executable");
    assertRuns(pe(0x8664), machine("Windows 11", "amd64"));
    assertObstacle(Arrays.copyOf(pe(0x8664), 69), LINUX, "was cut off or damaged");
  }

  @Test
  void anInterpreterThatIsNotThereIsNamed() throws IOException {
    assertRuns(text("#!/bin/sh -e\n"), LINUX);
    assertRuns(text("#! /bin/sh"), LINUX);
    assertObstacle(
        text("#!/opt/fish -x\n"),
        LINUX,
        "is a script for the interpreter '/opt/fish', which this executor does not have",
        "install it");
    assertObstacle(text("#!bash\n"), LINUX, "'bash', which is no absolute path", "env bash");
    assertObstacle(text("#!\n"), LINUX, "names no interpreter");
    assertObstacle(text("#!/opt/\uFFFF\0\n"), LINUX, "is a script for the interpreter '/opt/");
    assertObstacle(text("#!/etc/passwd\n"), LINUX, "may not be executed", "chmod +x");
  }

  @Test
  void whatEnvLooksForMustBeOnThePath() throws IOException {
    assertRuns(text("#!/usr/bin/env sh\n"), LINUX);
    assertRuns(text("#!/usr/bin/env -S LANG=C sh -e\n"), LINUX);
    assertRuns(text("#!/usr/bin/env -i sh\n"), LINUX);
    assertObstacle(
        text("#!/usr/bin/env python9\n"),
        LINUX,
        "is a script for 'python9', which is nowhere on the PATH",
        "(/bin:/usr/bin)",
        "'workerEnv'");
    assertObstacle(text("#!/usr/bin/env sh -e\n"), LINUX, "'sh -e'", "'#!/usr/bin/env -S'");
    assertObstacle(text("#!/usr/bin/env -S python9 -u\n"), LINUX, "'python9'");
    assertObstacle(
        text("#!/usr/bin/env sh\n"),
        new Machine(Machine.Side.EXECUTOR, LINUX.platform(), folder.toString()),
        "'sh', which is nowhere on the PATH",
        folder.toString());
    assertRuns(
        text("#!/usr/bin/env sh\n"), new Machine(Machine.Side.EXECUTOR, LINUX.platform(), null));
  }

  @Test
  void linesAsOnWindowsAreNamed() throws IOException {
    assertObstacle(
        text("#!/bin/sh\r\necho\r\n"),
        LINUX,
        "lines end as on Windows",
        "'/bin/sh\\r'",
        "dos2unix");
  }

  @Test
  void whatIsNoProgramIsSaidToBeNone() throws IOException {
    assertObstacle(text("echo hello\n"), LINUX, "is a text", "#!/bin/sh");
    assertObstacle(text("\uFEFF#!/bin/sh\n"), LINUX, "byte order mark");
    assertObstacle(text(""), LINUX, "is an empty file");
    assertObstacle(
        bytes(BIG_ENDIAN, 0x1f8b0800, 0, 3),
        LINUX,
        "begins with the bytes 1f 8b 08 00 00 00 00 00");
    assertObstacle(new byte[] {0x7f}, LINUX, "is a text");
  }

  @Test
  void theProgramsOfThisMachineRun() throws IOException {
    var here = Machine.here(Machine.Side.DRIVER, System.getenv("PATH"));
    for (var program : new String[] {"/bin/sh", "/bin/true"}) {
      assertEquals(Optional.empty(), Executable.of(Path.of(program)).obstacle(here), program);
    }
  }

  private static Machine machine(String os, String arch) {
    return new Machine(Machine.Side.EXECUTOR, Platform.of(os, arch), "/bin:/usr/bin");
  }

  private void assertRuns(byte[] file, Machine machine) throws IOException {
    assertEquals(Optional.empty(), obstacle(file, machine));
  }

  private void assertObstacle(byte[] file, Machine machine, String... parts) throws IOException {
    var obstacle = obstacle(file, machine).orElse("nothing");
    for (var part : parts) {
      assertTrue(obstacle.contains(part), () -> "no '" + part + "' in: " + obstacle);
    }
  }

  private Optional<String> obstacle(byte[] file, Machine machine) throws IOException {
    return Executable.of(Files.write(folder.resolve("program"), file)).obstacle(machine);
  }

  /** A header, a segment of the whole file, and the loader, if there is one. */
  private static byte[] elf64(ByteOrder order, int machine, int abi, String loader) {
    var rows = loader.isEmpty() ? 1 : 2;
    var end = 64 + rows * 56;
    var size = end + 100 + loader.length();
    var file = ByteBuffer.allocate(size).order(order);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (order == LITTLE_ENDIAN ? 1 : 2), 1});
    file.put((byte) abi);
    file.putShort(16, (short) 3).putShort(18, (short) machine);
    file.putLong(24, 0x1000).putLong(32, 64);
    file.putShort(54, (short) 56).putShort(56, (short) rows);
    file.putInt(64, 1).putLong(64 + 32, size);
    if (!loader.isEmpty()) {
      var bytes = (loader + "\0").getBytes(StandardCharsets.UTF_8);
      file.putInt(120, 3).putLong(120 + 8, end).putLong(120 + 32, bytes.length);
      file.position(end).put(bytes);
    }
    return file.array();
  }

  private static byte[] elf32(int machine) {
    var file = ByteBuffer.allocate(52 + 32).order(LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1});
    file.putShort(16, (short) 2).putShort(18, (short) machine);
    file.putInt(24, 0x1000).putInt(28, 52).putShort(44, (short) 1);
    file.putInt(52, 1).putInt(52 + 16, 84);
    return file.array();
  }

  private static byte[] pe(int machine) {
    var file = ByteBuffer.allocate(100).order(LITTLE_ENDIAN);
    file.put((byte) 'M').put((byte) 'Z').putInt(0x3c, 0x40);
    file.putInt(0x40, 'P' | 'E' << 8).putShort(0x44, (short) machine);
    return file.array();
  }

  private static byte[] bytes(ByteOrder order, int... words) {
    var file = ByteBuffer.allocate(4 * words.length).order(order);
    Arrays.stream(words).forEach(file::putInt);
    return file.array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
