package io.rustpipe.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of {@code docs/} with a part that is written by the code: tests compare it, or rewrite it
 * when asked to.
 */
public final class DocsPage {

  private static final String BEGIN = "<!-- begin: written by the build, see DocsPage -->\n";
  private static final String END = "<!-- end -->\n";

  private DocsPage() {}

  /** Fails if the part between the markers is not the expected one; tells how to rewrite it. */
  public static void check(String name, String expected) throws IOException {
    var page = path(name);
    var text = Files.readString(page);
    assertTrue(text.contains(BEGIN), page + " has no line " + BEGIN);
    var begin = text.indexOf(BEGIN) + BEGIN.length();
    var end = text.indexOf(END, begin);
    if (Boolean.getBoolean("rustpipe.updateDocs")) {
      Files.writeString(page, text.substring(0, begin) + expected + text.substring(end));
      return;
    }
    assertEquals(
        expected,
        text.substring(begin, end),
        page
            + " is not what the code says; to rewrite it: mvn -pl connector -am test"
            + " -Dtest=*PageTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Drustpipe.updateDocs=true");
  }

  /** The lines of all code blocks of this kind. */
  public static List<String> fenced(String name, String kind) throws IOException {
    var lines = new ArrayList<String>();
    String open = null;
    for (var line : Files.readAllLines(path(name))) {
      if (line.startsWith("```")) {
        open = open == null ? line.substring(3) : null;
      } else if (kind.equals(open)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static Path path(String name) {
    return Path.of(System.getProperty("basedir", "."), "..", "docs", name).normalize();
  }
}
