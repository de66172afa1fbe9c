package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong in one run of the model, all of it drawn from one seed.
 *
 * @param pipeBytes capacity of the pipes
 * @param tokens which {@code rows} frames carry a token to go on from
 * @param poison inputs that kill every worker that works on them
 * @param hung inputs of which no worker ever says anything, while it goes on to send heartbeats
 * @param deaths of the first workers, one after the other
 * @param breach what a worker does against the protocol; it ends the session
 * @param closeAfter events after which the consumer has enough; none if negative
 * @param isSlow whether an hour passes between two looks of the consumer
 * @param drips whether a worker pauses within its lines, each time not quite too long
 */
record ModelSchedule(
    long seed,
    int inputs,
    Window window,
    int pipeBytes,
    Tokens tokens,
    Set<Long> poison,
    Set<Long> hung,
    List<Death> deaths,
    Breach breach,
    int closeAfter,
    boolean isSlow,
    boolean drips) {

  enum Tokens {
    NEVER,
    SOMETIMES,
    ALWAYS
  }

  enum Breach {
    NONE,
    GARBAGE,
    UNKNOWN_ID,
    ENDED_TWICE,
    WRONG_COUNT,
    EARLY_BYE,
    WRONG_TOTALS,
    OUTPUT_BEHIND_BYE,
    NO_GREETING
  }

  enum Kind {
    /** Killed by a signal. */
    CRASH,
    /** Exit code 0 without a word. */
    EARLY_EXIT,
    /** Closes its output, and ends a while later. */
    CLOSES_OUTPUT,
    /** Says nothing more. */
    STALL
  }

  /**
   * The end of one worker.
   *
   * @param afterBytes of output, its greeting not counted
   */
  record Death(Kind kind, int afterBytes) {}

  static ModelSchedule of(long seed) {
    var random = new Random(seed);
    var inputs = 1 + random.nextInt(24);
    var window =
        new Window(
            1 + random.nextInt(6), random.nextInt(4) == 0 ? 100 + random.nextInt(200) : 1 << 20);
    var poison = some(random, inputs, random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0);
    var hung = some(random, inputs, random.nextInt(8) == 0 ? 1 : 0);
    hung.removeAll(poison);
    var deaths = new ArrayList<Death>();
    // Fewer than as many in a row as a session bears, whatever comes together.
    var most = poison.isEmpty() ? 4 : 1;
    for (var left = random.nextInt(2) == 0 ? 0 : 1 + random.nextInt(most); left > 0; left--) {
      deaths.add(
          new Death(
              Kind.values()[random.nextInt(Kind.values().length)], random.nextInt(inputs * 60)));
    }
    var breach =
        random.nextInt(6) == 0
            ? Breach.values()[random.nextInt(Breach.values().length)]
            : Breach.NONE;
    return new ModelSchedule(
        seed,
        inputs,
        window,
        8 << random.nextInt(8),
        Tokens.values()[random.nextInt(Tokens.values().length)],
        poison,
        hung,
        List.copyOf(deaths),
        breach,
        random.nextInt(8) == 0 ? random.nextInt(2 * inputs) : -1,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0);
  }

  private static Set<Long> some(Random random, int inputs, int count) {
    var some = new HashSet<Long>();
    for (var i = 0; i < count; i++) {
      some.add(1L + random.nextInt(inputs));
    }
    return some;
  }

  /** How many rows an input has. */
  int rows(long id) {
    return new Random(seed * 31 + id).nextInt(7);
  }

  /** Whether an input ends with {@code error}. */
  boolean fails(long id) {
    return new Random(seed * 37 + id).nextInt(5) == 0;
  }
}
