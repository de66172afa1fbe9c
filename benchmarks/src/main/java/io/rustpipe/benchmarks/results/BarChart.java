package io.rustpipe.benchmarks.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars as SVG: groups of contestants, shorter is better or longer is better. */
final class BarChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 150;
  private static final int RIGHT = 90;
  private static final int BAR = 18;
  private static final int GAP = 6;
  private static final int GROUP_HEAD = 28;

  /** Colours that colour-blind people can tell apart, by Okabe and Ito; ours is the strongest. */
  private static final String OURS = "#d55e00";

  private static final String OTHERS = "#56b4e9";

  private record Group(String title, List<Bar> bars) {}

  private record Bar(String label, double value) {}

  private final String title;
  private final List<Group> groups = new ArrayList<>();

  BarChart(String title) {
    this.title = title;
  }

  /** The bars that are added from here on share a scale. */
  BarChart group(String groupTitle) {
    groups.add(new Group(groupTitle, new ArrayList<>()));
    return this;
  }

  BarChart bar(String label, double value) {
    groups.get(groups.size() - 1).bars().add(new Bar(label, value));
    return this;
  }

  String svg() {
    var body = new StringBuilder();
    int y = 30;
    body.append(text(10, 22, "start", "font-weight=\"bold\" font-size=\"15\"", title));
    for (var group : groups) {
      y += GROUP_HEAD;
      body.append(text(10, y - 8, "start", "fill=\"#555\"", group.title()));
      double most = group.bars().stream().mapToDouble(Bar::value).max().orElse(1);
      for (var bar : group.bars()) {
        double length = (WIDTH - LEFT - RIGHT) * bar.value() / most;
        var colour = bar.label().startsWith("rustpipe") ? OURS : OTHERS;
        body.append(text(LEFT - 8, y + 14, "end", "", bar.label()));
        body.append(
            format(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LEFT, y, length, BAR, colour));
        body.append(text(LEFT + length + 6, y + 14, "start", "", Figures.text(bar.value())));
        y += BAR + GAP;
      }
    }
    return format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\""
            + " fill=\"white\"/>%n%s</svg>%n",
        WIDTH, y + 10, body);
  }

  private static String text(double x, double y, String anchor, String style, String text) {
    var escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
        x, y, anchor, style, escaped);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
