package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on loopback that does as it is told, also what no HTTP library would do. One
 * request per connection. Paths without an answer give 404.
 */
final class TestServer implements AutoCloseable {
  /** Writes an answer. The connection is closed when it returns. */
  interface Answer {
    /**
     * Answers one request.
     *
     * @param connection the connection, with the request read
     * @param request how often the path has been asked for, 1 for the first time
     */
    void write(Socket connection, int request) throws Exception;
  }

  private final ServerSocket listener;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "test-server");
            thread.setDaemon(true);
            return thread;
          });

  private TestServer(ServerSocket listener) {
    this.listener = listener;
  }

  static TestServer start() {
    try {
      // The default backlog of 50 is less than what several workers open at once.
      var server = new TestServer(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
      server.threads.execute(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets the answer for a path and returns its URL. */
  String serve(String path, Answer answer) {
    answers.put(path, answer);
    return url(path);
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How often a path has been asked for. */
  int requests(String path) {
    return requests.getOrDefault(path, 0);
  }

  /** How often any path has been asked for. */
  int requests() {
    return requests.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdown();
  }

  /** Status 200 and a body with its length. */
  static Answer body(byte[] body) {
    return (connection, request) -> write(connection, "200 OK", length(body.length), body);
  }

  /** A status without a body, and extra header lines, each ended by CR LF. */
  static Answer status(String status, String headers) {
    return (connection, request) -> write(connection, status, headers + length(0), new byte[0]);
  }

  static Answer redirect(String location) {
    return status("302 Found", "Location: " + location + "\r\n");
  }

  /** A head that announces so many bytes, and this body, whatever its length. */
  static Answer bodyAnnouncedAs(long announced, byte[] body) {
    return (connection, request) -> write(connection, "200 OK", length(announced), body);
  }

  /** Half of the body, then RST instead of FIN. */
  static Answer reset(byte[] body) {
    return (connection, request) -> {
      byte[] half = Arrays.copyOf(body, body.length / 2);
      write(connection, "200 OK", length(body.length), half);
      connection.setSoLinger(true, 0);
    };
  }

  /** Bytes as they are, instead of an HTTP answer. */
  static Answer raw(byte[] bytes) {
    return (connection, request) -> connection.getOutputStream().write(bytes);
  }

  /** The first answer for the first requests, then the second. */
  static Answer first(int times, Answer first, Answer then) {
    return (connection, request) -> (request <= times ? first : then).write(connection, request);
  }

  /** No answer while the server lives. */
  Answer never() {
    return (connection, request) -> closed.await();
  }

  /** The answer, but not before another path has been asked for. */
  Answer after(String path, Answer answer) {
    return (connection, request) -> {
      Workers.await(Duration.ofSeconds(30), () -> requests(path) > 0);
      answer.write(connection, request);
    };
  }

  static void write(Socket connection, String status, String headers, byte[] body)
      throws IOException {
    OutputStream out = connection.getOutputStream();
    String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers + "\r\n";
    out.write(head.getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  static String length(long bytes) {
    return "Content-Length: " + bytes + "\r\n";
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        threads.execute(() -> answer(connection));
      } catch (IOException e) {
        // The listener was closed, or the connection was gone before it was accepted.
      }
    }
  }

  private void answer(Socket connection) {
    try (connection) {
      var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
      String requestLine = in.readLine();
      if (requestLine == null) {
        return;
      }
      for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
        header = in.readLine();
      }
      String path = requestLine.split(" ", 3)[1];
      int request = requests.merge(path, 1, Integer::sum);
      answers.getOrDefault(path, status("404 Not Found", "")).write(connection, request);
    } catch (Exception e) {
      // A client that hangs up, as clients of a misbehaving server do.
    }
  }
}
