package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The testkit's API, which the example worker asks: it limits the rate and fails now and then. */
final class QuotesApi implements AutoCloseable {
  private static final String SAYS = "listening on ";

  private final Process server;
  private final String base;

  /**
   * @param rate requests a second; more are answered with 429
   */
  QuotesApi(int rate) throws IOException {
    this(rate, "0ms");
  }

  /**
   * @param latency what each answer takes, such as {@code 50ms}
   */
  QuotesApi(int rate, String latency) throws IOException {
    server =
        new ProcessBuilder(
                Built.program("rustpipe-testkit").toString(),
                "quotes",
                "--rate",
                String.valueOf(rate),
                "--latency",
                latency)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = server.inputReader(UTF_8).readLine();
    base = said.substring(SAYS.length());
  }

  /** What the worker's option {@code api} has to be. */
  String url() {
    return base + "/quote";
  }

  int port() {
    return URI.create(base).getPort();
  }

  /** The quote of a ticker, asked for until there is one. */
  JsonNode quote(String ticker) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url() + "?ticker=" + ticker)).build();
    while (true) {
      try {
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return new ObjectMapper().readTree(answer.body());
        }
      } catch (IOException e) {
        // One of its faults.
      }
    }
  }

  /** Ends with its standard input. */
  @Override
  public void close() throws IOException {
    server.getOutputStream().close();
  }
}
