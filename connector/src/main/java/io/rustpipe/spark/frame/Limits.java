package io.rustpipe.spark.frame;

import java.time.Duration;

/** Every limit of the connector's side of a session, with the reason beside the number. */
public final class Limits {

  /** The longest line to a worker, in bytes without its line feed: it need not hold more. */
  public static final int DEFAULT_LINE_IN_BYTES = 1 << 20;

  /** The longest line from a worker, in bytes without its line feed: bounds a task's memory. */
  public static final int DEFAULT_LINE_OUT_BYTES = 16 << 20;

  /** The bytes of inputs in flight: long URLs must not make the window large. */
  public static final int DEFAULT_WINDOW_BYTES = 4 << 20;

  /**
   * Inputs in flight for each one that a worker works on: the other waits for its place, so that it
   * starts at once.
   */
  public static final int DEFAULT_INPUTS_PER_PLACE = 2;

  /** Lines that wait for the stdin pump: a few pipes full keep both sides busy. */
  public static final int DEFAULT_OUTBOX_BYTES = 256 << 10;

  /** Lines that wait for the task thread: little beside what Spark holds for a task. */
  public static final int DEFAULT_INBOX_BYTES = 4 << 20;

  /** Kept of stderr: a stack trace of a native program, and little enough for an error message. */
  public static final int DEFAULT_STDERR_TAIL_BYTES = 8 << 10;

  /** Lines of one worker's stderr in the executor's log: enough to see a pattern, and no flood. */
  public static final int DEFAULT_LOGGED_LINES = 1_000;

  /** Logged of one line of stderr: as much as an error message shows of all. */
  public static final int DEFAULT_LOGGED_LINE_BYTES = 8 << 10;

  /** A token to go on from: a few numbers and a digest, with room for those of other workers. */
  public static final int DEFAULT_RESUME_CHARS = 8 << 10;

  /** Some inputs beside each other may each kill a worker; more than this is the worker itself. */
  public static final int DEFAULT_CRASHES_IN_A_ROW = 10;

  /** What a worker says of itself: thousands of columns with their comments. */
  public static final int DEFAULT_DESCRIPTION_BYTES = 1 << 20;

  /** To describe itself a program only has to start; interpreters on a cold disk take seconds. */
  public static final Duration DEFAULT_DESCRIBE = Duration.ofSeconds(10);

  /** How soon a cancelled task is noticed. */
  public static final Duration DEFAULT_TURN = Duration.ofMillis(100);

  /** A worker greets within milliseconds; a machine under heavy load gets the benefit of doubt. */
  public static final Duration DEFAULT_HELLO = Duration.ofSeconds(30);

  /** Time for a process to end by itself once it has said {@code bye} or closed a pipe. */
  public static final Duration DEFAULT_EXIT = Duration.ofSeconds(2);

  /**
   * Time for a program to end once it has closed its output, where no {@code workerTimeout} says
   * otherwise: its exit code tells whether its lines are all there are.
   */
  public static final Duration DEFAULT_END = Duration.ofSeconds(60);

  /**
   * Time for the stdout pump to bring what a process left in the pipe when it died: milliseconds,
   * but seconds where a machine is overloaded. Only a child that holds the pipe makes anyone wait
   * so long, and a guard leaves none.
   */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(5);

  /** Time to leave by itself after an early end of its standard input. */
  public static final Duration DEFAULT_GRACE = Duration.ofMillis(500);

  /**
   * Time to leave after TERM, to be gone after KILL, and for the pumps to end: with the grace less
   * than the two seconds in which nothing of a query may be left.
   */
  public static final Duration DEFAULT_SIGNAL = Duration.ofMillis(400);

  /**
   * Time for a guard to end after TERM: it gives the program 300 ms, waits up to 350 ms for what
   * can't be killed, and counts and tells within the rest.
   */
  public static final Duration DEFAULT_GUARD = Duration.ofMillis(750);

  private Limits() {}
}
