package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.apache.spark.sql.SparkSession;

/**
 * Java from a page of the documentation, compiled as it stands and run in a JVM of its own, where
 * {@code spark} is a session. It is also the program of that JVM.
 */
final class Snippet {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String CLASS =
      """
      import io.rustpipe.spark.RustPipe;
      import java.util.*;
      import org.apache.spark.sql.*;

      public class Shown {
        public static void run(SparkSession spark) throws Exception {
      %s
        }
      }
      """;

  private Snippet() {}

  /** What it prints, run in a folder that may be its reader's. */
  static String run(String code, Path folder, Path classes) throws Exception {
    Path source = Files.writeString(classes.resolve("Shown.java"), CLASS.formatted(code));
    var errors = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                errors,
                null,
                null,
                List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString()),
                null,
                ToolProvider.getSystemJavaCompiler()
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(source))
            .call();
    assertTrue(compiled, errors::toString);
    Path errorsOfRun = classes.resolve("stderr");
    Process jvm =
        new ProcessBuilder(
                ChildJvm.command(
                    List.of("-Xmx512m"), Snippet.class.getName(), classes.toUri().toString()))
            .directory(folder.toFile())
            .redirectError(errorsOfRun.toFile())
            .start();
    try {
      String said = new String(jvm.getInputStream().readAllBytes(), UTF_8);
      assertTrue(jvm.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it doesn't end");
      assertEquals(0, jvm.exitValue(), () -> said + read(errorsOfRun));
      return said;
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  public static void main(String[] arguments) throws Exception {
    var classes = new URLClassLoader(new URL[] {URI.create(arguments[0]).toURL()});
    Thread.currentThread().setContextClassLoader(classes);
    try (var spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      Class.forName("Shown", true, classes)
          .getMethod("run", SparkSession.class)
          .invoke(null, spark);
    }
  }
}
