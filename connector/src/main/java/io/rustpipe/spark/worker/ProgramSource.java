package io.rustpipe.spark.worker;

import io.rustpipe.spark.worker.BinaryStore.Check;
import io.rustpipe.spark.worker.BinaryStore.Stored;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Where a program of the user's comes from. Equal sources give the same program at one time. */
public sealed interface ProgramSource extends Serializable
    permits LocalProgram, AddedProgram, RemoteProgram {

  /** What the user calls the program. */
  String name();

  /**
   * The program on this machine, brought here if need be.
   *
   * @param sha256 the one digest that is wanted, so that what is here already may do; null if there
   *     is none yet, and one has to look
   * @param check sees the digest before anything else is done with the program
   * @throws IOException if it can't be had, or as the check says
   */
  Stored locate(Machine.Side side, String sha256, Check check) throws IOException;

  /** Whether all machines get one file: then there can be only one digest. */
  boolean isOneForAll();

  /**
   * Understands the option {@code worker}: an absolute path, the name of a file that was given to
   * Spark, or a URI.
   *
   * @param settings for a URI
   * @throws IOException if it is none of these
   */
  static ProgramSource of(String worker, Supplier<HadoopSettings> settings) throws IOException {
    if (worker.startsWith("/")) {
      return new LocalProgram(worker);
    }
    if (!worker.contains("/")) {
      return new AddedProgram(worker);
    }
    if (Pattern.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*", worker)) {
      return RemoteProgram.of(worker, settings.get());
    }
    throw new IOException(
        "the worker '%s' needs an absolute path, because executors run in folders of their own; or the bare name of a file given by sc.addFile or --files, or a URI such as hdfs://..."
            .formatted(worker));
  }

  /** A program that is run where it is. */
  static Stored inPlace(String name, Path file, Machine.Side side, Check check) throws IOException {
    new Preflight(name, file).requireFile(side);
    var sha256 = Sha256.of(file);
    check.accept(sha256);
    return new Stored(file, sha256);
  }
}
