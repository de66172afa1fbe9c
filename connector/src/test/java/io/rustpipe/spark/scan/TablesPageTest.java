package io.rustpipe.spark.scan;

import io.rustpipe.spark.DocsPage;
import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Description.RowsPerInput;
import io.rustpipe.spark.worker.BundledWorker;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/tables.md} shows the tables as the worker describes them. */
final class TablesPageTest {

  @Test
  void tablesAreThoseOfTheWorker() throws IOException {
    DocsPage.check(
        "tables.md",
        BundledWorker.load().description().tables().stream()
            .map(TablesPageTest::section)
            .collect(Collectors.joining("\n")));
  }

  private static String section(Description.Table table) {
    var rows = new StringBuilder();
    rows.append("## ").append(table.name()).append("\n\n").append(table.comment()).append(".\n\n");
    rows.append("| column | type | cost | what it says |\n|---|---|---|---|\n");
    rows.append(row("url", "string", "", "The URL as the manifest has it"));
    rows.append("| ... | | | The columns that `keep` names |\n");
    for (var column : table.columns()) {
      rows.append(row(column.name(), column.type(), column.cost(), column.comment()));
    }
    if (table.rowsPerInput() == RowsPerInput.MANY) {
      for (var field : TableLayout.ERRORS.fields()) {
        rows.append(
            row(
                field.name(),
                field.dataType().catalogString(),
                "",
                field.getComment().getOrElse(() -> "")));
      }
    }
    return rows.toString();
  }

  private static String row(String name, String type, String cost, String comment) {
    return "| `%s` | %s | %s | %s |\n".formatted(name, type, cost, comment);
  }
}
