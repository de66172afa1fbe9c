package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of the inputs in flight when a worker dies. At first all are sent again together.
 * When the worker dies with one of them once more, they are sent one at a time, until it dies with
 * the culprit alone: that one ends, and the rest go together again.
 */
final class Recovery<T> {

  private final Pendings<T> pendings;
  private final int maxRestarts;
  private int restarts;
  private int crashesInARow;
  private boolean oneAtATime;

  Recovery(Pendings<T> pendings, int maxRestarts) {
    this.pendings = pendings;
    this.maxRestarts = maxRestarts;
  }

  /** Whether the next input has to wait until none is in flight. */
  boolean oneAtATime() {
    return oneAtATime && pendings.hasSuspects();
  }

  int restarts() {
    return restarts;
  }

  /**
   * A worker is gone. The inputs that it had either end here or wait to be sent again.
   *
   * @return those that end
   * @throws WorkerException if there have been too many deaths
   */
  List<WorkerEvent.Failed<T>> died(DeadWorkerException death, Account account)
      throws WorkerException {
    restarts++;
    crashesInARow = pendings.anyAnswered() ? 1 : crashesInARow + 1;
    var left = pendings.abandon();
    failIfTooMany(death, account, left);
    var culprits =
        left.stream().filter(input -> isCulprit(input, death, left.size() == 1)).toList();
    // Two deaths with the same input can't be told from chance while others are beside it.
    oneAtATime = culprits.isEmpty() && left.stream().anyMatch(Pending::isSuspect);
    var ended = new ArrayList<WorkerEvent.Failed<T>>();
    var replays = new ArrayList<Pending<T>>();
    for (var input : left) {
      input.suspect();
      if (culprits.contains(input)) {
        ended.add(failed(input, death, account, ""));
      } else if (input.canBeReplayed()) {
        replays.add(input);
      } else {
        ended.add(failed(input, death, account, ", and gave no token to go on behind its rows"));
      }
    }
    pendings.replay(replays);
    return ended;
  }

  private boolean isCulprit(Pending<T> input, DeadWorkerException death, boolean alone) {
    return death.culprits().contains(input.id()) || (alone && input.isSuspect());
  }

  private void failIfTooMany(DeadWorkerException death, Account account, List<Pending<T>> left)
      throws WorkerException {
    var count =
        crashesInARow >= Limits.DEFAULT_CRASHES_IN_A_ROW
            ? "%d workers in a row have answered nothing".formatted(crashesInARow)
            : restarts > maxRestarts
                ? "the limit of option 'workerRestarts' is %d".formatted(maxRestarts)
                : null;
    if (count == null) {
      return;
    }
    var what =
        "%s, with %d inputs unfinished; %s: see its last words below, or run it by hand"
            .formatted(death.getMessage(), left.size() + pendings.unfinished(), count);
    var first = left.isEmpty() ? null : left.get(0).key();
    throw death.code() == DeadWorkerException.Code.WORKER_TIMEOUT
        ? new WorkerTimeoutException(what, Phase.RUN, account, first, death)
        : new WorkerCrashException(what, Phase.RUN, account, first, death);
  }

  private static <T> WorkerEvent.Failed<T> failed(
      Pending<T> input, DeadWorkerException death, Account account, String more) {
    return new WorkerEvent.Failed<>(
        input.id(),
        input.input(),
        input.rows(),
        death.code().name(),
        "%s at attempt %d of this input, after %d rows of it%s; %s"
            .formatted(death.getMessage(), input.attempts(), input.rows(), more, account));
  }
}
