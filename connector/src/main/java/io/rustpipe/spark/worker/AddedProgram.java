package io.rustpipe.spark.worker;

import io.rustpipe.spark.worker.BinaryStore.Check;
import io.rustpipe.spark.worker.BinaryStore.Stored;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/**
 * A program that Spark brings to every machine, because it was given by {@code sc.addFile} or
 * {@code --files}.
 *
 * @param name the file's, without a folder
 */
record AddedProgram(String name) implements ProgramSource {

  @Override
  public Stored locate(Machine.Side side, String sha256, Check check) throws IOException {
    var file = Path.of(SparkFiles.get(name)).normalize();
    if (!Files.exists(file)) {
      throw new FileNotFoundException(
          "there is no file '%s' among those that Spark has brought to this %s: give it by --files, or by sc.addFile(\".../%s\") before the query, which in a session of SparkSession.builder() since Spark 4 needs 'spark.sql.artifact.isolation.enabled' to be false; or let option 'worker' be an absolute path or a URI"
              .formatted(name, side, name));
    }
    return ProgramSource.inPlace(name, file, side, check);
  }

  @Override
  public boolean isOneForAll() {
    return true;
  }
}
