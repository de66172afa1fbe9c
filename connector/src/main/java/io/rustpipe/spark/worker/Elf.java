package io.rustpipe.spark.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A program in the format of Linux and most Unixes.
 *
 * @param platform what it was built for
 * @param kind the header's {@code e_type}
 * @param entry where it begins; 0 for a library
 * @param loader the program that loads its libraries; null if it has none
 */
record Elf(Platform platform, int kind, long entry, String loader) implements Executable {

  private static final int IDENT_BYTES = 16;
  private static final int EXECUTABLE = 2;
  private static final int SHARED = 3;
  private static final int LOAD = 1;
  private static final int INTERPRETER = 3;

  /** The kernel takes no longer path. */
  private static final int LONGEST_PATH = 4096;

  /** Where things are in a header; sizes in bytes. Addresses and offsets are as long as a word. */
  private record Shape(int word, int header, int entry, int table, int count, int row) {
    private static final Shape BITS_32 = new Shape(4, 52, 24, 28, 44, 32);
    private static final Shape BITS_64 = new Shape(8, 64, 24, 32, 56, 56);

    long word(ByteBuffer bytes, int at) {
      return word == 8 ? bytes.getLong(at) : Integer.toUnsignedLong(bytes.getInt(at));
    }

    /** Where in a row of the table the offset in the file is. */
    int offset() {
      return word == 8 ? 8 : 4;
    }

    /** Where in a row of the table the size in the file is. */
    int fileSize() {
      return word == 8 ? 32 : 16;
    }
  }

  static boolean begins(byte[] first) {
    return Executable.startsWith(first, 0x7f, 'E', 'L', 'F');
  }

  /**
   * Reads header and table of segments.
   *
   * @throws java.io.EOFException if the file ends before its segments do
   */
  static Executable read(FileBytes bytes) throws IOException {
    var ident = bytes.at(0, IDENT_BYTES, ByteOrder.BIG_ENDIAN);
    var shape = ident.get(4) == 2 ? Shape.BITS_64 : Shape.BITS_32;
    var order = ident.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    var header = bytes.at(0, shape.header(), order);
    var platform = new Platform(os(ident.get(7)), arch(header.getShort(18), shape.word(), order));
    String loader = null;
    var table = shape.word(header, shape.table());
    var rows = Short.toUnsignedInt(header.getShort(shape.count()));
    for (var i = 0; i < rows; i++) {
      var row = bytes.at(table + (long) i * shape.row(), shape.row(), order);
      var offset = shape.word(row, shape.offset());
      var length = shape.word(row, shape.fileSize());
      if (row.getInt(0) == LOAD) {
        bytes.requireUpTo(offset, length);
      } else if (row.getInt(0) == INTERPRETER && length > 0 && length <= LONGEST_PATH) {
        var path = bytes.at(offset, (int) length, order).array();
        loader = new String(path, StandardCharsets.UTF_8).split("\0", 2)[0];
      }
    }
    return new Elf(platform, header.getShort(16), shape.word(header, shape.entry()), loader);
  }

  /** Linux programs say mostly that they are of no system in particular. */
  private static String os(byte abi) {
    return switch (abi) {
      case 2 -> "netbsd";
      case 6 -> "sunos";
      case 9 -> "freebsd";
      case 12 -> "openbsd";
      default -> Platform.LINUX;
    };
  }

  private static String arch(short machine, int word, ByteOrder order) {
    var is64 = word == 8;
    var isLittle = order == ByteOrder.LITTLE_ENDIAN;
    return switch (machine) {
      case 3 -> "x86";
      case 8 -> "mips";
      case 20 -> "ppc";
      case 21 -> isLittle ? "ppc64le" : "ppc64";
      case 22 -> is64 ? "s390x" : "s390";
      case 40 -> "arm";
      case 62 -> is64 ? Platform.X86_64 : "x32";
      case 183 -> isLittle && is64 ? Platform.AARCH64 : "unusual aarch64";
      case 243 -> is64 ? "riscv64" : "riscv32";
      case 258 -> is64 ? "loongarch64" : "loongarch32";
      default -> "machine " + Short.toUnsignedInt(machine);
    };
  }

  @Override
  public Optional<String> obstacle(Machine machine) {
    if (!runsOn(machine.platform())) {
      return Optional.of(machine.foreign("a " + platform.title() + " executable"));
    }
    if ((kind != EXECUTABLE && kind != SHARED) || entry == 0) {
      return Optional.of(
          "is %s and no program: name what the linker made of it"
              .formatted(kind == SHARED ? "a shared library" : "an object file"));
    }
    if (loader != null && !machine.has(loader)) {
      return Optional.of(
          "needs the loader '%s', which this %s does not have: link it statically (in Rust: build it for %s-unknown-linux-musl), or build it where the C library is the same"
              .formatted(loader, machine.side(), platform.arch()));
    }
    return Optional.empty();
  }

  /** Kernels for x86-64 run what was built for its predecessor as well, nearly all of them. */
  private boolean runsOn(Platform here) {
    var isOlder = here.isLinux() && here.arch().equals(Platform.X86_64) && isX86OfLinux();
    return isOlder || platform.equals(here);
  }

  private boolean isX86OfLinux() {
    return platform.equals(new Platform(Platform.LINUX, "x86"));
  }
}
