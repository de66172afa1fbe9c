package io.rustpipe.spark.worker;

import io.rustpipe.spark.worker.BinaryStore.Check;
import io.rustpipe.spark.worker.BinaryStore.Stored;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A program on a file system that Hadoop reaches. It is fetched into the {@link BinaryStore} and
 * run from there.
 *
 * @param name its URI
 * @param settings how to reach it, which is no part of what it is
 */
record RemoteProgram(String name, HadoopSettings settings) implements ProgramSource {

  private static final String STORED = "program";

  /**
   * A program by its URI.
   *
   * @throws IOException if it is none, or has a password in it: plans and logs would show that
   */
  static RemoteProgram of(String uri, HadoopSettings settings) throws IOException {
    var user = path(uri).toUri().getUserInfo();
    if (user != null && user.contains(":")) {
      throw new IOException(
          "the worker's URI has a password in it, which plans and logs would show: give it by the"
              + " settings of its file system, fs.*");
    }
    return new RemoteProgram(uri, settings);
  }

  /** Its content is what its digest says, so that one that is here already need not be fetched. */
  @Override
  public Stored locate(Machine.Side side, String sha256, Check check) throws IOException {
    var store = BinaryStore.ofUser();
    return sha256 == null
        ? store.add(STORED, () -> open(side), check)
        : store.get(STORED, sha256, () -> open(side), check);
  }

  @Override
  public boolean isOneForAll() {
    return true;
  }

  /** The stream closes the file system with it. */
  private InputStream open(Machine.Side side) throws IOException {
    var path = path(name);
    FileSystem files = null;
    try {
      // Not one that Hadoop keeps for all: it may have been made with the settings of others.
      files = FileSystem.newInstance(path.toUri(), settings.get());
      return closingWith(files, files.open(path));
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what HDFS makes of a host that nobody knows.
      if (files != null) {
        files.close();
      }
      throw new IOException(
          "the worker '%s' can't be fetched by this %s: %s".formatted(name, side, e.getMessage()),
          e);
    }
  }

  private static Path path(String uri) throws IOException {
    try {
      return new Path(uri);
    } catch (IllegalArgumentException e) {
      throw new IOException("the worker '%s' is no URI: %s".formatted(uri, e.getMessage()), e);
    }
  }

  private static InputStream closingWith(FileSystem files, InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public void close() throws IOException {
        try (files) {
          super.close();
        }
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RemoteProgram program && name.equals(program.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
