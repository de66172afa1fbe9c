package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.JsonCursor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a driver sees of a failure on an executor: everything. */
final class WorkerExceptionTest {

  private static final Account ACCOUNT =
      new Account("/opt/worker run", 4711, new Ending(139, 7L, 1L << 30), "last words");
  private static final InputKey INPUT = new InputKey(3, "http://localhost/3");

  private static DeadWorkerException death() {
    return new DeadWorkerException(DeadWorkerException.Code.WORKER_TIMEOUT, "silence", Set.of(3L));
  }

  static Stream<WorkerException> family() {
    return Stream.of(
        new WorkerStartException("what", Phase.HELLO, ACCOUNT, INPUT, death()),
        new WorkerCrashException("what", Phase.RUN, ACCOUNT, INPUT, death()),
        new WorkerTimeoutException("what", Phase.RUN, ACCOUNT, INPUT, death()),
        new ProtocolException("what", Phase.END, ACCOUNT, INPUT, brokenFrame()),
        new ProtocolException("what", Phase.RUN, ACCOUNT, INPUT, brokenRow()),
        new ProtocolException("what", Phase.DESCRIBE, null, null, null));
  }

  @ParameterizedTest
  @MethodSource("family")
  void allOfItSurvivesTheWayToTheDriver(WorkerException thrown) throws Exception {
    var seen = sent(thrown);
    assertEquals(thrown.getClass(), seen.getClass());
    assertEquals(thrown.getMessage(), seen.getMessage());
    assertEquals(thrown.phase(), seen.phase());
    assertEquals(thrown.account(), seen.account());
    assertEquals(thrown.input(), seen.input());
    assertEquals(String.valueOf(thrown.getCause()), String.valueOf(seen.getCause()));
  }

  @Test
  void soDoesTheCodeOfAnInput() throws Exception {
    var seen = sent(new InputFailedException(INPUT, "HTTP_STATUS", "the server answered 404"));
    assertEquals("HTTP_STATUS", assertInstanceOf(InputFailedException.class, seen).code());
    assertEquals(INPUT, seen.input().orElseThrow());
  }

  private static WorkerException sent(WorkerException thrown) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (WorkerException) in.readObject();
    }
  }

  /** As Jackson fails. */
  private static IOException brokenFrame() {
    try {
      Frames.read(new byte[] {'{'}, 0, 1);
      throw new AssertionError("that was no frame");
    } catch (IOException e) {
      return new BrokenLineException("broken", new byte[] {'{'}, e);
    }
  }

  private static IOException brokenRow() {
    return new BrokenLineException("broken", new byte[0], new JsonCursor().malformed("no row"));
  }
}
