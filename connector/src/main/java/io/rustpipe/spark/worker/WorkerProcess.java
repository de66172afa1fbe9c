package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A worker's process with its three pumps. {@link #close} leaves nothing of it behind and takes
 * less than two seconds, whatever the process does.
 */
final class WorkerProcess implements Worker {

  private final WorkerCommand command;
  private final Process process;
  private final Mailbox mailbox;
  private final StderrPump stderr;
  private final List<Thread> pumps;
  private boolean closed;

  private WorkerProcess(WorkerCommand command, Process process, Mailbox mailbox, int lineLimit) {
    this.command = command;
    this.process = process;
    this.mailbox = mailbox;
    this.stderr = new StderrPump(process.getErrorStream());
    this.pumps =
        List.of(
            pump("stdin", new StdinPump(mailbox, process.getOutputStream())),
            pump("stdout", new StdoutPump(mailbox, process.getInputStream(), lineLimit)),
            pump("stderr", stderr));
  }

  /**
   * Starts a worker.
   *
   * @param lineLimit the longest line of output, in bytes
   * @throws WorkerStartException if the program can't be started
   */
  static WorkerProcess start(WorkerCommand command, Mailbox mailbox, int lineLimit)
      throws WorkerStartException {
    var worker = new WorkerProcess(command, command.spawn(), mailbox, lineLimit);
    try {
      worker.pumps.forEach(Thread::start);
    } catch (Throwable e) {
      // No more threads: then this process must not stay either.
      worker.close();
      throw e;
    }
    return worker;
  }

  private Thread pump(String pipe, Runnable body) {
    var thread = new Thread(body, "rustpipe-%s-%d".formatted(pipe, process.pid()));
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public boolean waitFor(Duration longest) {
    return uninterrupted(longest, left -> process.waitFor(left, TimeUnit.MILLISECONDS));
  }

  @Override
  public Account account() {
    // The end of its output is seen a little before its own end.
    if (waitFor(Limits.DEFAULT_GRACE)) {
      joinPumps();
    }
    var ending = process.isAlive() ? null : new Ending(process.exitValue(), null, null);
    return new Account(command.toString(), pid(), ending, stderr.tail());
  }

  /**
   * End of input, a short grace, TERM, a short grace, KILL: for the process and all that it
   * started.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Children must be listed while their parent lives: afterwards they are nobody's descendants.
    var tree = new LinkedHashSet<ProcessHandle>();
    collect(tree);
    mailbox.abandon();
    if (!waitFor(Limits.DEFAULT_GRACE)) {
      collect(tree);
      // Signals go through the handle: Process.destroy() also closes streams and can hang on a
      // blocked pump.
      tree.forEach(ProcessHandle::destroy);
      if (!waitFor(Limits.DEFAULT_SIGNAL)) {
        collect(tree);
      }
    }
    tree.forEach(ProcessHandle::destroyForcibly);
    waitFor(Limits.DEFAULT_SIGNAL);
    joinPumps();
    closeStreams();
  }

  private void collect(Set<ProcessHandle> tree) {
    process.descendants().forEach(tree::add);
    tree.add(process.toHandle());
  }

  /**
   * Pumps end by themselves when the pipes do; one that a stray child keeps open must not hold the
   * task.
   */
  private void joinPumps() {
    for (var pump : pumps) {
      uninterrupted(
          Limits.DEFAULT_SIGNAL.dividedBy(pumps.size()),
          left -> {
            pump.join(left);
            return !pump.isAlive();
          });
    }
  }

  private void closeStreams() {
    for (var stream : List.of(process.getInputStream(), process.getErrorStream())) {
      try {
        stream.close();
      } catch (IOException e) {
        // A pipe to a process that is gone: nothing is lost.
      }
    }
  }

  private interface Wait {
    boolean within(long millis) throws InterruptedException;
  }

  /**
   * A cancelled task has its interrupt flag set, and that must not cut the care for its process
   * short.
   */
  private static boolean uninterrupted(Duration longest, Wait wait) {
    var deadline = System.nanoTime() + longest.toNanos();
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          return wait.within(Math.max(1, left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
