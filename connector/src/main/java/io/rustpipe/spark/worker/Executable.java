package io.rustpipe.spark.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What kind of program a file is, by its first bytes. The kernel looks at the same, but all that it
 * says is "exec format error", or that a file is missing which is there. What a kernel has been
 * told to run beyond that (binfmt_misc) needs a script that starts it.
 */
sealed interface Executable permits Elf, MachO, Pe, Script, Unrecognised {

  /**
   * Why it can't run on the machine, and what to do: what follows upon "the worker '...'". Empty if
   * nothing speaks against it.
   */
  Optional<String> obstacle(Machine machine);

  /** Looks at a file. One that makes no sense is {@link Unrecognised}. */
  static Executable of(Path file) throws IOException {
    try (var bytes = FileBytes.open(file)) {
      return of(bytes);
    }
  }

  private static Executable of(FileBytes bytes) throws IOException {
    var first = bytes.first();
    try {
      if (Elf.begins(first)) {
        return Elf.read(bytes);
      }
      if (MachO.begins(first)) {
        return MachO.read(bytes);
      }
      if (Pe.begins(first)) {
        return Pe.read(bytes);
      }
    } catch (EOFException e) {
      return Unrecognised.cut(e.getMessage());
    }
    return Script.begins(first) ? Script.read(first) : Unrecognised.of(first);
  }

  /** Whether the bytes begin with those. */
  static boolean startsWith(byte[] bytes, int... magic) {
    return bytes.length >= magic.length
        && IntStream.range(0, magic.length).allMatch(i -> bytes[i] == (byte) magic[i]);
  }
}
