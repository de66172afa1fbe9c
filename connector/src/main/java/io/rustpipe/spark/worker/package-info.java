/**
 * A worker's life: its binary, its process, the session with it. Knows the frames; knows nothing of
 * Spark's rows.
 *
 * <p>One session has four threads. Three pumps move bytes between a pipe and a queue of the {@link
 * io.rustpipe.spark.worker.Mailbox}; the task thread does all the thinking and never touches a
 * pipe, because a read or write that blocks there can't be interrupted.
 */
package io.rustpipe.spark.worker;
