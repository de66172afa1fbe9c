package io.rustpipe.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/**
 * One request and what the server really did about it: each method does one thing and writes down
 * how far it came. The record is complete when the server is closed.
 */
final class Exchange {
  /** How the server's part ended. */
  enum End {
    /** Not yet: the server is still at it, or the client left first. */
    OPEN,
    /** All that the head announced was sent. */
    COMPLETE,
    /** The connection was closed in good order before that. */
    CLOSED,
    /** The connection was reset. */
    RESET,
    /** Nothing more was sent, and the client was the first to leave. */
    SILENT
  }

  /** Small enough that a client which leaves is noticed, large enough to be no burden. */
  private static final int PIECE = 16 << 10;

  private final String target;
  private final int number;
  private final long receivedNanos = System.nanoTime();
  private final Socket connection;
  private int status;
  private byte[] body = new byte[0];
  private int sent;
  private String headers = "";
  private End end = End.OPEN;

  /**
   * A request that has just been read.
   *
   * @param target its path
   * @param number how often the path has been asked for, 1 for the first time
   */
  Exchange(Socket connection, String target, int number) {
    this.connection = connection;
    this.target = target;
    this.number = number;
  }

  String target() {
    return target;
  }

  int number() {
    return number;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  /** The status that was sent; 0 for none. */
  int status() {
    return status;
  }

  End end() {
    return end;
  }

  /** The bytes of a body that were handed to the network; how many have arrived only TCP knows. */
  byte[] body() {
    return Arrays.copyOf(body, sent);
  }

  /** The value of a header that was sent; null for none. */
  String header(String name) {
    String prefix = name + ": ";
    return headers
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .findFirst()
        .orElse(null);
  }

  /** A whole answer. Extra header lines end in CR LF each. */
  void answer(int status, String headers, byte[] body) throws IOException {
    send(status, headers + TestServer.length(body.length), body, body.length);
    end = End.COMPLETE;
  }

  /** A whole answer whose length is not announced: it ends with the connection. */
  void answerOfUnknownLength(byte[] body) throws IOException {
    send(200, "Connection: close\r\n", body, body.length);
    connection.shutdownOutput();
    end = End.COMPLETE;
  }

  /** The first half of a body that is announced whole. */
  void closeAtHalf(byte[] body) throws IOException {
    send(200, TestServer.length(body.length), body, body.length / 2);
    end = End.CLOSED;
  }

  /** As {@link #closeAtHalf}, but RST instead of FIN. */
  void resetAtHalf(byte[] body) throws IOException {
    send(200, TestServer.length(body.length), body, body.length / 2);
    reset();
  }

  /** As {@link #closeAtHalf}, but nothing is closed until the client does. */
  void stallAtHalf(byte[] body) throws IOException {
    send(200, TestServer.length(body.length), body, body.length / 2);
    try {
      connection.getInputStream().read();
    } catch (SocketException e) {
      if (connection.isClosed()) {
        throw e;
      }
    }
    end = End.SILENT;
  }

  /** RST, with whatever was sent before. */
  void reset() throws IOException {
    connection.setSoLinger(true, 0);
    connection.close();
    end = End.RESET;
  }

  private void send(int status, String headers, byte[] body, int length) throws IOException {
    var out = connection.getOutputStream();
    this.status = status;
    this.headers = headers;
    this.body = body;
    out.write(("HTTP/1.1 " + status + " Scripted\r\n" + headers + "\r\n").getBytes(ISO_8859_1));
    for (int from = 0; from < length; from += PIECE) {
      int piece = Math.min(PIECE, length - from);
      // Written down first: of a write that fails, some bytes may have left.
      sent += piece;
      out.write(body, from, piece);
    }
  }

  /** Whether the connection can take another request. */
  boolean keepsConnection() {
    return end == End.COMPLETE && !connection.isOutputShutdown();
  }

  @Override
  public String toString() {
    var location = header("Location");
    return "%s: %s, %d bytes, %s%s"
        .formatted(target, status, sent, end, location == null ? "" : " to " + location);
  }
}
