package io.rustpipe.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page of the documentation, whose code the tests run as it stands there. */
final class Page {
  static final Path ROOT =
      Path.of(System.getProperty("rustpipe.root")).toAbsolutePath().normalize();

  private final List<String> lines;

  /**
   * A whole page.
   *
   * @param name its path below the root
   */
  Page(String name) throws IOException {
    lines = Files.readAllLines(ROOT.resolve(name));
  }

  /**
   * The part of a page below a heading.
   *
   * @param name its path below the root
   * @param heading the whole line; the part ends with the next of its level
   */
  Page(String name, String heading) throws IOException {
    List<String> page = Files.readAllLines(ROOT.resolve(name));
    int begin = page.indexOf(heading);
    if (begin < 0) {
      throw new IllegalArgumentException(name + " has no line '" + heading + "'");
    }
    String level = heading.substring(0, heading.indexOf(' ') + 1);
    int end = begin + 1;
    while (end < page.size() && !page.get(end).startsWith(level)) {
      end++;
    }
    lines = page.subList(begin, end);
  }

  /** Its code blocks of this kind, in order, each with its last line feed. */
  List<String> blocks(String kind) {
    var blocks = new ArrayList<String>();
    StringBuilder block = null;
    for (String line : lines) {
      if (block == null && line.startsWith("```")) {
        block = new StringBuilder();
        blocks.add(line.equals("```" + kind) ? "" : null);
      } else if (block != null && line.equals("```")) {
        if (blocks.get(blocks.size() - 1) != null) {
          blocks.set(blocks.size() - 1, block.toString());
        }
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks.stream().filter(java.util.Objects::nonNull).toList();
  }
}
