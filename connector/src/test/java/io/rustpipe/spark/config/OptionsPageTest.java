package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} carries the table of options as the code declares them. */
final class OptionsPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "options.md").normalize();

  private static final String BEGIN = "<!-- begin: written by OptionsPageTest -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void tableOfOptionsIsThatOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END, begin);
    if (Boolean.getBoolean("rustpipe.updateDocs")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertEquals(
        table(),
        page.substring(begin, end),
        PAGE
            + " is not what the code declares; to rewrite it: mvn -pl connector test"
            + " -Dtest=OptionsPageTest -Drustpipe.updateDocs=true");
  }

  private static String table() {
    return RustpipeOptions.ALL.stream()
        .map(
            option ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        option.name(), option.type(), byDefault(option), option.description()))
        .collect(
            Collectors.joining(
                "", "| option | type | default | what it says |\n|---|---|---|---|\n", ""));
  }

  private static String byDefault(OptionSpec<?> option) {
    if (option.defaultValue() == null) {
      return option.whenAbsent();
    }
    return option.defaultValue().isEmpty() ? "none" : "`" + option.defaultValue() + "`";
  }
}
