package io.rustpipe.spark.config;

import io.rustpipe.spark.DocsPage;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} carries the table of options as the code declares them. */
final class OptionsPageTest {
  @Test
  void tableOfOptionsIsThatOfTheCode() throws IOException {
    DocsPage.check("options.md", table());
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
