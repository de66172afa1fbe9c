package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A program in the format of macOS, for one architecture or for several ("fat").
 *
 * @param archs what it was built for
 */
record MachO(Set<String> archs) implements Executable {

  private static final int BITS_64 = 0x0100_0000;

  /** A file of a Java class begins as a fat program does, and has 45 or more in this place. */
  private static final int MOST_ARCHS = 20;

  MachO {
    archs = Set.copyOf(archs);
  }

  static boolean begins(byte[] first) {
    return isThin(first, ByteOrder.BIG_ENDIAN)
        || isThin(first, ByteOrder.LITTLE_ENDIAN)
        || isFat(first);
  }

  private static boolean isThin(byte[] first, ByteOrder order) {
    return order == ByteOrder.BIG_ENDIAN
        ? Executable.startsWith(first, 0xfe, 0xed, 0xfa, 0xce)
            || Executable.startsWith(first, 0xfe, 0xed, 0xfa, 0xcf)
        : Executable.startsWith(first, 0xce, 0xfa, 0xed, 0xfe)
            || Executable.startsWith(first, 0xcf, 0xfa, 0xed, 0xfe);
  }

  private static boolean isFat(byte[] first) {
    return (Executable.startsWith(first, 0xca, 0xfe, 0xba, 0xbe, 0, 0, 0)
            || Executable.startsWith(first, 0xca, 0xfe, 0xba, 0xbf, 0, 0, 0))
        && (first.length < 8 || Byte.toUnsignedInt(first[7]) <= MOST_ARCHS);
  }

  /**
   * Reads the architectures.
   *
   * @throws java.io.EOFException if the file ends before they do
   */
  static Executable read(FileBytes bytes) throws IOException {
    var first = bytes.first();
    if (!isFat(first)) {
      var order =
          isThin(first, ByteOrder.BIG_ENDIAN) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new MachO(Set.of(arch(bytes.at(4, 4, order).getInt())));
    }
    var row = Executable.startsWith(first, 0xca, 0xfe, 0xba, 0xbf) ? 32 : 20;
    var count = bytes.at(4, 4, ByteOrder.BIG_ENDIAN).getInt();
    var archs = new TreeSet<String>();
    for (var i = 0; i < count; i++) {
      archs.add(arch(bytes.at(8L + (long) i * row, 4, ByteOrder.BIG_ENDIAN).getInt()));
    }
    return new MachO(archs);
  }

  private static String arch(int cpu) {
    return switch (cpu) {
      case 7 -> "x86";
      case 7 | BITS_64 -> Platform.X86_64;
      case 12 -> "arm";
      case 12 | BITS_64 -> Platform.AARCH64;
      default -> "machine " + cpu;
    };
  }

  @Override
  public Optional<String> obstacle(Machine machine) {
    return runsOn(machine.platform())
        ? Optional.empty()
        : Optional.of(machine.foreign("a macOS " + archTitles() + " executable"));
  }

  /** Newer machines translate what was built for the older ones. */
  private boolean runsOn(Platform here) {
    return here.os().equals(Platform.MACOS)
        && (archs.contains(here.arch())
            || (here.arch().equals(Platform.AARCH64) && archs.contains(Platform.X86_64)));
  }

  private String archTitles() {
    return archs.stream().sorted().map(Platform::archTitle).collect(Collectors.joining(" and "));
  }
}
