package io.rustpipe.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The code in the pages of {@code docs/}. */
final class DocsBlocks {
  private DocsBlocks() {}

  /** The lines of each block of a language. */
  static List<List<String>> of(String page, String language) throws IOException {
    var blocks = new ArrayList<List<String>>();
    List<String> open = null;
    for (String line :
        Files.readAllLines(Path.of(System.getProperty("rustpipe.root"), "docs", page))) {
      if (open != null && line.equals("```")) {
        open = null;
      } else if (open != null) {
        open.add(line);
      } else if (line.equals("```" + language)) {
        open = new ArrayList<>();
        blocks.add(open);
      } else if (line.startsWith("```")) {
        // Of another language: its end is no beginning.
        open = new ArrayList<>();
      }
    }
    return blocks;
  }
}
