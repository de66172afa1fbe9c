package io.rustpipe.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that cargo has built, for the one target that there is. */
final class Built {
  private Built() {}

  /** A program of the worker's workspace. */
  static Path program(String name) {
    return program(Path.of("worker-rs"), name);
  }

  /** The example of a custom worker. */
  static Path quotes() {
    return program(Path.of("worker-rs", "examples", "quotes"), "quotes");
  }

  private static Path program(Path project, String name) {
    try (var targets = Files.list(Page.ROOT.resolve(project).resolve("target"))) {
      return targets
          .map(target -> target.resolve("release").resolve(name))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("cargo build has made no " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
