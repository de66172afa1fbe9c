package io.rustpipe.spark.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The end of an error about a name that does not exist: the nearest one that does, and all that do.
 */
public final class DidYouMean {
  /**
   * Enough for all options; a manifest of a thousand columns must not become a message of a
   * thousand names.
   */
  private static final int MAX_LISTED = 60;

  private DidYouMean() {}

  /**
   * Continues a message that has just named {@code name}.
   *
   * @param kind what the known names are, in the plural: {@code options}, {@code columns}
   * @return for example {@code ; did you mean 'urlColumn'? options: path, urlColumn}
   */
  public static String hint(String name, String kind, Collection<String> known) {
    String nearest = nearest(name, known).map(n -> " did you mean '" + n + "'?").orElse("");
    String listed = known.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
    int rest = known.size() - MAX_LISTED;
    return ";" + nearest + " " + kind + ": " + listed + (rest > 0 ? " and " + rest + " more" : "");
  }

  /** The known name that takes the fewest edits, if they are few for a name of that length. */
  static Optional<String> nearest(String name, Collection<String> known) {
    int limit = Math.max(1, name.length() / 3);
    return known.stream()
        .filter(candidate -> Math.abs(candidate.length() - name.length()) <= limit)
        .filter(candidate -> distance(name, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /**
   * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours,
   * ignoring case.
   */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
