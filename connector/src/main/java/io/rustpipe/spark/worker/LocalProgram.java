package io.rustpipe.spark.worker;

import io.rustpipe.spark.worker.BinaryStore.Check;
import io.rustpipe.spark.worker.BinaryStore.Stored;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A program that somebody has put on every machine, perhaps another one for each platform.
 *
 * @param name its absolute path
 */
record LocalProgram(String name) implements ProgramSource {

  @Override
  public Stored locate(Machine.Side side, String sha256, Check check) throws IOException {
    return ProgramSource.inPlace(name, Path.of(name), side, check);
  }

  @Override
  public boolean isOneForAll() {
    return false;
  }
}
