package io.rustpipe.benchmarks.results;

import static java.util.stream.Collectors.joining;

import io.rustpipe.benchmarks.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;

/** Writes {@code RESULTS.md} and its pictures from the figures of all benchmarks. */
public final class Results {
  private final Figures figures;
  private final Path folder;
  private final StringBuilder page = new StringBuilder();

  private Results(Figures figures, Path folder) {
    this.figures = figures;
    this.folder = folder;
  }

  /** Takes no arguments; the variables are those that {@code benchmarks/all} sets. */
  public static void main(String[] args) throws IOException {
    var samples = new ArrayList<>(Sample.read(Path.of(Environment.text("RESULTS_FIGURES"))));
    samples.addAll(Jmh.read(Path.of(Environment.text("RESULTS_JMH"))));
    new Results(new Figures(samples), Path.of(Environment.text("RESULTS_FOLDER"))).write();
  }

  private void write() throws IOException {
    line("# Results");
    line("");
    line("Written by `benchmarks/all` on this machine; `README.md` says what each benchmark does.");
    line("Seconds change with the machine and the hour: quote the ratios, which are medians over");
    line("rounds in which all contestants ran in turn.");
    line("");
    line(Machine.describe());
    targets();
    races();
    rows();
    table("The decoder of rows, by JMH", Jmh.BENCHMARK);
    table("Time to the first row", "first row");
    table("Live heap of the JVM", "live heap");
    Files.writeString(folder.resolve("RESULTS.md"), page.toString());
  }

  private void targets() {
    line("## Targets");
    line("");
    line("| target | limit | measured | |");
    line("|---|---|---|---|");
    for (var target : Target.ALL) {
      var value = figures.find(target.benchmark(), target.subject(), target.quantity());
      line(
          "| %s | %s | %s | %s |"
              .formatted(
                  target.what(),
                  target.limitText(),
                  value.isPresent() ? Figures.text(value.getAsDouble()) : "not measured",
                  value.isEmpty()
                      ? ""
                      : target.isMetBy(value.getAsDouble()) ? "met" : "**missed**"));
    }
    line("");
  }

  private void races() throws IOException {
    var wall = new BarChart("Tarballs into an aggregate, seconds of wall time: shorter is better");
    var cpu =
        new BarChart("Tarballs into an aggregate, CPU seconds of all processes: shorter is better");
    for (var race : figures.benchmarks("").filter(this::isRace).toList()) {
      table("Race: " + race, race);
      chart(wall, race, "wall s");
      chart(cpu, race, "CPU s");
    }
    picture("race-wall.svg", wall);
    picture("race-cpu.svg", cpu);
  }

  /** A race is what has a yardstick. */
  private boolean isRace(String benchmark) {
    return figures.subjects(benchmark).anyMatch("yardstick"::equals);
  }

  private void rows() throws IOException {
    var chart = new BarChart("Rows of a worker into Spark, rows per second: longer is better");
    for (var benchmark : figures.benchmarks("rows ").toList()) {
      table("Rows: " + benchmark.substring("rows ".length()), benchmark);
      chart(chart, benchmark, "rows/s");
    }
    picture("rows.svg", chart);
  }

  private void chart(BarChart chart, String benchmark, String quantity) {
    chart.group(benchmark);
    figures
        .subjects(benchmark)
        .forEach(
            subject ->
                figures
                    .find(benchmark, subject, quantity)
                    .ifPresent(value -> chart.bar(subject, value)));
  }

  /** Quantities down, subjects across. */
  private void table(String title, String benchmark) {
    var subjects = figures.subjects(benchmark).toList();
    line("## " + title);
    line("");
    line("| | " + String.join(" | ", subjects) + " |");
    line("|---|" + "---|".repeat(subjects.size()));
    figures
        .quantities(benchmark)
        .forEach(
            quantity ->
                line(
                    subjects.stream()
                        .map(subject -> figures.show(benchmark, subject, quantity))
                        .collect(joining(" | ", "| " + quantity + " | ", " |"))));
    line("");
  }

  private void picture(String name, BarChart chart) throws IOException {
    var file = folder.resolve("pictures").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, chart.svg());
    line("![%s](pictures/%s)".formatted(name.replace(".svg", "").replace('-', ' '), name));
    line("");
  }

  private void line(String text) {
    page.append(text).append(String.format(Locale.ROOT, "%n"));
  }
}
