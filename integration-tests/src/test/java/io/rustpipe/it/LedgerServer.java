package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server for many thousand URLs, on every address of loopback. It keeps connections, and a
 * ledger of what it really did for each input: that is the first part of a path, so that all
 * requests that one URL leads to are found together.
 */
final class LedgerServer implements AutoCloseable {
  /** Decides what is done about a request, and does it. */
  interface Script {
    void play(Exchange exchange) throws IOException;
  }

  /** As many connections as may come at once from all workers. */
  private static final int BACKLOG = 4096;

  private final ServerSocket listener;
  private final Script script;
  private final Map<String, List<Exchange>> ledger = new ConcurrentHashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "ledger-server");
            thread.setDaemon(true);
            return thread;
          });

  private LedgerServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
  }

  static LedgerServer start(Script script) {
    try {
      var listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), BACKLOG);
      var server = new LedgerServer(listener, script);
      server.threads.execute(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /**
   * Hangs up on whoever is left, and shows what was done: by input, in the order of the requests.
   */
  Map<String, List<Exchange>> closeAndShow() throws InterruptedException {
    // A thread that waits for a client to leave may write that down a moment after the client has.
    Workers.await(Workers.GRACE, connections::isEmpty);
    close();
    return ledger;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdown();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        if (connection.getLocalAddress().isLoopbackAddress()) {
          connections.add(connection);
          threads.execute(() -> converse(connection));
        } else {
          connection.close();
        }
      } catch (IOException e) {
        // The listener was closed, or the connection was gone before it was accepted.
      }
    }
  }

  private void converse(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
      for (String request = in.readLine(); request != null; request = in.readLine()) {
        for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
          header = in.readLine();
        }
        var exchange = enter(connection, request.split(" ", 3)[1]);
        script.play(exchange);
        if (!exchange.keepsConnection()) {
          break;
        }
      }
    } catch (IOException e) {
      // A client that hangs up. The ledger shows how far its answer came.
    } finally {
      connections.remove(connection);
    }
  }

  private Exchange enter(Socket connection, String target) {
    String input = target.split("/", 3)[1];
    List<Exchange> exchanges = ledger.computeIfAbsent(input, key -> new ArrayList<>());
    synchronized (exchanges) {
      int number = 1 + (int) exchanges.stream().filter(e -> e.target().equals(target)).count();
      var exchange = new Exchange(connection, target, number);
      exchanges.add(exchange);
      return exchange;
    }
  }
}
