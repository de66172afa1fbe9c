package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's work with its worker, driven by the task thread: {@link #next} feeds inputs, reads what
 * comes back and accounts for every input. A worker that dies is started again, and {@link
 * Recovery} says what becomes of the inputs that it had; one that breaks the protocol fails the
 * task.
 */
public final class WorkerSession<T> implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);

  /** Where inputs come from. */
  public interface Inputs<T> {
    /** The next input; null if there are no more. May block as reading a file does. */
    WorkerInput<T> next() throws IOException;
  }

  private final Launcher launcher;
  private final Open open;
  private final BooleanSupplier cancelled;
  private final Patience patience;
  private final Conversation.Time time;
  private final String label;
  private final Pendings<T> pendings = new Pendings<>();
  private final Recovery<T> recovery;
  private final Feeder<T> feeder;
  private final ArrayDeque<WorkerEvent<T>> ended = new ArrayDeque<>();
  private final Map<String, Long> earlierCounters = new HashMap<>();

  private Conversation<T> conversation;
  private volatile boolean closed;

  /**
   * Starts the worker and says what is wanted of it; does not wait for the answer.
   *
   * @param first the first input: no worker is started for none
   * @param cancelled asked at every turn; once true, {@link #next} throws {@link
   *     CancellationException}
   * @param label names the task in the log
   * @throws WorkerStartException if the worker can't be started
   */
  public WorkerSession(
      WorkerCommand command,
      Open open,
      WorkerInput<T> first,
      Inputs<T> inputs,
      BooleanSupplier cancelled,
      Patience patience,
      String label)
      throws WorkerStartException {
    this(
        command.launcher(label),
        open,
        first,
        inputs,
        cancelled,
        patience,
        Conversation.Time.REAL,
        label);
  }

  WorkerSession(
      Launcher launcher,
      Open open,
      WorkerInput<T> first,
      Inputs<T> inputs,
      BooleanSupplier cancelled,
      Patience patience,
      Conversation.Time time,
      String label)
      throws WorkerStartException {
    this.launcher = launcher;
    this.open = open;
    this.cancelled = cancelled;
    this.patience = patience;
    this.time = time;
    this.label = label;
    this.recovery = new Recovery<>(pendings, patience.restarts());
    this.feeder = new Feeder<>(first, inputs, pendings, recovery);
    start();
  }

  /** Spark's consumers may close a reader on another thread than the one that reads. */
  private synchronized void start() throws WorkerStartException {
    if (closed) {
      throw new CancellationException("the session was closed while its worker was to be replaced");
    }
    conversation =
        new Conversation<>(launcher, open, pendings, feeder, cancelled, patience, time, label);
  }

  int unfinishedBytes() {
    return pendings.bytes();
  }

  long pid() {
    return conversation.pid();
  }

  /** The counters of all workers so far, as they sent them last. */
  public Map<String, Long> counters() {
    var counters = new HashMap<>(earlierCounters);
    conversation.counters().forEach((name, value) -> counters.merge(name, value, Long::sum));
    return counters;
  }

  /** How often a worker has been started in the place of one that had died. */
  public int restarts() {
    return recovery.restarts();
  }

  /**
   * The next event.
   *
   * @throws WorkerException if the worker failed for good or broke the protocol
   * @throws IOException if reading the inputs failed
   * @throws CancellationException if the task was cancelled, or the session closed meanwhile
   * @throws InterruptedException if the thread was interrupted
   */
  public WorkerEvent<T> next() throws IOException, InterruptedException {
    while (ended.isEmpty()) {
      try {
        return conversation.next();
      } catch (BrokenLineException e) {
        throw new ProtocolException(
            e.getMessage(), conversation.phase(), conversation.account(), null, e);
      } catch (DeadWorkerException e) {
        if (closed) {
          // It was this side that ended the worker.
          throw (CancellationException)
              new CancellationException("the session was closed while it waited for its worker")
                  .initCause(e);
        }
        replace(e);
      }
    }
    return ended.remove();
  }

  /** Another worker takes the place of one that is gone or has to go. */
  private void replace(DeadWorkerException death) throws WorkerException {
    var account = conversation.account();
    conversation.close();
    if (conversation.phase() == Phase.HELLO && recovery.restarts() == 0) {
      throw new WorkerStartException(
          death.getMessage() + ", before it greeted; run it by hand to see why",
          Phase.HELLO,
          account,
          null,
          death);
    }
    earlierCounters.putAll(counters());
    ended.addAll(recovery.died(death, account));
    LOG.warn(
        "[{}] {}; {} of its inputs end, {} are sent again to another worker; {}",
        label,
        death.getMessage(),
        ended.size(),
        pendings.unfinished(),
        account);
    start();
  }

  /** The error for an input that ended in a way that its table does not have. */
  public ProtocolException broken(InputKey input, String what) {
    return new ProtocolException(what, Phase.RUN, conversation.account(), input, null);
  }

  /** The error for a row of the frame that the caller could not read. */
  public ProtocolException broken(RowsFrame<T> frame, IOException cause) {
    var row =
        "row %d of %s in a 'rows' frame is broken: %s"
            .formatted(frame.pending().rows(), frame.pending().key(), cause.getMessage());
    return new ProtocolException(
        Replies.broken(row, frame.line(), cause).getMessage(),
        Phase.RUN,
        conversation.account(),
        frame.pending().key(),
        cause);
  }

  /** Ends the worker, whatever it is doing. May be called twice, and from any thread. */
  @Override
  public void close() {
    Conversation<T> last;
    synchronized (this) {
      closed = true;
      last = conversation;
    }
    if (last != null) {
      last.close();
    }
  }
}
