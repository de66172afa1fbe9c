package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Twenty thousand inputs, by number: a tenth fails in ten ways, two hundred inputs each. Of the
 * others, some get there in a roundabout way.
 */
final class FaultyCorpus {
  static final int INPUTS = 20_000;

  /** A body above it ends the input. */
  static final int MAX_BODY_BYTES = 64 << 10;

  private static final List<byte[]> ARCHIVES =
      IntStream.rangeClosed(1, 8).mapToObj(n -> Archives.tarGzOfNoise(n, 100 * n)).toList();
  private static final byte[] LARGE = Archives.tarGzOfNoise(1, 2 * MAX_BODY_BYTES);
  private static final byte[] PAGE = "<html>not here</html>".getBytes(US_ASCII);

  /** Not opened by {@link #NETWORKS}, and yet the server listens there: who comes is seen. */
  private static final String CLOSED_HOST = "127.0.1.1";

  /** What a query has to open; the hosts of all inputs are in it. */
  static final String NETWORKS = "127.0.0.0/24";

  /** Each has its share of every fault. */
  private static final int HOSTS = 8;

  private FaultyCorpus() {}

  static String url(int input, int port) {
    return "http://127.0.0.%d:%d%s".formatted(1 + input / 100 % HOSTS, port, path(input));
  }

  private static String path(int input) {
    return "/" + input + "/archive.tar.gz";
  }

  /** The path that is asked for first, at each attempt. */
  static boolean isStart(Exchange exchange) {
    return exchange.target().endsWith("/archive.tar.gz");
  }

  static void play(Exchange exchange, int port) throws IOException {
    int input = Integer.parseInt(exchange.target().split("/", 3)[1]);
    byte[] archive = ARCHIVES.get(input % ARCHIVES.size());
    if (!isStart(exchange)) {
      elsewhere(exchange, archive);
    } else if (input % 10 == 3) {
      fail(exchange, input / 10 % 10, archive, port);
    } else {
      succeed(exchange, input % 100, archive);
    }
  }

  private static void fail(Exchange exchange, int fault, byte[] archive, int port)
      throws IOException {
    switch (fault) {
      case 0 -> breakOff(exchange, archive);
      case 1 -> exchange.answer(429, "Retry-After: 0\r\n", PAGE);
      case 2 -> exchange.reset();
      case 3 -> exchange.closeAtHalf(archive);
      case 4 -> exchange.stallAtHalf(archive);
      case 5 -> redirect(exchange, "loop");
      case 6 ->
          redirect(
              exchange,
              "http://"
                  + CLOSED_HOST
                  + ":"
                  + port
                  + exchange.target().replace("archive", "secret"));
      case 7 -> exchange.answerOfUnknownLength(LARGE);
      case 8 -> exchange.answer(200, "", corrupt(archive));
      default -> exchange.answer(200, "", PAGE);
    }
  }

  /** Half a body at first, of which nothing may be left when the attempts that follow get none. */
  private static void breakOff(Exchange exchange, byte[] archive) throws IOException {
    if (exchange.number() == 1) {
      exchange.closeAtHalf(archive);
    } else {
      exchange.answer(500, "", PAGE);
    }
  }

  private static void succeed(Exchange exchange, int kind, byte[] archive) throws IOException {
    boolean first = exchange.number() == 1;
    if (kind == 51 && first) {
      exchange.answer(503, "Retry-After: 1\r\n", PAGE);
    } else if (kind == 52 && first) {
      exchange.resetAtHalf(archive);
    } else if (kind == 54) {
      redirect(exchange, "moved");
    } else {
      exchange.answer(200, "", archive);
    }
  }

  /** What redirects lead to. */
  private static void elsewhere(Exchange exchange, byte[] archive) throws IOException {
    if (exchange.target().endsWith("/loop")) {
      redirect(exchange, "loop");
    } else {
      exchange.answer(200, "", archive);
    }
  }

  private static void redirect(Exchange exchange, String location) throws IOException {
    exchange.answer(302, "Location: " + location + "\r\n", new byte[0]);
  }

  /** One bit of the checksum is wrong. */
  private static byte[] corrupt(byte[] gzip) {
    byte[] corrupt = gzip.clone();
    corrupt[corrupt.length - 8] ^= 1;
    return corrupt;
  }
}
