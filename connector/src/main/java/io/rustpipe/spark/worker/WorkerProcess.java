package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A worker's process with its three pumps, and its folder. {@link #close} leaves nothing of it
 * behind and takes less than two seconds, whatever the process does.
 *
 * <p>Where there is a guard, the process is the guard, which ends when its program does and takes
 * care of all that the program has started. Without one, what has lost its parent can't be found.
 */
final class WorkerProcess implements Worker {

  /** Killing is faster than starting: each pass leaves fewer. */
  private static final int KILLING_PASSES = 10;

  private final WorkerCommand command;
  private final WorkFolder folder;
  private final Process process;
  private final Mailbox mailbox;
  private final StderrPump stderr;
  private final Thread stderrPump;
  private final List<Thread> pumps;
  private boolean closed;

  private WorkerProcess(
      WorkerCommand command,
      WorkFolder folder,
      Process process,
      Mailbox mailbox,
      int lineLimit,
      String label) {
    this.command = command;
    this.folder = folder;
    this.process = process;
    this.mailbox = mailbox;
    this.stderr = new StderrPump(process.getErrorStream(), new StderrLog(label, process.pid()));
    this.stderrPump = pump("stderr", stderr);
    this.pumps =
        List.of(
            pump("stdin", new StdinPump(mailbox, process.getOutputStream())),
            pump("stdout", new StdoutPump(mailbox, process.getInputStream(), lineLimit)),
            stderrPump);
  }

  /**
   * Starts a worker.
   *
   * @param lineLimit the longest line of output, in bytes
   * @param label names the task in the log
   * @throws WorkerStartException if the program can't be started
   */
  static WorkerProcess start(WorkerCommand command, Mailbox mailbox, int lineLimit, String label)
      throws WorkerStartException {
    var folder = folder(command);
    Process process;
    try {
      process = command.spawn(folder);
    } catch (Throwable e) {
      folder.remove();
      throw e;
    }
    var worker = new WorkerProcess(command, folder, process, mailbox, lineLimit, label);
    try {
      worker.pumps.forEach(Thread::start);
    } catch (Throwable e) {
      // No more threads: then this process must not stay either.
      worker.close();
      throw e;
    }
    return worker;
  }

  private static WorkFolder folder(WorkerCommand command) throws WorkerStartException {
    try {
      return WorkFolder.create();
    } catch (IOException e) {
      throw new WorkerStartException(
          "can't make a folder for the worker '%s' in java.io.tmpdir: %s".formatted(command, e),
          Phase.START,
          null,
          null,
          e);
    }
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
      if (command.isGuarded()) {
        // Its report is on the way: without it lost input could pass for read.
        join(stderrPump, Limits.DEFAULT_DRAIN);
      }
      joinPumps();
    }
    return new Account(
        command.toString(), pid(), process.isAlive() ? null : ending(), stderr.tail());
  }

  private Ending ending() {
    return stderr
        .report()
        .map(
            report ->
                new Ending(process.exitValue(), report.unreadBytes(), report.peakMemoryBytes()))
        .orElseGet(() -> new Ending(process.exitValue(), null, null));
  }

  /**
   * End of input, a short grace, TERM, a short grace, KILL: for the process and all that it
   * started. Nothing is waited for that has happened already.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (command.isGuarded()) {
      endGuarded();
    } else {
      endPlain();
    }
    joinPumps();
    closeStreams();
    folder.remove();
  }

  private void endGuarded() {
    mailbox.abandon();
    if (!waitFor(Limits.DEFAULT_GRACE)) {
      process.toHandle().destroy();
      if (!waitFor(Limits.DEFAULT_GUARD)) {
        killBelowGuard();
        process.toHandle().destroyForcibly();
        waitFor(Limits.DEFAULT_SIGNAL.dividedBy(2));
      }
    }
  }

  /**
   * For a guard that doesn't do it itself. While it is there, even if only in name, orphans stay
   * its descendants, so it must be killed after them; and once more as long as new ones appear.
   */
  private void killBelowGuard() {
    var killed = new HashSet<ProcessHandle>();
    for (var pass = 0; pass < KILLING_PASSES; pass++) {
      var tree = process.descendants().toList();
      tree.forEach(ProcessHandle::destroyForcibly);
      if (!killed.addAll(tree)) {
        return;
      }
    }
  }

  private void endPlain() {
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
  }

  /** Parents before their children: one that is killed starts no more of them. */
  private void collect(Set<ProcessHandle> tree) {
    tree.add(process.toHandle());
    process.descendants().forEach(tree::add);
  }

  /**
   * Pumps end by themselves when the pipes do; one that a stray child keeps open must not hold the
   * task.
   */
  private void joinPumps() {
    for (var pump : pumps) {
      join(pump, Limits.DEFAULT_SIGNAL.dividedBy(pumps.size()));
    }
  }

  private static void join(Thread pump, Duration longest) {
    uninterrupted(
        longest,
        left -> {
          pump.join(left);
          return !pump.isAlive();
        });
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
