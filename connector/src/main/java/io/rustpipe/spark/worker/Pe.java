package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A program in the format of Windows.
 *
 * @param platform what it was built for
 */
record Pe(Platform platform) implements Executable {

  /** Where a program for DOS, which each of these begins with, says where the rest is. */
  private static final int OFFSET = 0x3c;

  private static final int SIGNATURE = 'P' | 'E' << 8;

  static boolean begins(byte[] first) {
    return Executable.startsWith(first, 'M', 'Z');
  }

  /**
   * Reads the architecture.
   *
   * @throws java.io.EOFException if the file ends before that
   */
  static Executable read(FileBytes bytes) throws IOException {
    var order = ByteOrder.LITTLE_ENDIAN;
    var offset = Integer.toUnsignedLong(bytes.at(OFFSET, 4, order).getInt());
    var header = bytes.at(offset, 6, order);
    var arch = header.getInt(0) == SIGNATURE ? arch(header.getShort(4)) : "16-bit";
    return new Pe(new Platform(Platform.WINDOWS, arch));
  }

  private static String arch(short machine) {
    return switch (Short.toUnsignedInt(machine)) {
      case 0x14c -> "x86";
      case 0x1c4 -> "arm";
      case 0x8664 -> Platform.X86_64;
      case 0xaa64 -> Platform.AARCH64;
      default -> "machine " + Short.toUnsignedInt(machine);
    };
  }

  @Override
  public Optional<String> obstacle(Machine machine) {
    return platform.equals(machine.platform())
        ? Optional.empty()
        : Optional.of(machine.foreign("a " + platform.title() + " executable"));
  }
}
