package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.FromWorker;
import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Understands what one worker says after its greeting: lines become events, and are accounted. */
final class Replies<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final Pendings<T> pendings;
  private final String label;
  private final JsonCursor cursor = new JsonCursor();

  private RowsFrame<T> openFrame;
  private Map<String, Long> counters = Map.of();
  private boolean bye;
  private int logged;

  /**
   * For one worker.
   *
   * @param label names the task in the log
   */
  Replies(Pendings<T> pendings, String label) {
    this.pendings = pendings;
    this.label = label;
  }

  /** The worker's counters as it sent them last. */
  Map<String, Long> counters() {
    return counters;
  }

  /** Whether the worker has said its last word. */
  boolean bye() {
    return bye;
  }

  /**
   * Takes a line in.
   *
   * @param endSent whether the worker has been told that no more inputs come
   * @return what it means to the caller; null if nothing
   */
  WorkerEvent<T> event(Lines line, boolean endSent) throws BrokenLineException {
    try {
      cursor.reset(line.buffer(), line.from(), line.to());
      cursor.enterObject();
      if (!cursor.nextField() || !cursor.fieldIs("type")) {
        throw broken("a frame must begin with 'type'", line, null);
      }
      if (cursor.readString().equals("rows")) {
        openFrame = rows(line);
        return new WorkerEvent.Rows<>(openFrame);
      }
      return event(control(line), line, endSent);
    } catch (MalformedFrameException | IllegalArgumentException e) {
      throw broken(e.getMessage(), line, e);
    }
  }

  private WorkerEvent<T> event(FromWorker frame, Lines line, boolean endSent)
      throws BrokenLineException {
    if (frame instanceof FromWorker.Done done) {
      var pending = pendings.get(done.id());
      pendings.end(pending, done.rows(), false);
      return new WorkerEvent.Done<>(pending.id(), pending.input(), pending.rows());
    } else if (frame instanceof FromWorker.Failed failed) {
      var pending = pendings.get(failed.id());
      pendings.end(pending, failed.rows(), true);
      return new WorkerEvent.Failed<>(
          pending.id(), pending.input(), pending.rows(), failed.code(), failed.message());
    } else if (frame instanceof FromWorker.Metrics metrics) {
      counters = metrics.counters();
    } else if (frame instanceof FromWorker.Log log) {
      log(log);
    } else if (frame instanceof FromWorker.Bye last) {
      if (!endSent) {
        throw broken("'bye' came before 'end' was sent", line, null);
      }
      pendings.checkTotals(last.inputs(), last.rows(), last.errors());
      bye = true;
    } else {
      throw broken("'hello' came twice", line, null);
    }
    return null;
  }

  private RowsFrame<T> rows(Lines line) throws BrokenLineException, MalformedFrameException {
    Pending<T> pending = null;
    while (cursor.nextField()) {
      if (cursor.fieldIs("id")) {
        pending = pendings.get(cursor.readLong());
      } else if (cursor.fieldIs("rows")) {
        if (pending == null) {
          throw broken("in a 'rows' frame 'id' must come before 'rows'", line, null);
        }
        cursor.enterArray();
        return new RowsFrame<>(pending, cursor, line);
      } else if (cursor.fieldIs("done") || cursor.fieldIs("resume")) {
        throw broken("in a 'rows' frame 'rows' must come before 'done' and 'resume'", line, null);
      } else {
        cursor.skipValue();
      }
    }
    throw broken("a 'rows' frame must have 'rows'", line, null);
  }

  /**
   * Reads what stands behind the rows that the caller has read by now: {@code resume} and {@code
   * done} may.
   *
   * @return the end of the input, if the frame has it
   */
  WorkerEvent<T> finishFrame() throws BrokenLineException {
    if (openFrame == null) {
      return null;
    }
    var frame = openFrame;
    openFrame = null;
    try {
      while (frame.next()) {
        cursor.skipValue();
      }
      WorkerEvent<T> event = null;
      String resume = null;
      while (cursor.nextField()) {
        if (cursor.fieldIs("done")) {
          pendings.end(frame.pending(), rowsOfDone(), false);
          event =
              new WorkerEvent.Done<>(frame.pending().id(), frame.input(), frame.pending().rows());
        } else if (cursor.fieldIs("resume")) {
          resume = token();
        } else {
          cursor.skipValue();
        }
      }
      cursor.expectEnd();
      if (frame.hasRows() || resume != null) {
        pendings.reached(frame.pending(), resume);
      }
      return event;
    } catch (MalformedFrameException | IllegalArgumentException e) {
      throw broken(e.getMessage(), frame.line(), e);
    }
  }

  private long rowsOfDone() throws MalformedFrameException {
    var rows = -1L;
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.fieldIs("rows")) {
        rows = cursor.readLong();
      } else {
        cursor.skipValue();
      }
    }
    return rows;
  }

  private String token() throws MalformedFrameException {
    var token = cursor.readString();
    if (token.length() > Limits.DEFAULT_RESUME_CHARS) {
      throw new IllegalArgumentException(
          "a resume token of %,d characters is longer than the limit of %,d"
              .formatted(token.length(), Limits.DEFAULT_RESUME_CHARS));
    }
    return token;
  }

  /** Reads a control frame. */
  static FromWorker control(Lines line) throws BrokenLineException {
    try {
      return Frames.read(line.buffer(), line.from(), line.length());
    } catch (IOException e) {
      var reason = e.getMessage().lines().findFirst().orElse("");
      throw broken("not a frame of the protocol: " + reason, line, e);
    }
  }

  /** Within the limits that standard error has as well. */
  private void log(FromWorker.Log frame) {
    logged++;
    if (logged > Limits.DEFAULT_LOGGED_LINES) {
      if (logged == Limits.DEFAULT_LOGGED_LINES + 1) {
        LOG.info(
            "[{}] worker: has sent more than {} 'log' frames; the rest is not logged",
            label,
            Limits.DEFAULT_LOGGED_LINES);
      }
      return;
    }
    var message = frame.message().replace('\n', ' ');
    LOG.atLevel(level(frame.level()))
        .log(
            "[{}] worker: {}",
            label,
            message.substring(0, Math.min(message.length(), Limits.DEFAULT_LOGGED_LINE_BYTES)));
  }

  private static Level level(String name) {
    return switch (name) {
      case "error" -> Level.ERROR;
      case "warn" -> Level.WARN;
      case "info" -> Level.INFO;
      default -> Level.DEBUG;
    };
  }

  static BrokenLineException broken(String what, Lines line, Exception cause) {
    return new BrokenLineException(what, line.head(BrokenLineException.SHOWN_BYTES), cause);
  }
}
