package io.rustpipe.it;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What became of an input, judged by what the server did and by the rules of {@code docs/safety.md}
 * alone. Archives are read by other programs than the one under test.
 *
 * @param code the error; null for none
 * @param httpStatus of the last answer; null if there was none
 * @param attempts how many the rules ask for
 * @param requested how many the server has seen
 * @param leastBytes of the last body, as far as they are sure to have arrived
 * @param mostBytes as far as they may have arrived
 * @param sha256 of a body that was sent whole; null otherwise
 * @param entries path and size of each entry that can be read in what was sent
 */
record Verdict(
    String status,
    String code,
    Integer httpStatus,
    int attempts,
    int requested,
    long leastBytes,
    long mostBytes,
    String sha256,
    List<String> entries) {

  /** The options that the rules depend on; hosts are opened by the beginning of their address. */
  record Rules(int retries, int maxRedirects, int maxBodyBytes, String openedHosts) {}

  private static final Set<String> WHOLE = Set.of("BAD_GZIP", "NOT_AN_ARCHIVE");
  private static final Set<String> IN_THE_BODY = Set.of("TRUNCATED", "TIMEOUT", "TOO_LARGE");
  private static final Set<String> PASSING =
      Set.of("CONNECT", "TIMEOUT", "TRUNCATED", "RATE_LIMITED");

  /** Judges all exchanges of one input. */
  static Verdict of(List<Exchange> exchanges, Rules rules) {
    List<List<Exchange>> attempts = attempts(exchanges);
    long passed = attempts.stream().takeWhile(attempt -> mayPass(attempt, rules)).count();
    List<Exchange> attempt = attempts.get(attempts.size() - 1);
    Exchange last = last(attempt);
    String code = code(attempt, rules);
    boolean whole = code == null || WHOLE.contains(code);
    boolean hasBody = whole || IN_THE_BODY.contains(code);
    int sent = hasBody ? last.body().length : 0;
    return new Verdict(
        code == null ? "SUCCEEDED" : whole ? "PARTIALLY_SUCCEEDED" : "FAILED",
        code,
        last.status() == 0 ? null : last.status(),
        (int) Math.min(1 + rules.retries(), 1 + passed),
        attempts.size(),
        "TOO_LARGE".equals(code) ? rules.maxBodyBytes() + 1 : sent,
        sent,
        whole ? sha256(last.body()) : null,
        hasBody ? ArchiveReading.of(last.body()).entries() : List.of());
  }

  /** Each attempt begins with a request of the input's own path. */
  private static List<List<Exchange>> attempts(List<Exchange> exchanges) {
    var attempts = new ArrayList<List<Exchange>>();
    for (Exchange exchange : exchanges) {
      if (FaultyCorpus.isStart(exchange)) {
        attempts.add(new ArrayList<>());
      }
      attempts.get(attempts.size() - 1).add(exchange);
    }
    return attempts;
  }

  private static Exchange last(List<Exchange> attempt) {
    return attempt.get(attempt.size() - 1);
  }

  private static boolean mayPass(List<Exchange> attempt, Rules rules) {
    String code = code(attempt, rules);
    return code != null && (PASSING.contains(code) || last(attempt).status() >= 500);
  }

  private static String code(List<Exchange> attempt, Rules rules) {
    Exchange last = last(attempt);
    if (last.status() == 0) {
      return "CONNECT";
    } else if (last.status() == 302) {
      return redirected(last.header("Location"), attempt.size(), rules);
    } else if (last.status() == 429) {
      return "RATE_LIMITED";
    } else if (last.status() >= 400) {
      return "HTTP_STATUS";
    } else if (last.body().length > rules.maxBodyBytes()) {
      return "TOO_LARGE";
    }
    return switch (last.end()) {
      case CLOSED, RESET -> "TRUNCATED";
      case SILENT -> "TIMEOUT";
      case COMPLETE -> ArchiveReading.of(last.body()).code();
      case OPEN -> "left by the client";
    };
  }

  /** Why the redirect was the last. */
  private static String redirected(String location, int redirects, Rules rules) {
    if (location.startsWith("http://") && !location.startsWith("http://" + rules.openedHosts())) {
      return "BLOCKED_ADDRESS";
    }
    return redirects > rules.maxRedirects() ? "TOO_MANY_REDIRECTS" : "redirect not followed";
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The row of {@code fetches}, to be compared with one that has these bytes. */
  String fetch(long bytes) {
    boolean fits = leastBytes <= bytes && bytes <= mostBytes;
    return "%s %s %s %s %s %s"
        .formatted(
            status,
            code,
            httpStatus,
            attempts == requested ? attempts : attempts + " (but " + requested + " requests)",
            fits ? bytes : leastBytes == mostBytes ? mostBytes : leastBytes + " to " + mostBytes,
            sha256);
  }

  /**
   * The rows of {@code entries}, to be compared with these: of a body that did not come whole, any
   * first entries will do.
   */
  String entries(List<String> found) {
    boolean part = status.equals("FAILED") && found.size() <= entries.size();
    return (part ? entries.subList(0, found.size()) : entries) + " " + code;
  }
}
