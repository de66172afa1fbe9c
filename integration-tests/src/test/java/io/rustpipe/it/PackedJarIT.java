package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.ServiceLoader;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.junit.jupiter.api.Test;

/** That the other tests run what is shipped: the jar, on the Spark that the module names. */
class PackedJarIT {
  @Test
  void dataSourceComesFromTheJarFile() {
    URL origin =
        ServiceLoader.load(DataSourceRegister.class).stream()
            .filter(source -> source.type().getName().startsWith("io.rustpipe."))
            .map(source -> source.type().getProtectionDomain().getCodeSource().getLocation())
            .findAny()
            .orElseThrow();

    assertTrue(origin.getPath().endsWith(".jar"), origin::toString);
  }

  @Test
  void runsOnTheSparkOfThisModule() {
    String scalaVersion = scala.util.Properties.versionNumberString();
    System.out.printf("Spark %s, Scala %s%n", TestSpark.session().version(), scalaVersion);

    assertEquals(System.getProperty("rustpipe.spark.version"), TestSpark.session().version());
  }
}
