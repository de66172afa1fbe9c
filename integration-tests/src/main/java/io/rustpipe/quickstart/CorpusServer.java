package io.rustpipe.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A file server on a free port of loopback. A path that was not added answers 404. */
public final class CorpusServer implements AutoCloseable {
  static {
    // Without it the JDK's server sends head and body in two packets that wait for each other.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Fewer than the connections of all workers; those beyond wait in the backlog. */
  private static final int THREADS = 32;

  /** The default of 50 is less than what the workers of a machine with many cores open at once. */
  private static final int BACKLOG = 1024;

  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpServer server;

  private CorpusServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @throws IOException if there is no free port
   */
  public static CorpusServer start() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var corpusServer = new CorpusServer(HttpServer.create(loopback, BACKLOG));
    corpusServer.server.setExecutor(corpusServer.threads);
    corpusServer.server.createContext("/", corpusServer::answer);
    corpusServer.server.start();
    return corpusServer;
  }

  /** Serves a file under a path and returns its URL. */
  public String serve(String path, Path file) {
    files.put(path, file);
    return url(path);
  }

  /** The URL of a path, whether something is served there or not. */
  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = files.get(exchange.getRequestURI().getPath());
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
      }
    }
  }
}
